package dev.graticule.function;

import dev.graticule.GraticuleException;
import dev.graticule.expression.Conversions;
import dev.graticule.expression.Expression;
import dev.graticule.expression.Expression.Cast;
import dev.graticule.expression.Expression.Literal;
import dev.graticule.sql.Position;
import dev.graticule.type.SqlType;
import dev.graticule.type.SqlType.Decimal;
import dev.graticule.type.SqlType.Scalar;
import dev.graticule.type.SqlType.Timestamp;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which type operands of different types meet in, and the casts that bring them there.
 *
 * <p>As PostgreSQL, but for numbers written in the query: a bare numeric {@link Literal} takes the type of the REAL or DOUBLE it
 * meets. A string literal takes the type of what it meets. A {@link Cast} of a literal is typed like a column.
 */
public final class Coercion {
    private static final int MOST_DIGITS = 38;

    private Coercion() {
    }

    /** The narrowest type that values of both types convert to without being asked; empty where there is none. */
    public static Optional<SqlType> commonType(SqlType a, SqlType b) {
        if (a.equals(b) || b == SqlType.NULL) {
            return Optional.of(a);
        }
        if (a == SqlType.NULL) {
            return Optional.of(b);
        }
        if (a.isNumeric() && b.isNumeric()) {
            return Optional.of(numeric(a, b));
        }
        if (a instanceof Timestamp left && b instanceof Timestamp right) {
            return Optional.of(new Timestamp(left.perSecond() >= right.perSecond() ? left.unit() : right.unit(),
                    left.zoned() || right.zoned()));
        }
        if (a instanceof Timestamp && b == SqlType.DATE) {
            return Optional.of(a);
        }
        return a == SqlType.DATE && b instanceof Timestamp ? Optional.of(b) : Optional.empty();
    }

    private static SqlType numeric(SqlType a, SqlType b) {
        if (a.isFloating() || b.isFloating()) {
            return SqlType.DOUBLE;
        }
        if (a instanceof Decimal || b instanceof Decimal) {
            Decimal left = decimal(a);
            Decimal right = decimal(b);
            int scale = Math.max(left.scale(), right.scale());
            int whole = Math.max(left.precision() - left.scale(), right.precision() - right.scale());
            return new Decimal(Math.min(MOST_DIGITS, whole + scale), Math.min(scale, Math.max(0, MOST_DIGITS - whole)));
        }
        if (a.isUnsigned() == b.isUnsigned()) {
            return a.bytes() >= b.bytes() ? a : b;
        }
        SqlType signed = a.isUnsigned() ? b : a;
        SqlType unsigned = a.isUnsigned() ? a : b;
        if (signed.bytes() > unsigned.bytes()) {
            return signed;
        }
        return switch (unsigned.bytes()) {
            case 1 -> SqlType.SMALLINT;
            case 2 -> SqlType.INTEGER;
            case 4 -> SqlType.BIGINT;
            default -> new Decimal(20, 0);
        };
    }

    /** The DECIMAL that holds every value of an integer or DECIMAL type. */
    public static Decimal decimal(SqlType type) {
        if (type instanceof Decimal decimal) {
            return decimal;
        }
        return switch (type.bytes()) {
            case 1 -> new Decimal(3, 0);
            case 2 -> new Decimal(5, 0);
            case 4 -> new Decimal(10, 0);
            default -> new Decimal(type.isUnsigned() ? 20 : 19, 0);
        };
    }

    /** Whether an expression is a number or string of the query's text, which takes the type of what it meets. */
    public static boolean isAdaptable(Expression expression) {
        return expression instanceof Literal literal
                && (literal.type().isNumeric() || literal.type() == SqlType.VARCHAR || literal.type() == SqlType.NULL);
    }

    /** The literal of a number written in a query: INTEGER, BIGINT, DECIMAL or DOUBLE. */
    public static Literal number(String text) {
        String digits = text.replace("_", "");
        if (digits.indexOf('e') >= 0 || digits.indexOf('E') >= 0) {
            return new Literal(Double.parseDouble(digits), SqlType.DOUBLE);
        }
        BigDecimal exact = new BigDecimal(digits);
        return number(exact, digits);
    }

    private static Literal number(BigDecimal exact, String text) {
        if (exact.scale() <= 0 && text.indexOf('.') < 0) {
            if (exact.precision() <= 10 && exact.longValue() == (int) exact.longValue()) {
                return new Literal(exact.intValue(), SqlType.INTEGER);
            }
            if (exact.toBigInteger().bitLength() < 64) {
                return new Literal(exact.longValue(), SqlType.BIGINT);
            }
        }
        int scale = Math.max(0, exact.scale());
        int precision = Math.max(exact.precision() + (exact.scale() < 0 ? -exact.scale() : 0), scale);
        if (precision <= MOST_DIGITS) {
            return new Literal(exact.setScale(scale), new Decimal(Math.max(1, precision), scale));
        }
        return new Literal(exact.doubleValue(), SqlType.DOUBLE);
    }

