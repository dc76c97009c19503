package dev.graticule.aggregate;

import dev.graticule.GraticuleException;
import dev.graticule.batch.Column;
import dev.graticule.batch.GrowableBuffer;
import dev.graticule.batch.HeapReservation;
import dev.graticule.batch.Scratch;
import dev.graticule.batch.Selection;
import dev.graticule.type.SqlType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;

/**
 * Numbers different combinations of key values 0, 1, 2, ... in the order in which they are met. Keys are the same where {@code =} says so,
 * and NULL is the same as NULL, NaN as NaN: -0.0 and 0.0 are, and so are {@code INTERVAL '1 day'} and {@code INTERVAL '24 hours'}.
 *
 * <p>Memory is counted by the allocator it was made with; used by one thread at a time. {@link KeyLookup}
 * asks for keys that vary along few axes once per cell of their common footprint.
 *
 * <p>A key is some 64-bit words, the value words of a combination follow each other. They are hashed column by column; a slot of the hash
 * table holds the upper half of a hash and the number, so that words are compared only where that half agrees.
 */
public final class KeyTable implements AutoCloseable {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
    private static final long UPPER_HALF = 0xffffffff00000000L;
    private static final int FEWEST_SLOTS = 128;
    private static final int MOST_SLOTS = 1 << 30;
    /** So small a table grows to four times its size. */
    private static final int FEW_SLOTS = 1 << 16;
    private static final int GATHERED_AT_ONCE = 1 << 10;

    private final List<SqlType> types;
    private final BufferAllocator allocator;
    private final StringCodes[] strings;
    private final int width;
    /** The keys that were met. */
    private final KeptKeys stored;
    /** Of a table whose only key is a string: for NULL, and each string's code, the number and one, 32 bits each. */
    private final GrowableBuffer slots;
    private final boolean onlyStrings;
    private int slotCount;
    private int size;

    /** The keys that are looked up. */
    private final KeyWords given;
    /** Counts {@code newRows} and {@code selected}. */
    private final HeapReservation rowLists;
    /** The rows of the numbers that were new in the last call. */
    private int[] newRows = {};
    private int newCount;
    private int[] selected = {};
    private final long[] gathered;
    private final long[] gatheredWords;
    private final KeyLookup lookup;

    /** An empty table for keys of these types; without keys every row has number 0. */
    public KeyTable(List<SqlType> types, BufferAllocator allocator) {
        this.types = List.copyOf(types);
        this.allocator = allocator;
        this.strings = new StringCodes[types.size()];
        for (int key = 0; key < strings.length; key++) {
            SqlType type = types.get(key);
            if (type instanceof SqlType.Other) {
                throw GraticuleException.unsupported(null, "grouping by values of type " + type);
            }
            if (type.isVariableWidth()) {
                strings[key] = new StringCodes(allocator);
            }
        }
        this.given = new KeyWords(this.types, strings, allocator);
        this.width = given.width();
        this.onlyStrings = strings.length == 1 && strings[0] != null;
        this.stored = new KeptKeys(this.types, strings, given, allocator);
        this.slots = new GrowableBuffer(allocator);
        this.rowLists = new HeapReservation(allocator);
        this.lookup = new KeyLookup(this, allocator);
        boolean gathers = width == 1 && !onlyStrings || width == 2;
        this.gathered = new long[gathers ? GATHERED_AT_ONCE : 0];
        this.gatheredWords = new long[gathered.length];
    }

    public List<SqlType> types() {
        return types;
    }

    /** How many different keys were met. */
    public int size() {
        return size;
    }

    /**
     * The number of the key of every selected row; new keys get the next numbers.
     *
     * @param keys columns over a box of {@code rows} rows in this shape
     * @param reuse an array to fill, if it is long enough
     * @return an array of at least {@code rows} entries; those of rows that are not selected are undefined
     */
    public int[] codes(List<Column> keys, int[] shape, int rows, Selection selection, int[] reuse) {
        return lookup.codes(keys, shape, rows, selection, reuse);
    }

