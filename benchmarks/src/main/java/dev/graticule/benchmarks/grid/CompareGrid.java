package dev.graticule.benchmarks.grid;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Asks each question of each layout, the engine, the hand-written loop and DuckDB in turn, several rounds in one process, checks that the
 * answers agree, and writes tables and a chart.
 *
 * <p>DuckDB has the Parquet copy, whatever the layout: it is asked together with the first one. A question is asked again until it has had
 * its seconds, at least {@value #LEAST_ROUNDS} times; of DuckDB, once is enough where it takes longer.
 *
 * <p>System properties: see {@link GridOptions}. Results of a full run are written into {@code benchmarks/results}, of another beside the
 * stores.
 */
public final class CompareGrid {
    private static final String COMMAND = "mvn -q -pl benchmarks -am -Dmaven.test.skip=true compile exec:exec"
            + " -Dbenchmark=grid.CompareGrid";
    private static final int WARM_UP_ROUNDS = 5;
    private static final int LEAST_ROUNDS = 3;
    private static final double SECONDS = 5;

    private final GridOptions options;
    private final Contest contest;
    private final List<Measurement> measurements = new ArrayList<>();

    private CompareGrid(GridOptions options, Contest contest) {
        this.options = options;
        this.contest = contest;
    }

    public static void main(String[] arguments) throws Exception {
        GridOptions options = GridOptions.given();
        if (!Files.exists(ParquetCopy.file(options.folder()))) {
            System.err.println("There is nothing in " + options.folder() + ". Make it first with GenerateGrid.");
            System.exit(2);
        }
        long start = System.nanoTime();
        try (Contest contest = new Contest(options.folder(), options.shape(), options.threads())) {
            CompareGrid comparison = new CompareGrid(options, contest);
            String machine = Machine.describe(COMMAND, options, ", DuckDB " + contest.duckDbVersion());
            comparison.run();
            comparison.write(machine, (System.nanoTime() - start) / 1e9);
        }
    }

    private void run() throws Exception {
        boolean first = true;
        for (Layout layout : options.layouts()) {
            contest.choose(layout);
            for (Question question : Question.numbered(options.questions())) {
                if (question.isFor(layout)) {
                    Measurement measurement = measure(question, layout, first && question.hasDuckDb());
                    measurements.add(measurement);
                    System.out.println(measurement.line());
                }
            }
            first = false;
        }
    }

    private Measurement measure(Question question, Layout layout, boolean askDuckDb) throws Exception {
        Floor floor = contest.floor(layout);
        Timing engine = new Timing();
        Timing loop = new Timing();
        Timing ratio = new Timing();
        Timing cpuRatio = new Timing();
        Timing duckDb = new Timing();
        String who = "the engine's " + question.number() + " of " + layout.word();
        for (int round = -WARM_UP_ROUNDS; round < LEAST_ROUNDS
                || round < options.rounds() && engine.total() + loop.total() < SECONDS; round++) {
            Timing.Timed ours = Timing.Timed.of(() -> contest.askEngine(question));
            if (round >= 0) {
                engine.add(ours.seconds());
            }
            if (question.hasLoop()) {
                Timing.Timed best = Timing.Timed.of(() -> question.loop().apply(floor));
                Answer.check(who + ", beside the loop", ours.answer(), best.answer());
                if (round >= 0) {
                    loop.add(best.seconds());
                    ratio.add(ours.seconds() / best.seconds());
                    cpuRatio.add(ours.cpuSeconds() / best.cpuSeconds());
                }
            }
            if (askDuckDb && round >= -1 && duckDb.total() < SECONDS) {
                Timing.Timed theirs = Timing.Timed.of(() -> contest.askDuckDb(question));
                Answer.check(who + ", beside DuckDB", ours.answer(), theirs.answer());
                if (round >= 0 || theirs.seconds() > SECONDS) {
                    duckDb.add(theirs.seconds());
                }
            }
        }
        return new Measurement(question, layout, engine, loop, ratio, cpuRatio, duckDb);
    }

    private void write(String machine, double seconds) throws IOException {
        Path folder = Files.createDirectories(options.resultFolder());
        ResultTables tables = new ResultTables(measurements);
        Files.writeString(folder.resolve("grid.md"), tables.text(machine, seconds));
        Files.writeString(folder.resolve("grid.svg"), tables.chart());
        System.out.printf(Locale.ROOT, "%.0f s; written into %s%n", seconds, folder);
    }
}
