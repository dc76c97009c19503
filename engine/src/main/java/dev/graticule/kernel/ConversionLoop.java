package dev.graticule.kernel;

import dev.graticule.type.SqlType;
import java.lang.foreign.MemorySegment;

/** A loop that converts numbers of one type to another. Stateless and thread-safe. */
public interface ConversionLoop {

    /** The class data of such loops. */
    record Operation(SqlType.Scalar from, SqlType.Scalar to) {
    }

    /** The loop between two storage types, the best one for that many values. */
    static ConversionLoop of(SqlType.Scalar from, SqlType.Scalar to, int cells) {
        Operation wanted = new Operation(from, to);
        return from == SqlType.Scalar.REAL && to == SqlType.Scalar.DOUBLE && !Kernels.preferScalar(cells)
                ? Kernels.specialise(VectorWidening.class, wanted)
                : Kernels.specialise(ScalarConversion.class, wanted);
    }

    /**
     * {@code out[outAt + i] = data[at + i]} in the other type; floating to whole numbers round half to even.
     *
     * @return whether some value does not fit: its result is undefined
     */
    boolean run(MemorySegment data, long at, MemorySegment out, long outAt, int count);
}
