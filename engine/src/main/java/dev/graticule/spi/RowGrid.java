package dev.graticule.spi;

import java.util.List;

/**
 * A grid whose cells the rows of a table are said to be, each row a cell, in C order of the axes. It is a claim of the metadata: rows may
 * have been filtered, sorted or cut since, so the engine looks at every batch before it makes use of it, and an answer never depends on it.
 *
 * @param axes the axes' names, the slowest first
 * @param lengths how many indices each axis has, at least 1; their product fits a long
 * @param columns for each column of the table the axes along which it varies, ascending: those of a coordinate; all of them where nothing
 *            is said of a column
 */
public record RowGrid(List<String> axes, List<Integer> lengths, List<List<Integer>> columns) {
    /** @throws IllegalArgumentException where there is no axis, or not a length for each
     *  @throws ArithmeticException where there are too many cells */
    public RowGrid {
        axes = List.copyOf(axes);
        lengths = List.copyOf(lengths);
        columns = columns.stream().map(List::copyOf).toList();
        if (axes.isEmpty() || axes.size() != lengths.size() || lengths.stream().anyMatch(length -> length < 1)) {
            throw new IllegalArgumentException("No grid of rows: " + axes + " of " + lengths);
        }
        cells(lengths);
    }

    /** How many cells the grid has. */
    public long cells() {
        return cells(lengths);
    }

    private static long cells(List<Integer> lengths) {
        return lengths.stream().mapToLong(Integer::longValue).reduce(1, Math::multiplyExact);
    }

    /** Whether a column is the coordinate of one axis: it bears its name and varies along it alone. */
    public boolean isAxis(int column, String name) {
        return columns.get(column).size() == 1 && axes.get(columns.get(column).getFirst()).equals(name);
    }

    /** The axes with their lengths: {@code time 240 x latitude 721}. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (int axis = 0; axis < axes.size(); axis++) {
            text.append(axis > 0 ? " x " : "").append(axes.get(axis)).append(' ').append(lengths.get(axis));
        }
        return text.toString();
    }
}
