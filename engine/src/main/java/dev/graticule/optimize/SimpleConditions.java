package dev.graticule.optimize;

import dev.graticule.GraticuleException;
import dev.graticule.expression.Conversions;
import dev.graticule.expression.Expression;
import dev.graticule.expression.Expression.Cast;
import dev.graticule.expression.Expression.ColumnReference;
import dev.graticule.expression.Expression.Comparison;
import dev.graticule.expression.Expression.In;
import dev.graticule.expression.Expression.IsNull;
import dev.graticule.expression.Expression.Literal;
import dev.graticule.expression.Expression.Not;
import dev.graticule.expression.Expression.Or;
import dev.graticule.spi.SimplePredicate;
import dev.graticule.spi.SimplePredicate.NullCheck;
import dev.graticule.spi.SimplePredicate.OneOf;
import dev.graticule.spi.SimplePredicate.Range;
import dev.graticule.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which conditions are simple predicates: true for exactly the same values of the column. Casts to a wider integer, and from a DATE or
 * TIMESTAMP to one of finer units, are undone on the literal.
 */
final class SimpleConditions {
    private static final long DAY_SECONDS = 86_400;

    private SimpleConditions() {
    }

    /** The predicate that a condition over the columns of a scan is, if it is one; {@code columns} are their numbers in the table. */
    static Optional<SimplePredicate> of(Expression condition, List<Integer> columns) {
        return switch (condition) {
            case ColumnReference column -> Optional.of(new OneOf(number(column, columns), List.of(true)));
            case Not(ColumnReference column) -> Optional.of(new OneOf(number(column, columns), List.of(false)));
            case IsNull(ColumnReference column) -> Optional.of(new NullCheck(number(column, columns), true));
            case Not(IsNull(ColumnReference column)) -> Optional.of(new NullCheck(number(column, columns), false));
            case Comparison(Comparison.Operator operator, Expression left, Literal right) ->
                comparison(operator, left, right, columns);
            case Comparison(Comparison.Operator operator, Literal left, Expression right) ->
                comparison(mirrored(operator), right, left, columns);
            case In in -> oneOf(in, columns);
            case Or or -> oneOf(or, columns);
            case Not not -> Optional.empty();
            case IsNull isNull -> Optional.empty();
            case Comparison comparison -> Optional.empty();
            case Literal literal -> Optional.empty();
            case Expression.And and -> Optional.empty();
            case Expression.Call call -> Optional.empty();
            case Cast cast -> Optional.empty();
            case Expression.Case choice -> Optional.empty();
            case Expression.Coalesce coalesce -> Optional.empty();
            case Expression.Unpack unpack -> Optional.empty();
            case Expression.KeepNulls keep -> Optional.empty();
        };
    }

    private static int number(ColumnReference column, List<Integer> columns) {
        return columns.get(column.index());
    }

    private static Comparison.Operator mirrored(Comparison.Operator operator) {
        return switch (operator) {
            case LESS -> Comparison.Operator.GREATER;
            case LESS_OR_EQUAL -> Comparison.Operator.GREATER_OR_EQUAL;
            case GREATER -> Comparison.Operator.LESS;
            case GREATER_OR_EQUAL -> Comparison.Operator.LESS_OR_EQUAL;
            case EQUAL, NOT_EQUAL, DISTINCT, NOT_DISTINCT -> operator;
        };
    }

