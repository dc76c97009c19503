package dev.graticule.kernel;

import dev.graticule.type.SqlType;
import java.lang.foreign.MemorySegment;

/** A loop that writes values over others where a mask has a bit. Stateless and thread-safe. */
public interface OverlayLoop {

    /** The loop for values of a fixed-width type of up to 8 bytes, the best one for that many values. */
    static OverlayLoop of(SqlType type, int cells) {
        // Only the width matters.
        SqlType.Scalar wanted = switch (type.bytes()) {
            case 1 -> SqlType.Scalar.TINYINT;
            case 2 -> SqlType.Scalar.SMALLINT;
            case 4 -> SqlType.Scalar.INTEGER;
            default -> SqlType.Scalar.BIGINT;
        };
        return Kernels.preferScalar(cells) ? Kernels.specialise(ScalarOverlay.class, wanted)
                : Kernels.specialise(VectorOverlay.class, wanted);
    }

    /**
     * {@code out[cell + i] = data[at + i * step]} for {@code i < count} where bit {@code cell + i} of {@code words} is set.
     *
     * @param step 1, or 0 for a constant
     */
    void run(MemorySegment data, long at, int step, long[] words, long cell, MemorySegment out, int count);
}