    /** The type in which expressions meet (in CASE, COALESCE, IN, UNION, VALUES, comparisons); empty where there is none. */
    public static Optional<SqlType> meetingType(List<Expression> expressions) {
        SqlType typed = SqlType.NULL;
        boolean first = true;
        for (Expression expression : expressions) {
            if (!isAdaptable(expression)) {
                Optional<SqlType> common = first ? Optional.of(expression.type())
                        : commonType(typed, expression.type());
                if (common.isEmpty()) {
                    return common;
                }
                typed = common.get();
                first = false;
            }
        }
        SqlType type = typed;
        for (Expression expression : expressions) {
            if (isAdaptable(expression) && expression.type().isNumeric()) {
                Optional<SqlType> adapted = meet(type, (Literal) expression);
                if (adapted.isEmpty()) {
                    return adapted;
                }
                type = adapted.get();
            }
        }
        boolean strings = expressions.stream()
                .anyMatch(expression -> isAdaptable(expression) && expression.type() == SqlType.VARCHAR);
        return Optional.of(strings && type == SqlType.NULL ? SqlType.VARCHAR : type);
    }

    /** The type in which a type and a numeric literal meet. */
    private static Optional<SqlType> meet(SqlType type, Literal literal) {
        if (type.isFloating()) {
            return Optional.of(type);
        }
        if (type.isInteger() && literal.type().isInteger() && fits(literal, type)) {
            return Optional.of(type);
        }
        return commonType(type, literal.type());
    }

    private static boolean fits(Literal literal, SqlType type) {
        long value = ((Number) literal.value()).longValue();
        return dev.graticule.kernel.Numbers.fits(Scalar.BIGINT, (Scalar) type, value);
    }

    /**
     * The expressions converted to the type in which they meet.
     *
     * @param what what they are operands of, for the error: "CASE"
     */
    public static List<Expression> unify(List<Expression> expressions, Position position, String what) {
        SqlType type = meetingType(expressions).orElseThrow(() -> hasNested(expressions)
                ? GraticuleException.unsupported(position, what + " over values of type " + types(expressions))
                : GraticuleException.binding(position,
                        what + " needs operands of one type, not " + types(expressions) + ". Write a CAST."));
        List<Expression> unified = new ArrayList<>(expressions.size());
        for (Expression expression : expressions) {
            unified.add(convert(expression, type, position));
        }
        return unified;
    }

    /** Whether one is a list, a struct or the like. */
    static boolean hasNested(List<Expression> expressions) {
        return expressions.stream().anyMatch(expression -> expression.type() instanceof SqlType.Other);
    }

    static String types(List<Expression> expressions) {
        return expressions.stream().map(expression -> expression.type().toString()).distinct()
                .reduce((a, b) -> a + " and " + b).orElse("nothing");
    }

    /** The expression as a value of a type: itself, a literal of that type, or a CAST. An unconvertible literal is an error here. */
    public static Expression convert(Expression expression, SqlType type, Position position) {
        if (expression.type().equals(type)) {
            return expression;
        }
        if (expression instanceof Literal literal) {
            if (literal.value() == null) {
                return new Literal(null, type);
            }
            try {
                return new Literal(Conversions.value(literal.value(), literal.type(), type), type);
            } catch (GraticuleException unconvertible) {
                throw GraticuleException.binding(position, unconvertible.getMessage());
            }
        }
        return new Cast(expression, type, false, position);
    }

    /**
     * An explicit CAST, or TRY_CAST where {@code lenient}. A typed literal stays a CAST: it is folded later.
     *
     * @throws GraticuleException of kind BINDING where no such conversion exists
     */
    public static Expression cast(Expression expression, SqlType type, boolean lenient, Position position) {
        if (!Conversions.exists(expression.type(), type)) {
            throw GraticuleException.binding(position,
                    "There is no conversion from " + expression.type() + " to " + type + ".");
        }
        boolean same = expression.type().equals(type) && !(expression instanceof Literal);
        return same ? expression : new Cast(expression, type, lenient, position);
    }

    /** What it costs to convert an expression to a parameter's type without being asked; -1 where that is not done. */
    static int cost(Expression expression, SqlType to) {
        SqlType from = expression.type();
        if (from.equals(to)) {
            return 0;
        }
        if (from == SqlType.NULL) {
            return 1;
        }
        if (isAdaptable(expression)) {
            if (from == SqlType.VARCHAR) {
                return 20;
            }
            if (to.isFloating()) {
                return from.isInteger() ? to == SqlType.DOUBLE ? 6 : 8 : to == SqlType.DOUBLE ? 2 : 3;
            }
            if (to.isInteger() && from.isInteger() && fits((Literal) expression, to)) {
                return 1;
            }
        }
        if (from instanceof Decimal && to instanceof Decimal) {
            return commonType(from, to).orElseThrow().equals(to) ? 1 : -1;
        }
        Optional<SqlType> common = commonType(from, to);
        if (common.isPresent() && common.get().equals(to)) {
            return to.isFloating() ? from == SqlType.REAL ? 1 : 8
                    : to instanceof Decimal ? 6 : 2 + Math.abs(to.bytes() - from.bytes());
        }
        return -1;
    }
}
