package dev.graticule.bind;

import dev.graticule.GraticuleException;
import dev.graticule.expression.Expression;
import dev.graticule.expression.ExpressionTree;
import dev.graticule.plan.LogicalPlan.SortKey;
import dev.graticule.sql.OrderBy;
import dev.graticule.sql.Position;
import dev.graticule.sql.SortItem;
import dev.graticule.sql.SqlExpression;
import dev.graticule.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Binds ORDER BY. NULLs come last in both directions unless NULLS FIRST is written (SEMANTICS 19). */
final class BindOrderBy {
    private BindOrderBy() {
    }

    /**
     * The keys of an ORDER BY; constants order nothing and are left out, and so is what stands before already.
     *
     * @param columns the columns that ORDER BY ALL means
     * @param binder binds the expression of an item
     */
    static List<SortKey> keys(OrderBy orderBy, List<Expression> columns, Function<SortItem, Expression> binder) {
        List<SortKey> keys = new ArrayList<>();
        switch (orderBy) {
            case OrderBy.All all ->
                columns.forEach(column -> add(keys, column, all.direction(), all.nullOrder(), all.position()));
            case OrderBy.Items items -> items.items().forEach(
                    item -> add(keys, binder.apply(item), item.direction(), item.nullOrder(), item.position()));
        }
        return keys;
    }

    private static void add(List<SortKey> keys, Expression expression, SortItem.Direction direction,
            SortItem.NullOrder nulls, Position position) {
        if (expression.type().isTimeOfNanoseconds()) {
            add(keys, new Expression.Cast(expression, SqlType.BIGINT, false, position), direction, nulls, position);
            return;
        }
        if (expression.type() instanceof SqlType.Other other) {
            throw GraticuleException.unsupported(position, "ORDER BY a value of type " + other);
        }
        if (!ExpressionTree.isConstant(expression)
                && keys.stream().noneMatch(key -> ExpressionTree.same(key.expression(), expression))) {
            keys.add(new SortKey(expression, direction == SortItem.Direction.DESCENDING,
                    nulls == SortItem.NullOrder.FIRST));
        }
    }

    /** The place from 0 that a whole number in ORDER BY or GROUP BY names; {@code null} where it is something else. */
    static Integer ordinal(SqlExpression expression, int columns, String clause) {
        if (!(expression instanceof SqlExpression.NumberLiteral number)
                || !number.text().chars().allMatch(Character::isDigit)) {
            return null;
        }
        int place = number.text().length() > 9 ? Integer.MAX_VALUE : Integer.parseInt(number.text());
        if (place < 1 || place > columns) {
            throw GraticuleException.binding(expression.position(),
                    clause + " " + number.text() + " is not a column of the select list: it has " + columns
                            + (columns == 1 ? " column." : " columns."));
        }
        return place - 1;
    }
}