    /**
     * The same as groups of the box: keys that vary along one axis at most are looked up once an index, and whole runs of rows belong to a
     * group then.
     */
    public GroupCodes groups(List<Column> keys, int[] shape, int rows, Selection selection, int[] reuse) {
        return lookup.groups(keys, shape, rows, selection, reuse);
    }

    /** The row that first had a number which was new in the last call of {@link #codes} or {@link #groups}. */
    public int firstRow(int code) {
        return newRows[code - (size - newCount)];
    }

    /** After a look-up by cells or values: which rows had the numbers first that are new since there were {@code before}. */
    void noteNewRows(int rows, Selection selection, int[] codes, int before) {
        int left = size - before;
        newCount = left;
        Arrays.fill(newRows, 0, left, -1);
        for (int row = 0; left > 0; row++) {
            if (selection.contains(row) && codes[row] >= before && newRows[codes[row] - before] < 0) {
                newRows[codes[row] - before] = row;
                left--;
            }
        }
    }

    /** Looks up the key of every selected row. */
    void code(List<Column> keys, int[] shape, int rows, Selection selection, int[] codes) {
        prepare(rows);
        int count = rows;
        int[] list = null;
        if (selection instanceof Selection.Bitmap bitmap && selection.count(rows) < rows) {
            list = selected;
            count = 0;
            for (int word = 0; word << 6 < rows; word++) {
                for (long left = bitmap.words()[word]; left != 0; left &= left - 1) {
                    list[count++] = (word << 6) + Long.numberOfTrailingZeros(left);
                }
            }
        }
        given.encode(keys, shape, rows, selection);
        look(list, count, rows, codes);
    }

    private void prepare(int rows) {
        given.prepare(rows, stored.nullsMet());
        if (newRows.length < rows) {
            rowLists.ensure(2L * Integer.BYTES * given.room());
            selected = new int[given.room()];
            newRows = new int[given.room()];
        }
    }

    /** Looks up the encoded rows in a list ({@code null}: the first {@code count}), and numbers those that are new. */
    private void look(int[] list, int count, int rows, int[] codes) {
        newCount = 0;
        if (width == 0) {
            if (size == 0) {
                newRows[newCount++] = list == null ? 0 : list[0];
                size = 1;
            }
            Arrays.fill(codes, 0, rows, 0);
            return;
        }
        if (given.hasNulls() && !stored.nullsMet()) {
            stored.meetNulls(slotCount / 2);
        }
        if (onlyStrings) {
            lookStrings(list, count, codes);
            return;
        }
        long[] hashes = given.hash(rows);
        int done = 0;
        while (done < count) {
            if (size >= slotCount / 2) {
                grow(slotCount < FEW_SLOTS ? slotCount * 4 : slotCount * 2);
            }
            if (stored.nullsMet() || width > 2) {
                done = lookWide(list, done, count, hashes, codes);
                continue;
            }
            int end = Integer.min(count, done + GATHERED_AT_ONCE);
            gather(list, done, end, hashes);
            done = width == 1 ? lookOne(list, done, end, hashes, codes)
                    : lookTwo(list, done, end, hashes, codes);
        }
        for (int key = 0; key < strings.length; key++) {
            if (types.get(key) == SqlType.INTERVAL) {
                keepSpans(key, list, count, codes);
            }
        }
    }

    /** A single key that is a string: its code is looked up in a list. */
    private void lookStrings(int[] list, int count, int[] codes) {
        int strangers = strings[0].size() + 1 - size;
        MemorySegment known = slots.ensure((strings[0].size() + 1L) * 4);
        stored.ensure(size + (long) strangers);
        long[] first = given.words(0);
        long[] missing = given.hasNulls() ? given.nullBits(0) : null;
        for (int i = 0; i < count; i++) {
            int row = list == null ? i : list[i];
            boolean isNull = missing != null && missing[row] != 0;
            long at = isNull ? 0 : first[row] * 4 + 4;
            int code = known.get(INT, at) - 1;
            if (code < 0) {
                stored.keep(size, row);
                newRows[newCount++] = row;
                code = size++;
                known.set(INT, at, size);
            }
            codes[row] = code;
        }
    }

