package dev.graticule.function;

import dev.graticule.GraticuleException;
import dev.graticule.expression.Conversions;
import dev.graticule.expression.Expression;
import dev.graticule.expression.Expression.Call;
import dev.graticule.expression.Expression.Literal;
import dev.graticule.expression.RowBody;
import dev.graticule.expression.RowFunction;
import dev.graticule.expression.ScalarFunction;
import dev.graticule.kernel.UnaryLoop;
import dev.graticule.sql.Position;
import dev.graticule.type.SqlType;
import dev.graticule.type.SqlType.Decimal;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.LongBinaryOperator;

/** Functions of numbers. */
final class MathFunctions {
    private static final int MOST_DIGITS = 38;
    private static final List<SqlType> INTEGERS = List.of(SqlType.TINYINT, SqlType.SMALLINT, SqlType.INTEGER,
            SqlType.BIGINT);

    private MathFunctions() {
    }

    static void define(Consumer<ScalarDefinition> registry) {
        registry.accept(ScalarDefinition.of("The number without its sign", "abs").binds("(number) -> number", 1, 1,
                (name, arguments, position) -> absolute(numeric(name, arguments.getFirst(), position), position)));
        registry.accept(ScalarDefinition.of("The square root", "sqrt").binds("(DOUBLE) -> DOUBLE", 1, 1,
                (name, arguments, position) -> {
                    Expression operand = Coercion.convert(numeric(name, arguments.getFirst(), position), SqlType.DOUBLE,
                            position);
                    return new Call(new ScalarFunction.Unary(UnaryLoop.Function.SQUARE_ROOT, SqlType.DOUBLE),
                            List.of(operand), SqlType.DOUBLE, position);
                }));
        rounding(registry, "The nearest whole number, half away from zero, or with n digits after the point",
                RoundingMode.HALF_UP, MathFunctions::round,
                true, "round");
        rounding(registry, "The whole number towards zero, or with n digits after the point", RoundingMode.DOWN,
                MathFunctions::truncate, true, "trunc");
        rounding(registry, "The greatest whole number that is not greater", RoundingMode.FLOOR, Math::floor, false,
                "floor");
        rounding(registry, "The least whole number that is not less", RoundingMode.CEILING, Math::ceil, false, "ceil",
                "ceiling");
        unary(registry, "The cube root", Math::cbrt, "cbrt");
        unary(registry, "e to the power of x", Math::exp, "exp");
        unary(registry, "The natural logarithm", Math::log, "ln");
        unary(registry, "The logarithm to base 10", Math::log10, "log10");
        unary(registry, "The logarithm to base 2", MathFunctions::log2, "log2");
        registry.accept(ScalarDefinition.of("The logarithm to base 10, or to base b: log(b, x)", "log")
                .takes(List.of(SqlType.DOUBLE), SqlType.DOUBLE, new RowBody.OfDouble(Math::log10))
                .takes(List.of(SqlType.DOUBLE, SqlType.DOUBLE), SqlType.DOUBLE,
                        new RowBody.OfDoubles((base, x) -> Math.log(x) / Math.log(base))));
        unary(registry, "The sine of an angle in radians", Math::sin, "sin");
        unary(registry, "The cosine of an angle in radians", Math::cos, "cos");
        unary(registry, "The tangent of an angle in radians", Math::tan, "tan");
        unary(registry, "The cotangent of an angle in radians", x -> 1 / Math.tan(x), "cot");
        unary(registry, "The angle in radians whose sine is x", Math::asin, "asin");
        unary(registry, "The angle in radians whose cosine is x", Math::acos, "acos");
        unary(registry, "The angle in radians whose tangent is x", Math::atan, "atan");
        binary(registry, "The angle in radians of the point (x, y): atan2(y, x)", Math::atan2, "atan2");
        unary(registry, "The hyperbolic sine", Math::sinh, "sinh");
        unary(registry, "The hyperbolic cosine", Math::cosh, "cosh");
        unary(registry, "The hyperbolic tangent", Math::tanh, "tanh");
        unary(registry, "The inverse hyperbolic sine", MathFunctions::asinh, "asinh");
        unary(registry, "The inverse hyperbolic cosine", x -> Math.log(x + Math.sqrt(x * x - 1)), "acosh");
        unary(registry, "The inverse hyperbolic tangent", x -> 0.5 * (Math.log1p(x) - Math.log1p(-x)), "atanh");
        unary(registry, "Radians in degrees", Math::toDegrees, "degrees");
        unary(registry, "Degrees in radians", Math::toRadians, "radians");
        binary(registry, "x to the power of y",
                (x, y) -> x == 1 || x == -1 && Double.isInfinite(y) ? 1 : Math.pow(x, y), "power", "pow");
        registry.accept(constant("The ratio of a circle's circumference to its diameter", Math.PI, "pi"));
        registry.accept(constant("The base of the natural logarithm", Math.E, "e"));
        registry.accept(ScalarDefinition.of("The remainder with the sign of the dividend", "mod").binds(
                "(number, number) -> number", 2, 2,
                (name, arguments, position) -> Operators.binary("%", arguments.get(0), arguments.get(1), position)));
        registry.accept(ScalarDefinition.of("Truncating division", "div", "divide").binds("(number, number) -> number",
                2, 2,
                (name, arguments, position) -> Operators.binary("//", arguments.get(0), arguments.get(1), position)));
        registry.accept(ScalarDefinition.of("-1, 0 or 1: the sign of a number", "sign").binds("(number) -> number", 1,
                1, MathFunctions::sign));
        longs(registry, "The greatest common divisor", MathFunctions::greatestCommonDivisor, "gcd");
        longs(registry, "The least common multiple", MathFunctions::leastCommonMultiple, "lcm");
        registry.accept(ScalarDefinition.of("n!", "factorial").takesFailing(List.of(SqlType.BIGINT), SqlType.BIGINT,
                new RowBody.OfLong(MathFunctions::factorial)));
        registry.accept(ScalarDefinition.of("How many bits are 1", "bit_count").binds("(integer) -> INTEGER", 1, 1,
                (name, arguments, position) -> {
                    Expression operand = numeric(name, arguments.getFirst(), position);
                    SqlType type = operand.type();
                    if (!type.isInteger()) {
                        throw GraticuleException.binding(position, "bit_count takes an integer, not " + type + ".");
                    }
                    long mask = type.bytes() == 8 ? -1L : (1L << type.bytes() * 8) - 1;
                    return new Call(
                            RowFunction.of("bit_count", List.of(type), SqlType.INTEGER,
                                    new RowBody.OfLong(x -> Long.bitCount(x & mask))),
                            List.of(operand),
                            SqlType.INTEGER, position);
                }));
        operator(registry, "The sum: a + b", "+", "add");
        operator(registry, "The difference: a - b", "-", "subtract");
        operator(registry, "The product: a * b", "*", "multiply");
        registry.accept(ScalarDefinition.of("Exclusive or of the bits", "xor").binds("(integer, integer) -> integer", 2,
                2,
                (name, arguments, position) -> Operators.binary("#", arguments.get(0), arguments.get(1), position)));
        test(registry, "Whether it is NaN", value -> Double.isNaN(value), "isnan");
        test(registry, "Whether it is Infinity or -Infinity", value -> Double.isInfinite(value), "isinf");
        test(registry, "Whether it is neither NaN nor infinite", value -> Double.isFinite(value), "isfinite");
    }

