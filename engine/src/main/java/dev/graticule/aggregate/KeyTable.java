package dev.graticule.aggregate;

import dev.graticule.GraticuleException;
import dev.graticule.batch.Column;
import dev.graticule.batch.GrowableBuffer;
import dev.graticule.batch.Layout;
import dev.graticule.batch.Memory;
import dev.graticule.batch.RowArrays;
import dev.graticule.batch.Scratch;
import dev.graticule.batch.Selection;
import dev.graticule.batch.Values;
import dev.graticule.type.SqlType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.FieldVector;

/**
 * Numbers different combinations of key values 0, 1, 2, ...: NULLs are equal to each other, NaN to NaN, -0.0 to 0.0.
 *
 * <p>Off-heap, from the allocator it was made with; used by one thread. Keys that vary along few axes are looked up once per cell of
 * their common footprint.
 */
public final class KeyTable implements AutoCloseable {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
    private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;

    private final List<SqlType> types;
    private final BufferAllocator allocator;
    private final StringCodes[] strings;
    /** The first 64-bit word of each key in a row of {@code words}; then come the words with a bit for each key that is NULL. */
    private final int[] firstWord;
    private final int width;
    private final GrowableBuffer words;
    private GrowableBuffer slots;
    private int slotCount = 256;
    private int size;

    private long[][] encoded = {};
    private long[] hashes = {};
    private long[] numbers;
    private double[] doubles;
    private int[] compactCodes;
    private int[] index;
    private long[] live;

    /** An empty table for keys of these types; without keys every row has number 0. */
    public KeyTable(List<SqlType> types, BufferAllocator allocator) {
        this.types = List.copyOf(types);
        this.allocator = allocator;
        this.strings = new StringCodes[types.size()];
        this.firstWord = new int[types.size()];
        int next = 0;
        for (int key = 0; key < strings.length; key++) {
            SqlType type = types.get(key);
            if (type instanceof SqlType.Other) {
                throw GraticuleException.unsupported(null, "grouping by values of type " + type);
            }
            firstWord[key] = next;
            next += type == SqlType.NULL ? 0 : type.bytes() == 16 ? 2 : 1;
            if (type.isVariableWidth()) {
                strings[key] = new StringCodes(allocator);
            }
        }
        this.width = next + (types.size() + 63) / 64;
        this.words = new GrowableBuffer(allocator);
        this.slots = new GrowableBuffer(allocator);
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
        int[] codes = reuse == null || reuse.length < rows ? new int[rows] : reuse;
        if (selection.count(rows) == 0) {
            return codes;
        }
        boolean[] varies = new boolean[shape.length];
        int[] compact = new int[shape.length];
        int cells = 1;
        for (int axis = 0; axis < shape.length; axis++) {
            for (Column key : keys) {
                varies[axis] |= key.layout().varies(axis);
            }
            compact[axis] = varies[axis] ? shape[axis] : 1;
            cells *= compact[axis];
        }
        if (cells > rows / 2) {
            code(keys, shape, rows, selection, codes);
            return codes;
        }
        index = RowArrays.places(Layout.compact(shape, varies), shape, rows, index);
        Selection present = Selection.ALL;
        if (selection instanceof Selection.Bitmap bitmap) {
            long[] bits = new long[cells + 63 >>> 6];
            for (int row = bitmap.next(0, rows); row >= 0; row = bitmap.next(row + 1, rows)) {
                bits[index[row] >>> 6] |= 1L << index[row];
            }
            int count = 0;
            for (long word : bits) {
                count += Long.bitCount(word);
            }
            present = new Selection.Bitmap(bits, count);
        }
        if (compactCodes == null || compactCodes.length < cells) {
            compactCodes = new int[cells];
        }
        int[] start = new int[shape.length];
        List<Column> sliced = new ArrayList<>();
        keys.forEach(key -> sliced.add(key.slice(start, compact)));
        code(sliced, compact, cells, present, compactCodes);
        for (int row = 0; row < rows; row++) {
            codes[row] = compactCodes[index[row]];
        }
        return codes;
    }

    private void code(List<Column> keys, int[] shape, int rows, Selection selection, int[] codes) {
        if (encoded.length < width || width > 0 && encoded[0].length < rows) {
            encoded = new long[width][rows];
        }
        for (int word = width - (types.size() + 63) / 64; word < width; word++) {
            Arrays.fill(encoded[word], 0, rows, 0L);
        }
        for (int key = 0; key < strings.length; key++) {
            encode(keys.get(key), key, shape, rows, selection);
        }
        hash(rows);
        int row = 0;
        while (row < rows) {
            if (selection instanceof Selection.Bitmap bitmap) {
                row = bitmap.next(row, rows);
                if (row < 0) {
                    return;
                }
            }
            int stopped = width == 2 ? findPairs(row, rows, selection, codes) : findWide(row, rows, selection, codes);
            if (stopped == rows) {
                return;
            }
            codes[stopped] = insert(stopped);
            row = stopped + 1;
        }
    }

