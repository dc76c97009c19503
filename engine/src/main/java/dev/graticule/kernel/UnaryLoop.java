package dev.graticule.kernel;

import dev.graticule.type.SqlType;
import java.lang.foreign.MemorySegment;

/** A loop over one run of numbers whose result has the same type. Stateless and thread-safe. */
public interface UnaryLoop {

    /** What is done. */
    enum Function {
        NEGATE,
        ABSOLUTE,
        /** Floating numbers only. */
        SQUARE_ROOT,
        BIT_NOT,
        /** This and those below of floating numbers only; NaN, infinities and whole numbers, also -0.0, stay as they are. */
        FLOOR,
        CEILING,
        /** Towards zero. */
        TRUNCATE,
        /** To the nearest, half away from zero. */
        ROUND;

        /** Whether the result is a whole number. */
        boolean isRounding() {
            return ordinal() >= FLOOR.ordinal();
        }
    }

    /** The class data of such loops. */
    record Operation(Function function, SqlType.Scalar type) {
    }

    /** The loop of a function over values stored as {@code type}, the best one for that many values. */
    static UnaryLoop of(Function function, SqlType.Scalar type, int cells) {
        Operation wanted = new Operation(function, type);
        return !type.isFloating() || Kernels.preferScalar(cells)
                ? Kernels.specialise(ScalarUnary.class, wanted)
                : Kernels.specialise(function.isRounding() ? VectorRounding.class : VectorUnary.class, wanted);
    }

    /** {@code out[outAt + i] = f(data[at + i])}; returns whether some value overflowed: its result is undefined. */
    boolean run(MemorySegment data, long at, MemorySegment out, long outAt, int count);
}
