package dev.graticule.exec.sort;

import dev.graticule.batch.Batch;
import dev.graticule.batch.Column;
import dev.graticule.batch.Layout;
import dev.graticule.batch.NullForm;
import dev.graticule.batch.RowArrays;
import dev.graticule.batch.Selection;
import dev.graticule.batch.Values;
import dev.graticule.kernel.Extremes;
import dev.graticule.kernel.FloatingReduction;
import dev.graticule.plan.LogicalPlan.SortKey;
import dev.graticule.type.SqlType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.apache.arrow.vector.FieldVector;

/** The first key of the row that others have to beat: tells which rows of a batch may, the surplus being sorted out later. */
final class Threshold {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    private static final int BLOCK = 1024;

    private final SqlType type;
    private final boolean descending;
    private final boolean nullsFirst;
    /** Whether a row with an equal first key may still win. */
    private final boolean ties;
    private final FloatingReduction reduction;
    private final Extremes extremes = new Extremes();

    private boolean known;
    private boolean isNull;
    /** The key's order, turned round where the order is descending. */
    private long word;
    private double number;

    Threshold(SortKey key, boolean moreKeys) {
        this.type = key.expression().type();
        this.descending = key.descending();
        this.nullsFirst = key.nullsFirst();
        this.ties = moreKeys || type.isVariableWidth() || type.bytes() == 16 || type == SqlType.NULL;
        this.reduction = type.isFloating() ? FloatingReduction.of(type) : null;
    }

    /** Rows have to beat value {@code index} of a vector from here on. */
    void set(FieldVector keys, int index) {
        Values values = Values.of(keys);
        known = type != SqlType.NULL;
        isNull = !values.isValid(index);
        if (!isNull) {
            word = word(values, index);
            number = type == SqlType.REAL
                    ? values.data().get(ValueLayout.JAVA_FLOAT_UNALIGNED, index * 4L)
                    : type == SqlType.DOUBLE ? values.data().get(ValueLayout.JAVA_DOUBLE_UNALIGNED, index * 8L) : 0;
        }
    }

    private long word(Values values, int place) {
        long order;
        if (type.isVariableWidth()) {
            int start = values.offsets().get(INT, place * 4L);
            order = OrderWord.ofPrefix(values.data(), start, values.offsets().get(INT, place * 4L + 4) - start);
        } else {
            order = OrderWord.of(type, values.data(), place, 0);
        }
        return descending ? ~order : order;
    }

    /** The selected rows of a batch that may beat the threshold; {@code key} is the first key over the batch. */
    Selection candidates(Column key, Batch batch) {
        if (!known || batch.rows() == 0) {
            return batch.selection();
        }
        if (reduction != null && !isNull && !nullsFirst && !Double.isNaN(number)
                && key instanceof Column.Strided strided
                && strided.layout().isDense(batch.shape()) && key.nulls() != NullForm.BITMAP) {
            return dense(strided, batch);
        }
        return rows(key, batch);
    }

    /** Numbers one after the other: whole blocks are skipped by their extremes. */
    private Selection dense(Column.Strided key, Batch batch) {
        int rows = batch.rows();
        MemorySegment data = key.values().data();
        long offset = key.layout().offset();
        boolean nanWins = descending && key.nulls() == NullForm.NONE;
        long[] words = null;
        int count = 0;
        for (int from = 0; from < rows; from += BLOCK) {
            int length = Integer.min(BLOCK, rows - from);
            extremes.clear();
            reduction.extremes(data, offset + from, length, extremes);
            boolean may = extremes.count > 0
                    && (descending ? beats(-extremes.greatest, -number) : beats(extremes.least, number));
            if (!may && (!nanWins || extremes.count == length)) {
                continue;
            }
            if (words == null) {
                words = new long[rows + 63 >>> 6];
            }
            for (int row = from; row < from + length; row++) {
                double value = type == SqlType.REAL
                        ? data.get(ValueLayout.JAVA_FLOAT_UNALIGNED, (offset + row) * 4)
                        : data.get(ValueLayout.JAVA_DOUBLE_UNALIGNED, (offset + row) * 8);
                if ((descending ? beats(-value, -number) : beats(value, number)) || nanWins && Double.isNaN(value)) {
                    if (batch.selection().contains(row)) {
                        words[row >>> 6] |= 1L << row;
                        count++;
                    }
                }
            }
        }
        return new Selection.Bitmap(words == null ? new long[rows + 63 >>> 6] : words, count);
    }