    private static Expression numeric(String name, Expression expression, Position position) {
        if (expression.type() == SqlType.NULL) {
            return Coercion.convert(expression, SqlType.DOUBLE, position);
        }
        if (Coercion.isAdaptable(expression) && expression.type() == SqlType.VARCHAR) {
            return Coercion.convert(expression, SqlType.DOUBLE, position);
        }
        if (!expression.type().isNumeric()) {
            throw GraticuleException.binding(position, name + " takes a number, not " + expression.type() + ".");
        }
        return expression;
    }

    private static void unary(Consumer<ScalarDefinition> registry, String purpose, DoubleUnaryOperator function,
            String... names) {
        registry.accept(ScalarDefinition.of(purpose, names).takes(List.of(SqlType.DOUBLE), SqlType.DOUBLE,
                new RowBody.OfDouble(function)));
    }

    private static void binary(Consumer<ScalarDefinition> registry, String purpose, DoubleBinaryOperator function,
            String... names) {
        registry.accept(ScalarDefinition.of(purpose, names).takes(List.of(SqlType.DOUBLE, SqlType.DOUBLE),
                SqlType.DOUBLE, new RowBody.OfDoubles(function)));
    }

    private static void operator(Consumer<ScalarDefinition> registry, String purpose, String operator, String name) {
        registry.accept(ScalarDefinition.of(purpose, name).binds("(any, any) -> any", 2, 2,
                (called, arguments, position) -> Operators.binary(operator, arguments.get(0), arguments.get(1),
                        position)));
    }

