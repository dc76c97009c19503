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
        if (reduction != null && !isNull && !nullsFirst && !Double.isNaN(number) && key instanceof Column.Strided strided
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

    /** Any column, row by row. */
    private Selection rows(Column key, Batch batch) {
        int rows = batch.rows();
        Layout layout = key.layout();
        int[] places = RowArrays.places(key, batch.shape(), rows, null);
        Values values = RowArrays.values(key);
        long[] words = new long[rows + 63 >>> 6];
        int count = 0;
        boolean all = batch.selection() instanceof Selection.All;
        boolean constant = key instanceof Column.Strided && layout.isConstant(batch.shape());
        boolean wins = constant && wins(key, values, places[0]);
        for (int row = 0; row < rows; row++) {
            if ((all || batch.selection().contains(row)) && (constant ? wins : wins(key, values, places[row]))) {
                words[row >>> 6] |= 1L << row;
                count++;
            }
        }
        return new Selection.Bitmap(words, count);
    }

    private boolean wins(Column key, Values values, int place) {
        if (RowArrays.isNull(key, place)) {
            return isNull ? ties : nullsFirst;
        }
        if (isNull) {
            return !nullsFirst;
        }
        long order = word(values, place);
        return order < word || ties && order == word;
    }
}