    private boolean beats(double value, double other) {
        return ties ? value <= other : value < other;
    }

    /** Any column, once per cell of its footprint. */
    private Selection rows(Column key, Batch batch) {
        int[] shape = batch.shape();
        int rows = batch.rows();
        int[] compact = new int[shape.length];
        boolean[] varies = new boolean[shape.length];
        int cells = 1;
        for (int axis = 0; axis < shape.length; axis++) {
            varies[axis] = key.layout().varies(axis);
            compact[axis] = varies[axis] ? shape[axis] : 1;
            cells *= compact[axis];
        }
        if (cells > rows / 2) {
            return winners(key, shape, rows, batch.selection());
        }
        Selection.Bitmap cellsLeft = winners(key.slice(new int[shape.length], compact), compact, cells, Selection.ALL);
        long[] words = new long[rows + 63 >>> 6];
        if (cellsLeft.count() == 0) {
            return new Selection.Bitmap(words, 0);
        }
        if (cellsLeft.count() == cells) {
            return batch.selection();
        }
        int[] cell = RowArrays.places(Layout.compact(shape, varies), shape, rows, null);
        int count = 0;
        for (int row = 0; row < rows; row++) {
            if (cellsLeft.contains(cell[row]) && batch.selection().contains(row)) {
                words[row >>> 6] |= 1L << row;
                count++;
            }
        }
        return new Selection.Bitmap(words, count);
    }

    private Selection.Bitmap winners(Column key, int[] shape, int rows, Selection selection) {
        long[] valid = RowArrays.live(key, shape, rows, selection, null);
        long[] selected = selection instanceof Selection.Bitmap bitmap ? bitmap.words() : null;
        long[] orders = orders(key, shape, rows);
        int count = 0;
        long[] words = new long[rows + 63 >>> 6];
        for (int i = 0; i < words.length; i++) {
            int from = i << 6;
            int length = Integer.min(64, rows - from);
            long all = length == 64 ? -1L : (1L << length) - 1;
            long wins = 0;
            if (!isNull && valid[i] != 0) {
                for (int bit = 0; bit < length; bit++) {
                    long order = orders[from + bit];
                    wins |= (order < word || ties && order == word ? 1L : 0) << bit;
                }
            } else if (isNull && !nullsFirst) {
                wins = -1L;
            }
            wins &= valid[i];
            if (isNull ? ties : nullsFirst) {
                wins |= (selected == null ? all : selected[i]) & ~valid[i];
            }
            words[i] = wins;
            count += Long.bitCount(wins);
        }
        return new Selection.Bitmap(words, count);
    }

    /** The order of every row's key, turned round where the order is descending. */
    private long[] orders(Column key, int[] shape, int rows) {
        long[] orders;
        if (type.isFloating()) {
            double[] numbers = RowArrays.doubles(key, shape, rows, null);
            orders = new long[rows];
            for (int row = 0; row < rows; row++) {
                orders[row] = OrderWord.of(numbers[row]);
            }
        } else if (type == SqlType.BOOLEAN || type.bytes() > 0 && type.bytes() <= 8) {
            orders = RowArrays.longs(key, shape, rows, null);
            for (int row = 0; type == SqlType.UBIGINT && row < rows; row++) {
                orders[row] = OrderWord.of(type, orders[row]);
            }
        } else {
            int[] places = RowArrays.places(key, shape, rows, null);
            Values values = RowArrays.values(key);
            orders = new long[rows];
            for (int row = 0; row < rows; row++) {
                orders[row] = places[row] < 0 ? 0 : word(values, places[row]);
            }
            return orders;
        }
        for (int row = 0; descending && row < rows; row++) {
            orders[row] = ~orders[row];
        }
        return orders;
    }
}
