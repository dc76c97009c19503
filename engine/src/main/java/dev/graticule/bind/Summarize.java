package dev.graticule.bind;

import dev.graticule.aggregate.AggregateCall;
import dev.graticule.aggregate.Aggregates;
import dev.graticule.expression.Expression;
import dev.graticule.expression.Expression.ColumnReference;
import dev.graticule.expression.Expression.Literal;
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
            Expression column = new ColumnReference(i, columns.get(i).name(), columns.get(i).type());
            SqlType type = columns.get(i).type();
            boolean ordered = !(type instanceof SqlType.Other) && type != SqlType.NULL && type != SqlType.INTERVAL
                    && type != SqlType.BLOB;
            add("count", List.of(column), true, SqlType.BIGINT, calls, shown, position);
            add("min", List.of(column), ordered, SqlType.VARCHAR, calls, shown, position);
            add("max", List.of(column), ordered, SqlType.VARCHAR, calls, shown, position);
            add("avg", List.of(column), type.isNumeric(), SqlType.DOUBLE, calls, shown, position);
            add("stddev", List.of(column), type.isNumeric(), SqlType.DOUBLE, calls, shown, position);
        }
        List<OutputColumn> groups = new ArrayList<>();
        for (AggregateCall call : calls) {
            groups.add(new OutputColumn(call.function().name() + groups.size(), call.type()));
        }
        List<OutputColumn> output = new ArrayList<>();
        for (Expression expression : shown) {
            output.add(new OutputColumn("value" + output.size(), expression.type()));
        }
        LogicalPlan plan = new LogicalPlan.Project(new LogicalPlan.Aggregate(input, List.of(), calls, groups), shown,
                output);
        return new BoundStatement.Derived(plan, row -> rows(columns, row));
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

    private static LogicalPlan.Values rows(List<OutputColumn> columns, List<Object> values) {
        ConstantRows rows = new ConstantRows().column("column_name").column("column_type").column("min").column("max")
                .column("avg", SqlType.DOUBLE)
                .column("std", SqlType.DOUBLE).column("count", SqlType.BIGINT)
                .column("null_percentage", SqlType.DOUBLE);
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
