package dev.graticule.exec.scan;

import dev.graticule.batch.Box;
import dev.graticule.batch.Column;
import dev.graticule.batch.IndexSet;
import dev.graticule.batch.Layout;
import dev.graticule.spi.RowGrid;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/**
 * Cuts batches of rows into boxes of the grid whose cells they are, so that what follows works on a coordinate once an index and not once
 * a row.
 *
 * <p>Which grid that is, is a guess: by what a table's metadata claim ({@link RowGrid}), else by the indices of dictionary columns
 * ({@link DictionaryGrid}). Where by the guess a column repeats, {@link Repetition} looks whether it does, value by value, and only then is
 * it laid out so. A wrong guess costs a look; the rows and their order are the same with every guess.
 *
 * <p>Immutable and thread-safe.
 */
final class RowBoxes {
    /** A box of fewer rows is not worth its while. */
    private static final int FEWEST_ROWS = 16;

    private final BitSet folded;
    private final Guess claim;
    private final long cells;
    private final String axes;

    /** What is done with a piece of a batch; false where no more is wanted. */
    interface Sink {
        boolean push(Box box, List<Column> columns);
    }

    /**
     * A grid that rows may be the cells of.
     *
     * @param lengths how many indices each axis has
     * @param varies for each column the axes along which it varies; {@code null} for one that is taken as it is
     * @param position which cell the first of the rows is
     */
    record Guess(int[] lengths, boolean[][] varies, long position) {
        boolean folds() {
            return Arrays.stream(varies).anyMatch(axes -> axes != null);
        }

        /** The same grid with axes as one that follow each other and matter to the same columns. */
        Guess merged() {
            List<Integer> kept = new ArrayList<>();
            for (int axis = 0; axis < lengths.length; axis++) {
                int last = axis;
                if (kept.isEmpty() || Arrays.stream(varies).anyMatch(
                        axes -> axes != null && axes[last] != axes[last - 1])) {
                    kept.add(axis);
                }
            }
            int[] products = new int[kept.size()];
            boolean[][] mergedVaries = new boolean[varies.length][];
            for (int i = 0; i < products.length; i++) {
                int end = i + 1 < products.length ? kept.get(i + 1) : lengths.length;
                long product = 1;
                for (int axis = kept.get(i); axis < end; axis++) {
                    product *= lengths[axis];
                }
                if (product > Integer.MAX_VALUE) {
                    return this;
                }
                products[i] = (int) product;
            }
            for (int column = 0; column < varies.length; column++) {
                if (varies[column] != null) {
                    mergedVaries[column] = new boolean[products.length];
                    for (int i = 0; i < products.length; i++) {
                        mergedVaries[column][i] = varies[column][kept.get(i)];
                    }
                }
            }
            return new Guess(products, mergedVaries, position);
        }
    }

    /**
     * @param grid what the table's metadata claim, if they do
     * @param columns the numbers of the scan's columns in the table
     * @param folded which of the scan's columns are worth a look
     */
    RowBoxes(Optional<RowGrid> grid, List<Integer> columns, BitSet folded) {
        this.folded = (BitSet) folded.clone();
        this.claim = grid.map(known -> claim(known, columns)).filter(Guess::folds).map(Guess::merged).orElse(null);
        this.cells = grid.map(RowGrid::cells).orElse(0L);
        this.axes = claim == null ? "" : String.join(" x ", grid.get().axes());
    }

    /** What it adds to the text of a scan, for EXPLAIN. */
    String describe() {
        return claim == null ? "" : " in boxes of " + axes;
    }

    private Guess claim(RowGrid grid, List<Integer> columns) {
        int axes = grid.axes().size();
        boolean[][] varies = new boolean[columns.size()][];
        for (int i = 0; i < varies.length; i++) {
            List<Integer> over = grid.columns().get(columns.get(i));
            if (folded.get(i) && over.size() < axes) {
                varies[i] = new boolean[axes];
                for (int axis : over) {
                    varies[i][axis] = true;
                }
            }
        }
        return new Guess(grid.lengths().stream().mapToInt(Integer::intValue).toArray(), varies, 0);
    }

