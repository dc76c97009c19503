package dev.graticule.expression;

import dev.graticule.expression.Expression.And;
import dev.graticule.expression.Expression.Call;
import dev.graticule.expression.Expression.Case;
import dev.graticule.expression.Expression.Cast;
import dev.graticule.expression.Expression.Coalesce;
import dev.graticule.expression.Expression.ColumnReference;
import dev.graticule.expression.Expression.Comparison;
import dev.graticule.expression.Expression.In;
import dev.graticule.expression.Expression.IsNull;
import dev.graticule.expression.Expression.Literal;
import dev.graticule.expression.Expression.Not;
import dev.graticule.expression.Expression.Or;
import dev.graticule.expression.Expression.Unpack;
import dev.graticule.type.SqlType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;

/** Evaluates expressions for one row the plain way: what the evaluator must agree with. NULL is {@code null}. */
final class RowInterpreter {
    /** Thrown where a row has an error. */
    static final class RowError extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private RowInterpreter() {
    }

    /** @param nanIsNull what NaN means in the columns */
    static Object value(Expression expression, List<Object> row, List<NaNMeaning> nanIsNull) {
        return switch (expression) {
            case Literal literal -> literal.value();
            case ColumnReference column -> row.get(column.index());
            case Call call -> call(call, row, nanIsNull);
            case Cast cast -> cast(value(cast.operand(), row, nanIsNull), cast);
            case Comparison comparison -> compare(comparison, value(comparison.left(), row, nanIsNull),
                    value(comparison.right(), row, nanIsNull));
            case And and -> {
                Object result = true;
                for (Expression operand : and.operands()) {
                    Object value = value(operand, row, nanIsNull);
                    if (Boolean.FALSE.equals(value)) {
                        yield false;
                    }
                    result = value == null ? null : result;
                }
                yield result;
            }
            case Or or -> {
                Object result = false;
                for (Expression operand : or.operands()) {
                    Object value = value(operand, row, nanIsNull);
                    if (Boolean.TRUE.equals(value)) {
                        yield true;
                    }
                    result = value == null ? null : result;
                }
                yield result;
            }
            case Not not -> {
                Object value = value(not.operand(), row, nanIsNull);
                yield value == null ? null : !(Boolean) value;
            }
            case IsNull isNull -> value(isNull.operand(), row, nanIsNull) == null;
            case In in -> {
                Object value = value(in.operand(), row, nanIsNull);
                Object result = false;
                if (value == null) {
                    yield null;
                }
                for (Literal option : in.options()) {
                    if (option.value() == null) {
                        result = null;
                    } else if (order(value, option.value(), in.operand().type()) == 0) {
                        yield true;
                    }
                }
                yield result;
            }
            case Case choice -> {
                for (Case.When branch : choice.branches()) {
                    if (Boolean.TRUE.equals(value(branch.condition(), row, nanIsNull))) {
                        yield value(branch.result(), row, nanIsNull);
                    }
                }
                yield value(choice.otherwise(), row, nanIsNull);
            }
            case Coalesce coalesce -> {
                Object result = null;
                for (Expression operand : coalesce.operands()) {
                    result = result == null ? value(operand, row, nanIsNull) : result;
                }
                yield result;
            }
            case Expression.KeepNulls keep -> {
                Object value = value(keep.operand(), row, nanIsNull);
                yield keep.asNaN() && value instanceof Number number && Double.isNaN(number.doubleValue()) ? null
                        : value;
            }
            case Unpack unpack -> throw new IllegalArgumentException("Not here: " + unpack);
        };
    }

    private static Object call(Call call, List<Object> row, List<NaNMeaning> nanIsNull) {
        Object[] arguments = call.arguments().stream().map(argument -> value(argument, row, nanIsNull)).toArray();
        for (Object argument : arguments) {
            if (argument == null) {
                return null;
            }
        }
        SqlType type = call.type();
        boolean missing = NaNMeaning.of(call, nanIsNull) == NaNMeaning.NULL;
        if (type == SqlType.DOUBLE || type == SqlType.REAL) {
            double result = floating(call.function(), arguments, type);
            return missing && Double.isNaN(result) ? null
                    : type == SqlType.REAL ? (Object) (float) result : (Object) result;
        }
        BigInteger a = exact(arguments[0], type);
        BigInteger b = arguments.length > 1 ? exact(arguments[1], type) : BigInteger.ZERO;
        if (call.function() instanceof ScalarFunction.Unary unary) {
            return fit(unary.name().equals("-") ? a.negate() : unary.name().equals("abs") ? a.abs() : a.not(), type);
        }
        return switch (((ScalarFunction.Arithmetic) call.function()).operation()) {
            case ADD -> fit(a.add(b), type);
            case SUBTRACT -> fit(a.subtract(b), type);
            case MULTIPLY -> fit(a.multiply(b), type);
            case DIVIDE, DIVIDE_WHOLE -> fit(divisor(a, b)[0], type);
            case MODULO -> fit(divisor(a, b)[1], type);
            case BIT_AND -> fit(a.and(b), type);
            case BIT_OR -> fit(a.or(b), type);
            case BIT_XOR -> fit(a.xor(b), type);
            case SHIFT_LEFT, SHIFT_RIGHT -> throw new IllegalArgumentException("Not here");
        };
    }

