package dev.graticule.plan;

import dev.graticule.aggregate.AggregateCall;
import dev.graticule.batch.Interval;
import dev.graticule.expression.Expression;
import dev.graticule.expression.Expression.Literal;
import dev.graticule.type.SqlType;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/** Expressions as people read them in EXPLAIN: close to SQL, columns by their names. */
public final class ExpressionText {
    private ExpressionText() {
    }

    /** The expression as SQL would write it. */
    public static String of(Expression expression) {
        return switch (expression) {
            case Literal literal -> literal(literal);
            case Expression.ColumnReference column -> column.name();
            case Expression.Call call -> call(call);
            case Expression.Cast cast ->
                (cast.lenient() ? "try_cast(" : "cast(") + of(cast.operand()) + " as " + cast.type() + ")";
            case Expression.Comparison comparison ->
                operand(comparison.left()) + " " + comparison.operator().sql() + " " + operand(comparison.right());
            case Expression.And and -> join(and.operands(), " AND ");
            case Expression.Or or -> join(or.operands(), " OR ");
            case Expression.Not(Expression.IsNull isNull) -> operand(isNull.operand()) + " IS NOT NULL";
            case Expression.Not not -> "NOT " + operand(not.operand());
            case Expression.IsNull isNull -> operand(isNull.operand()) + " IS NULL";
            case Expression.In in -> operand(in.operand()) + " IN (" + list(in.options()) + ")";
            case Expression.Case choice -> "CASE " + choice.branches().stream()
                    .map(when -> "WHEN " + of(when.condition()) + " THEN " + of(when.result()))
                    .collect(Collectors.joining(" ")) + " ELSE " + of(choice.otherwise()) + " END";
            case Expression.Coalesce coalesce -> "coalesce(" + list(coalesce.operands()) + ")";
            case Expression.Unpack unpack -> of(unpack.stored());
            case Expression.KeepNulls keep -> of(keep.operand());
        };
    }

    /** An aggregate with its DISTINCT and FILTER. */
    public static String of(AggregateCall call) {
        String arguments = call.arguments().isEmpty() ? "*" : list(call.arguments());
        String filter = call.filter().equals(Literal.TRUE) ? "" : " FILTER (WHERE " + of(call.filter()) + ")";
        return call.function().name() + "(" + (call.distinct() ? "DISTINCT " : "") + arguments + ")" + filter;
    }

    private static String list(List<? extends Expression> expressions) {
        return expressions.stream().map(ExpressionText::of).collect(Collectors.joining(", "));
    }

    private static String join(List<Expression> operands, String word) {
        return operands.stream().map(ExpressionText::operand).collect(Collectors.joining(word));
    }

    /** In parentheses where an operator around it could be read wrongly. */
    private static String operand(Expression expression) {
        boolean compound = switch (expression) {
            case Expression.KeepNulls(Expression inner, boolean asNaN) -> !operand(inner).equals(of(inner));
            case Expression.Call call -> isOperator(call);
            case Expression.Comparison comparison -> true;
            case Expression.And and -> true;
            case Expression.Or or -> true;
            case Expression.Not not -> true;
            case Expression.IsNull isNull -> true;
            case Expression.In in -> true;
            case Literal literal -> false;
            case Expression.ColumnReference column -> false;
            case Expression.Cast cast -> false;
            case Expression.Case choice -> false;
            case Expression.Coalesce coalesce -> false;
            case Expression.Unpack unpack -> false;
        };
        return compound ? "(" + of(expression) + ")" : of(expression);
    }

    private static boolean isOperator(Expression.Call call) {
        return !call.function().name().isEmpty() && !Character.isLetter(call.function().name().charAt(0));
    }

    private static String call(Expression.Call call) {
        if (isOperator(call) && call.arguments().size() == 2) {
            return operand(call.arguments().get(0)) + " " + call.function().name() + " "
                    + operand(call.arguments().get(1));
        }
        if (isOperator(call) && call.arguments().size() == 1) {
            return call.function().name() + operand(call.arguments().getFirst());
        }
        return call.function().name() + "(" + list(call.arguments()) + ")";
    }

    private static String literal(Literal literal) {
        Object value = literal.value();
        if (value == null) {
            return "NULL";
        }
        return switch (literal.type()) {
            case SqlType.Scalar scalar -> switch (scalar) {
                case VARCHAR -> "'" + value.toString().replace("'", "''") + "'";
                case BLOB -> "X'" + HexFormat.of().formatHex((byte[]) value) + "'";
                case DATE -> "DATE '" + LocalDate.ofEpochDay((Integer) value) + "'";
                case TIME -> "TIME '" + LocalTime.ofNanoOfDay((Long) value * 1000) + "'";
                case INTERVAL -> interval((Interval) value);
                case UTINYINT -> String.valueOf(Byte.toUnsignedInt((Byte) value));
                case USMALLINT -> String.valueOf(Short.toUnsignedInt((Short) value));
                case UINTEGER -> Integer.toUnsignedString((Integer) value);
                case UBIGINT -> Long.toUnsignedString((Long) value);
                case NULL, BOOLEAN, TINYINT, SMALLINT, INTEGER, BIGINT, REAL, DOUBLE -> value.toString();
            };
            case SqlType.Timestamp timestamp -> "TIMESTAMP '" + time((Long) value, timestamp.perSecond()) + "'";
            case SqlType.Decimal decimal -> value.toString();
            case SqlType.Other other -> value.toString();
        };
    }

    private static String time(long value, long perSecond) {
        Instant instant = Instant.ofEpochSecond(Math.floorDiv(value, perSecond),
                Math.floorMod(value, perSecond) * (1_000_000_000L / perSecond));
        return LocalDateTime.ofInstant(instant, ZoneOffset.UTC).toString().replace('T', ' ');
    }

    private static String interval(Interval interval) {
        StringBuilder text = new StringBuilder();
        if (interval.months() != 0) {
            text.append(interval.months()).append(" months ");
        }
        if (interval.days() != 0) {
            text.append(interval.days()).append(" days ");
        }
        if (interval.nanoseconds() != 0 || text.isEmpty()) {
            text.append(interval.nanoseconds() / 1e9).append(" seconds");
        }
        return "INTERVAL '" + text.toString().strip() + "'";
    }
}
