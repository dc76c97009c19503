package dev.graticule.aggregate;

import dev.graticule.batch.Column;
import dev.graticule.batch.HeapReservation;
import dev.graticule.batch.NullForm;
import dev.graticule.batch.RowArrays;
import dev.graticule.batch.Selection;
import dev.graticule.batch.Values;
import dev.graticule.type.SqlType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;

/**
 * The keys of some rows as 64-bit words, an array for each word of a combination: equal keys have equal words. What a {@link KeyTable} looks
 * up. A key that is NULL has words 0 and a bit of its own.
 *
 * <p>Its arrays are used again for the next rows, and counted by the allocator; used by one thread at a time.
 */
final class KeyWords implements AutoCloseable {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
    private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;
    private static final long DAY_NANOSECONDS = 86_400_000_000_000L;

    private final List<SqlType> types;
    private final StringCodes[] strings;
    private final int[] firstWord;
    private final int width;
    private final int nullWidth;
    private final HeapReservation heap;
    private long[][] words = {};
    private long[][] nullBits = {};
    private long[][] spans = {};
    private boolean hasNulls;
    private long[] hashes = {};
    private double[] doubles;
    private long[] live;

    /**
     * No rows.
     *
     * @param strings for each key that is a string the table of its codes, which belongs to the caller
     */
    KeyWords(List<SqlType> types, StringCodes[] strings, BufferAllocator allocator) {
        this.types = types;
        this.strings = strings;
        this.firstWord = new int[types.size()];
        int next = 0;
        for (int key = 0; key < firstWord.length; key++) {
            SqlType type = types.get(key);
            firstWord[key] = next;
            next += type == SqlType.NULL ? 0 : type.bytes() == 16 ? 2 : 1;
        }
        this.width = next;
        this.nullWidth = (types.size() + 63) / 64;
        this.heap = new HeapReservation(allocator);
    }

    /** How many words a combination has. */
    int width() {
        return width;
    }

    /** How many words the bits of a combination's NULLs take. */
    int nullWidth() {
        return nullWidth;
    }

    /** The first word of a key among those of a combination. */
    int firstWord(int key) {
        return firstWord[key];
    }

    /** For how many rows there is room. */
    int room() {
        return hashes.length;
    }

    /** For each word of a combination that of every row; undefined for rows that are not selected. */
    long[][] words() {
        return words;
    }

    /** One word of every row. */
    long[] words(int word) {
        return words[word];
    }

    /** Whether there are bits for NULL. */
    boolean hasNulls() {
        return hasNulls;
    }

    /** For every row a bit for each key that is NULL, 64 keys an array; only where {@link #hasNulls}. */
    long[][] nullBits() {
        return nullBits;
    }

    /** The bits of 64 keys. */
    long[] nullBits(int word) {
        return nullBits[word];
    }

    /** Of a key of type INTERVAL its months and days, then its nanoseconds, two words a row; {@code null} for other types. */
    long[] spans(int key) {
        return spans[key];
    }

    /** Makes room for the words of some rows; none is NULL yet, {@code mayBeNull} makes room for the bits that say so. */
    void prepare(int rows, boolean mayBeNull) {
        if (hashes.length < rows) {
            long spanKeys = types.stream().filter(type -> type == SqlType.INTERVAL).count();
            heap.ensure(2L * rows * 8L * (width + 1 + 2 * spanKeys));
            // With room to spare: parts of other tables come in slowly growing sizes.
            int room = Integer.max(256, Integer.highestOneBit(rows - 1) << 1);
            words = new long[width][room];
            nullBits = new long[nullWidth][];
            spans = new long[types.size()][];
            for (int key = 0; key < spans.length; key++) {
                spans[key] = types.get(key) == SqlType.INTERVAL ? new long[room * 2] : null;
            }
            hashes = new long[room];
        }
        hasNulls = false;
        if (mayBeNull) {
            clearNulls(rows);
        }
    }

    /** Makes room for the bits that say which rows are NULL: none is. */
    void clearNulls(int rows) {
        hasNulls = true;
        for (int word = 0; word < nullWidth; word++) {
            if (nullBits[word] == null) {
                heap.ensure(hashes.length * 8L * (width + 1 + nullWidth));
                nullBits[word] = new long[hashes.length];
            } else {
                Arrays.fill(nullBits[word], 0, rows, 0L);
            }
        }
    }

    private void setNull(int key, int row, int rows) {
        if (!hasNulls) {
            clearNulls(rows);
        }
        nullBits[key >>> 6][row] |= 1L << key;
        SqlType type = types.get(key);
        if (type != SqlType.NULL) {
            words[firstWord[key]][row] = 0;
            if (type.bytes() == 16) {
                words[firstWord[key] + 1][row] = 0;
            }
        }
    }

    /** Fills the words of every row that is selected, after {@link #prepare}; strings that are new get the next codes. */
    void encode(List<Column> keys, int[] shape, int rows, Selection selection) {
        for (int key = 0; key < strings.length; key++) {
            encode(keys.get(key), key, shape, rows, selection);
        }
    }

