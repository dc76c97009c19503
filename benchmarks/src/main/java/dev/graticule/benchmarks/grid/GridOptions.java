package dev.graticule.benchmarks.grid;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * What the programs of this package are told by system properties.
 *
 * @param hours how long the grid is ({@code -Dhours=8} for a try)
 * @param layouts those that are written or asked
 * @param questions the numbers of those that are asked; all where there is none
 * @param rounds the most that a question is asked again of a layout
 * @param threads of the engine, DuckDB and the loops
 */
record GridOptions(int hours, List<Layout> layouts, List<String> questions, int rounds, int threads) {
    private static final Path GENERATED = Path.of("benchmarks", "generated");

    /** Relative to the folder that the JVM starts in, the project's root. */
    static GridOptions given() {
        String questions = System.getProperty("questions", "all");
        return new GridOptions(Integer.getInteger("hours", 240), Layout.named(System.getProperty("layouts", "all")),
                questions.equals("all") ? List.of() : Arrays.asList(questions.split(",")),
                Integer.getInteger("rounds", 5),
                Integer.getInteger("threads", Runtime.getRuntime().availableProcessors()));
    }

    GridShape shape() {
        return GridShape.era5(hours);
    }

    /** Where the stores are: a grid of another length lies beside. */
    Path folder() {
        return GENERATED.resolve("grid-" + hours);
    }

    /** Where results are written: those of a run that leaves something away beside the stores. */
    Path resultFolder() {
        boolean whole = hours == 240 && questions.isEmpty() && layouts.size() == Layout.values().length;
        return whole ? Path.of("benchmarks", "results") : folder();
    }
}
