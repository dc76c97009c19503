package dev.graticule.zarr.codec;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Undoes the shuffles of blosc. Byte shuffle: first all first bytes of the elements, then all second ones, ... Bit
 * shuffle: the same for bits, in planes of one bit for each element. Bytes behind the last whole element stay in place.
 */
final class Unshuffle {
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    /** The elements of a trial, and the nanoseconds for each that only a compiled vector loop reaches. */
    private static final int TRIAL = 1024;
    private static final double FAST = 0.8;
    /** By element size: whether the vector loop was seen to be fast. A race costs no more than another trial. */
    private static final boolean[] FASTER = new boolean[9];

    /** How many bytes go through plain loops before the vector classes are even loaded. */
    private static final long COLD = 1 << 24;
    private static long plain;

    private Unshuffle() {
    }

    /** Undoes a byte shuffle of elements of {@code typeSize} bytes; source and target have one size. */
    static void bytes(int typeSize, MemorySegment source, MemorySegment target, Loops loops) {
        int elements = (int) (source.byteSize() / typeSize);
        int done = 0;
        if (source.isNative() && target.isNative()) {
            done = switch (loops) {
                case SCALAR -> 0;
                case VECTOR -> VectorUnshuffle.run(typeSize, source, target, elements, elements);
                case WHAT_IS_FASTER -> typeSize < FASTER.length && FASTER[typeSize]
                        ? VectorUnshuffle.run(typeSize, source, target, elements, elements)
                        : trial(typeSize, source, target, elements);
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

    /** Runs the vector loop on a short piece and looks at the time: compiled, it takes a fraction of what the plain loop does. */
    private static int trial(int typeSize, MemorySegment source, MemorySegment target, int elements) {
        if (plain < COLD) {
            plain += source.byteSize();
            return 0;
        }
        long start = System.nanoTime();
        int done = VectorUnshuffle.run(typeSize, source, target, elements, Math.min(elements, TRIAL));
        if (done >= TRIAL / 2 && System.nanoTime() - start < done * FAST) {
            FASTER[typeSize] = true;
        }
        return done;
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
            bytes(typeSize, planes, target, workspace.loops());
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