    /**
     * Pushes all rows of a batch in pieces of at most {@code most} rows, until no more are wanted.
     *
     * @param start the number of the batch's first row in its split
     * @param lent columns over the one axis of the batch's rows
     */
    boolean push(long start, int rows, List<Column> lent, int most, Sink sink) {
        int from = 0;
        while (from < rows) {
            int limit = Integer.min(most, rows - from);
            Guess guess = limit < FEWEST_ROWS ? null : guess(start + from, lent, from, limit);
            int head = guess == null ? limit : head(guess, limit);
            if (head > 0) {
                if (!sink.push(Box.rows(start + from, head), slice(lent, from, head))) {
                    return false;
                }
                from += head;
                continue;
            }
            int[] counts = counts(guess, guess.position, limit);
            List<Column> columns = fold(guess, counts, lent, from);
            int taken = columns == null ? limit : cells(counts);
            boolean more = columns == null
                    ? sink.push(Box.rows(start + from, limit), slice(lent, from, limit))
                    : sink.push(box(guess, counts), columns);
            if (!more) {
                return false;
            }
            from += taken;
        }
        return true;
    }

    private static List<Column> slice(List<Column> lent, int from, int count) {
        int[] start = {from};
        int[] length = {count};
        List<Column> columns = new ArrayList<>(lent.size());
        for (Column column : lent) {
            columns.add(column.slice(start, length));
        }
        return columns;
    }

    /** What rows {@code [from, from + count)} of a batch may be the cells of; {@code null} where nothing is known. */
    private Guess guess(long number, List<Column> lent, int from, int count) {
        for (Column column : lent) {
            if (column.layout().axes() != 1 || column.layout().table(0) != null) {
                return null;
            }
        }
        if (claim != null) {
            return new Guess(claim.lengths, claim.varies, number % cells);
        }
        return folded.isEmpty() ? null
                : DictionaryGrid.guess(lent, folded, from, count).map(Guess::merged).orElse(null);
    }

    /** How many rows come before the first box that is worth its while. */
    private static int head(Guess guess, int limit) {
        int head = 0;
        while (head < limit) {
            int cells = cells(counts(guess, guess.position + head, limit - head));
            if (cells >= FEWEST_ROWS) {
                return head;
            }
            head += cells;
        }
        return head;
    }

    /** How many indices of each axis the largest box has that begins at a cell and has no more than {@code limit} cells. */
    private static int[] counts(Guess guess, long position, int limit) {
        int axes = guess.lengths.length;
        int[] counts = new int[axes];
        Arrays.fill(counts, 1);
        long rest = position;
        long block = 1;
        for (int axis = axes - 1; axis >= 0; axis--) {
            int length = guess.lengths[axis];
            int index = (int) (rest % length);
            rest /= length;
            counts[axis] = (int) Long.min(length - index, limit / block);
            if (counts[axis] < length) {
                break;
            }
            block *= length;
        }
        return counts;
    }

    private static int cells(int[] counts) {
        int cells = 1;
        for (int count : counts) {
            cells *= count;
        }
        return cells;
    }

    private static Box box(Guess guess, int[] counts) {
        IndexSet[] axes = new IndexSet[counts.length];
        long rest = guess.position;
        for (int axis = counts.length - 1; axis >= 0; axis--) {
            axes[axis] = new IndexSet.Range(rest % guess.lengths[axis], counts[axis]);
            rest /= guess.lengths[axis];
        }
        return new Box(Arrays.asList(axes));
    }

    /** The columns over a box, those that repeat laid out so; {@code null} where none does. */
    private static List<Column> fold(Guess guess, int[] counts, List<Column> lent, int from) {
        List<Column> columns = new ArrayList<>(lent.size());
        boolean[] all = new boolean[counts.length];
        Arrays.fill(all, true);
        boolean any = false;
        for (int i = 0; i < lent.size(); i++) {
            Column column = lent.get(i);
            boolean[] varies = guess.varies[i];
            boolean repeats = varies != null && Repetition.holds(column, from, counts, varies);
            any |= repeats && saves(counts, varies);
            columns.add(laidOut(column, from, counts, repeats ? varies : all));
        }
        return any ? columns : null;
    }

    /** Whether a column has fewer values than the box has rows. */
    private static boolean saves(int[] counts, boolean[] varies) {
        boolean saves = false;
        for (int axis = 0; axis < counts.length; axis++) {
            saves |= counts[axis] > 1 && !varies[axis];
        }
        return saves;
    }

    private static Column laidOut(Column column, int from, int[] counts, boolean[] varies) {
        int stride = column.layout().stride(0);
        int[] strides = new int[counts.length];
        int next = stride;
        for (int axis = counts.length - 1; axis >= 0; axis--) {
            strides[axis] = varies[axis] && counts[axis] > 1 ? next : 0;
            next *= counts[axis];
        }
        Layout layout = Layout.strided(column.layout().offset() + from * stride, strides);
        return switch (column) {
            case Column.Strided strided -> new Column.Strided(strided.values(), layout, strided.nulls());
            case Column.Dictionary dictionary ->
                new Column.Dictionary(dictionary.indices(), layout, dictionary.dictionary(), dictionary.nulls());
        };
    }
}
