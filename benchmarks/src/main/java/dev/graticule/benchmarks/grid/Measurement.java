package dev.graticule.benchmarks.grid;

import java.util.Locale;

/**
 * What a question cost on a layout.
 *
 * @param loop empty where there is no loop
 * @param ratio of the engine to the loop, round by round
 * @param cpuRatio the same of the seconds of all cores: it tells more where the machine has other work, or a core has none
 * @param duckDb empty where DuckDB was not asked together with this layout
 */
record Measurement(Question question, Layout layout, Timing engine, Timing loop, Timing ratio, Timing cpuRatio,
        Timing duckDb) {

    /** How many times the engine's time DuckDB needs. */
    double duckDbRatio() {
        return duckDb.median() / engine.median();
    }

    /** Whether the target against the loop is missed. */
    boolean missesFloor() {
        return question.targets().floor() && ratio.median() > question.targets().factor(layout);
    }

    /** Whether the target against DuckDB is missed. */
    boolean missesDuckDb() {
        return question.targets().duckDb() > 0 && duckDbRatio() < question.targets().duckDb();
    }

    /** A line of the table of all measurements. */
    String line() {
        return String.format(Locale.ROOT, "| %s | %s | %.4f | %s | %s | %s | %s | %s | %s |", question.number(),
                layout.word(), engine.median(), engine.spread(), number("%.4f", loop), number("%.2f", ratio),
                ratio.spread(), number("%.2f", cpuRatio), number("%.3f", duckDb));
    }

    private static String number(String format, Timing timing) {
        return timing.isEmpty() ? "" : String.format(Locale.ROOT, format, timing.median());
    }
}