    /**
     * The entries of the slots where the search of rows begins: read without a branch between them, so that they are waited for together
     * where the table is larger than the caches.
     */
    private void gather(int[] list, int from, int to, long[] hashed) {
        MemorySegment table = slots.segment();
        long[] target = gathered;
        int mask = slotCount - 1;
        for (int i = from; i < to; i++) {
            target[i - from] = table.get(LONG, (long) ((int) hashed[list == null ? i : list[i]] & mask) << 3);
        }
        MemorySegment kept = stored.words();
        long[] firstWords = gatheredWords;
        long bytes = width * 8L;
        for (int i = 0; i < to - from; i++) {
            firstWords[i] = kept.get(LONG, Integer.max(0, (int) target[i] - 1) * bytes);
        }
    }

    /** Keys of one word without NULLs from place {@code from} of the list: gives the place where the table must grow, or {@code count}. */
    private int lookOne(int[] list, int from, int count, long[] hashed, int[] codes) {
        MemorySegment table = slots.segment();
        MemorySegment kept = stored.words();
        long[] first = given.words(0);
        int mask = slotCount - 1;
        int room = slotCount / 2;
        int known = size;
        int base = known - newCount;
        int i = from;
        scan : for (; i < count; i++) {
            int row = list == null ? i : list[i];
            long hash = hashed[row];
            long likely = gathered[i - from];
            if (likely != 0 && gatheredWords[i - from] == first[row]) {
                codes[row] = (int) likely - 1;
                continue;
            }
            int slot = (int) hash & mask;
            while (true) {
                long entry = table.get(LONG, (long) slot << 3);
                if (entry == 0) {
                    break;
                }
                int code = (int) entry - 1;
                if (((entry ^ hash) & UPPER_HALF) == 0 && kept.get(LONG, (long) code << 3) == first[row]) {
                    codes[row] = code;
                    continue scan;
                }
                slot = slot + 1 & mask;
            }
            if (known == room) {
                break;
            }
            kept.set(LONG, (long) known << 3, first[row]);
            newRows[known - base] = row;
            codes[row] = known++;
            table.set(LONG, (long) slot << 3, hash & UPPER_HALF | known);
        }
        newCount += known - size;
        size = known;
        return i;
    }

    /** As {@link #lookOne} for two words. */
    private int lookTwo(int[] list, int from, int count, long[] hashed, int[] codes) {
        MemorySegment table = slots.segment();
        MemorySegment kept = stored.words();
        long[] first = given.words(0);
        long[] second = given.words(1);
        int mask = slotCount - 1;
        int room = slotCount / 2;
        int known = size;
        int base = known - newCount;
        int i = from;
        scan : for (; i < count; i++) {
            int row = list == null ? i : list[i];
            long hash = hashed[row];
            long likely = gathered[i - from];
            if (likely != 0 && gatheredWords[i - from] == first[row]
                    && kept.get(LONG, ((likely & ~UPPER_HALF) - 1 << 4) + 8) == second[row]) {
                codes[row] = (int) likely - 1;
                continue;
            }
            int slot = (int) hash & mask;
            while (true) {
                long entry = table.get(LONG, (long) slot << 3);
                if (entry == 0) {
                    break;
                }
                int code = (int) entry - 1;
                if (((entry ^ hash) & UPPER_HALF) == 0 && kept.get(LONG, (long) code << 4) == first[row]
                        && kept.get(LONG, ((long) code << 4) + 8) == second[row]) {
                    codes[row] = code;
                    continue scan;
                }
                slot = slot + 1 & mask;
            }
            if (known == room) {
                break;
            }
            kept.set(LONG, (long) known << 4, first[row]);
            kept.set(LONG, ((long) known << 4) + 8, second[row]);
            newRows[known - base] = row;
            codes[row] = known++;
            table.set(LONG, (long) slot << 3, hash & UPPER_HALF | known);
        }
        newCount += known - size;
        size = known;
        return i;
    }

