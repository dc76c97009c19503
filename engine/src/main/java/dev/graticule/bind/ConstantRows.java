package dev.graticule.bind;

import dev.graticule.expression.Expression;
import dev.graticule.expression.Expression.Literal;
import dev.graticule.plan.LogicalPlan;
import dev.graticule.plan.LogicalPlan.OutputColumn;
import dev.graticule.type.SqlType;
import java.util.ArrayList;
import java.util.List;

/** A small result that is made while binding, row by row. */
final class ConstantRows {
    private final List<OutputColumn> columns = new ArrayList<>();
    private final List<List<Expression>> rows = new ArrayList<>();

    /** Adds a VARCHAR column. */
    ConstantRows column(String name) {
        return column(name, SqlType.VARCHAR);
    }

    ConstantRows column(String name, SqlType type) {
        columns.add(new OutputColumn(name, type));
        return this;
    }

    /** Adds a row; {@code null} is NULL. */
    ConstantRows row(Object... values) {
        List<Expression> row = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            row.add(new Literal(values[i], columns.get(i).type()));
        }
        rows.add(row);
        return this;
    }

    LogicalPlan.Values plan() {
        return new LogicalPlan.Values(rows, columns);
    }
}
