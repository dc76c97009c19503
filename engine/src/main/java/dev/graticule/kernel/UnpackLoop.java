package dev.graticule.kernel;

import dev.graticule.spi.GridVariable.Unpacking;
import dev.graticule.type.SqlType;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.DoubleVector;

/**
 * A loop that makes values of stored numbers: what equals a sentinel is NULL, then come scale and offset. Stateless and
 * thread-safe.
 */
public interface UnpackLoop {
    /** The sentinels, scale and offset of a variable, as loops want them. */
    final class Packing {
        final boolean scaled;
        final double scale;
        final double offset;
        final long[] whole;
        final double[] floating;

        /** What stands in a variable's attributes, for values of a stored type. */
        public Packing(SqlType.Scalar stored, Unpacking unpacking) {
            this.scaled = unpacking.scaled();
            this.scale = unpacking.scale();
            this.offset = unpacking.offset();
            boolean single = stored == SqlType.Scalar.REAL;
            this.whole = stored.isFloating() ? new long[0]
                    : unpacking.sentinels().stream().mapToLong(Number::longValue).toArray();
            this.floating = stored.isFloating()
                    ? unpacking.sentinels().stream()
                            .mapToDouble(number -> single ? number.floatValue() : number.doubleValue()).toArray()
                    : new double[0];
        }
    }

    /** The class data of such loops. */
    record Operation(SqlType.Scalar stored, boolean scaled) {
    }

    /** The loop for values of a stored type, the best one for that many values. */
    static UnpackLoop of(SqlType.Scalar stored, Packing packing, int cells) {
        Operation wanted = new Operation(stored, packing.scaled);
        return hasVectors(stored) && Math.max(packing.whole.length, packing.floating.length) <= 1 && packing.scaled
                && !Kernels.preferScalar(cells)
                        ? Kernels.specialise(VectorUnpacking.class, wanted)
                        : Kernels.specialise(ScalarUnpacking.class, wanted);
    }

    /** Whether there are vector loops for a type on this machine: the narrowest vector has 64 bits. */
    private static boolean hasVectors(SqlType.Scalar stored) {
        boolean known = stored == SqlType.Scalar.SMALLINT || stored == SqlType.Scalar.INTEGER
                || stored == SqlType.Scalar.REAL;
        return known && DoubleVector.SPECIES_PREFERRED.length() * stored.bytes() >= 8;
    }

    /** Writes DOUBLE where scaled, else values of the stored floating type; a sentinel becomes NaN. */
    void floating(Packing packing, MemorySegment data, long at, MemorySegment out, long outAt, int count);

    /** Writes {@code count} bits from bit {@code bit} of {@code out} on: whether the stored value is not a sentinel. */
    void valid(Packing packing, MemorySegment data, long at, long[] out, long bit, int count);
}