    /** As {@link #lookOne} for any number of words, and with NULLs. */
    private int lookWide(int[] list, int from, int count, long[] hashed, int[] codes) {
        MemorySegment table = slots.segment();
        int mask = slotCount - 1;
        int i = from;
        scan : for (; i < count; i++) {
            int row = list == null ? i : list[i];
            long hash = hashed[row];
            int slot = (int) hash & mask;
            while (true) {
                long entry = table.get(LONG, (long) slot << 3);
                if (entry == 0) {
                    break;
                }
                int code = (int) entry - 1;
                if (((entry ^ hash) & UPPER_HALF) == 0 && stored.isKept(code, row)) {
                    codes[row] = code;
                    continue scan;
                }
                slot = slot + 1 & mask;
            }
            if (size == slotCount / 2) {
                break;
            }
            stored.keep(size, row);
            newRows[newCount++] = row;
            codes[row] = size++;
            table.set(LONG, (long) slot << 3, hash & UPPER_HALF | size);
        }
        return i;
    }

    /** Makes room for that many keys, if it is known that they come. */
    public void reserve(int keys) {
        if (width > 0 && !onlyStrings && keys > slotCount / 2) {
            grow((int) Long.min(MOST_SLOTS, Long.highestOneBit(keys * 2L - 1) << 1));
        }
    }

    private void grow(int slotsWanted) {
        int wanted = Integer.max(FEWEST_SLOTS, slotsWanted);
        if (wanted > MOST_SLOTS || slotCount == MOST_SLOTS) {
            throw Scratch.outOfMemory(slotCount * 16L, allocator, null);
        }
        stored.ensure(wanted / 2);
        // The hashes of the words that are kept are computed again: a slot has only half of each.
        slots.close();
        MemorySegment table = slots.ensure(wanted * 8L);
        slotCount = wanted;
        int mask = wanted - 1;
        for (int code = 0; code < size; code++) {
            long hash = stored.hash(code);
            int slot = (int) hash & mask;
            while (table.get(LONG, (long) slot << 3) != 0) {
                slot = slot + 1 & mask;
            }
            table.set(LONG, (long) slot << 3, hash & UPPER_HALF | code + 1);
        }
    }

    /** Of equal intervals the one with most months, then most days stands for all: the same whatever the order in which they come. */
    private void keepSpans(int key, int[] list, int count, int[] codes) {
        MemorySegment kept = stored.spans(key);
        long[] spansOf = given.spans(key);
        int known = size - newCount;
        for (int i = 0; i < newCount; i++) {
            kept.set(LONG, (known + i) * 16L, spansOf[newRows[i] * 2]);
            kept.set(LONG, (known + i) * 16L + 8, spansOf[newRows[i] * 2 + 1]);
        }
        for (int i = 0; i < count; i++) {
            int row = list == null ? i : list[i];
            long calendar = spansOf[row * 2];
            long old = kept.get(LONG, codes[row] * 16L);
            if (calendar != old && ((int) calendar > (int) old
                    || (int) calendar == (int) old && calendar > old)) {
                kept.set(LONG, codes[row] * 16L, calendar);
                kept.set(LONG, codes[row] * 16L + 8, spansOf[row * 2 + 1]);
            }
        }
    }

