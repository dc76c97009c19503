package dev.graticule.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Copies runs of fixed-width values whose places are at a stride or in a table. */
public final class CopyLoop {
    private CopyLoop() {
    }

    /** {@code out[outAt + i] = data[at + i * step]} for values of {@code bytes} bytes (1, 2, 4, 8 or 16). */
    public static void strided(int bytes, MemorySegment data, long at, int step, MemorySegment out, long outAt, int count) {
        if (step == 1) {
            MemorySegment.copy(data, at * bytes, out, outAt * bytes, (long) count * bytes);
            return;
        }
        switch (bytes) {
            case 1 -> {
                for (int i = 0; i < count; i++) {
                    out.set(ValueLayout.JAVA_BYTE, outAt + i, data.get(ValueLayout.JAVA_BYTE, at + (long) i * step));
                }
            }
            case 2 -> {
                for (int i = 0; i < count; i++) {
                    out.set(ValueLayout.JAVA_SHORT_UNALIGNED, outAt + i << 1, data.get(ValueLayout.JAVA_SHORT_UNALIGNED, at + (long) i * step << 1));
                }
            }
            case 4 -> {
                for (int i = 0; i < count; i++) {
                    out.set(ValueLayout.JAVA_INT_UNALIGNED, outAt + i << 2, data.get(ValueLayout.JAVA_INT_UNALIGNED, at + (long) i * step << 2));
                }
            }
            case 8 -> {
                for (int i = 0; i < count; i++) {
                    out.set(ValueLayout.JAVA_LONG_UNALIGNED, outAt + i << 3, data.get(ValueLayout.JAVA_LONG_UNALIGNED, at + (long) i * step << 3));
                }
            }
            default -> {
                for (int i = 0; i < count; i++) {
                    MemorySegment.copy(data, (at + (long) i * step) * bytes, out, (outAt + i) * bytes, bytes);
                }
            }
        }
    }

    /** {@code out[outAt + i] = data[at + table[i]]}. */
    public static void gathered(int bytes, MemorySegment data, long at, int[] table, MemorySegment out, long outAt, int count) {
        switch (bytes) {
            case 1 -> {
                for (int i = 0; i < count; i++) {
                    out.set(ValueLayout.JAVA_BYTE, outAt + i, data.get(ValueLayout.JAVA_BYTE, at + table[i]));
                }
            }
            case 2 -> {
                for (int i = 0; i < count; i++) {
                    out.set(ValueLayout.JAVA_SHORT_UNALIGNED, outAt + i << 1, data.get(ValueLayout.JAVA_SHORT_UNALIGNED, at + table[i] << 1));
                }
            }
            case 4 -> {
                for (int i = 0; i < count; i++) {
                    out.set(ValueLayout.JAVA_INT_UNALIGNED, outAt + i << 2, data.get(ValueLayout.JAVA_INT_UNALIGNED, at + table[i] << 2));
                }
            }
            case 8 -> {
                for (int i = 0; i < count; i++) {
                    out.set(ValueLayout.JAVA_LONG_UNALIGNED, outAt + i << 3, data.get(ValueLayout.JAVA_LONG_UNALIGNED, at + table[i] << 3));
                }
            }
            default -> {
                for (int i = 0; i < count; i++) {
                    MemorySegment.copy(data, (at + table[i]) * bytes, out, (outAt + i) * bytes, bytes);
                }
            }
        }
    }

    /** {@code out[outAt + i] = data[at + i * step]} for each set bit {@code i} of {@code word}; all 64 are set where it is -1. */
    public static void masked(int bytes, MemorySegment data, long at, int step, MemorySegment out, long outAt, long word) {
        if (word == -1L) {
            strided(bytes, data, at, step, out, outAt, 64);
            return;
        }
        for (long left = word; left != 0; left &= left - 1) {
            int i = Long.numberOfTrailingZeros(left);
            long from = at + (long) i * step;
            if (bytes == 8) {
                out.set(ValueLayout.JAVA_LONG_UNALIGNED, outAt + i << 3, data.get(ValueLayout.JAVA_LONG_UNALIGNED, from << 3));
            } else if (bytes == 4) {
                out.set(ValueLayout.JAVA_INT_UNALIGNED, outAt + i << 2, data.get(ValueLayout.JAVA_INT_UNALIGNED, from << 2));
            } else if (bytes == 2) {
                out.set(ValueLayout.JAVA_SHORT_UNALIGNED, outAt + i << 1, data.get(ValueLayout.JAVA_SHORT_UNALIGNED, from << 1));
            } else {
                out.set(ValueLayout.JAVA_BYTE, outAt + i, data.get(ValueLayout.JAVA_BYTE, from));
            }
        }
    }
}