    /** The hashes of the encoded rows, column by column. */
    private void hash(int rows) {
        if (hashes.length < rows) {
            hashes = new long[rows];
        }
        Arrays.fill(hashes, 0, rows, 0L);
        for (int word = 0; word < width; word++) {
            long[] column = encoded[word];
            for (int row = 0; row < rows; row++) {
                hashes[row] = mix(hashes[row], column[row]);
            }
        }
    }

    /** Looks up selected rows from {@code from} until one has a new key: returns that row, or {@code rows}. */
    private int findPairs(int from, int rows, Selection selection, int[] codes) {
        MemorySegment table = slots.ensure(slotCount * 4L);
        MemorySegment kept = words.segment();
        long[] first = encoded[0];
        long[] second = encoded[1];
        boolean all = selection instanceof Selection.All;
        int mask = slotCount - 1;
        for (int row = from; row < rows; row++) {
            if (!all && !selection.contains(row)) {
                continue;
            }
            int slot = (int) hashes[row] & mask;
            int code = table.get(INT, slot * 4L) - 1;
            while (code >= 0
                    && (kept.get(LONG, code * 16L) != first[row] || kept.get(LONG, code * 16L + 8) != second[row])) {
                slot = slot + 1 & mask;
                code = table.get(INT, slot * 4L) - 1;
            }
            if (code < 0) {
                return row;
            }
            codes[row] = code;
        }
        return rows;
    }

    /** As {@link #findPairs} for any number of words. */
    private int findWide(int from, int rows, Selection selection, int[] codes) {
        MemorySegment table = slots.ensure(slotCount * 4L);
        boolean all = selection instanceof Selection.All;
        int mask = slotCount - 1;
        for (int row = from; row < rows; row++) {
            if (!all && !selection.contains(row)) {
                continue;
            }
            int slot = (int) hashes[row] & mask;
            int code = table.get(INT, slot * 4L) - 1;
            while (code >= 0 && !isKept(code, row)) {
                slot = slot + 1 & mask;
                code = table.get(INT, slot * 4L) - 1;
            }
            if (code < 0) {
                return row;
            }
            codes[row] = code;
        }
        return rows;
    }

    private boolean isKept(int code, int row) {
        MemorySegment kept = words.segment();
        long at = (long) code * width * 8;
        for (int word = 0; word < width; word++) {
            if (kept.get(LONG, at + word * 8L) != encoded[word][row]) {
                return false;
            }
        }
        return true;
    }

    /** Gives the key of a row, which is new, the next number. */
    private int insert(int row) {
        MemorySegment kept = words.ensure((size + 1L) * width * 8);
        if (size == Integer.MAX_VALUE / 4) {
            throw Scratch.outOfMemory(size * 8L, allocator, null);
        }
        if (size * 2 >= slotCount) {
            grow();
        }
        MemorySegment table = slots.segment();
        int slot = (int) hashes[row] & slotCount - 1;
        while (table.get(INT, slot * 4L) != 0) {
            slot = slot + 1 & slotCount - 1;
        }
        for (int word = 0; word < width; word++) {
            kept.set(LONG, ((long) size * width + word) * 8, encoded[word][row]);
        }
        table.set(INT, slot * 4L, ++size);
        return size - 1;
    }

    private static long mix(long hash, long word) {
        long mixed = (hash ^ word) * MULTIPLIER;
        return mixed ^ mixed >>> 32;
    }

    private void grow() {
        GrowableBuffer grown = new GrowableBuffer(allocator);
        MemorySegment table = grown.ensure(slotCount * 8L);
        slotCount *= 2;
        MemorySegment kept = words.segment();
        for (int code = 0; code < size; code++) {
            long hash = 0;
            for (int word = 0; word < width; word++) {
                hash = mix(hash, kept.get(LONG, ((long) code * width + word) * 8));
            }
            int slot = (int) hash & slotCount - 1;
            while (table.get(INT, slot * 4L) != 0) {
                slot = slot + 1 & slotCount - 1;
            }
            table.set(INT, slot * 4L, code + 1);
        }
        slots.close();
        slots = grown;
    }

