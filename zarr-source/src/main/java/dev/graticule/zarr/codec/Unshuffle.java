package dev.graticule.zarr.codec;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * Undoes the shuffles of blosc. Byte shuffle: first all first bytes of the elements, then all second ones, ... Bit
 * shuffle: the same for bits, in planes of one bit for each element. Bytes behind the last whole element stay in place.
 */
final class Unshuffle {
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final VectorSpecies<Short> SHORTS = ShortVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Long> LONGS = LongVector.SPECIES_PREFERRED;
    /** Where vectors are too short, a register of bytes with a lane for each int does not exist. */
    private static final boolean WIDE = INTS.length() >= 8;
    private static final VectorSpecies<Byte> BYTES_OF_SHORTS = WIDE ? bytes(SHORTS.length()) : ByteVector.SPECIES_64;
    private static final VectorSpecies<Byte> BYTES_OF_INTS = WIDE ? bytes(INTS.length()) : ByteVector.SPECIES_64;

    private Unshuffle() {
    }

    private static VectorSpecies<Byte> bytes(int lanes) {
        return VectorSpecies.of(byte.class, VectorShape.forBitSize(lanes * 8));
    }

    /** Undoes a byte shuffle of elements of {@code typeSize} bytes; source and target have one size. */
    static void bytes(int typeSize, MemorySegment source, MemorySegment target, boolean vectors) {
        int elements = (int) (source.byteSize() / typeSize);
        int done = 0;
        if (vectors && WIDE && source.isNative() && target.isNative()) {
            done = switch (typeSize) {
                case 2 -> vectors2(source, target, elements);
                case 4 -> vectors4(source, target, elements);
                case 8 -> vectors8(source, target, elements);
                default -> 0;
            };
        }
        if (typeSize == 2 || typeSize == 4 || typeSize == 8) {
            done = words(typeSize, source, target, elements, done);
        }
        for (int plane = 0; plane < typeSize; plane++) {
            long from = (long) plane * elements;
            for (int i = done; i < elements; i++) {
                target.set(ValueLayout.JAVA_BYTE, (long) i * typeSize + plane,
                        source.get(ValueLayout.JAVA_BYTE, from + i));
            }
        }
        long whole = (long) elements * typeSize;
        MemorySegment.copy(source, whole, target, whole, source.byteSize() - whole);
    }

    private static int vectors2(MemorySegment source, MemorySegment target, int elements) {
        int step = SHORTS.length();
        int i = 0;
        for (; i + step <= elements; i += step) {
            ShortVector low = shorts(source, i);
            ShortVector high = shorts(source, (long) elements + i);
            low.or(high.lanewise(VectorOperators.LSHL, 8)).intoMemorySegment(target, i * 2L, ByteOrder.LITTLE_ENDIAN);
        }
        return i;
    }

    private static ShortVector shorts(MemorySegment source, long at) {
        return (ShortVector) ByteVector.fromMemorySegment(BYTES_OF_SHORTS, source, at, ByteOrder.LITTLE_ENDIAN)
                .convertShape(VectorOperators.ZERO_EXTEND_B2S, SHORTS, 0);
    }

    private static int vectors4(MemorySegment source, MemorySegment target, int elements) {
        int step = INTS.length();
        int i = 0;
        for (; i + step <= elements; i += step) {
            ints(source, i, elements).intoMemorySegment(target, i * 4L, ByteOrder.LITTLE_ENDIAN);
        }
        return i;
    }

    private static int vectors8(MemorySegment source, MemorySegment target, int elements) {
        int step = INTS.length();
        int i = 0;
        for (; i + step <= elements; i += step) {
            IntVector low = ints(source, i, elements);
            IntVector high = ints(source, 4L * elements + i, elements);
            for (int part = 0; part < 2; part++) {
                LongVector lowLongs = (LongVector) low.convertShape(VectorOperators.ZERO_EXTEND_I2L, LONGS, part);
                LongVector highLongs = (LongVector) high.convertShape(VectorOperators.ZERO_EXTEND_I2L, LONGS, part);
                lowLongs.or(highLongs.lanewise(VectorOperators.LSHL, 32)).intoMemorySegment(target,
                        i * 8L + part * (step / 2) * 8L,
                        ByteOrder.LITTLE_ENDIAN);
            }
        }
        return i;
    }

    /** Four planes as ints, from one element on. */
    private static IntVector ints(MemorySegment source, long at, long plane) {
        IntVector first = widened(source, at);
        IntVector second = widened(source, at + plane).lanewise(VectorOperators.LSHL, 8);
        IntVector third = widened(source, at + 2 * plane).lanewise(VectorOperators.LSHL, 16);
        IntVector fourth = widened(source, at + 3 * plane).lanewise(VectorOperators.LSHL, 24);
        return first.or(second).or(third.or(fourth));
    }

