package dev.graticule.exec.sort;

import dev.graticule.aggregate.StringCodes;
import dev.graticule.batch.GrowableBuffer;
import dev.graticule.batch.Memory;
import dev.graticule.exec.rows.RowStore;
import dev.graticule.type.SqlType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;

/**
 * The order of the rows of a store by key columns, and by a position (a BIGINT column) where all keys are equal. Stable radix sorts by the
 * last key first; strings are ranked beforehand. Its memory comes from an allocator and so counts.
 */
final class RowSorter {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

    /** A column of the store to sort by. */
    record Key(int column, boolean descending, boolean nullsFirst) {
    }

    private RowSorter() {
    }

    /** The numbers of the store's rows (64 bits each) in order, as many as the store has; the caller closes it. {@code between} runs now and then. */
    static GrowableBuffer openOrder(RowStore store, List<Key> keys, int position, BufferAllocator allocator,
            Runnable between) {
        GrowableBuffer order = new GrowableBuffer(allocator);
        try (GrowableBuffer words = new GrowableBuffer(allocator)) {
            long count = store.size();
            MemorySegment numbers = order.ensure(count * 8);
            MemorySegment word = words.ensure(count * 8);
            long at = 0;
            for (int chunk = 0; chunk < store.chunks(); chunk++) {
                for (int row = 0; row < store.rows(chunk); row++) {
                    numbers.set(LONG, at++ * 8, (long) chunk << 16 | row);
                }
            }
            fill(store, new Key(position, false, false), 0, null, numbers, word, count);
            RadixSort.sort(word, numbers, count, allocator, between);
            for (Key key : keys.reversed()) {
                sortBy(store, key, numbers, word, count, allocator, between);
            }
            return order;
        } catch (RuntimeException | Error failure) {
            order.close();
            throw failure;
        }
    }

    private static void sortBy(RowStore store, Key key, MemorySegment numbers, MemorySegment word, long count,
            BufferAllocator allocator, Runnable between) {
        SqlType type = store.types().get(key.column);
        try (GrowableBuffer ranks = new GrowableBuffer(allocator)) {
            if (type.isVariableWidth()) {
                rank(store, key.column, ranks, allocator, between);
            }
            for (int part = OrderWord.words(type) - 1; part >= 0; part--) {
                fill(store, key, part, ranks, numbers, word, count);
                RadixSort.sort(word, numbers, count, allocator, between);
            }
        }
        if (nulls(store, key, numbers, word, count)) {
            RadixSort.sort(word, numbers, count, allocator, between);
        }
    }

    /** Sets the word of every row for a part of a key; that of a NULL is 0. */
    private static void fill(RowStore store, Key key, int part, GrowableBuffer ranks, MemorySegment numbers,
            MemorySegment word,
            long count) {
        SqlType type = store.types().get(key.column);
        boolean strings = type.isVariableWidth();
        int chunks = store.chunks();
        MemorySegment[] data = new MemorySegment[chunks];
        MemorySegment[] validity = new MemorySegment[chunks];
        for (int chunk = 0; chunk < chunks; chunk++) {
            data[chunk] = Memory.segment(store.vector(chunk, key.column).getDataBuffer());
            validity[chunk] = Memory.segment(store.vector(chunk, key.column).getValidityBuffer());
        }
        long flip = key.descending ? -1L : 0;
        for (long i = 0; i < count; i++) {
            long number = numbers.get(LONG, i * 8);
            int chunk = (int) (number >>> 16);
            int row = (int) number & 0xffff;
            long value = 0;
            if (Memory.bit(validity[chunk], row)) {
                value = strings ? ranks.segment().get(INT, number * 4) : OrderWord.of(type, data[chunk], row, part);
            }
            word.set(LONG, i * 8, value ^ flip);
        }
    }

    /** Sets the words so that NULLs come first or last; false if there are none. */
    private static boolean nulls(RowStore store, Key key, MemorySegment numbers, MemorySegment word, long count) {
        if (store.types().get(key.column) == SqlType.NULL) {
            return false;
        }
        boolean any = false;
        MemorySegment[] validity = new MemorySegment[store.chunks()];
        for (int chunk = 0; chunk < validity.length; chunk++) {
            any |= store.vector(chunk, key.column).getNullCount() > 0;
            validity[chunk] = Memory.segment(store.vector(chunk, key.column).getValidityBuffer());
        }
        for (long i = 0; any && i < count; i++) {
            long number = numbers.get(LONG, i * 8);
            boolean valid = Memory.bit(validity[(int) (number >>> 16)], (int) number & 0xffff);
            word.set(LONG, i * 8, valid == key.nullsFirst ? 1 : 0);
        }
        return any;
    }

    /** For every row, at its number, the rank of its string among the different ones. */
    private static void rank(RowStore store, int column, GrowableBuffer ranks, BufferAllocator allocator,
            Runnable between) {
        MemorySegment codes = ranks.ensure(store.chunks() * 4L << 16);
        try (StringCodes strings = new StringCodes(allocator)) {
            for (int chunk = 0; chunk < store.chunks(); chunk++) {
                MemorySegment data = Memory.segment(store.vector(chunk, column).getDataBuffer());
                MemorySegment offsets = Memory.segment(store.vector(chunk, column).getOffsetBuffer());
                for (int row = 0; row < store.rows(chunk); row++) {
                    int start = offsets.get(INT, row * 4L);
                    int code = strings.code(data, start, offsets.get(INT, row * 4L + 4) - start);
                    codes.set(INT, ((long) chunk << 16 | row) * 4, code);
                }
            }
            int[] sorted = sorted(strings, between);
            int[] rankOf = new int[sorted.length];
            for (int rank = 0; rank < sorted.length; rank++) {
                rankOf[sorted[rank]] = rank;
            }
            for (int chunk = 0; chunk < store.chunks(); chunk++) {
                for (int row = 0; row < store.rows(chunk); row++) {
                    long at = ((long) chunk << 16 | row) * 4;
                    codes.set(INT, at, rankOf[codes.get(INT, at)]);
                }
            }
        }
    }

    /** The codes in the order of their strings: a merge sort from runs of one. */
    private static int[] sorted(StringCodes strings, Runnable between) {
        int size = strings.size();
        int[] from = new int[size];
        int[] to = new int[size];
        for (int i = 0; i < size; i++) {
            from[i] = i;
        }
        for (long run = 1; run < size; run *= 2) {
            between.run();
            for (long start = 0; start < size; start += 2 * run) {
                int middle = (int) Long.min(start + run, size);
                int end = (int) Long.min(start + 2 * run, size);
                int left = (int) start;
                int right = middle;
                for (int i = (int) start; i < end; i++) {
                    boolean takeLeft = left < middle && (right >= end || strings.compare(from[left], from[right]) <= 0);
                    to[i] = takeLeft ? from[left++] : from[right++];
                }
            }
            int[] swap = from;
            from = to;
            to = swap;
        }
        return from;
    }
}