    private static BigInteger[] divisor(BigInteger a, BigInteger b) {
        if (b.signum() == 0) {
            throw new RowError();
        }
        return a.divideAndRemainder(b);
    }

    private static double floating(ScalarFunction function, Object[] arguments, SqlType type) {
        double a = ((Number) arguments[0]).doubleValue();
        double b = arguments.length > 1 ? ((Number) arguments[1]).doubleValue() : 0;
        if (function instanceof ScalarFunction.Unary unary) {
            return unary.name().equals("-") ? -a : unary.name().equals("abs") ? Math.abs(a) : Math.sqrt(a);
        }
        boolean single = type == SqlType.REAL;
        return switch (((ScalarFunction.Arithmetic) function).operation()) {
            case ADD -> single ? (float) a + (float) b : a + b;
            case SUBTRACT -> single ? (float) a - (float) b : a - b;
            case MULTIPLY -> single ? (float) a * (float) b : a * b;
            case DIVIDE -> single ? (float) a / (float) b : a / b;
            case MODULO -> single ? (float) a % (float) b : a % b;
            default -> throw new IllegalArgumentException("Not here");
        };
    }

    static BigInteger exact(Object value, SqlType type) {
        BigInteger bits = BigInteger.valueOf(((Number) value).longValue());
        return type.isUnsigned() && bits.signum() < 0 ? bits.add(BigInteger.ONE.shiftLeft(type.bytes() * 8)) : bits;
    }

    private static Object fit(BigInteger value, SqlType type) {
        int bits = type.bytes() * 8;
        if (type.isUnsigned() ? value.signum() < 0 || value.bitLength() > bits : value.bitLength() >= bits) {
            throw new RowError();
        }
        return switch (type.bytes()) {
            case 1 -> (Object) value.byteValue();
            case 2 -> value.shortValue();
            case 4 -> value.intValue();
            default -> value.longValue();
        };
    }

    private static Object cast(Object value, Cast cast) {
        SqlType from = cast.operand().type();
        SqlType to = cast.type();
        if (value == null || from.equals(to)) {
            return value;
        }
        try {
            if (to == SqlType.DOUBLE) {
                return from.isFloating() ? ((Number) value).doubleValue() : exact(value, from).doubleValue();
            }
            if (to == SqlType.REAL) {
                if (!from.isFloating()) {
                    return exact(value, from).floatValue();
                }
                float narrow = ((Number) value).floatValue();
                if (Float.isInfinite(narrow) && !Double.isInfinite(((Number) value).doubleValue())) {
                    throw new RowError();
                }
                return narrow;
            }
            if (from.isFloating()) {
                double number = Math.rint(((Number) value).doubleValue());
                if (Double.isNaN(number) || Double.isInfinite(number)) {
                    throw new RowError();
                }
                return fit(new BigDecimal(number).toBigInteger(), to);
            }
            return fit(exact(value, from), to);
        } catch (RowError error) {
            if (cast.lenient()) {
                return null;
            }
            throw error;
        }
    }

    private static Object compare(Comparison comparison, Object left, Object right) {
        SqlType type = comparison.left().type();
        Comparison.Operator operator = comparison.operator();
        if (left == null || right == null) {
            return switch (operator) {
                case DISTINCT -> left != right;
                case NOT_DISTINCT -> left == right;
                default -> null;
            };
        }
        int order = order(left, right, type);
        return switch (operator) {
            case EQUAL, NOT_DISTINCT -> order == 0;
            case NOT_EQUAL, DISTINCT -> order != 0;
            case LESS -> order < 0;
            case LESS_OR_EQUAL -> order <= 0;
            case GREATER -> order > 0;
            case GREATER_OR_EQUAL -> order >= 0;
        };
    }

    @SuppressWarnings("unchecked")
    private static int order(Object left, Object right, SqlType type) {
        if (type.isFloating()) {
            return Double.compare(((Number) left).doubleValue() + 0.0, ((Number) right).doubleValue() + 0.0);
        }
        if (type.isInteger()) {
            return exact(left, type).compareTo(exact(right, type));
        }
        return ((Comparable<Object>) left).compareTo(right);
    }
}
