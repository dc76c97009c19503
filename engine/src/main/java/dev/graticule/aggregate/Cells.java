package dev.graticule.aggregate;

import dev.graticule.batch.Batch;
import dev.graticule.batch.Box;
import dev.graticule.batch.Column;
import dev.graticule.batch.IndexSet;
import dev.graticule.batch.Layout;
import dev.graticule.batch.RowArrays;
import dev.graticule.batch.Selection;
import dev.graticule.expression.Footprint;
import dev.graticule.kernel.Masks;
import java.util.Arrays;
import java.util.List;

/**
 * The rows of a batch without repetitions: a row for each place of the axes along which groups or arguments vary. For aggregates to which
 * it makes no difference how often a row comes.
 *
 * @param batch the box of those axes; a row is selected where any row of the place was
 * @param arguments over that box
 * @param groups over that box
 */
record Cells(Batch batch, List<Column> arguments, GroupCodes groups) {
    /** The rows as they are, or reduced where that leaves half of them or fewer. */
    static Cells of(Batch batch, List<Column> arguments, GroupCodes groups) {
        Cells same = new Cells(batch, arguments, groups);
        if (!(groups instanceof GroupCodes.Gridded gridded) || batch.selectedRows() == 0) {
            return same;
        }
        int[] shape = batch.shape();
        boolean[] varies = Footprint.of(shape, arguments);
        for (int axis = 0; axis < shape.length; axis++) {
            varies[axis] |= gridded.steps()[axis] != null;
        }
        int cells = Footprint.cells(shape, varies);
        if (cells > batch.rows() / 2) {
            return same;
        }
        int[] compact = Footprint.shape(shape, varies);
        Box box = new Box(Arrays.stream(compact).<IndexSet>mapToObj(size -> new IndexSet.Range(0, size)).toList());
        Selection present = batch.selection() instanceof Selection.Bitmap bitmap
                ? present(bitmap, batch.rows(),
                        RowArrays.places(Layout.compact(shape, varies), shape, batch.rows(), null), cells)
                : Selection.ALL;
        Batch reduced = new Batch(box, compact, cells, batch.ordinal(), List.of(), present);
        return new Cells(reduced, Footprint.slice(arguments, compact), groups);
    }

    /** The cells of which any row is selected, where row {@code i} is of cell {@code places[i]}. */
    static Selection present(Selection.Bitmap selection, int rows, int[] places, int cells) {
        long[] bits = new long[Masks.words(cells)];
        LiveRows.forEach(selection.words(), rows, row -> bits[places[row] >>> 6] |= 1L << places[row]);
        int count = Masks.count(bits, cells);
        return count == cells ? Selection.ALL : new Selection.Bitmap(bits, count);
    }

    /** The indices of an axis of which any row is selected. */
    static Selection present(Selection.Bitmap selection, int[] shape, int axis, int rows) {
        int length = shape[axis];
        int inner = 1;
        for (int i = axis + 1; i < shape.length; i++) {
            inner *= shape[i];
        }
        long[] bits = new long[Masks.words(length)];
        for (int row = selection.next(0, rows); row >= 0 && row < rows;) {
            int run = row / inner;
            int index = run % length;
            bits[index >>> 6] |= 1L << index;
            int end = (run + 1) * inner;
            row = end < rows ? selection.next(end, rows) : -1;
        }
        int count = Masks.count(bits, length);
        return count == length ? Selection.ALL : new Selection.Bitmap(bits, count);
    }
}
