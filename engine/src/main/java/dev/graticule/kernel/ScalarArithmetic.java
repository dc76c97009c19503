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
    private static final long BYTES = TYPE.bytes();

    @Override
    public boolean run(MemorySegment left, long leftAt, int leftStep, MemorySegment right, long rightAt, int rightStep,
            MemorySegment out, long outAt, int count) {
        MemorySegment from = left.asSlice(leftAt * BYTES, (leftStep == 0 ? 1 : count) * BYTES);
        MemorySegment with = right.asSlice(rightAt * BYTES, (rightStep == 0 ? 1 : count) * BYTES);
        MemorySegment to = out.asSlice(outAt * BYTES, count * BYTES);
        boolean failed = false;
        if (leftStep == 0) {
            for (int i = 0; i < count; i++) {
                failed |= element(from, 0, with, i, to, i);
            }
        } else if (rightStep == 0) {
            for (int i = 0; i < count; i++) {
                failed |= element(from, i, with, 0, to, i);
            }
        } else {
            for (int i = 0; i < count; i++) {
                failed |= element(from, i, with, i, to, i);
            }
        }
        return failed;
    }

    private static boolean element(MemorySegment left, int leftIndex, MemorySegment right, int rightIndex,
            MemorySegment out, int index) {
        if (TYPE == SqlType.Scalar.REAL) {
            float a = left.get(ValueLayout.JAVA_FLOAT_UNALIGNED, (long) leftIndex << 2);
            float b = right.get(ValueLayout.JAVA_FLOAT_UNALIGNED, (long) rightIndex << 2);
            out.set(ValueLayout.JAVA_FLOAT_UNALIGNED, (long) index << 2, apply(a, b));
            return false;
        }
        if (TYPE == SqlType.Scalar.DOUBLE) {
            double a = left.get(ValueLayout.JAVA_DOUBLE_UNALIGNED, (long) leftIndex << 3);
            double b = right.get(ValueLayout.JAVA_DOUBLE_UNALIGNED, (long) rightIndex << 3);
            out.set(ValueLayout.JAVA_DOUBLE_UNALIGNED, (long) index << 3, apply(a, b));
            return false;
        }
        long a = Element.integer(TYPE, left, leftIndex);
        long b = Element.integer(TYPE, right, rightIndex);
        Element.setInteger(TYPE, out, index, apply(a, b));
        return fails(a, b);
    }

    private static float apply(float a, float b) {
        if (OPERATION == ArithmeticOperation.ADD) {
            return a + b;
        }
        if (OPERATION == ArithmeticOperation.SUBTRACT) {
            return a - b;
        }
        if (OPERATION == ArithmeticOperation.MULTIPLY) {
            return a * b;
        }
        if (OPERATION == ArithmeticOperation.DIVIDE) {
            return a / b;
        }
        if (OPERATION == ArithmeticOperation.DIVIDE_WHOLE) {
            return (float) truncate(a / b);
        }
        if (OPERATION == ArithmeticOperation.MODULO) {
            return a % b;
        }
        throw new IllegalArgumentException("No bits: " + TYPE);
    }

    private static double apply(double a, double b) {
        if (OPERATION == ArithmeticOperation.ADD) {
            return a + b;
        }
        if (OPERATION == ArithmeticOperation.SUBTRACT) {
            return a - b;
        }
        if (OPERATION == ArithmeticOperation.MULTIPLY) {
            return a * b;
        }
        if (OPERATION == ArithmeticOperation.DIVIDE) {
            return a / b;
        }
        if (OPERATION == ArithmeticOperation.DIVIDE_WHOLE) {
            return truncate(a / b);
        }
        if (OPERATION == ArithmeticOperation.MODULO) {
            return a % b;
        }
        throw new IllegalArgumentException("No bits: " + TYPE);
    }

    private static double truncate(double value) {
        return value < 0 ? Math.ceil(value) : Math.floor(value);
    }

    private static long apply(long a, long b) {
        if (OPERATION == ArithmeticOperation.ADD) {
            return a + b;
        }
        if (OPERATION == ArithmeticOperation.SUBTRACT) {
            return a - b;
        }
        if (OPERATION == ArithmeticOperation.MULTIPLY) {
            return a * b;
        }
        if (OPERATION == ArithmeticOperation.DIVIDE || OPERATION == ArithmeticOperation.DIVIDE_WHOLE) {
            return b == 0 ? 0 : UNSIGNED_WIDE ? Long.divideUnsigned(a, b) : a / b;
        }
        if (OPERATION == ArithmeticOperation.MODULO) {
            return b == 0 ? 0 : UNSIGNED_WIDE ? Long.remainderUnsigned(a, b) : a % b;
        }
        if (OPERATION == ArithmeticOperation.BIT_AND) {
            return a & b;
        }
        if (OPERATION == ArithmeticOperation.BIT_OR) {
            return a | b;
        }
        if (OPERATION == ArithmeticOperation.BIT_XOR) {
            return a ^ b;
        }
        if (OPERATION == ArithmeticOperation.SHIFT_LEFT) {
            return b < 0 || b > 63 ? 0 : a << b;
        }
        return UNSIGNED_WIDE ? b < 0 || b > 63 ? 0 : a >>> b : a >> (b < 0 || b > 63 ? 63 : b);
    }

    private static boolean fails(long a, long b) {
        if (OPERATION == ArithmeticOperation.ADD) {
            long sum = a + b;
            return !WIDE ? Element.narrow(TYPE, sum) != sum
                    : UNSIGNED_WIDE ? Long.compareUnsigned(sum, a) < 0 : ((a ^ sum) & (b ^ sum)) < 0;
        }
        if (OPERATION == ArithmeticOperation.SUBTRACT) {
            long difference = a - b;
            return !WIDE
                    ? Element.narrow(TYPE, difference) != difference
                    : UNSIGNED_WIDE ? Long.compareUnsigned(a, b) < 0 : ((a ^ b) & (a ^ difference)) < 0;
        }
        if (OPERATION == ArithmeticOperation.MULTIPLY) {
            long product = a * b;
            return !WIDE
                    ? Element.narrow(TYPE, product) != product
                    : UNSIGNED_WIDE ? Math.unsignedMultiplyHigh(a, b) != 0 : Math.multiplyHigh(a, b) != product >> 63;
        }
        if (OPERATION == ArithmeticOperation.DIVIDE || OPERATION == ArithmeticOperation.DIVIDE_WHOLE) {
            return b == 0 || !UNSIGNED_WIDE && b == -1 && Element.narrow(TYPE, -a) == a && a != 0;
        }
        return OPERATION == ArithmeticOperation.MODULO && b == 0;
    }
}
