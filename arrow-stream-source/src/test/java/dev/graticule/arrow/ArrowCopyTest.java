package dev.graticule.arrow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graticule.Engine;
import dev.graticule.ErrorKind;
import dev.graticule.GraticuleException;
import dev.graticule.GridTable;
import dev.graticule.Query;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Schema;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** COPY to Arrow files and streams; and what COPY promises in any format. */
final class ArrowCopyTest {
    private final Engine engine = Engine.create();
    @TempDir
    private Path folder;

    @AfterEach
    void close() {
        assertEquals(0, engine.allocatedBytes());
        engine.close();
    }

    private long copy(String sql) throws IOException {
        try (Query query = engine.query(sql); ArrowReader reader = query.run()) {
            Schema schema = reader.getVectorSchemaRoot().getSchema();
            assertEquals(List.of("Count"), schema.getFields().stream().map(field -> field.getName()).toList());
            assertTrue(reader.loadNextBatch());
            assertEquals(1, reader.getVectorSchemaRoot().getRowCount());
            return ((BigIntVector) reader.getVectorSchemaRoot().getVector(0)).get(0);
        }
    }

    private GraticuleException failure(String sql) {
        return assertThrows(GraticuleException.class, () -> copy(sql), sql);
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private List<List<String>> read(String file) {
        return Rows.all(ArrowIpc.open(folder.resolve(file)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"x.arrow", "x.arrows", "x.feather"})
    void what_is_copied_is_read_back(String file) throws IOException {
        assertEquals(3, copy("COPY (SELECT range AS n, range::VARCHAR || '!' AS t FROM range(3)) TO '"
                + folder.resolve(file) + "'"));
        assertEquals(List.of(List.of("0", "\"0!\""), List.of("1", "\"1!\""), List.of("2", "\"2!\"")).toString()
                .replace("\"", ""), read(file).toString().replace("\"", ""));
        assertEquals(List.of(file), names());
    }

    @ParameterizedTest
    @ValueSource(strings = {"COMPRESSION zstd", "COMPRESSION 'ZSTD'", "COMPRESSION none", "FORMAT arrows",
            "FORMAT 'Arrow', COMPRESSION => zstd"})
    void options_choose_format_and_compression(String options) throws IOException {
        Path file = folder.resolve("x.arrow");
        assertEquals(100_000, copy("COPY (SELECT range AS n FROM range(100000)) TO '" + file + "' (" + options + ")"));
        String begin = new String(Files.readAllBytes(file), 0, 6);
        assertEquals(!options.contains("arrows"), begin.equals("ARROW1"));
        assertEquals(options.contains("COMPRESSION") && !options.contains("none"), Files.size(file) < 800_000);
        List<List<String>> rows = read("x.arrow");
        assertEquals(100_000, rows.size());
        assertEquals(List.of("99999"), rows.getLast());
    }

    @Test
    void a_table_or_some_of_its_columns_is_copied_with_its_attributes() throws IOException {
        engine.register("t", GridTable.named("t").axis("lat", new double[]{1, 2})
                .variable("v", List.of("lat"), new float[]{3, 4}).attributes("v", Map.of("units", "K")).build());
        assertEquals(2, copy("COPY t TO '" + folder.resolve("t.arrow") + "'"));
        assertEquals("K", ArrowIpc.schema(folder.resolve("t.arrow")).findField("v").getMetadata().get("units"));
        assertEquals(2, copy("COPY t (v) TO '" + folder.resolve("v.arrow") + "'"));
        assertEquals(1, ArrowIpc.schema(folder.resolve("v.arrow")).getFields().size());
    }

    @Test
    void no_rows_are_a_file_with_a_schema() throws IOException {
        assertEquals(0, copy("COPY (SELECT 1 AS a LIMIT 0) TO '" + folder.resolve("x.arrow") + "'"));
        assertEquals(List.of(), read("x.arrow"));
    }

    @Test
    void a_file_is_replaced_when_the_new_one_is_complete_and_kept_when_it_fails() throws IOException {
        Path file = Files.writeString(folder.resolve("x.arrow"), "old");
        String failing = "SELECT CASE WHEN range < 99999 THEN range ELSE CAST('x' || range AS BIGINT) END AS n"
                + " FROM range(100000)";
        assertEquals(ErrorKind.DATA, failure("COPY (" + failing + ") TO '" + file + "'").kind());
        assertEquals("old", Files.readString(file));
        assertEquals(List.of("x.arrow"), names());
        copy("COPY (SELECT 1 AS a) TO '" + file + "'");
        assertEquals(List.of(List.of("1")), read("x.arrow"));
        assertEquals(List.of("x.arrow"), names());
    }

    @Test
    void a_cancelled_copy_leaves_nothing() throws Exception {
        AtomicBoolean ended = new AtomicBoolean();
        try (Query query = engine.query("COPY (SELECT range AS n FROM range(2000000000)) TO '"
                + folder.resolve("x.arrow") + "'")) {
            Thread canceller = Thread.ofPlatform().start(() -> {
                while (!hasFile() && !ended.get()) {
                    Thread.onSpinWait();
                }
                query.cancel();
            });
            GraticuleException error = assertThrows(GraticuleException.class, query::run);
            ended.set(true);
            canceller.join();
            assertEquals(ErrorKind.CANCELLED, error.kind());
        }
        assertEquals(List.of(), names());
    }

    private boolean hasFile() {
        try {
            return !names().isEmpty();
        } catch (IOException gone) {
            return false;
        }
    }

    @Test
    void an_unknown_format_lists_the_known_ones() {
        assertEquals("'x.foo' does not say in which format to write: add (FORMAT ...), one of arrow, arrows.",
                failure("COPY (SELECT 1) TO 'x.foo'").getMessage());
        GraticuleException error = failure("COPY (SELECT 1) TO 'x.foo' (FORMAT xlsx)");
        assertEquals("No format named xlsx can be written. Known formats: arrow, arrows.", error.getMessage());
        assertEquals("No format named arow can be written. Did you mean arrow?",
                failure("COPY (SELECT 1) TO 'x.foo' (FORMAT arow)").getMessage());
        assertEquals("COPY as arrow has no option HEADER. It has COMPRESSION.",
                failure("COPY (SELECT 1) TO 'x.arrow' (HEADER)").getMessage());
        assertTrue(error.position().isPresent());
    }

    @Test
    void a_place_that_cannot_be_written_is_named() throws IOException {
        Path inside = folder.resolve("no").resolve("x.arrow");
        assertEquals("Cannot write '" + inside + "': there is no folder " + folder.resolve("no") + ".",
                failure("COPY (SELECT 1) TO '" + inside + "'").getMessage());
        Path taken = Files.createDirectory(folder.resolve("x.arrow"));
        assertEquals("'" + taken + "' is a folder that COPY as arrow would not replace. Delete it, or write elsewhere.",
                failure("COPY (SELECT 1) TO '" + taken + "'").getMessage());
        assertEquals(ErrorKind.UNSUPPORTED, failure("COPY (SELECT 1) TO 's3://bucket/x.arrow'").kind());
    }

    @Test
    void explain_shows_the_plan_and_writes_nothing() throws IOException {
        try (Query query = engine.query("EXPLAIN COPY (SELECT 1 AS a) TO '" + folder.resolve("x.arrow") + "'");
                ArrowReader reader = query.run()) {
            assertTrue(reader.loadNextBatch());
        }
        assertEquals(List.of(), names());
    }

    @Test
    void a_prepared_copy_takes_parameters() throws IOException {
        try (Query query = engine.query("COPY (SELECT range AS n FROM range(10) WHERE range < $most) TO '"
                + folder.resolve("x.arrow") + "'")) {
            query.bind("most", 4).run().close();
        }
        assertEquals(4, read("x.arrow").size());
    }

    @Test
    void any_query_is_copied_through_the_library() throws IOException {
        List<Long> counts = new ArrayList<>();
        for (String sql : List.of("SELECT range FROM range(7)", "SHOW FUNCTIONS", "EXPLAIN SELECT 1")) {
            try (Query query = engine.query(sql)) {
                counts.add(query.copyTo(folder.resolve("x.any").toString(), Map.of("format", "arrows")));
            }
        }
        assertEquals(7, counts.getFirst());
        assertEquals(counts.getLast().intValue(), read("x.any").size());
        try (Query query = engine.query("SET threads = 1")) {
            assertEquals(ErrorKind.BINDING, assertThrows(GraticuleException.class,
                    () -> query.copyTo(folder.resolve("x.arrow").toString(), Map.of())).kind());
        }
    }

    @Test
    void no_memory_stays_behind_where_it_is_too_little() throws IOException {
        try (Query query = engine.query("COPY (SELECT range AS n FROM range(1000000) ORDER BY -range) TO '"
                + folder.resolve("x.arrow") + "'").memoryLimit(1 << 20)) {
            assertEquals(ErrorKind.RESOURCE, assertThrows(GraticuleException.class, query::run).kind());
        }
        assertEquals(List.of(), names());
    }
}
