package dev.graticule.kernel;

import dev.graticule.type.SqlType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;

/** Functions of one number, one by one; the function and the type are class data. */
final class ScalarUnary implements UnaryLoop {
    private static final Operation WANTED;

    static {
        try {
            WANTED = MethodHandles.classData(MethodHandles.lookup(), "_", Operation.class);
        } catch (IllegalAccessException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    private static final SqlType.Scalar TYPE = WANTED.type();
    private static final Function FUNCTION = WANTED.function();

    @Override
    public boolean run(MemorySegment data, long at, MemorySegment out, long outAt, int count) {
        if (TYPE == SqlType.Scalar.REAL) {
            for (int i = 0; i < count; i++) {
                out.set(ValueLayout.JAVA_FLOAT_UNALIGNED, outAt + i << 2, apply(data.get(ValueLayout.JAVA_FLOAT_UNALIGNED, at + i << 2)));
            }
            return false;
        }
        if (TYPE == SqlType.Scalar.DOUBLE) {
            for (int i = 0; i < count; i++) {
                out.set(ValueLayout.JAVA_DOUBLE_UNALIGNED, outAt + i << 3, apply(data.get(ValueLayout.JAVA_DOUBLE_UNALIGNED, at + i << 3)));
            }
            return false;
        }
        boolean failed = false;
        for (int i = 0; i < count; i++) {
            long value = Element.integer(TYPE, data, at + i);
            long result = switch (FUNCTION) {
                case NEGATE -> -value;
                case ABSOLUTE -> TYPE.isUnsigned() ? value : Math.abs(value);
                case BIT_NOT -> ~value;
                case SQUARE_ROOT -> throw new IllegalArgumentException("No square roots: " + TYPE);
            };
            failed |= switch (FUNCTION) {
                case NEGATE -> TYPE.isUnsigned() ? value != 0 : value != 0 && Element.narrow(TYPE, result) == value;
                case ABSOLUTE -> !TYPE.isUnsigned() && Element.narrow(TYPE, result) < 0;
                case BIT_NOT, SQUARE_ROOT -> false;
            };
            Element.setInteger(TYPE, out, outAt + i, result);
        }
        return failed;
    }

    private static float apply(float value) {
        return switch (FUNCTION) {
            case NEGATE -> -value;
            case ABSOLUTE -> Math.abs(value);
            case SQUARE_ROOT -> (float) Math.sqrt(value);
            case BIT_NOT -> throw new IllegalArgumentException("No bits: " + TYPE);
        };
    }

    private static double apply(double value) {
        return switch (FUNCTION) {
            case NEGATE -> -value;
            case ABSOLUTE -> Math.abs(value);
            case SQUARE_ROOT -> Math.sqrt(value);
            case BIT_NOT -> throw new IllegalArgumentException("No bits: " + TYPE);
        };
    }
}