    private static void longs(Consumer<ScalarDefinition> registry, String purpose, LongBinaryOperator function,
            String... names) {
        registry.accept(ScalarDefinition.of(purpose, names).takesFailing(List.of(SqlType.BIGINT, SqlType.BIGINT),
                SqlType.BIGINT,
                new RowBody.OfLongs(function)));
    }

    private static ScalarDefinition constant(String purpose, double value, String name) {
        return ScalarDefinition.of(purpose, name).binds("() -> DOUBLE", 0, 0,
                (unused, arguments, position) -> new Call(
                        RowFunction.of(name, List.of(), SqlType.DOUBLE, new RowBody.OfObjects(none -> value)),
                        List.of(),
                        SqlType.DOUBLE, position));
    }

    private interface Test {
        boolean test(double value);
    }

    private static void test(Consumer<ScalarDefinition> registry, String purpose, Test test, String name) {
        RowBody body = new RowBody.OfObjects(arguments -> test.test(((Number) arguments[0]).doubleValue()));
        registry.accept(ScalarDefinition.of(purpose, name).takes(List.of(SqlType.DOUBLE), SqlType.BOOLEAN, body).takes(
                List.of(SqlType.REAL),
                SqlType.BOOLEAN, body));
    }

    private static Expression absolute(Expression operand, Position position) {
        SqlType type = operand.type();
        if (type instanceof Decimal) {
            return new Call(
                    RowFunction.of("abs", List.of(type), type,
                            new RowBody.OfObjects(arguments -> ((BigDecimal) arguments[0]).abs())),
                    List.of(operand), type, position);
        }
        return new Call(new ScalarFunction.Unary(UnaryLoop.Function.ABSOLUTE, type), List.of(operand), type, position);
    }

    private static void rounding(Consumer<ScalarDefinition> registry, String purpose, RoundingMode mode,
            DoubleUnaryOperator function, boolean digits,
            String... names) {
        ScalarDefinition definition = ScalarDefinition.of(purpose, names);
        registry.accept(
                definition.binds(digits ? "(number [, INTEGER]) -> number" : "(number) -> number", 1, digits ? 2 : 1,
                        (name, arguments, position) -> rounded(names[0], arguments, mode, function, position)));
    }

    private static Expression rounded(String name, List<Expression> arguments, RoundingMode mode,
            DoubleUnaryOperator function, Position position) {
        Expression operand = numeric(name, arguments.getFirst(), position);
        SqlType type = operand.type();
        if (arguments.size() == 2) {
            return roundedTo(name, operand, Coercion.convert(arguments.get(1), SqlType.INTEGER, position), mode,
                    function, position);
        }
        if (type.isInteger()) {
            return operand;
        }
        if (type instanceof Decimal decimal) {
            Decimal whole = new Decimal(Math.min(MOST_DIGITS,
                    Math.max(1, decimal.precision() - decimal.scale() + (decimal.scale() > 0 ? 1 : 0))), 0);
            return new Call(
                    RowFunction.of(name, List.of(type), whole,
                            new RowBody.OfObjects(values -> ((BigDecimal) values[0]).setScale(0, mode))),
                    List.of(operand), whole, position);
        }
        UnaryLoop.Function loop = switch (mode) {
            case FLOOR -> UnaryLoop.Function.FLOOR;
            case CEILING -> UnaryLoop.Function.CEILING;
            case DOWN -> UnaryLoop.Function.TRUNCATE;
            case HALF_UP -> UnaryLoop.Function.ROUND;
            case UP, HALF_DOWN, HALF_EVEN, UNNECESSARY -> throw new IllegalArgumentException(mode.toString());
        };
        return new Call(new ScalarFunction.Unary(loop, type), List.of(operand), type, position);
    }

