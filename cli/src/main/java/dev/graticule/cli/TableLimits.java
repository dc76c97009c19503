package dev.graticule.cli;

/**
 * How much of a table is shown.
 *
 * @param columns the width in characters
 * @param rows how many rows at most; the middle ones are left out
 */
record TableLimits(int columns, int rows) {
    /** Everything: for pipes and files. */
    static final TableLimits NONE = new TableLimits(Integer.MAX_VALUE, Integer.MAX_VALUE);
    private static final int ROWS_ON_A_TERMINAL = 40;
    private static final int DEFAULT_WIDTH = 80;

    /** What fits a terminal of that width. */
    static TableLimits ofWidth(int columns) {
        return new TableLimits(columns, ROWS_ON_A_TERMINAL);
    }

    /** What fits a terminal. */
    static TableLimits of(StandardStreams streams) {
        return streams.outputIsTerminal() ? ofWidth(streams.columns().orElse(DEFAULT_WIDTH))
                : NONE;
    }
}