    /** Fills the words of one key for every row that is selected, and sets its bit where it is NULL. */
    private void encode(Column column, int key, int[] shape, int rows, Selection selection) {
        SqlType type = types.get(key);
        if (type == SqlType.NULL) {
            return;
        }
        long[] target = words[firstWord[key]];
        boolean nanIsNull = column.nulls() == NullForm.NAN;
        long[] valid = null;
        if (column.nulls() == NullForm.BITMAP || type.isVariableWidth()) {
            live = RowArrays.live(column, shape, rows, Selection.ALL, live);
            valid = live;
        }
        if (type.isFloating()) {
            doubles = RowArrays.doubles(column, shape, rows, doubles);
            for (int row = 0; row < rows; row++) {
                // -0.0 + 0.0 is 0.0, and doubleToLongBits knows one NaN.
                target[row] = Double.doubleToLongBits(doubles[row] + 0.0);
            }
            for (int row = 0; nanIsNull && row < rows; row++) {
                if (doubles[row] != doubles[row]) {
                    setNull(key, row, rows);
                }
            }
        } else if (type.isVariableWidth()) {
            encodeStrings(column, strings[key], shape, rows, selection, valid, target);
        } else if (type.bytes() == 16) {
            encodeWide(column, key, shape, rows);
        } else {
            RowArrays.longs(column, shape, rows, target);
        }
        for (int word = 0; valid != null && word << 6 < rows; word++) {
            int length = Integer.min(64, rows - (word << 6));
            long missing = ~valid[word] & (length == 64 ? -1L : (1L << length) - 1);
            for (; missing != 0; missing &= missing - 1) {
                setNull(key, (word << 6) + Long.numberOfTrailingZeros(missing), rows);
            }
        }
    }

    /** DECIMALs by their bits; INTERVALs by their nanoseconds in 128 bits, a month of 30 days of 24 hours. */
    private void encodeWide(Column column, int key, int[] shape, int rows) {
        int[] places = RowArrays.places(column, shape, rows, null);
        MemorySegment data = RowArrays.values(column).data();
        long[] first = words[firstWord[key]];
        long[] second = words[firstWord[key] + 1];
        for (int row = 0; row < rows; row++) {
            long at = Integer.max(0, places[row]) * 16L;
            long low = data.get(LONG, at);
            long high = data.get(LONG, at + 8);
            if (spans[key] != null) {
                spans[key][row * 2] = low;
                spans[key][row * 2 + 1] = high;
                long days = (int) low * 30L + (low >> 32);
                long sum = days * DAY_NANOSECONDS + high;
                boolean carry = Long.compareUnsigned(sum, high) < 0;
                second[row] = Math.multiplyHigh(days, DAY_NANOSECONDS) + (high >> 63) + (carry ? 1 : 0);
                first[row] = sum;
            } else {
                first[row] = low;
                second[row] = high;
            }
        }
    }

    private static void encodeStrings(Column column, StringCodes codes, int[] shape, int rows, Selection selection,
            long[] valid, long[] target) {
        Values values = RowArrays.values(column);
        int[] places = RowArrays.places(column, shape, rows, null);
        int[] known = values.count() < rows ? new int[values.count()] : null;
        for (int row = 0; row < rows; row++) {
            if ((valid[row >>> 6] >>> row & 1) == 0 || !selection.contains(row)) {
                continue;
            }
            int place = places[row];
            if (known != null && known[place] != 0) {
                target[row] = known[place] - 1;
                continue;
            }
            int start = values.offsets().get(INT, place * 4L);
            int code = codes.code(values.data(), start, values.offsets().get(INT, place * 4L + 4) - start);
            target[row] = code;
            if (known != null) {
                known[place] = code + 1;
            }
        }
    }

    /** The hashes of the encoded rows, column by column. */
    long[] hash(int rows) {
        long[] result = hashes;
        long[] first = words[0];
        for (int row = 0; row < rows; row++) {
            result[row] = mix(0, first[row]);
        }
        for (int word = 1; word < width; word++) {
            long[] column = words[word];
            for (int row = 0; row < rows; row++) {
                result[row] = mix(result[row], column[row]);
            }
        }
        for (int word = 0; hasNulls && word < nullWidth; word++) {
            long[] column = nullBits[word];
            for (int row = 0; row < rows; row++) {
                if (column[row] != 0) {
                    result[row] = mix(result[row], column[row]);
                }
            }
        }
        return result;
    }

    /** Hashes of the encoded rows that depend on their keys alone, of which none is a string. */
    long[] contentHash(int rows) {
        if (!hasNulls) {
            return hash(rows);
        }
        for (int row = 0; row < rows; row++) {
            long hash = 0;
            for (int key = 0; key < firstWord.length; key++) {
                if (types.get(key) == SqlType.NULL || (nullBits[key >>> 6][row] >>> key & 1) != 0) {
                    hash = mix(hash, 1);
                    continue;
                }
                hash = mix(hash, words[firstWord[key]][row]);
                if (types.get(key).bytes() == 16) {
                    hash = mix(hash, words[firstWord[key] + 1][row]);
                }
            }
            hashes[row] = hash;
        }
        return hashes;
    }

    /** A hash that has taken in one more word. */
    static long mix(long hash, long word) {
        long mixed = (hash ^ word) * MULTIPLIER;
        mixed = (mixed ^ mixed >>> 32) * MULTIPLIER;
        return mixed ^ mixed >>> 29;
    }

    /** Frees the arrays; may be prepared again. */
    @Override
    public void close() {
        heap.close();
        words = new long[0][];
        nullBits = new long[0][];
        spans = new long[0][];
        hashes = new long[0];
    }
}
