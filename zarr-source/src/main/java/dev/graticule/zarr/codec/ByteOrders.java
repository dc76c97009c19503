package dev.graticule.zarr.codec;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Changing the byte order of elements in place. */
public final class ByteOrders {
    private ByteOrders() {
    }

    /** Reverses the bytes of every element of 1, 2, 4 or 8 bytes. */
    public static void reverse(MemorySegment elements, int bytes) {
        long end = elements.byteSize();
        switch (bytes) {
            case 1 -> {
            }
            case 2 -> {
                long at = 0;
                for (; at + 8 <= end; at += 8) {
                    long word = elements.get(ValueLayout.JAVA_LONG_UNALIGNED, at);
                    elements.set(ValueLayout.JAVA_LONG_UNALIGNED, at,
                            (word & 0x00ff00ff00ff00ffL) << 8 | word >>> 8 & 0x00ff00ff00ff00ffL);
                }
                for (; at < end; at += 2) {
                    elements.set(ValueLayout.JAVA_SHORT_UNALIGNED, at,
                            Short.reverseBytes(elements.get(ValueLayout.JAVA_SHORT_UNALIGNED, at)));
                }
            }
            case 4 -> {
                for (long at = 0; at < end; at += 4) {
                    elements.set(ValueLayout.JAVA_INT_UNALIGNED, at,
                            Integer.reverseBytes(elements.get(ValueLayout.JAVA_INT_UNALIGNED, at)));
                }
            }
            case 8 -> {
                for (long at = 0; at < end; at += 8) {
                    elements.set(ValueLayout.JAVA_LONG_UNALIGNED, at,
                            Long.reverseBytes(elements.get(ValueLayout.JAVA_LONG_UNALIGNED, at)));
                }
            }
            default -> throw new IllegalArgumentException("elements of " + bytes + " bytes");
        }
    }
}