    private static IntVector widened(MemorySegment source, long at) {
        return (IntVector) ByteVector.fromMemorySegment(BYTES_OF_INTS, source, at, ByteOrder.LITTLE_ENDIAN)
                .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0);
    }

    /** The scalar twin: eight elements at a time as a matrix of bytes. */
    private static int words(int typeSize, MemorySegment source, MemorySegment target, int elements, int from) {
        int i = from;
        for (; i + 8 <= elements; i += 8) {
            switch (typeSize) {
                case 2 -> {
                    long low = source.get(LONG, i);
                    long high = source.get(LONG, (long) elements + i);
                    target.set(LONG, i * 2L, spread(low) | spread(high) << 8);
                    target.set(LONG, i * 2L + 8, spread(low >>> 32) | spread(high >>> 32) << 8);
                }
                case 4 -> {
                    long a = source.get(LONG, i);
                    long b = source.get(LONG, (long) elements + i);
                    long c = source.get(LONG, 2L * elements + i);
                    long d = source.get(LONG, 3L * elements + i);
                    for (int half = 0; half < 2; half++) {
                        long ab = spread(a >>> 32 * half) | spread(b >>> 32 * half) << 8;
                        long cd = spread(c >>> 32 * half) | spread(d >>> 32 * half) << 8;
                        target.set(LONG, i * 4L + half * 16, pairs(ab) | pairs(cd) << 16);
                        target.set(LONG, i * 4L + half * 16 + 8, pairs(ab >>> 32) | pairs(cd >>> 32) << 16);
                    }
                }
                default -> {
                    for (int k = 0; k < 8; k++) {
                        long word = 0;
                        for (int plane = 0; plane < 8; plane++) {
                            word |= (source.get(ValueLayout.JAVA_BYTE, (long) plane * elements + i + k) & 255L)
                                    << 8 * plane;
                        }
                        target.set(LONG, (i + k) * 8L, word);
                    }
                }
            }
        }
        return i;
    }

    /** The four low bytes, each followed by a zero byte. */
    private static long spread(long value) {
        long low = value & 0xffffffffL;
        low = (low | low << 16) & 0x0000ffff0000ffffL;
        return (low | low << 8) & 0x00ff00ff00ff00ffL;
    }

    /** The two low pairs of bytes, each followed by two zero bytes. */
    private static long pairs(long value) {
        long low = value & 0xffffffffL;
        return (low | low << 16) & 0x0000ffff0000ffffL;
    }

    /** Undoes a bit shuffle; blocks whose element count is no multiple of 8 were not shuffled. */
    static void bits(int typeSize, MemorySegment source, MemorySegment target, Workspace workspace) {
        int elements = (int) (source.byteSize() / typeSize);
        if (elements % 8 != 0) {
            MemorySegment.copy(source, 0, target, 0, source.byteSize());
            return;
        }
        long whole = (long) elements * typeSize;
        boolean direct = typeSize == 1;
        MemorySegment planes = direct ? target : workspace.planeSpace(source.byteSize());
        int planeBytes = elements / 8;
        for (int plane = 0; plane < typeSize; plane++) {
            bytePlane(source.asSlice((long) plane * elements, elements),
                    planes.asSlice((long) plane * elements, elements), planeBytes);
        }
        MemorySegment.copy(source, whole, planes, whole, source.byteSize() - whole);
        if (!direct) {
            bytes(typeSize, planes, target, workspace.vectors());
        }
    }

    /** Eight bit planes of {@code planeBytes} bytes become {@code 8 * planeBytes} bytes. */
    private static void bytePlane(MemorySegment source, MemorySegment target, int planeBytes) {
        int group = 0;
        long[] rows = new long[8];
        for (; group + 8 <= planeBytes; group += 8) {
            for (int bit = 0; bit < 8; bit++) {
                rows[bit] = source.get(LONG, (long) bit * planeBytes + group);
            }
            transposeBytes(rows);
            for (int k = 0; k < 8; k++) {
                target.set(LONG, (group + k) * 8L, transposeBits(rows[k]));
            }
        }
        for (; group < planeBytes; group++) {
            long word = 0;
            for (int bit = 0; bit < 8; bit++) {
                word |= (source.get(ValueLayout.JAVA_BYTE, (long) bit * planeBytes + group) & 255L) << 8 * bit;
            }
            target.set(LONG, group * 8L, transposeBits(word));
        }
    }

    /** Byte k of row b becomes byte b of row k. */
    private static void transposeBytes(long[] rows) {
        exchange(rows, 4, 32, 0x00000000ffffffffL);
        exchange(rows, 2, 16, 0x0000ffff0000ffffL);
        exchange(rows, 1, 8, 0x00ff00ff00ff00ffL);
    }

    private static void exchange(long[] rows, int distance, int shift, long mask) {
        for (int row = 0; row < 8; row++) {
            if ((row & distance) == 0) {
                long low = rows[row];
                long high = rows[row + distance];
                rows[row] = low & mask | (high & mask) << shift;
                rows[row + distance] = low >>> shift & mask | high & mask << shift;
            }
        }
    }

    /** Bit k of byte b becomes bit b of byte k. */
    private static long transposeBits(long word) {
        long x = word;
        long swap = (x ^ x >>> 7) & 0x00aa00aa00aa00aaL;
        x ^= swap ^ swap << 7;
        swap = (x ^ x >>> 14) & 0x0000cccc0000ccccL;
        x ^= swap ^ swap << 14;
        swap = (x ^ x >>> 28) & 0x00000000f0f0f0f0L;
        return x ^ swap ^ swap << 28;
    }
}
