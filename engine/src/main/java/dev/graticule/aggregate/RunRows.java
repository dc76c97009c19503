package dev.graticule.aggregate;

import dev.graticule.batch.Batch;
import dev.graticule.batch.Column;
import dev.graticule.batch.NullForm;
import dev.graticule.batch.RowArrays;
import dev.graticule.batch.Selection;
import dev.graticule.kernel.ExactSum;
import dev.graticule.kernel.Extremes;
import dev.graticule.kernel.FloatingReduction;
import dev.graticule.kernel.FloatingSum;
import dev.graticule.kernel.IntegerExtremes;
import dev.graticule.kernel.IntegerReduction;
import dev.graticule.kernel.Masks;
import dev.graticule.kernel.Moments;
import java.lang.foreign.MemorySegment;

/** The rows of a batch's runs that count for an aggregate: those selected, and not NULL by a bitmap. NaN as NULL is the loops' own matter. */
final class RunRows {
    private final long[] words;
    private final MemorySegment data;
    private final boolean nanIsNull;

    private RunRows(long[] words, MemorySegment data, boolean nanIsNull) {
        this.words = words;
        this.data = data;
        this.nanIsNull = nanIsNull;
    }

    /** The rows of an argument. */
    static RunRows of(Batch batch, Column.Strided argument) {
        long[] words = argument.nulls() == NullForm.BITMAP
                ? RowArrays.live(argument, batch.shape(), batch.rows(), batch.selection(), null)
                : selected(batch.selection());
        return new RunRows(words, argument.values().data(), argument.nulls() == NullForm.NAN);
    }

    /** The rows of {@code count(*)}. */
    static RunRows of(Batch batch) {
        return new RunRows(selected(batch.selection()), MemorySegment.NULL, false);
    }

    private static long[] selected(Selection selection) {
        return switch (selection) {
            case Selection.All all -> null;
            case Selection.Bitmap bitmap -> bitmap.words();
        };
    }

    /** The bits of the rows that count, from bit {@code row}; {@code null} where all do. */
    long[] words() {
        return words;
    }

    /** The argument's values. */
    MemorySegment data() {
        return data;
    }

    /** Whether NaN is NULL; otherwise it is a value. */
    boolean nanIsNull() {
        return nanIsNull;
    }

    boolean counts(int row) {
        return words == null || (words[row >>> 6] >>> row & 1) != 0;
    }

    /** How many of the rows {@code [row, row + count)} count. */
    int count(int row, int count) {
        if (words == null) {
            return count;
        }
        int counted = 0;
        for (int i = 0; i < count; i += 64) {
            counted += Long.bitCount(Masks.word(words, row + i, count - i));
        }
        return counted;
    }

    /** The first row of {@code [row, row + count)} that counts, or -1. */
    int next(int row, int count) {
        int next = row;
        while (next < row + count && !counts(next)) {
            next++;
        }
        return next < row + count ? next : -1;
    }

    /** Sums the numbers of a dense run of rows that count into {@code into}, which is cleared first. */
    void sum(FloatingReduction loops, int row, int place, int count, FloatingSum into) {
        into.clear();
        if (words == null) {
            loops.sum(data, place, count, into);
        } else {
            loops.sum(data, place, count, words, row, into);
        }
    }

    /** The same for whole numbers. */
    void sum(IntegerReduction loops, int row, int place, int count, ExactSum into) {
        into.clear();
        if (words == null) {
            loops.sum(data, place, count, into);
        } else {
            loops.sum(data, place, count, words, row, into);
        }
    }

    /** The extremes of the numbers of a dense run of rows that count. */
    void extremes(FloatingReduction loops, int row, int place, int count, Extremes into) {
        into.clear();
        if (words == null) {
            loops.extremes(data, place, count, into);
        } else {
            loops.extremes(data, place, count, words, row, into);
        }
    }

    /** The same for whole numbers. */
    void extremes(IntegerReduction loops, int row, int place, int count, IntegerExtremes into) {
        into.clear();
        if (words == null) {
            loops.extremes(data, place, count, into);
        } else {
            loops.extremes(data, place, count, words, row, into);
        }
    }

    /** The moments of the numbers of a dense run of rows that count. */
    void moments(FloatingReduction loops, int row, int place, int count, Moments into) {
        into.clear();
        if (words == null) {
            loops.moments(data, place, count, into);
        } else {
            loops.moments(data, place, count, words, row, into);
        }
    }
}
