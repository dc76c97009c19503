package dev.graticule.benchmarks.grid;

import dev.graticule.Query;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.arrow.vector.ipc.ArrowReader;

/**
 * Measures what is not a matter of seconds: the peak of memory of each question, in a process of its own; planning over huge stores;
 * how long it takes to the first row; what a box and a count read. Writes a page as {@link CompareGrid} does.
 *
 * <p>System properties: see {@link GridOptions}.
 */
public final class MeasureLimits {
    private static final String COMMAND = "mvn -q -pl benchmarks -am -Dmaven.test.skip=true compile exec:exec"
            + " -Dbenchmark=grid.MeasureLimits";
    private static final List<Layout> MEMORY_LAYOUTS = List.of(Layout.RAW, Layout.BLOCKS, Layout.MIXED);
    private static final int FIRST_ROW_ROUNDS = 40;
    private static final int FIRST_ROW_WARM_UP = 20;
    private static final double MEGABYTE = 1e6;
    private static final double RESIDENT_TARGET = 600;

    private final GridOptions options;
    private final StringBuilder text = new StringBuilder("# What questions of a grid hold, plan and read\n\n"
            + "Written by MeasureLimits; ../README.md says what is measured and how.\n\n");

    private MeasureLimits(GridOptions options) {
        this.options = options;
    }

    public static void main(String[] arguments) throws Exception {
        GridOptions options = GridOptions.given();
        MeasureLimits limits = new MeasureLimits(options);
        try (Contest contest = new Contest(options.folder(), options.shape(), options.threads())) {
            limits.text.append(Machine.describe(COMMAND, options, ""));
            limits.firstRow(contest);
            limits.bytesRead(contest);
        }
        limits.planning();
        limits.memory();
        System.out.print(limits.text);
        Files.writeString(Files.createDirectories(options.resultFolder()).resolve("limits.md"), limits.text);
    }

    private void line(String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values)).append('\n');
    }

    private void firstRow(Contest contest) throws Exception {
        line("%n## The first row%n%nMilliseconds from the text `SELECT * FROM grid LIMIT 10` to its first batch, engine warm, median of %d"
                + " (target: 50).%n%n| layout | ms | spread |%n| --- | --: | --: |", FIRST_ROW_ROUNDS);
        for (Layout layout : options.layouts()) {
            contest.choose(layout);
            Timing milliseconds = new Timing();
            for (int round = -FIRST_ROW_WARM_UP; round < FIRST_ROW_ROUNDS; round++) {
                long start = System.nanoTime();
                try (Query query = contest.engine().query("SELECT * FROM grid LIMIT 10");
                        ArrowReader reader = query.run()) {
                    if (!reader.loadNextBatch()) {
                        throw new IllegalStateException("LIMIT 10 has no row");
                    }
                    if (round >= 0) {
                        milliseconds.add((System.nanoTime() - start) / 1e6);
                    }
                }
            }
            line("| %s | %.2f | %s |", layout.word(), milliseconds.median(), milliseconds.spread());
        }
    }

    private void bytesRead(Contest contest) throws Exception {
        line("%n## What is read%n%nThe last line of EXPLAIN ANALYZE.%n%n| question | layout | read |%n| --- | --- | --- |");
        for (Question question : Question.numbered(List.of("7", "11"))) {
            for (Layout layout : options.layouts()) {
                if (question.isFor(layout)) {
                    contest.choose(layout);
                    line("| (%s) %s | %s | %s |", question.number(), question.name(), layout.word(),
                            total(contest, question));
                }
            }
        }
    }

    private static String total(Contest contest, Question question) throws IOException {
        List<String> lines = new ArrayList<>();
        try (Query query = contest.engine().query("EXPLAIN ANALYZE " + question.sql());
                ArrowReader reader = query.run()) {
            while (reader.loadNextBatch()) {
                for (int row = 0; row < reader.getVectorSchemaRoot().getRowCount(); row++) {
                    lines.add(reader.getVectorSchemaRoot().getVector(0).getObject(row).toString());
                }
            }
        }
        return lines.getLast().replaceFirst("^.*; ", "");
    }

    private void planning() throws Exception {
        line("%n## Planning%n%nSeconds in a process of its own: to open a store of which there is only metadata, for EXPLAIN of a mean by latitude of"
                + " one month for the first time (nothing is compiled yet; target: 1), and for the tenth time.%n%n"
                + "| store | open, s | first EXPLAIN, s | tenth, s | resident, MB |%n| --- | --: | --: | --: | --: |");
        Path folder = Files.createTempDirectory("huge");
        try {
            plan(folder.resolve("thousand.zarr"), "1,000 chunks", 1, HugeStores.TIMES / 1000, 721, 1440);
            plan(folder.resolve("many.zarr"), "1,314,000 time steps, 300 variables", 300, 1, 721, 1440);
            plan(folder.resolve("fine.zarr"), "59,130,000 chunks", 1, 1, 145, 160);
        } finally {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    private void plan(Path store, String name, int variables, int... chunk) throws Exception {
        HugeStores.write(store, variables, chunk);
        String variable = HugeStores.variable(variables - 1);
        AskAlone.Cost cost = AskAlone.measure(store, "EXPLAIN SELECT latitude, avg(" + variable + ") FROM grid"
                + " WHERE time >= '2000-01-01' AND time < '2000-02-01' GROUP BY latitude", 10);
        line("| %s | %.3f | %.3f | %.4f | %.0f |", name, cost.openSeconds(), cost.firstSeconds(), cost.lastSeconds(),
                cost.residentBytes() / MEGABYTE);
    }

    private void memory() throws Exception {
        line("%n## Memory%n%nThe most that a process held that asked one question three times (resident; target: %.0f MB), and of this the"
                + " engine's buffers, sampled each millisecond, also as a multiple of a chunk.%n%n"
                + "| question | layout | resident, MB | buffers, MB | chunks |%n| --- | --- | --: | --: | --: |",
                RESIDENT_TARGET);
        for (Question question : Question.numbered(options.questions())) {
            for (Layout layout : MEMORY_LAYOUTS) {
                if (question.isFor(layout) && options.layouts().contains(layout)) {
                    AskAlone.Cost cost = AskAlone.measure(layout.store(options.folder()), question.sql(), 3);
                    double resident = cost.residentBytes() / MEGABYTE;
                    String mark = resident > RESIDENT_TARGET ? "**" : "";
                    line("| (%s) %s | %s | %s%.0f%s | %.1f | %.1f |", question.number(), question.name(), layout.word(),
                            mark, resident, mark, cost.buffersBytes() / MEGABYTE,
                            cost.buffersBytes() / 4.0 / layout.chunks("t2m", options.shape()).cells());
                }
            }
        }
    }
}
