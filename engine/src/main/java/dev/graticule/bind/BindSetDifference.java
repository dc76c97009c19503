package dev.graticule.bind;

import dev.graticule.aggregate.AggregateCall;
import dev.graticule.aggregate.Aggregates;
import dev.graticule.expression.Expression;
import dev.graticule.expression.Expression.ColumnReference;
import dev.graticule.expression.Expression.Comparison;
import dev.graticule.expression.Expression.Literal;
import dev.graticule.plan.LogicalPlan;
import dev.graticule.plan.LogicalPlan.OutputColumn;
import dev.graticule.sql.Position;
import dev.graticule.type.SqlType;
import java.util.ArrayList;
import java.util.List;

/**
 * Binds INTERSECT and EXCEPT as an aggregation: rows of both sides are marked, grouped by all columns (where NULLs are equal), and
 * kept by the sides on which they were seen.
 */
final class BindSetDifference {
    private final Position position;

    BindSetDifference(Position position) {
        this.position = position;
    }

    /** The rows of {@code left} that are in {@code right} too, or that are not; each once. Both have the same types. */
    LogicalPlan bind(LogicalPlan left, LogicalPlan right, boolean inBoth) {
        List<OutputColumn> columns = left.output();
        int width = columns.size();
        LogicalPlan marked = new LogicalPlan.Union(List.of(mark(left, false), mark(right, true)), withMark(columns));
        Expression mark = new ColumnReference(width, "in_right", SqlType.BOOLEAN);
        AggregateCall seenLeft = Aggregates.bind("bool_and", List.of(mark), false, Literal.TRUE, position);
        AggregateCall seenRight = Aggregates.bind("bool_or", List.of(mark), false, Literal.TRUE, position);
        List<OutputColumn> grouped = new ArrayList<>(columns);
        grouped.add(new OutputColumn("only_right", SqlType.BOOLEAN));
        grouped.add(new OutputColumn("in_right", SqlType.BOOLEAN));
        LogicalPlan groups = new LogicalPlan.Aggregate(marked, BindQuery.references(marked).subList(0, width),
                List.of(seenLeft, seenRight), grouped);
        Expression isInLeft = equals(width, "only_right", Literal.FALSE);
        Expression isWanted = equals(width + 1, "in_right", inBoth ? Literal.TRUE : Literal.FALSE);
        LogicalPlan kept = new LogicalPlan.Filter(groups, new Expression.And(List.of(isInLeft, isWanted)));
        return new LogicalPlan.Project(kept, BindQuery.references(kept).subList(0, width), columns);
    }

    private static Expression equals(int column, String name, Literal value) {
        return new Comparison(Comparison.Operator.EQUAL, new ColumnReference(column, name, SqlType.BOOLEAN), value);
    }

    private static LogicalPlan mark(LogicalPlan plan, boolean right) {
        List<Expression> expressions = new ArrayList<>(BindQuery.references(plan));
        expressions.add(right ? Literal.TRUE : Literal.FALSE);
        return new LogicalPlan.Project(plan, expressions, withMark(plan.output()));
    }

    private static List<OutputColumn> withMark(List<OutputColumn> columns) {
        List<OutputColumn> marked = new ArrayList<>(columns);
        marked.add(new OutputColumn("in_right", SqlType.BOOLEAN));
        return marked;
    }
}
