package dev.graticule.exec.scan;

import dev.graticule.batch.Column;
import dev.graticule.batch.Memory;
import dev.graticule.batch.Values;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Guesses the grid of rows by their dictionary columns, as those of coordinates are: each dictionary is an axis, and its indices run through
 * it at a pace of their own. Axes of columns that are not looked at are found by that pace.
 */
final class DictionaryGrid {
    /**
     * How the indices of a column go on.
     *
     * @param column its number
     * @param first the index of the first row
     * @param left how many rows have that index from there
     * @param run how many rows have the next one; 0 where the rows end before that is known
     * @param values how many values the dictionary has
     */
    private record Pace(int column, int first, int left, int run, int values) {
    }

    private DictionaryGrid() {
    }

    /** The grid by the rows {@code [from, from + count)} of the columns in {@code folded}; nothing where none of them has a dictionary. */
    static Optional<RowBoxes.Guess> guess(List<Column> columns, BitSet folded, int from, int count) {
        List<Pace> paces = new ArrayList<>();
        folded.stream().forEach(i -> {
            if (columns.get(i) instanceof Column.Dictionary dictionary) {
                pace(dictionary, i, from, count).ifPresent(paces::add);
            }
        });
        if (paces.isEmpty()) {
            return Optional.empty();
        }
        paces.sort(Comparator.comparingInt((Pace pace) -> pace.left == count ? 2 : pace.run == 0 ? 1 : 0)
                .thenComparingInt(Pace::run).thenComparingInt(Pace::left));
        return Optional.of(guess(paces, columns.size(), count));
    }

    private static Optional<Pace> pace(Column.Dictionary column, int number, int from, int count) {
        Values indices = column.indices();
        int first = column.layout().offset() + from;
        if (column.layout().stride(0) != 1 || indices.validity() != null
                && Memory.countBits(indices.validity(), first, count) < count) {
            return Optional.empty();
        }
        int left = sameAsFirst(indices.data(), first, count);
        int next = left == count ? 0 : sameAsFirst(indices.data(), first + left, count - left);
        return Optional.of(new Pace(number, indices.data().get(ValueLayout.JAVA_INT_UNALIGNED, first * 4L), left,
                left + next == count ? 0 : next, column.dictionary().count()));
    }

    private static int sameAsFirst(MemorySegment indices, int first, int count) {
        long at = first * 4L;
        long differs = MemorySegment.mismatch(indices, at, at + (count - 1) * 4L, indices, at + 4, at + count * 4L);
        return differs < 0 ? count : (int) (differs / 4) + 1;
    }

    /** @param paces the fastest first */
    private static RowBoxes.Guess guess(List<Pace> paces, int columns, int count) {
        List<Integer> lengths = new ArrayList<>();
        // For each column its axis, counted from the fastest; -1 where it is the same in all rows, -2 where it does not fit.
        int[] axisOf = new int[columns];
        Arrays.fill(axisOf, -2);
        long cells = 1;
        long position = 0;
        for (Pace pace : paces) {
            if (pace.left == count) {
                axisOf[pace.column] = -1;
                continue;
            }
            // Of a run whose end is not seen no more is known than that it is long enough.
            long run = pace.run > 0 ? pace.run
                    : (Integer.max(pace.left, count - pace.left) + cells - 1) / cells * cells;
            long place = pace.first * run + run - pace.left;
            if (pace.left > run || run % cells != 0 || place % cells != position || run > Integer.MAX_VALUE) {
                continue;
            }
            if (run > cells) {
                lengths.add((int) (run / cells));
            }
            axisOf[pace.column] = lengths.size();
            lengths.add(pace.values);
            cells = run * pace.values;
            position = place;
        }
        // And the axis of what goes on so slowly that it does not change, or was not looked at.
        if (position + count > cells) {
            lengths.add((int) ((position + count - 1) / cells + 1));
        }
        int axes = lengths.size();
        boolean[][] varies = new boolean[columns][];
        for (int column = 0; column < columns; column++) {
            if (axisOf[column] > -2) {
                varies[column] = new boolean[axes];
                if (axisOf[column] >= 0) {
                    varies[column][axes - 1 - axisOf[column]] = true;
                }
            }
        }
        return new RowBoxes.Guess(lengths.reversed().stream().mapToInt(Integer::intValue).toArray(), varies, position);
    }
}
