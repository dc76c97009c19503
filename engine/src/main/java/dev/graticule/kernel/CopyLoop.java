package dev.graticule.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Copies runs of fixed-width values whose places are at a stride or in a table. */
public final class CopyLoop {
    private CopyLoop() {
    }

    /** {@code out[outAt + i] = data[at + i * step]} for values of {@code bytes} bytes (1, 2, 4, 8 or 16). */
    public static void strided(int bytes, MemorySegment data, long at, int step, MemorySegment out, long outAt,
            int count) {
        if (step == 1) {
            MemorySegment.copy(data, at * bytes, out, outAt * bytes, (long) count * bytes);
            return;
        }
        if (step == 0 && count > 0) {
            fill(bytes, data, at, out, outAt, count);
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
                    out.set(ValueLayout.JAVA_SHORT_UNALIGNED, outAt + i << 1,
                            data.get(ValueLayout.JAVA_SHORT_UNALIGNED, at + (long) i * step << 1));
                }
            }
            case 4 -> {
                for (int i = 0; i < count; i++) {
                    out.set(ValueLayout.JAVA_INT_UNALIGNED, outAt + i << 2,
                            data.get(ValueLayout.JAVA_INT_UNALIGNED, at + (long) i * step << 2));
                }
            }
            case 8 -> {
                for (int i = 0; i < count; i++) {
                    out.set(ValueLayout.JAVA_LONG_UNALIGNED, outAt + i << 3,
                            data.get(ValueLayout.JAVA_LONG_UNALIGNED, at + (long) i * step << 3));
                }
            }
            default -> {
                for (int i = 0; i < count; i++) {
                    MemorySegment.copy(data, (at + (long) i * step) * bytes, out, (outAt + i) * bytes, bytes);
                }
            }
        }
    }

    /** Writes one value, then doubles what is written. */
    private static void fill(int bytes, MemorySegment data, long at, MemorySegment out, long outAt, int count) {
        MemorySegment target = out.asSlice(outAt * bytes, (long) count * bytes);
        MemorySegment.copy(data, at * bytes, target, 0, bytes);
        for (long done = bytes; done < target.byteSize(); done *= 2) {
            MemorySegment.copy(target, 0, target, done, Math.min(done, target.byteSize() - done));
        }
    }

    /** {@code out[outAt + i] = data[at + table[i]]}. */
    public static void gathered(int bytes, MemorySegment data, long at, int[] table, MemorySegment out, long outAt,
            int count) {
        switch (bytes) {
            case 1 -> {
                for (int i = 0; i < count; i++) {
                    out.set(ValueLayout.JAVA_BYTE, outAt + i, data.get(ValueLayout.JAVA_BYTE, at + table[i]));
                }
            }
            case 2 -> {
                for (int i = 0; i < count; i++) {
                    out.set(ValueLayout.JAVA_SHORT_UNALIGNED, outAt + i << 1,
                            data.get(ValueLayout.JAVA_SHORT_UNALIGNED, at + table[i] << 1));
                }
            }
            case 4 -> {
                for (int i = 0; i < count; i++) {
                    out.set(ValueLayout.JAVA_INT_UNALIGNED, outAt + i << 2,
                            data.get(ValueLayout.JAVA_INT_UNALIGNED, at + table[i] << 2));
                }
            }
            case 8 -> {
                for (int i = 0; i < count; i++) {
                    out.set(ValueLayout.JAVA_LONG_UNALIGNED, outAt + i << 3,
                            data.get(ValueLayout.JAVA_LONG_UNALIGNED, at + table[i] << 3));
                }
            }
            default -> {
                for (int i = 0; i < count; i++) {
                    MemorySegment.copy(data, (at + table[i]) * bytes, out, (outAt + i) * bytes, bytes);
                }
            }
        }
    }
}
