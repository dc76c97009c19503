package dev.graticule.bind;

import dev.graticule.aggregate.AggregateCall;
import dev.graticule.aggregate.Aggregates;
import dev.graticule.expression.Expression;
import dev.graticule.expression.Expression.ColumnReference;
import dev.graticule.expression.Expression.Literal;
import dev.graticule.function.Functions;
import dev.graticule.function.Operators;
import dev.graticule.plan.LogicalPlan;
import dev.graticule.plan.LogicalPlan.OutputColumn;
import dev.graticule.sql.Position;
import dev.graticule.type.SqlType;
import java.util.ArrayList;
import java.util.List;

/** SUMMARIZE: one aggregation over all columns, shown with a row for each. */
final class Summarize {
    private static final int EACH = 5;

    private Summarize() {
    }

    static BoundStatement bind(LogicalPlan input, Position position) {
        List<OutputColumn> columns = input.output();
        List<AggregateCall> calls = new ArrayList<>();
        calls.add(Aggregates.bind("count", List.of(), false, Literal.TRUE, position));
        List<Expression> shown = new ArrayList<>();
        shown.add(new ColumnReference(0, "count", SqlType.BIGINT));
        for (int i = 0; i < columns.size(); i++) {
            measure(columns, i, calls, shown, position);
        }
        LogicalPlan plan = new LogicalPlan.Project(aggregate(input, calls), shown,
                shown.stream().map(each -> new OutputColumn("value", each.type())).toList());
        return new BoundStatement.Derived(plan, row -> rows(columns, row));
    }

    /** The same rows as a plan of their own, for FROM: an aggregation for each column, which reads that column alone. */
    static LogicalPlan rows(LogicalPlan input, Position position) {
        List<OutputColumn> columns = input.output();
        List<OutputColumn> output = heading().plan().output();
        List<LogicalPlan> parts = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            List<AggregateCall> calls = new ArrayList<>();
            calls.add(Aggregates.bind("count", List.of(), false, Literal.TRUE, position));
            Expression count = new ColumnReference(0, "count", SqlType.BIGINT);
            List<Expression> measures = new ArrayList<>();
            measure(columns, i, calls, measures, position);
            List<Expression> shown = new ArrayList<>();
            shown.add(new Literal(columns.get(i).name(), SqlType.VARCHAR));
            shown.add(new Literal(columns.get(i).type().toString(), SqlType.VARCHAR));
            shown.addAll(measures.subList(1, EACH));
            shown.add(count);
            shown.add(missing(count, measures.getFirst(), position));
            parts.add(new LogicalPlan.Project(aggregate(input, calls), shown, output));
        }
        return new LogicalPlan.Union(parts, output);
    }

    /** Per cent of the rows that are not counted, with two digits. */
    private static Expression missing(Expression count, Expression counted, Position position) {
        Expression missing = Operators.binary("-", count, counted, position, true);
        Expression share = Operators.binary("/",
                Operators.binary("*", new Literal(100.0, SqlType.DOUBLE), missing, position, true), count, position,
                true);
        Expression none = Operators.comparison(Expression.Comparison.Operator.EQUAL, count,
                new Literal(0L, SqlType.BIGINT), position);
        return new Expression.Case(List.of(new Expression.Case.When(none, new Literal(0.0, SqlType.DOUBLE))),
                Functions.bind("round", List.of(share, new Literal(2, SqlType.INTEGER)), position), SqlType.DOUBLE);
    }

    private static LogicalPlan aggregate(LogicalPlan input, List<AggregateCall> calls) {
        List<OutputColumn> groups = new ArrayList<>();
        for (AggregateCall call : calls) {
            groups.add(new OutputColumn(call.function().name() + groups.size(), call.type()));
        }
        return new LogicalPlan.Aggregate(input, List.of(), calls, groups);
    }

    /** Adds the count, min, max, avg and standard deviation of a column. */
    private static void measure(List<OutputColumn> columns, int index, List<AggregateCall> calls,
            List<Expression> shown, Position position) {
        SqlType type = columns.get(index).type();
        List<Expression> column = List.of(new ColumnReference(index, columns.get(index).name(), type));
        boolean ordered = !(type instanceof SqlType.Other) && type != SqlType.NULL && type != SqlType.INTERVAL
                && type != SqlType.BLOB;
        add("count", column, true, SqlType.BIGINT, calls, shown, position);
        add("min", column, ordered, SqlType.VARCHAR, calls, shown, position);
        add("max", column, ordered, SqlType.VARCHAR, calls, shown, position);
        add("avg", column, type.isNumeric(), SqlType.DOUBLE, calls, shown, position);
        add("stddev", column, type.isNumeric(), SqlType.DOUBLE, calls, shown, position);
    }

    private static void add(String function, List<Expression> arguments, boolean applies, SqlType type,
            List<AggregateCall> calls, List<Expression> shown,
            Position position) {
        if (!applies) {
            shown.add(new Literal(null, type));
            return;
        }
        AggregateCall call = Aggregates.bind(function, arguments, false, Literal.TRUE, position);
        Expression result = new ColumnReference(calls.size(), function, call.type());
        calls.add(call);
        shown.add(result.type().equals(type) ? result : Casts.explicit(result, type, false, position));
    }

    private static ConstantRows heading() {
        return new ConstantRows().column("column_name").column("column_type").column("min").column("max")
                .column("avg", SqlType.DOUBLE).column("std", SqlType.DOUBLE).column("count", SqlType.BIGINT)
                .column("null_percentage", SqlType.DOUBLE);
    }

    private static LogicalPlan.Values rows(List<OutputColumn> columns, List<Object> values) {
        ConstantRows rows = heading();
        long count = (Long) values.getFirst();
        for (int i = 0; i < columns.size(); i++) {
            int at = 1 + i * EACH;
            double missing = count == 0 ? 0 : 100.0 * (count - (Long) values.get(at)) / count;
            rows.row(columns.get(i).name(), columns.get(i).type().toString(), values.get(at + 1), values.get(at + 2),
                    values.get(at + 3), values.get(at + 4),
                    count, Math.round(missing * 100) / 100.0);
        }
        return rows.plan();
    }
}
