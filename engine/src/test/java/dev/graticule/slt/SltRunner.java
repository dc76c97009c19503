package dev.graticule.slt;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.graticule.Engine;
import dev.graticule.GraticuleException;
import dev.graticule.Query;
import dev.graticule.batch.Values;
import dev.graticule.expression.ValueText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;

/**
 * Runs {@code .slt} files: each file on an engine of its own, each record a test.
 *
 * <p>With {@code -Dgraticule.slt.complete=true} it writes what came into the files instead of comparing: look at the difference before
 * you keep it. Empty strings are shown as {@code (empty)}, line breaks as {@code \n}.
 */
public final class SltRunner {
    private static final boolean COMPLETE = Boolean.getBoolean("graticule.slt.complete");
    private static final MathContext TEN_DIGITS = new MathContext(10);

    private final Supplier<Engine> engines;
    private final boolean comparesNotices;
    private final Map<String, String> replacements;

    /** @param engines gives a new engine with the tables that the files use; the runner closes it */
    public SltRunner(Supplier<Engine> engines) {
        this(engines, true);
    }

    /** @param comparesNotices whether notices count: some come from the optimizer's work alone */
    public SltRunner(Supplier<Engine> engines, boolean comparesNotices) {
        this(engines, comparesNotices, Map.of());
    }

    private SltRunner(Supplier<Engine> engines, boolean comparesNotices, Map<String, String> replacements) {
        this.engines = engines;
        this.comparesNotices = comparesNotices;
        this.replacements = replacements;
    }

    /** The same runner where that word of a file stands for another text, in queries and in what they give. */
    public SltRunner replacing(String word, String text) {
        Map<String, String> more = new LinkedHashMap<>(replacements);
        more.put(word, text);
        return new SltRunner(engines, comparesNotices, more);
    }

    private String given(String sql) {
        String text = sql;
        for (Map.Entry<String, String> replacement : replacements.entrySet()) {
            text = text.replace(replacement.getKey(), replacement.getValue());
        }
        return text;
    }

    private String shown(String text) {
        String shown = text;
        for (Map.Entry<String, String> replacement : replacements.entrySet()) {
            shown = shown.replace(replacement.getValue(), replacement.getKey());
        }
        return shown;
    }

    /** A test container for each {@code .slt} file below a folder. */
    public Stream<DynamicNode> tests(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".slt")).sorted().map(file -> test(folder, file))
                    .toList().stream();
        }
    }

    private DynamicNode test(Path folder, Path file) {
        String name = folder.relativize(file).toString();
        if (COMPLETE) {
            return DynamicTest.dynamicTest(name, () -> complete(file));
        }
        return DynamicContainer.dynamicContainer(name, file.toUri(),
                Stream.of(DynamicTest.dynamicTest(name, () -> run(file))));
    }

    /** Compares every record of a file. */
    public void run(Path file) throws IOException {
        try (Engine engine = engines.get()) {
            for (SltRecord record : SltFile.read(file)) {
                String place = file.getFileName() + ":" + record.line();
                switch (record) {
                    case SltRecord.Comment comment -> {
                        // Nothing to run.
                    }
                    case SltRecord.StatementOk ok -> rows(engine, ok.sql(), "", false, false);
                    case SltRecord.StatementError error ->
                        assertEquals(String.join("\n", error.expected()),
                                String.join("\n", failure(engine, error.sql())), place + "\n" + error.sql());
                    case SltRecord.Query query -> {
                        boolean notices = query.notices() && comparesNotices;
                        List<String> expected = query.expected().stream()
                                .filter(line -> notices || !line.startsWith("! ")).toList();
                        List<String> actual = rows(engine, query.sql(), query.types(), query.sorted(), notices);
                        assertEquals(String.join("\n", expected), String.join("\n", actual),
                                place + "\n" + query.sql());
                    }
                }
                assertEquals(0, engine.allocatedBytes(), place + " left memory");
            }
        }
    }

    /** Writes what each record gives into the file. */
    private void complete(Path file) throws IOException {
        List<SltRecord> completed = new ArrayList<>();
        try (Engine engine = engines.get()) {
            for (SltRecord record : SltFile.read(file)) {
                completed.add(switch (record) {
                    case SltRecord.Comment comment -> comment;
                    case SltRecord.StatementOk ok -> {
                        rows(engine, ok.sql(), "", false, false);
                        yield ok;
                    }
                    case SltRecord.StatementError error ->
                        new SltRecord.StatementError(error.line(), error.sql(), failure(engine, error.sql()));
                    case SltRecord.Query query ->
                        new SltRecord.Query(query.line(), query.types(), query.sorted(), query.notices(), query.sql(),
                                rows(engine, query.sql(), query.types(), query.sorted(), query.notices()));
                });
            }
        }
        SltFile.write(file, completed);
    }

    private List<String> failure(Engine engine, String sql) {
        try {
            rows(engine, sql, "", false, false);
        } catch (GraticuleException problem) {
            String place = problem.position().map(position -> "at " + position.line() + ":" + position.column())
                    .orElse("");
            return Stream.of(problem.kind() + ": " + shown(problem.getMessage()), place).filter(line -> !line.isEmpty())
                    .toList();
        }
        return List.of("no error");
    }

    private List<String> rows(Engine engine, String sql, String types, boolean sorted, boolean notices) {
        List<String> lines = new ArrayList<>();
        try (Query query = engine.query(given(sql)); ArrowReader reader = query.run()) {
            List<FieldVector> vectors = reader.getVectorSchemaRoot().getFieldVectors();
            if (!types.isEmpty() && types.length() != vectors.size()) {
                throw new AssertionError("The record has " + types.length() + " types, and the query has "
                        + vectors.size() + " columns");
            }
            while (reader.loadNextBatch()) {
                for (int row = 0; row < reader.getVectorSchemaRoot().getRowCount(); row++) {
                    List<String> cells = new ArrayList<>();
                    for (int column = 0; column < vectors.size(); column++) {
                        cells.add(shown(cell(Values.of(vectors.get(column)), row,
                                types.isEmpty() ? 'T' : types.charAt(column))));
                    }
                    lines.add(String.join("\t", cells));
                }
            }
            if (sorted) {
                lines.sort(null);
            }
            if (notices) {
                query.notices().forEach(notice -> lines.add("! " + shown(notice)));
            }
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
        return lines;
    }

    private static String cell(Values values, int row, char type) {
        Object value = values.object(row);
        if (value == null) {
            return "NULL";
        }
        String text = ValueText.format(value, values.type()).replace("\n", "\\n");
        if (type == 'R' && !(value instanceof Double real && !Double.isFinite(real))
                && !(value instanceof Float single && !Float.isFinite(single))) {
            BigDecimal rounded = new BigDecimal(text).round(TEN_DIGITS).stripTrailingZeros();
            return rounded.signum() == 0 ? "0" : rounded.scale() < 0 && rounded.precision() - rounded.scale() <= 16
                    ? rounded.toPlainString() : rounded.toString();
        }
        return text.isEmpty() ? "(empty)" : text;
    }
}
