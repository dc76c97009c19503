package dev.graticule.aggregate;

import dev.graticule.batch.Column;
import dev.graticule.batch.Layout;
import dev.graticule.batch.Memory;
import dev.graticule.batch.NullForm;
import dev.graticule.batch.RowArrays;
import dev.graticule.batch.Scratch;
import dev.graticule.batch.Selection;
import dev.graticule.batch.Values;
import dev.graticule.expression.Footprint;
import dev.graticule.kernel.Masks;
import dev.graticule.type.SqlType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;

/**
 * Asks a table for the keys of a batch's rows, each cell of the keys' common footprint or each value of a dictionary once where those are
 * fewer than the rows. For one thread; a table has one.
 */
final class KeyLookup {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;

    private final KeyTable table;
    private final BufferAllocator allocator;
    private int[] compactCodes;
    private int[] index;
    private int[] valueOf = {};

    KeyLookup(KeyTable table, BufferAllocator allocator) {
        this.table = table;
        this.allocator = allocator;
    }

    /** As {@link KeyTable#codes}. */
    int[] codes(List<Column> keys, int[] shape, int rows, Selection selection, int[] reuse) {
        int[] codes = reuse == null || reuse.length < rows ? new int[rows] : reuse;
        if (selection.count(rows) == 0) {
            return codes;
        }
        boolean[] varies = Footprint.of(shape, keys);
        int cells = Footprint.cells(shape, varies);
        if (cells > rows / 2) {
            if (keys.size() == 1 && keys.getFirst() instanceof Column.Dictionary only && only.nulls() != NullForm.NAN
                    && only.dictionary().count() <= selection.count(rows) / 2) {
                codeValues(only, shape, rows, selection, codes);
            } else {
                table.code(keys, shape, rows, selection, codes);
            }
            return codes;
        }
        int before = table.size();
        index = RowArrays.places(Layout.compact(shape, varies), shape, rows, index);
        codeCells(keys, shape, varies, cells, selection instanceof Selection.Bitmap bitmap
                ? Cells.present(bitmap, rows, index, cells) : Selection.ALL);
        for (int row = 0; row < rows; row++) {
            codes[row] = compactCodes[index[row]];
        }
        table.noteNewRows(rows, selection, codes, before);
        return codes;
    }

    /** As {@link KeyTable#groups}. */
    GroupCodes groups(List<Column> keys, int[] shape, int rows, Selection selection, int[] reuse) {
        boolean[] varies = Footprint.of(shape, keys);
        int varying = -1;
        for (int axis = 0; axis < shape.length; axis++) {
            if (varies[axis]) {
                if (varying >= 0) {
                    return new GroupCodes.PerRow(codes(keys, shape, rows, selection, reuse));
                }
                varying = axis;
            }
        }
        int cells = varying < 0 ? 1 : shape[varying];
        if (cells > rows / 2 || selection.count(rows) == 0) {
            return new GroupCodes.PerRow(codes(keys, shape, rows, selection, reuse));
        }
        int before = table.size();
        Selection present = selection instanceof Selection.Bitmap bitmap && varying >= 0
                ? Cells.present(bitmap, shape, varying, rows) : Selection.ALL;
        codeCells(keys, shape, varies, cells, present);
        int[][] steps = new int[shape.length][];
        boolean[] consecutive = new boolean[shape.length];
        if (varying >= 0) {
            int[] step = Arrays.copyOf(compactCodes, cells);
            boolean follows = true;
            for (int i = 0; i < cells; i++) {
                if (!present.contains(i)) {
                    step[i] = 0;
                }
                follows &= step[i] == step[0] + i;
            }
            steps[varying] = step;
            consecutive[varying] = follows;
        }
        GroupCodes.Gridded groups = new GroupCodes.Gridded(varying < 0 ? compactCodes[0] : 0, steps, consecutive);
        if (table.size() > before) {
            index = groups.perRow(shape, rows, index);
            table.noteNewRows(rows, selection, index, before);
        }
        return groups;
    }

    /** Looks up the keys once per cell of their common footprint, into {@code compactCodes}. */
    private void codeCells(List<Column> keys, int[] shape, boolean[] varies, int cells, Selection present) {
        if (compactCodes == null || compactCodes.length < cells) {
            compactCodes = new int[cells];
        }
        int[] compact = Footprint.shape(shape, varies);
        table.code(Footprint.slice(keys, compact), compact, cells, present, compactCodes);
    }

    /** Looks up a key once per value of its dictionary that a selected row has; NULL is one value more. */
    private void codeValues(Column.Dictionary key, int[] shape, int rows, Selection selection, int[] codes) {
        int before = table.size();
        int values = key.dictionary().count();
        index = RowArrays.places(key.layout(), shape, rows, index);
        if (valueOf.length < rows) {
            valueOf = new int[rows];
        }
        long[] met = new long[(values >>> 6) + 1];
        MemorySegment indices = key.indices().data();
        boolean mayBeNull = key.indices().validity() != null;
        for (int row = 0; row < rows; row++) {
            if (selection.contains(row)) {
                int place = index[row];
                int value = mayBeNull && !key.indices().isValid(place) ? values : indices.get(INT, place * 4L);
                valueOf[row] = value;
                met[value >>> 6] |= 1L << value;
            } else {
                valueOf[row] = 0;
            }
        }
        int count = Masks.count(met, values + 1);
        if (compactCodes == null || compactCodes.length <= values) {
            compactCodes = new int[values + 1];
        }
        int[] all = {values + 1};
        try (ArrowBuf numbers = openBuffer(4L * (values + 1)); ArrowBuf valid = openBuffer((values >>> 3) + 1)) {
            for (int value = 0; value <= values; value++) {
                numbers.setInt(4L * value, value);
            }
            Memory.fillBits(Memory.segment(valid), 0, values, true);
            Memory.setBit(Memory.segment(valid), values, false);
            Column each = new Column.Dictionary(Values.of(SqlType.INTEGER, values + 1, numbers, valid),
                    Layout.dense(all, 0), key.dictionary(), NullForm.BITMAP);
            table.code(List.of(each), all, values + 1, new Selection.Bitmap(met, count), compactCodes);
        }
        for (int row = 0; row < rows; row++) {
            codes[row] = compactCodes[valueOf[row]];
        }
        table.noteNewRows(rows, selection, codes, before);
    }

    private ArrowBuf openBuffer(long bytes) {
        try {
            return allocator.buffer(bytes);
        } catch (OutOfMemoryException exhausted) {
            throw Scratch.outOfMemory(bytes, allocator, exhausted);
        }
    }
}
