package dev.graticule.exec.sort;

import dev.graticule.batch.GrowableBuffer;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.apache.arrow.memory.BufferAllocator;

/** Stable sorting by signed 64-bit words, a byte at a time from the lowest; bytes that are the same everywhere cost nothing. */
public final class RadixSort {
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

    private RadixSort() {
    }

    /**
     * Sorts pairs of a word and a payload of 64 bits by the word, in place.
     *
     * @param words {@code count} words
     * @param payloads {@code count} payloads, which move with their words
     * @param between what is done between passes: it may throw, then the order is undefined
     */
    public static void sort(MemorySegment words, MemorySegment payloads, long count, BufferAllocator allocator,
            Runnable between) {
        between.run();
        if (isSorted(words, count)) {
            return;
        }
        long[][] histograms = new long[8][256];
        for (long i = 0; i < count; i++) {
            long word = words.get(LONG, i * 8) ^ Long.MIN_VALUE;
            for (int digit = 0; digit < 8; digit++) {
                histograms[digit][(int) (word >>> digit * 8) & 255]++;
            }
        }
        try (GrowableBuffer otherWords = new GrowableBuffer(allocator);
                GrowableBuffer otherPayloads = new GrowableBuffer(allocator)) {
            MemorySegment fromWords = words;
            MemorySegment fromPayloads = payloads;
            MemorySegment toWords = otherWords.ensure(count * 8);
            MemorySegment toPayloads = otherPayloads.ensure(count * 8);
            for (int digit = 0; digit < 8; digit++) {
                long[] starts = histograms[digit];
                if (!spread(starts, count)) {
                    continue;
                }
                between.run();
                int shift = digit * 8;
                for (long i = 0; i < count; i++) {
                    long word = fromWords.get(LONG, i * 8);
                    long at = starts[(int) ((word ^ Long.MIN_VALUE) >>> shift) & 255]++;
                    toWords.set(LONG, at * 8, word);
                    toPayloads.set(LONG, at * 8, fromPayloads.get(LONG, i * 8));
                }
                MemorySegment swap = fromWords;
                fromWords = toWords;
                toWords = swap;
                swap = fromPayloads;
                fromPayloads = toPayloads;
                toPayloads = swap;
            }
            if (fromWords != words) {
                MemorySegment.copy(fromWords, 0, words, 0, count * 8);
                MemorySegment.copy(fromPayloads, 0, payloads, 0, count * 8);
            }
        }
    }

    private static boolean isSorted(MemorySegment words, long count) {
        for (long i = 1; i < count; i++) {
            if (words.get(LONG, i * 8) < words.get(LONG, i * 8 - 8)) {
                return false;
            }
        }
        return true;
    }

    /** Turns counts into starts; false if one digit has all. */
    private static boolean spread(long[] counts, long count) {
        long start = 0;
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] == count) {
                return false;
            }
            long size = counts[i];
            counts[i] = start;
            start += size;
        }
        return true;
    }

    /** The indices of {@code count} words in the order of the words, or {@code null} where they are in order already. */
    public static int[] order(MemorySegment words, int count, BufferAllocator allocator, Runnable between) {
        if (isSorted(words, count)) {
            return null;
        }
        int[] order = new int[count];
        try (GrowableBuffer copy = new GrowableBuffer(allocator);
                GrowableBuffer indices = new GrowableBuffer(allocator)) {
            MemorySegment sorted = copy.ensure(count * 8L);
            MemorySegment payloads = indices.ensure(count * 8L);
            MemorySegment.copy(words, 0, sorted, 0, count * 8L);
            for (int i = 0; i < count; i++) {
                payloads.set(LONG, i * 8L, i);
            }
            sort(sorted, payloads, count, allocator, between);
            for (int i = 0; i < count; i++) {
                order[i] = (int) payloads.get(LONG, i * 8L);
            }
        }
        return order;
    }
}