    private static Optional<SimplePredicate> comparison(Comparison.Operator operator, Expression operand,
            Literal literal,
            List<Integer> columns) {
        Optional<ColumnReference> found = column(operand);
        if (found.isEmpty() || literal.value() == null) {
            return Optional.empty();
        }
        int column = number(found.get(), columns);
        SqlType type = found.get().type();
        return switch (operator) {
            case EQUAL, NOT_DISTINCT -> exactly(literal, type).map(value -> new OneOf(column, List.of(value)));
            // Between two values of the column's coarser units, the lower one is the last below the literal.
            case GREATER -> lower(literal, type).map(value -> new Range(column, value, true, null, false));
            case LESS_OR_EQUAL -> lower(literal, type).map(value -> new Range(column, null, false, value, false));
            case GREATER_OR_EQUAL -> exactly(literal, type)
                    .<SimplePredicate>map(value -> new Range(column, value, false, null, false))
                    .or(() -> lower(literal, type).map(value -> new Range(column, value, true, null, false)));
            case LESS -> exactly(literal, type)
                    .<SimplePredicate>map(value -> new Range(column, null, false, value, true))
                    .or(() -> lower(literal, type).map(value -> new Range(column, null, false, value, false)));
            case NOT_EQUAL, DISTINCT -> Optional.empty();
        };
    }

    private static Optional<SimplePredicate> oneOf(In in, List<Integer> columns) {
        Optional<ColumnReference> column = column(in.operand());
        if (column.isEmpty()) {
            return Optional.empty();
        }
        List<Object> values = new ArrayList<>();
        for (Literal option : in.options()) {
            // NULL makes a miss NULL, which is not true either; what no value of the column equals is never hit.
            if (option.value() != null) {
                exactly(option, column.get().type()).ifPresent(values::add);
            }
        }
        return values.isEmpty() ? Optional.empty() : Optional.of(new OneOf(number(column.get(), columns), values));
    }

    private static Optional<SimplePredicate> oneOf(Or or, List<Integer> columns) {
        List<Object> values = new ArrayList<>();
        int column = -1;
        for (Expression operand : or.operands()) {
            if (!(of(operand, columns).orElse(null) instanceof OneOf one) || column >= 0 && column != one.column()) {
                return Optional.empty();
            }
            column = one.column();
            values.addAll(one.values());
        }
        return Optional.of(new OneOf(column, values));
    }

    /** The column that an operand is, but for a cast that loses nothing. */
    private static Optional<ColumnReference> column(Expression operand) {
        return switch (operand) {
            case ColumnReference column when !(column.type() instanceof SqlType.Other) -> Optional.of(column);
            case Cast(ColumnReference column, SqlType to, boolean lenient, var position) when isWider(column.type(), to)
                    || units(column.type(), to) > 0 ->
                Optional.of(column);
            default -> Optional.empty();
        };
    }

    private static boolean isWider(SqlType from, SqlType to) {
        return from.isInteger() && to.isInteger() && to.bytes() > from.bytes()
                && (from.isUnsigned() || !to.isUnsigned());
    }

    /** How many units of {@code to} are one of {@code from}, where it is a whole number of them; else 0. */
    private static long units(SqlType from, SqlType to) {
        if (!(to instanceof SqlType.Timestamp fine)) {
            return 0;
        }
        if (from == SqlType.DATE) {
            return fine.zoned() ? 0 : fine.perSecond() * DAY_SECONDS;
        }
        return from instanceof SqlType.Timestamp coarse && coarse.zoned() == fine.zoned()
                ? fine.perSecond() / coarse.perSecond()
                : 0;
    }

    /** The literal as a value of the column's type that it equals, if there is one. */
    private static Optional<Object> exactly(Literal literal, SqlType column) {
        long units = units(column, literal.type());
        if (units > 0 && (Long) literal.value() % units != 0) {
            return Optional.empty();
        }
        return lower(literal, column);
    }

    /** The greatest value of the column's type that is not greater than the literal, if there is one near it. */
    private static Optional<Object> lower(Literal literal, SqlType column) {
        if (literal.type().equals(column)) {
            return Optional.of(literal.value());
        }
        long units = units(column, literal.type());
        if (units > 0) {
            long value = Math.floorDiv((Long) literal.value(), units);
            if (column != SqlType.DATE) {
                return Optional.of(value);
            }
            return value == (int) value ? Optional.of((int) value) : Optional.empty();
        }
        try {
            return Optional.of(Conversions.value(literal.value(), literal.type(), column));
        } catch (GraticuleException beyondTheColumn) {
            return Optional.empty();
        }
    }
}
