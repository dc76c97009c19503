package dev.graticule.kernel;

import dev.graticule.batch.Memory;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/** Bits in {@code long[]} words, lowest bit first: masks over the rows of a batch. */
public final class Masks {
    private Masks() {
    }

    /** The up to 64 bits from bit {@code bit} on; bits at and after {@code limit} are 0. */
    public static long word(long[] words, long bit, int limit) {
        int at = (int) (bit >>> 6);
        int shift = (int) bit & 63;
        long word = words[at] >>> shift;
        if (shift != 0 && limit > 64 - shift) {
            word |= words[at + 1] << -shift;
        }
        return limit >= 64 ? word : word & (1L << limit) - 1;
    }

    /** Sets {@code count} bits from bit {@code bit} on to the lowest bits of {@code word}; {@code count} is 1 to 64. */
    public static void setWord(long[] words, long bit, int count, long word) {
        int at = (int) (bit >>> 6);
        int shift = (int) bit & 63;
        long mask = count == 64 ? -1L : (1L << count) - 1;
        word &= mask;
        words[at] = words[at] & ~(mask << shift) | word << shift;
        if (shift != 0 && count > 64 - shift) {
            words[at + 1] = words[at + 1] & ~(mask >>> 64 - shift) | word >>> 64 - shift;
        }
    }

    /** Sets {@code count} bits from bit {@code bit} on to one value. */
    public static void fill(long[] words, long bit, long count, boolean value) {
        long at = bit;
        long end = bit + count;
        while (at < end) {
            if ((at & 63) == 0 && end - at >= 64) {
                int from = (int) (at >>> 6);
                int to = (int) (end >>> 6);
                Arrays.fill(words, from, to, value ? -1L : 0L);
                at = (long) to << 6;
            } else {
                int some = (int) Long.min(64 - (at & 63), end - at);
                setWord(words, at, some, value ? -1L : 0L);
                at += some;
            }
        }
    }

    /** How many words that many bits take. */
    public static int words(int bits) {
        return bits + 63 >>> 6;
    }

    /** Makes the bits at and after {@code bits}, in the last word, 0. */
    public static void trim(long[] words, int bits) {
        if ((bits & 63) != 0) {
            words[bits >>> 6] &= (1L << bits) - 1;
        }
    }

    /** How many of the first {@code bits} bits are set; those after them in the last word are 0. */
    public static int count(long[] words, int bits) {
        int count = 0;
        for (int i = 0; i < words(bits); i++) {
            count += Long.bitCount(words[i]);
        }
        return count;
    }

    /** Copies {@code count} bits from an Arrow bitmap (from bit {@code start}) to bit 0 and on; the rest of the last word is 0. */
    public static void fromBitmap(MemorySegment bitmap, long start, int count, long[] into) {
        for (int i = 0; i < words(count); i++) {
            into[i] = Memory.bits(bitmap, start + ((long) i << 6));
        }
        trim(into, count);
    }
}
