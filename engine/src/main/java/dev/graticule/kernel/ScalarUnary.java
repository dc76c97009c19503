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
    private static final boolean UNSIGNED = TYPE.isUnsigned();

    @Override
    public boolean run(MemorySegment data, long at, MemorySegment out, long outAt, int count) {
        if (TYPE == SqlType.Scalar.REAL) {
            for (int i = 0; i < count; i++) {
                out.set(ValueLayout.JAVA_FLOAT_UNALIGNED, outAt + i << 2,
                        apply(data.get(ValueLayout.JAVA_FLOAT_UNALIGNED, at + i << 2)));
            }
            return false;
        }
        if (TYPE == SqlType.Scalar.DOUBLE) {
            for (int i = 0; i < count; i++) {
                out.set(ValueLayout.JAVA_DOUBLE_UNALIGNED, outAt + i << 3,
                        apply(data.get(ValueLayout.JAVA_DOUBLE_UNALIGNED, at + i << 3)));
            }
            return false;
        }
        boolean failed = false;
        for (int i = 0; i < count; i++) {
            long value = Element.integer(TYPE, data, at + i);
            long result = FUNCTION == Function.NEGATE ? -value
                    : FUNCTION == Function.BIT_NOT ? ~value : UNSIGNED ? value : Math.abs(value);
            failed |= fails(value, result);
            Element.setInteger(TYPE, out, outAt + i, result);
        }
        return failed;
    }

    private static boolean fails(long value, long result) {
        if (FUNCTION == Function.NEGATE) {
            return UNSIGNED ? value != 0 : value != 0 && Element.narrow(TYPE, result) == value;
        }
        return FUNCTION == Function.ABSOLUTE && !UNSIGNED && Element.narrow(TYPE, result) < 0;
    }

    private static float apply(float value) {
        return FUNCTION == Function.NEGATE ? -value
                : FUNCTION == Function.ABSOLUTE ? Math.abs(value) : (float) apply((double) value);
    }

    private static double apply(double value) {
        return switch (FUNCTION) {
            case NEGATE -> -value;
            case ABSOLUTE -> Math.abs(value);
            case SQUARE_ROOT -> Math.sqrt(value);
            case FLOOR -> Math.floor(value);
            case CEILING -> Math.ceil(value);
            case TRUNCATE -> Math.copySign(Math.floor(Math.abs(value)), value);
            case ROUND -> {
                double size = Math.abs(value);
                double whole = Math.floor(size);
                yield Math.copySign(size - whole >= 0.5 ? whole + 1 : whole, value);
            }
            case BIT_NOT -> throw new IllegalArgumentException("No bits: " + TYPE);
        };
    }
}
