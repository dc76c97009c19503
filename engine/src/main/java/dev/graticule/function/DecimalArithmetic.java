package dev.graticule.function;

import dev.graticule.GraticuleException;
import dev.graticule.expression.Expression;
import dev.graticule.expression.Expression.Call;
import dev.graticule.expression.RowBody;
import dev.graticule.expression.RowFunction;
import dev.graticule.expression.ScalarFunction;
import dev.graticule.kernel.ArithmeticOperation;
import dev.graticule.sql.Position;
import dev.graticule.type.SqlType;
import dev.graticule.type.SqlType.Decimal;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;

/** Arithmetic where an operand is a DECIMAL and none is floating: exact, but for division, which gives DOUBLE. */
final class DecimalArithmetic {
    private static final int MOST_DIGITS = 38;

    private DecimalArithmetic() {
    }

    static Expression bind(ArithmeticOperation operation, Expression left, Expression right, Position position) {
        if (operation == ArithmeticOperation.DIVIDE) {
            List<Expression> operands = List.of(Coercion.convert(left, SqlType.DOUBLE, position),
                    Coercion.convert(right, SqlType.DOUBLE, position));
            return new Call(new ScalarFunction.Arithmetic(operation, SqlType.DOUBLE), operands, SqlType.DOUBLE,
                    position);
        }
        Decimal a = Coercion.decimal(left.type() == SqlType.NULL ? right.type() : left.type());
        Decimal b = Coercion.decimal(right.type() == SqlType.NULL ? left.type() : right.type());
        Decimal result = result(operation, a, b);
        RowFunction function = RowFunction
                .of(operation.sql(), List.of(a, b), result, new RowBody.OfObjects(arguments -> {
                    BigDecimal x = (BigDecimal) arguments[0];
                    BigDecimal y = (BigDecimal) arguments[1];
                    return fit(compute(operation, x, y), result, operation.sql(), x, y);
                })).failing();
        return new Call(function, List.of(Coercion.convert(left, a, position), Coercion.convert(right, b, position)),
                result, position);
    }

    private static Decimal result(ArithmeticOperation operation, Decimal a, Decimal b) {
        int scale = Math.max(a.scale(), b.scale());
        int whole = Math.max(a.precision() - a.scale(), b.precision() - b.scale());
        return switch (operation) {
            case ADD, SUBTRACT -> capped(whole + 1 + scale, scale);
            case MULTIPLY -> capped(a.precision() + b.precision(), a.scale() + b.scale());
            case DIVIDE_WHOLE -> capped(a.precision() - a.scale() + b.scale(), 0);
            case MODULO -> capped(whole + scale, scale);
            case DIVIDE, BIT_AND, BIT_OR, BIT_XOR, SHIFT_LEFT, SHIFT_RIGHT ->
                throw new IllegalArgumentException("Not exact: " + operation);
        };
    }

    private static Decimal capped(int precision, int scale) {
        return new Decimal(Math.max(1, Math.min(MOST_DIGITS, precision)), Math.min(MOST_DIGITS, scale));
    }

    private static BigDecimal compute(ArithmeticOperation operation, BigDecimal x, BigDecimal y) {
        return switch (operation) {
            case ADD -> x.add(y);
            case SUBTRACT -> x.subtract(y);
            case MULTIPLY -> x.multiply(y);
            case DIVIDE_WHOLE, MODULO -> {
                if (y.signum() == 0) {
                    throw GraticuleException.data(null,
                            "Division by zero: " + x.toPlainString() + " " + operation.sql() + " 0.");
                }
                yield operation == ArithmeticOperation.MODULO ? x.remainder(y) : x.divideToIntegralValue(y);
            }
            case DIVIDE, BIT_AND, BIT_OR, BIT_XOR, SHIFT_LEFT, SHIFT_RIGHT ->
                throw new IllegalArgumentException("Not exact: " + operation);
        };
    }

    private static BigDecimal fit(BigDecimal value, Decimal type, String operator, BigDecimal x, BigDecimal y) {
        BigDecimal rounded = value.setScale(type.scale(), RoundingMode.HALF_UP);
        if (rounded.precision() > type.precision()) {
            throw GraticuleException.data(null,
                    "Decimal overflow: " + x.toPlainString() + " " + operator + " " + y.toPlainString()
                            + " is not within " + type + ".");
        }
        return rounded;
    }

    static Expression negate(Expression operand, Position position) {
        SqlType type = operand.type();
        return new Call(
                RowFunction.of("-", List.of(type), type,
                        new RowBody.OfObjects(arguments -> ((BigDecimal) arguments[0]).negate())),
                List.of(operand), type, position);
    }
}
