package dev.graticule.expression;

import dev.graticule.GraticuleException;
import dev.graticule.batch.Column.Strided;
import dev.graticule.kernel.ArithmeticOperation;
import dev.graticule.sql.Position;
import dev.graticule.type.SqlType;
import java.math.BigInteger;
import java.util.List;

/** Finds out whether arithmetic that failed somewhere in a batch failed for a row that counts, and says so. */
final class Arithmetics {
    private Arithmetics() {
    }

    /** Throws the error of the first cell that is reached, has no NULL operand and cannot be computed, if there is one. */
    static void raise(ScalarFunction function, Position position, List<Strided> columns, Strided result, long[] reached,
            int[] shape,
            boolean[] varies) {
        Walk walk = new Walk(shape, varies, Spread.layouts(columns.toArray(Strided[]::new)));
        while (walk.next()) {
            for (int i = 0; i < walk.length(); i++) {
                int cell = walk.outAt() + i;
                if (reached != null && (reached[cell >>> 6] >>> cell & 1) == 0
                        || result.values().validity() != null && !result.values().isValid(cell)) {
                    continue;
                }
                BigInteger left = exact(columns.getFirst(), walk.place(0, i));
                BigInteger right = columns.size() > 1 ? exact(columns.get(1), walk.place(1, i)) : null;
                String problem = problem(function, left, right, result.type());
                if (problem != null) {
                    throw GraticuleException.data(position, problem);
                }
            }
        }
    }

    private static BigInteger exact(Strided column, int place) {
        long value = ((Number) column.values().object(place)).longValue();
        if (!column.type().isUnsigned()) {
            return BigInteger.valueOf(value);
        }
        BigInteger bits = BigInteger.valueOf(value);
        int width = column.type().bytes() * 8;
        return bits.signum() < 0 ? bits.add(BigInteger.ONE.shiftLeft(width)) : bits;
    }

    private static String problem(ScalarFunction function, BigInteger left, BigInteger right, SqlType type) {
        BigInteger exact = switch (function) {
            case ScalarFunction.Arithmetic arithmetic -> {
                boolean division = switch (arithmetic.operation()) {
                    case DIVIDE, DIVIDE_WHOLE, MODULO -> true;
                    case ADD, SUBTRACT, MULTIPLY, BIT_AND, BIT_OR, BIT_XOR, SHIFT_LEFT, SHIFT_RIGHT -> false;
                };
                if (division && right.signum() == 0) {
                    yield null;
                }
                yield compute(arithmetic.operation(), left, right);
            }
            case ScalarFunction.Unary unary -> unary.name().equals("abs") ? left.abs() : left.negate();
            case ScalarFunction.OfRows rows -> throw new IllegalStateException("Not arithmetic: " + rows);
        };
        String text = right == null ? function.name() + "(" + left + ")" : left + " " + function.name() + " " + right;
        if (exact == null) {
            return "Division by zero: " + text + ".";
        }
        return fits(exact, type) ? null : "Integer overflow: " + text + " is not within " + type + ".";
    }

    private static BigInteger compute(ArithmeticOperation operation, BigInteger left, BigInteger right) {
        return switch (operation) {
            case ADD -> left.add(right);
            case SUBTRACT -> left.subtract(right);
            case MULTIPLY -> left.multiply(right);
            case DIVIDE, DIVIDE_WHOLE -> left.divide(right);
            case MODULO -> left.remainder(right);
            case BIT_AND, BIT_OR, BIT_XOR, SHIFT_LEFT, SHIFT_RIGHT -> BigInteger.ZERO;
        };
    }

    private static boolean fits(BigInteger value, SqlType type) {
        int bits = type.bytes() * 8;
        return type.isUnsigned() ? value.signum() >= 0 && value.bitLength() <= bits : value.bitLength() < bits;
    }
}
