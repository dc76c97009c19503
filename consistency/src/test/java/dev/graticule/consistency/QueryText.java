package dev.graticule.consistency;

import java.util.List;
import java.util.regex.Pattern;

/**
 * A query in the engine's spelling and in DuckDB's.
 *
 * @param engine with the marks of {@link Sql}
 * @param columns what it gives
 * @param ordered whether ORDER BY puts all rows that differ in order
 * @param storageOrdered whether its rows come in the table's storage order
 * @param axisOrdered whether its rows are groups of axes of a grid, in the order of the axes
 */
record QueryText(String engine, String duck, List<Sql> columns, boolean ordered, boolean storageOrdered,
        boolean axisOrdered) {
    QueryText inAxisOrder() {
        return new QueryText(engine, duck, columns, ordered, storageOrdered, true);
    }

    /** The text for a table that is a grid. */
    String overGrid() {
        return Sql.overGrid(engine);
    }

    /** The text for a table of rows. */
    String overRows() {
        return Sql.overRows(engine);
    }

    /** Whether how far a LIMIT lets a query read is free, so that it may or may not meet an error of its data. */
    boolean readsAsItLikes() {
        return engine.contains("LIMIT");
    }

    /**
     * Whether the engine may rightly give rows where DuckDB gives an error. Rows that a condition or a FILTER takes out, rows behind a
     * LIMIT, columns of a subquery that nobody asks for, and groups under a HAVING that no whole number fulfils (= 0.5) need no value, and
     * DuckDB computes them all the same. It never is the other way round.
     */
    boolean maySpareAnError(Answer duckDb, Answer answer) {
        return duckDb.error() != null && answer.error() == null
                && SPARING.matcher(BETWEEN.matcher(engine).replaceAll("")).find();
    }

    private static final Pattern BETWEEN = Pattern.compile("BETWEEN .*? AND ");
    private static final Pattern SPARING = Pattern
            .compile("LIMIT|FROM \\(|WITH | AND | OR |FILTER |HAVING .*\\d\\.\\d");

    @Override
    public String toString() {
        return "\n  " + overGrid() + (overGrid().equals(overRows()) ? "" : "\n  over rows: " + overRows())
                + (overGrid().equals(duck) ? "" : "\n  DuckDB: " + duck);
    }
}