    private static Expression roundedTo(String name, Expression operand, Expression digits, RoundingMode mode,
            DoubleUnaryOperator function,
            Position position) {
        SqlType type = operand.type();
        if (type instanceof Decimal decimal) {
            int scale = digits instanceof Literal literal && literal.value() instanceof Integer count
                    ? Math.max(0, Math.min(decimal.scale(), count)) : decimal.scale();
            Decimal result = new Decimal(
                    Math.min(MOST_DIGITS, Math.max(1, decimal.precision() - decimal.scale() + scale + 1)), scale);
            return new Call(RowFunction.of(name, List.of(type, SqlType.INTEGER), result, new RowBody.OfObjects(
                    values -> ((BigDecimal) values[0]).setScale((Integer) values[1], mode).setScale(scale, mode))),
                    List.of(operand, digits), result, position);
        }
        if (type.isInteger()) {
            return new Call(RowFunction.of(name, List.of(type, SqlType.INTEGER), type, new RowBody.OfObjects(values -> {
                BigDecimal exact = Conversions.exact(values[0], type);
                return (Integer) values[1] >= 0 ? values[0]
                        : (Object) whole(exact.setScale((Integer) values[1], mode).toBigInteger(), type);
            })).failing(), List.of(operand, digits), type, position);
        }
        return new Call(RowFunction.of(name, List.of(type, SqlType.INTEGER), type, new RowBody.OfObjects(values -> {
            double result = roundTo(((Number) values[0]).doubleValue(), (Integer) values[1], function);
            return type == SqlType.REAL ? (Object) (float) result : (Object) result;
        })), List.of(operand, digits), type, position);
    }

    private static long whole(BigInteger value, SqlType type) {
        int bits = type.bytes() * 8;
        if (type.isUnsigned() ? value.bitLength() > bits : value.bitLength() >= bits) {
            throw GraticuleException.data(null, "Integer overflow: " + value + " is not within " + type + ".");
        }
        return value.longValue();
    }

    private static double roundTo(double value, int digits, DoubleUnaryOperator function) {
        if (!Double.isFinite(value)) {
            return value;
        }
        double factor = Math.pow(10, Math.abs(digits));
        double result = digits >= 0 ? function.applyAsDouble(value * factor) / factor
                : function.applyAsDouble(value / factor) * factor;
        return Double.isFinite(result) ? result : digits >= 0 ? value : 0;
    }

    private static double round(double value) {
        double whole = Math.floor(Math.abs(value));
        return Math.copySign(Math.abs(value) - whole >= 0.5 ? whole + 1 : whole, value);
    }

    private static double truncate(double value) {
        return Math.copySign(Math.floor(Math.abs(value)), value);
    }

    private static double log2(double x) {
        int exponent = Math.getExponent(x);
        if (x > 0 && exponent >= Double.MIN_EXPONENT && exponent <= Double.MAX_EXPONENT
                && x == Math.scalb(1.0, exponent)) {
            return exponent;
        }
        return Math.log(x) / Math.log(2);
    }

    private static double asinh(double x) {
        double absolute = Math.abs(x);
        return Double.isInfinite(x) ? x : Math.copySign(Math.log(absolute + Math.sqrt(absolute * absolute + 1)), x);
    }

    private static Expression sign(String name, List<Expression> arguments, Position position) {
        Expression operand = numeric(name, arguments.getFirst(), position);
        SqlType type = operand.type();
        if (type.isFloating()) {
            return new Call(
                    RowFunction.of(name, List.of(type), type, new RowBody.OfDouble(x -> x == 0 ? 0 : Math.signum(x))),
                    List.of(operand), type, position);
        }
        SqlType result = type instanceof Decimal || !INTEGERS.contains(type) ? SqlType.INTEGER : type;
        return new Call(
                RowFunction.of(name, List.of(type), result,
                        new RowBody.OfObjects(values -> Conversions.exact(values[0], type).signum())),
                List.of(operand), result, position);
    }

    private static long greatestCommonDivisor(long a, long b) {
        while (b != 0) {
            long rest = a % b;
            a = b;
            b = rest;
        }
        if (a == Long.MIN_VALUE) {
            throw GraticuleException.data(null, "Integer overflow: gcd is not within BIGINT.");
        }
        return Math.abs(a);
    }

    private static long leastCommonMultiple(long a, long b) {
        if (a == 0 || b == 0) {
            return 0;
        }
        try {
            return Math.absExact(Math.multiplyExact(a / greatestCommonDivisor(a, b), b));
        } catch (ArithmeticException overflow) {
            throw GraticuleException.data(null, "Integer overflow: lcm(" + a + ", " + b + ") is not within BIGINT.");
        }
    }

    private static long factorial(long n) {
        if (n < 0 || n > 20) {
            throw GraticuleException.data(null, "factorial(" + n + ") is not within BIGINT: it takes 0 to 20.");
        }
        long product = 1;
        for (long i = 2; i <= n; i++) {
            product *= i;
        }
        return product;
    }
}
