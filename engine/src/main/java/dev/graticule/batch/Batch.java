package dev.graticule.batch;

import java.util.List;

/**
 * A box of a grid, seen as rows in C order: what operators push to each other. About 64 Ki rows, never more than 2^30.
 *
 * <p>A batch is lent: it and everything it refers to are valid until {@code push} returns.
 *
 * @param box where it is in the grid of its source; a table without axes is a grid of one
 * @param ordinal the number of its morsel in storage order
 * @param columns one for each output column of the operator that pushes it
 * @param selection the rows that are left
 */
public record Batch(Box box, int[] shape, int rows, long ordinal, List<Column> columns, Selection selection) {

    /** A batch with all rows of its box. */
    public static Batch of(Box box, long ordinal, List<Column> columns) {
        int[] shape = box.shape();
        int rows = 1;
        for (int size : shape) {
            rows = Math.multiplyExact(rows, size);
        }
        return new Batch(box, shape, rows, ordinal, columns, Selection.ALL);
    }

    public Batch withColumns(List<Column> others) {
        return new Batch(box, shape, rows, ordinal, others, selection);
    }

    public Batch withSelection(Selection other) {
        return new Batch(box, shape, rows, ordinal, columns, other);
    }

    /** How many rows are selected. */
    public int selectedRows() {
        return selection.count(rows);
    }
}
