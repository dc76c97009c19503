package dev.graticule.kernel;

import dev.graticule.type.SqlType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;

/** Arithmetic one by one; the operation and the type are class data. */
final class ScalarArithmetic implements BinaryLoop {
    private static final Operation WANTED;

    static {
        try {
            WANTED = MethodHandles.classData(MethodHandles.lookup(), "_", Operation.class);
        } catch (IllegalAccessException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    private static final SqlType.Scalar TYPE = WANTED.type();
    private static final ArithmeticOperation OPERATION = WANTED.arithmetic();
    private static final boolean UNSIGNED_WIDE = TYPE == SqlType.Scalar.UBIGINT;
    private static final boolean WIDE = TYPE.bytes() == 8;

    @Override
    public boolean run(MemorySegment left, long leftAt, int leftStep, MemorySegment right, long rightAt, int rightStep, MemorySegment out,
            long outAt, int count) {
        if (TYPE == SqlType.Scalar.REAL) {
            for (int i = 0; i < count; i++) {
                float a = left.get(ValueLayout.JAVA_FLOAT_UNALIGNED, leftAt + (long) i * leftStep << 2);
                float b = right.get(ValueLayout.JAVA_FLOAT_UNALIGNED, rightAt + (long) i * rightStep << 2);
                out.set(ValueLayout.JAVA_FLOAT_UNALIGNED, outAt + i << 2, apply(a, b));
            }
            return false;
        }
        if (TYPE == SqlType.Scalar.DOUBLE) {
            for (int i = 0; i < count; i++) {
                double a = left.get(ValueLayout.JAVA_DOUBLE_UNALIGNED, leftAt + (long) i * leftStep << 3);
                double b = right.get(ValueLayout.JAVA_DOUBLE_UNALIGNED, rightAt + (long) i * rightStep << 3);
                out.set(ValueLayout.JAVA_DOUBLE_UNALIGNED, outAt + i << 3, apply(a, b));
            }
            return false;
        }
        boolean failed = false;
        for (int i = 0; i < count; i++) {
            long a = Element.integer(TYPE, left, leftAt + (long) i * leftStep);
            long b = Element.integer(TYPE, right, rightAt + (long) i * rightStep);
            failed |= fails(a, b);
            Element.setInteger(TYPE, out, outAt + i, apply(a, b));
        }
        return failed;
    }

    private static float apply(float a, float b) {
        return switch (OPERATION) {
            case ADD -> a + b;
            case SUBTRACT -> a - b;
            case MULTIPLY -> a * b;
            case DIVIDE -> a / b;
            case DIVIDE_WHOLE -> (float) truncate(a / b);
            case MODULO -> a % b;
            case BIT_AND, BIT_OR, BIT_XOR, SHIFT_LEFT, SHIFT_RIGHT -> throw new IllegalArgumentException("No bits: " + TYPE);
        };
    }

    private static double apply(double a, double b) {
        return switch (OPERATION) {
            case ADD -> a + b;
            case SUBTRACT -> a - b;
            case MULTIPLY -> a * b;
            case DIVIDE -> a / b;
            case DIVIDE_WHOLE -> truncate(a / b);
            case MODULO -> a % b;
            case BIT_AND, BIT_OR, BIT_XOR, SHIFT_LEFT, SHIFT_RIGHT -> throw new IllegalArgumentException("No bits: " + TYPE);
        };
    }

    private static double truncate(double value) {
        return value < 0 ? Math.ceil(value) : Math.floor(value);
    }

    private static long apply(long a, long b) {
        return switch (OPERATION) {
            case ADD -> a + b;
            case SUBTRACT -> a - b;
            case MULTIPLY -> a * b;
            case DIVIDE, DIVIDE_WHOLE -> b == 0 ? 0 : UNSIGNED_WIDE ? Long.divideUnsigned(a, b) : a / b;
            case MODULO -> b == 0 ? 0 : UNSIGNED_WIDE ? Long.remainderUnsigned(a, b) : a % b;
            case BIT_AND -> a & b;
            case BIT_OR -> a | b;
            case BIT_XOR -> a ^ b;
            case SHIFT_LEFT -> b < 0 || b > 63 ? 0 : a << b;
            case SHIFT_RIGHT -> UNSIGNED_WIDE ? b < 0 || b > 63 ? 0 : a >>> b : a >> (b < 0 || b > 63 ? 63 : b);
        };
    }

    private static boolean fails(long a, long b) {
        return switch (OPERATION) {
            case ADD -> {
                long sum = a + b;
                yield !WIDE ? Element.narrow(TYPE, sum) != sum : UNSIGNED_WIDE ? Long.compareUnsigned(sum, a) < 0 : ((a ^ sum) & (b ^ sum)) < 0;
            }
            case SUBTRACT -> {
                long difference = a - b;
                yield !WIDE
                        ? Element.narrow(TYPE, difference) != difference
                        : UNSIGNED_WIDE ? Long.compareUnsigned(a, b) < 0 : ((a ^ b) & (a ^ difference)) < 0;
            }
            case MULTIPLY -> {
                long product = a * b;
                yield !WIDE
                        ? Element.narrow(TYPE, product) != product
                        : UNSIGNED_WIDE ? Math.unsignedMultiplyHigh(a, b) != 0 : Math.multiplyHigh(a, b) != product >> 63;
            }
            case DIVIDE, DIVIDE_WHOLE -> b == 0 || !UNSIGNED_WIDE && b == -1 && Element.narrow(TYPE, -a) == a && a != 0;
            case MODULO -> b == 0;
            case BIT_AND, BIT_OR, BIT_XOR, SHIFT_LEFT, SHIFT_RIGHT -> false;
        };
    }
}