    /** Fills the words of one key for every row that is selected, and sets its bit in the NULL words. */
    private void encode(Column column, int key, int[] shape, int rows, Selection selection) {
        SqlType type = types.get(key);
        long[] target = type == SqlType.NULL ? null : encoded[firstWord[key]];
        long[] valid = RowArrays.live(column, shape, rows, Selection.ALL, live);
        live = valid;
        if (type.isFloating()) {
            doubles = RowArrays.doubles(column, shape, rows, doubles);
            for (int row = 0; row < rows; row++) {
                // -0.0 + 0.0 is 0.0, and doubleToLongBits knows one NaN.
                target[row] = Double.doubleToLongBits(doubles[row] + 0.0);
            }
        } else if (type.isVariableWidth()) {
            encodeStrings(column, strings[key], shape, rows, selection, valid, target);
        } else if (type.bytes() == 16) {
            int[] places = RowArrays.places(column, shape, rows, null);
            MemorySegment data = RowArrays.values(column).data();
            long[] second = encoded[firstWord[key] + 1];
            for (int row = 0; row < rows; row++) {
                int place = Integer.max(0, places[row]);
                target[row] = data.get(LONG, place * 16L);
                second[row] = data.get(LONG, place * 16L + 8);
            }
        } else if (type != SqlType.NULL) {
            numbers = RowArrays.longs(column, shape, rows, numbers);
            System.arraycopy(numbers, 0, target, 0, rows);
        }
        int nullWord = width - (types.size() + 63) / 64 + (key >>> 6);
        for (int word = 0; word << 6 < rows; word++) {
            int length = Integer.min(64, rows - (word << 6));
            long nulls = ~valid[word] & (length == 64 ? -1L : (1L << length) - 1);
            for (; nulls != 0; nulls &= nulls - 1) {
                int row = (word << 6) + Long.numberOfTrailingZeros(nulls);
                encoded[nullWord][row] |= 1L << key;
                if (target != null) {
                    target[row] = 0;
                }
                if (type.bytes() == 16) {
                    encoded[firstWord[key] + 1][row] = 0;
                }
            }
        }
    }

    private static void encodeStrings(Column column, StringCodes codes, int[] shape, int rows, Selection selection,
            long[] valid,
            long[] target) {
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

    /**
     * Writes a key of numbers {@code picked[from .. from + count)} ({@code null}: of the numbers {@code [from, from + count)}; -1: NULL) into a
     * vector of its type from index 0, for which it makes room.
     */
    public void write(int key, int[] picked, int from, int count, FieldVector target) {
        SqlType type = types.get(key);
        try {
            if (type != SqlType.NULL && count > 0) {
                target.setInitialCapacity(count);
                target.allocateNew();
                for (int i = 0; i < count; i++) {
                    writeOne(key, type, picked == null ? from + i : picked[from + i], target, i);
                }
            }
            target.setValueCount(count);
        } catch (OutOfMemoryException exhausted) {
            throw Scratch.outOfMemory((long) count * Integer.max(1, type.bytes()), target.getAllocator(), exhausted);
        }
    }

    private void writeOne(int key, SqlType type, int code, FieldVector target, int i) {
        MemorySegment kept = words.segment();
        long row = (long) code * width * 8;
        int nullWord = width - (types.size() + 63) / 64 + (key >>> 6);
        if (code < 0 || (kept.get(LONG, row + nullWord * 8L) >>> key & 1) != 0) {
            if (target instanceof BaseVariableWidthVector variable) {
                variable.setNull(i);
            }
            return;
        }
        long word = kept.get(LONG, row + firstWord[key] * 8L);
        if (target instanceof BaseVariableWidthVector variable) {
            strings[key].write((int) word, variable, i);
            return;
        }
        MemorySegment data = Memory.segment(target.getDataBuffer());
        Memory.setBit(Memory.segment(target.getValidityBuffer()), i, true);
        if (type == SqlType.BOOLEAN) {
            Memory.setBit(data, i, word != 0);
        } else if (type == SqlType.REAL) {
            data.set(ValueLayout.JAVA_FLOAT_UNALIGNED, i * 4L, (float) Double.longBitsToDouble(word));
        } else {
            switch (type.bytes()) {
                case 1 -> data.set(ValueLayout.JAVA_BYTE, i, (byte) word);
                case 2 -> data.set(ValueLayout.JAVA_SHORT_UNALIGNED, i * 2L, (short) word);
                case 4 -> data.set(INT, i * 4L, (int) word);
                case 8 -> data.set(LONG, i * 8L, word);
                default -> {
                    data.set(LONG, i * 16L, word);
                    data.set(LONG, i * 16L + 8, kept.get(LONG, row + firstWord[key] * 8L + 8));
                }
            }
        }
    }

    @Override
    public void close() {
        words.close();
        slots.close();
        for (StringCodes codes : strings) {
            if (codes != null) {
                codes.close();
            }
        }
    }
}
