package dev.graticule.zarr.codec;

import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.ZERO_EXTEND_B2I;
import static jdk.incubator.vector.VectorOperators.ZERO_EXTEND_B2S;
import static jdk.incubator.vector.VectorOperators.ZERO_EXTEND_I2L;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** The vector twins of {@link Unshuffle}'s loops over bytes; a class of their own, since loading it takes long. */
final class VectorUnshuffle {
    private static final ByteOrder LITTLE = ByteOrder.LITTLE_ENDIAN;
    private static final VectorSpecies<Short> SHORTS = ShortVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Long> LONGS = LongVector.SPECIES_PREFERRED;
    /** Where vectors are shorter, there is no register of bytes with a lane for each int. */
    private static final boolean WIDE = INTS.length() >= 8;
    private static final VectorSpecies<Byte> BYTES_OF_SHORTS = WIDE ? bytes(SHORTS.length()) : ByteVector.SPECIES_64;
    private static final VectorSpecies<Byte> BYTES_OF_INTS = WIDE ? bytes(INTS.length()) : ByteVector.SPECIES_64;

    private VectorUnshuffle() {
    }

    private static VectorSpecies<Byte> bytes(int lanes) {
        return VectorSpecies.of(byte.class, VectorShape.forBitSize(lanes * 8));
    }

    /** Unshuffles elements from the first on, up to {@code end}; returns how many it did, which may be none. */
    static int run(int typeSize, MemorySegment source, MemorySegment target, int elements, int end) {
        return switch (WIDE ? typeSize : 1) {
            case 2 -> vectors2(source, target, elements, end);
            case 4 -> vectors4(source, target, elements, end);
            case 8 -> vectors8(source, target, elements, end);
            default -> 0;
        };
    }

    // A vector that a method returns lives in memory where the method was compiled by itself: the loops have no parts.

    private static int vectors2(MemorySegment source, MemorySegment target, int elements, int end) {
        int step = SHORTS.length();
        int i = 0;
        for (; i + step <= end; i += step) {
            ShortVector low = (ShortVector) ByteVector.fromMemorySegment(BYTES_OF_SHORTS, source, i, LITTLE)
                    .convertShape(ZERO_EXTEND_B2S, SHORTS, 0);
            ShortVector high = (ShortVector) ByteVector
                    .fromMemorySegment(BYTES_OF_SHORTS, source, (long) elements + i, LITTLE)
                    .convertShape(ZERO_EXTEND_B2S, SHORTS, 0);
            low.or(high.lanewise(LSHL, 8)).intoMemorySegment(target, i * 2L, LITTLE);
        }
        return i;
    }

    private static int vectors4(MemorySegment source, MemorySegment target, int elements, int end) {
        int step = INTS.length();
        long plane = elements;
        int i = 0;
        for (; i + step <= end; i += step) {
            IntVector byte0 = (IntVector) ByteVector.fromMemorySegment(BYTES_OF_INTS, source, i, LITTLE)
                    .convertShape(ZERO_EXTEND_B2I, INTS, 0);
            IntVector byte1 = (IntVector) ByteVector.fromMemorySegment(BYTES_OF_INTS, source, i + plane, LITTLE)
                    .convertShape(ZERO_EXTEND_B2I, INTS, 0);
            IntVector byte2 = (IntVector) ByteVector.fromMemorySegment(BYTES_OF_INTS, source, i + 2 * plane, LITTLE)
                    .convertShape(ZERO_EXTEND_B2I, INTS, 0);
            IntVector byte3 = (IntVector) ByteVector.fromMemorySegment(BYTES_OF_INTS, source, i + 3 * plane, LITTLE)
                    .convertShape(ZERO_EXTEND_B2I, INTS, 0);
            byte0.or(byte1.lanewise(LSHL, 8)).or(byte2.lanewise(LSHL, 16).or(byte3.lanewise(LSHL, 24)))
                    .intoMemorySegment(target, i * 4L, LITTLE);
        }
        return i;
    }

    private static int vectors8(MemorySegment source, MemorySegment target, int elements, int end) {
        int step = INTS.length();
        long plane = elements;
        int i = 0;
        for (; i + step <= end; i += step) {
            IntVector byte0 = (IntVector) ByteVector.fromMemorySegment(BYTES_OF_INTS, source, i, LITTLE)
                    .convertShape(ZERO_EXTEND_B2I, INTS, 0);
            IntVector byte1 = (IntVector) ByteVector.fromMemorySegment(BYTES_OF_INTS, source, i + plane, LITTLE)
                    .convertShape(ZERO_EXTEND_B2I, INTS, 0);
            IntVector byte2 = (IntVector) ByteVector.fromMemorySegment(BYTES_OF_INTS, source, i + 2 * plane, LITTLE)
                    .convertShape(ZERO_EXTEND_B2I, INTS, 0);
            IntVector byte3 = (IntVector) ByteVector.fromMemorySegment(BYTES_OF_INTS, source, i + 3 * plane, LITTLE)
                    .convertShape(ZERO_EXTEND_B2I, INTS, 0);
            IntVector low = byte0.or(byte1.lanewise(LSHL, 8)).or(byte2.lanewise(LSHL, 16).or(byte3.lanewise(LSHL, 24)));
            long upper = i + 4 * plane;
            IntVector byte4 = (IntVector) ByteVector.fromMemorySegment(BYTES_OF_INTS, source, upper, LITTLE)
                    .convertShape(ZERO_EXTEND_B2I, INTS, 0);
            IntVector byte5 = (IntVector) ByteVector.fromMemorySegment(BYTES_OF_INTS, source, upper + plane, LITTLE)
                    .convertShape(ZERO_EXTEND_B2I, INTS, 0);
            IntVector byte6 = (IntVector) ByteVector.fromMemorySegment(BYTES_OF_INTS, source, upper + 2 * plane, LITTLE)
                    .convertShape(ZERO_EXTEND_B2I, INTS, 0);
            IntVector byte7 = (IntVector) ByteVector.fromMemorySegment(BYTES_OF_INTS, source, upper + 3 * plane, LITTLE)
                    .convertShape(ZERO_EXTEND_B2I, INTS, 0);
            IntVector high = byte4.or(byte5.lanewise(LSHL, 8))
                    .or(byte6.lanewise(LSHL, 16).or(byte7.lanewise(LSHL, 24)));
            LongVector low0 = (LongVector) low.convertShape(ZERO_EXTEND_I2L, LONGS, 0);
            LongVector high0 = (LongVector) high.convertShape(ZERO_EXTEND_I2L, LONGS, 0);
            low0.or(high0.lanewise(LSHL, 32)).intoMemorySegment(target, i * 8L, LITTLE);
            LongVector low1 = (LongVector) low.convertShape(ZERO_EXTEND_I2L, LONGS, 1);
            LongVector high1 = (LongVector) high.convertShape(ZERO_EXTEND_I2L, LONGS, 1);
            low1.or(high1.lanewise(LSHL, 32)).intoMemorySegment(target, (i + step / 2) * 8L, LITTLE);
        }
        return i;
    }
}