    /**
     * Meets keys of another table of the same types.
     *
     * @param picked their numbers there
     * @param count how many of {@code picked}
     * @return their numbers here, an array of at least {@code count} entries: {@code reuse} if it is long enough
     */
    public int[] merge(KeyTable other, int[] picked, int count, int[] reuse) {
        int[] codes = reuse == null || reuse.length < count ? new int[count] : reuse;
        if (count == 0) {
            return codes;
        }
        prepare(count);
        other.stored.load(picked, count, given);
        for (int key = 0; key < strings.length; key++) {
            if (strings[key] != null) {
                long[] target = given.words(given.firstWord(key));
                for (int i = 0; i < count; i++) {
                    if (!other.stored.isNull(key, picked[i])) {
                        target[i] = strings[key].code(other.strings[key], (int) target[i]);
                    }
                }
            }
        }
        look(null, count, count, codes);
        return codes;
    }

    /** Looks up words in a table with one key of type BIGINT, none of them NULL: as {@link #codes} does. */
    int[] codesOfWords(long[] wanted, int count, int[] reuse) {
        int[] codes = reuse == null || reuse.length < count ? new int[count] : reuse;
        if (count > 0) {
            prepare(count);
            System.arraycopy(wanted, 0, given.words(0), 0, count);
            look(null, count, count, codes);
        }
        return codes;
    }

    /** The word of a combination in a table with one key of type BIGINT. */
    long word(int code) {
        return stored.words().get(LONG, code * 8L);
    }

    /**
     * Divides the numbers {@code [0, size)} into {@code 2^bits} parts by their keys: equal keys are in the same part whatever table they are
     * in.
     *
     * @param order gets the numbers part by part, 32 bits each, ascending within a part
     * @return where each part begins, and the end of the last one
     */
    public int[] partition(int bits, GrowableBuffer order) {
        int[] starts = new int[(1 << bits) + 1];
        MemorySegment target = order.ensure(Integer.max(1, size) * 4L);
        for (int pass = 0; pass < 2; pass++) {
            for (int code = 0; code < size; code++) {
                int part = bits == 0 ? 0 : (int) (stored.contentHash(code) >>> 64 - bits);
                if (pass == 0) {
                    starts[part + 1]++;
                } else {
                    target.set(INT, starts[part]++ * 4L, code);
                }
            }
            if (pass == 0) {
                for (int part = 0; part < 1 << bits; part++) {
                    starts[part + 1] += starts[part];
                }
            }
        }
        // The second pass moved each start to the next one's.
        System.arraycopy(starts, 0, starts, 1, 1 << bits);
        starts[0] = 0;
        return starts;
    }

    /**
     * The part of the key of every selected row, as {@link #partition} divides keys; looks nothing up. Not for strings.
     *
     * @return an array of at least {@code rows} entries: {@code reuse} if it is long enough; those of rows that are not selected are undefined
     */
    public int[] parts(List<Column> keys, int[] shape, int rows, Selection selection, int bits, int[] reuse) {
        int[] parts = reuse == null || reuse.length < rows ? new int[rows] : reuse;
        prepare(rows);
        given.encode(keys, shape, rows, selection);
        long[] hashes = given.contentHash(rows);
        for (int row = 0; row < rows; row++) {
            parts[row] = bits == 0 ? 0 : (int) (hashes[row] >>> 64 - bits);
        }
        return parts;
    }

    /** Forgets all keys; keeps its memory for the next ones. */
    public void clear() {
        slots.segment().fill((byte) 0);
        size = 0;
        newCount = 0;
        stored.clear();
        for (StringCodes codes : strings) {
            if (codes != null) {
                codes.clear();
            }
        }
    }

    /**
     * Writes a key of numbers {@code picked[from .. from + count)} ({@code null}: of the numbers {@code [from, from + count)}; -1: NULL) into a
     * vector of its type from index 0, for which it makes room.
     */
    public void write(int key, int[] picked, int from, int count, FieldVector target) {
        stored.write(key, picked, from, count, target);
    }

    @Override
    public void close() {
        stored.close();
        slots.close();
        given.close();
        rowLists.close();
        newRows = new int[0];
        slotCount = 0;
        size = 0;
        for (StringCodes codes : strings) {
            if (codes != null) {
                codes.close();
            }
        }
    }
}
