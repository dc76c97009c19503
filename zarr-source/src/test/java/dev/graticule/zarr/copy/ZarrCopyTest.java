package dev.graticule.zarr.copy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.graticule.Engine;
import dev.graticule.ErrorKind;
import dev.graticule.GraticuleException;
import dev.graticule.GridTable;
import dev.graticule.LentBlock;
import dev.graticule.Query;
import dev.graticule.spi.AxisColumn;
import dev.graticule.spi.BoxSink;
import dev.graticule.spi.CopySource;
import dev.graticule.spi.GridVariable;
import dev.graticule.type.SqlType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.apache.arrow.memory.AllocationListener;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Schema;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What of COPY to a Zarr store SQL does not show: metadata, memory, and what is left behind. */
@Timeout(120)
class ZarrCopyTest {
    private static final JsonMapper JSON = new JsonMapper();

    private final Engine engine = Engine.create();
    @TempDir
    private Path folder;

    @AfterEach
    void close() {
        assertEquals(0, engine.allocatedBytes());
        engine.close();
    }

    private Path store() {
        return folder.resolve("x.zarr");
    }

    private void copy(String sql, String options) {
        Results.of(engine.query("COPY (" + sql + ") TO '" + store() + "' (" + options + ")"));
    }

    private JsonNode json(String file) throws IOException {
        return JSON.readTree(Files.readAllBytes(store().resolve(file)));
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    @Test
    void attributes_survive_and_what_told_of_the_old_encoding_does_not() throws IOException {
        engine.register("g", GridTable.named("g").axis("lat", new double[]{2, 1})
                .variable("v", List.of("lat"), new short[]{3, 4})
                .attributes("v", Map.of("units", "K", "scale_factor", "0.5", "valid_range", "[0,9]", "levels", "[1,2]",
                        "version", "1.0", "zarr.texts", "version", "zarr.chunks", "2", "coordinates", "lat gone",
                        "bounds", "v_bounds", "_FillValue", "7"))
                .attributes("lat", Map.of("units", "degrees_north", "positive", "true")).build());
        copy("SELECT * FROM g", "FORMAT zarr");
        assertEquals(JSON.readTree("{\"coordinates\":\"lat\",\"levels\":[1,2],\"units\":\"K\",\"version\":\"1.0\"}"),
                json("v/zarr.json").get("attributes"));
        assertEquals(JSON.readTree("{\"positive\":true,\"units\":\"degrees_north\"}"),
                json("lat/zarr.json").get("attributes"));
        assertEquals(json("v/zarr.json"), json("zarr.json").at("/consolidated_metadata/metadata/v"));
        assertEquals(List.of("lat"), List.of(json("v/zarr.json").at("/dimension_names/0").asText()));
    }

    @Test
    void texts_that_look_like_numbers_stay_texts_from_store_to_store() throws IOException {
        engine.register("g", GridTable.named("g").axis("x", new int[]{1}).variable("v", List.of("x"), new int[]{2})
                .attributes("v", Map.of("version", "1.0", "zarr.texts", "version", "level", "7")).build());
        copy("SELECT * FROM g", "CODEC none");
        Path second = folder.resolve("y.zarr");
        Results.of(engine.query("COPY (SELECT * FROM '" + store() + "') TO '" + second + "'"));
        assertEquals(JSON.readTree("{\"level\":7,\"version\":\"1.0\"}"),
                JSON.readTree(second.resolve("v").resolve("zarr.json").toFile()).get("attributes"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.0", "1.0 ", "-5", "1e5", "0123", "true", "null", "[1, 2]", "[K]", "{}", "2 m", "K", ""})
    void every_text_stays_a_text_from_store_to_store(String text) throws IOException {
        engine.register("g", GridTable.named("g").axis("x", new int[]{1}).variable("v", List.of("x"), new int[]{2})
                .attributes("v", Map.of("a", text, "zarr.texts", "a")).build());
        copy("SELECT * FROM g", "CODEC none");
        Path second = folder.resolve("y.zarr");
        Results.of(engine.query("COPY (SELECT * FROM '" + store() + "') TO '" + second + "'"));
        assertEquals(JSON.createObjectNode().put("a", text),
                JSON.readTree(second.resolve("v").resolve("zarr.json").toFile()).get("attributes"));
    }

    @ParameterizedTest
    @CsvSource({"hours since 1900-01-01, 3600, hours since 1900-01-01",
            "days since 1970-01-01, 3600, hours since 1970-01-01",
            "days since 1970-01-01, 86400, days since 1970-01-01",
            "fortnights since 1970-01-01, 60, minutes since 1970-01-01", "K, 1, microseconds since 1970-01-01",
            "hours since 2000-01-01 00:00:00.5, 3600, microseconds since 2000-01-01 00:00:00.5"})
    void times_count_as_in_the_source_where_they_can(String units, int step, String written) throws IOException {
        long[] times = {0, step * 1_000_000L, step * 2_000_000L};
        engine.register("g", GridTable.named("g").axis("time", SqlType.TIMESTAMP, times)
                .variable("v", List.of("time"), new int[]{1, 2, 3}).attributes("time", Map.of("units", units)).build());
        for (int version : new int[]{2, 3}) {
            copy("SELECT * FROM g", "VERSION " + version + ", OVERWRITE true");
            JsonNode attributes = version == 2 ? json("time/.zattrs") : json("time/zarr.json").get("attributes");
            assertEquals(written, attributes.get("units").asText());
            assertEquals(List.of(List.of(times[0]), List.of(times[1]), List.of(times[2])),
                    Results.of(engine.query("SELECT time FROM '" + store() + "'")));
        }
    }

    @Test
    void without_missing_cells_there_is_no_fill_value_attribute() throws IOException {
        engine.register("g", GridTable.named("g").axis("lat", new double[]{2, 1})
                .variable("v", List.of("lat"), new short[]{3, 4})
                .variable("b", List.of("lat"), new boolean[]{true, false})
                .build());
        copy("SELECT * FROM g", "VERSION 2");
        assertTrue(json("v/.zarray").get("fill_value").isNull());
        assertEquals("|b1", json("b/.zarray").get("dtype").asText());
        copy("SELECT * FROM g WHERE v = 3", "VERSION 2, OVERWRITE");
        assertEquals(-32768, json("v/.zarray").get("fill_value").asInt());
        assertEquals(-32768, json("v/.zattrs").get("_FillValue").asInt());
        assertEquals("|i1", json("b/.zarray").get("dtype").asText());
        assertEquals(-128, json("b/.zattrs").get("_FillValue").asInt());
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void fill_values_of_variables_and_axes_are_those_of_the_source(int version) throws IOException {
        engine.register("g", GridTable.named("g").axis("lat", new double[]{2, 1}).axis("x", new int[]{4, 5})
                .variable("v", List.of("lat", "x"), new float[]{1, 2, 3, 4}).build());
        copy("SELECT * FROM g", "VERSION " + version);
        Path second = folder.resolve("y.zarr");
        String copy = "COPY (SELECT * FROM '" + store() + "') TO '" + second + "' (OVERWRITE)";
        Results.of(engine.query(copy));
        // NaN as the bytes of a double. Version 2 has it as the array's fill value, in version 3 nothing said so.
        String nan = version == 2 ? "AAAAAAAA+H8=" : "";
        for (String name : List.of("lat", "v")) {
            assertEquals(nan, json(second, name).path("_FillValue").asText());
        }
        assertFalse(json(second, "x").has("_FillValue"));
        StoreFiles.annotate(version, store(), "x", Map.of("_FillValue", -9));
        if (version == 3) {
            StoreFiles.annotate(3, store(), "lat", Map.of("_FillValue", "AAAAAAAA+H8="));
        }
        Results.of(engine.query(copy));
        assertEquals("AAAAAAAA+H8=", json(second, "lat").path("_FillValue").asText());
        assertEquals(-9, json(second, "x").path("_FillValue").asInt());
        assertEquals(Results.of(engine.query("SELECT * FROM g")),
                Results.of(engine.query("SELECT * FROM '" + second + "'")));
    }

    @Test
    void a_fill_value_with_the_other_sign_is_one_of_the_array() throws IOException {
        copy("SELECT range AS n, CAST(range AS UTINYINT) AS v FROM range(3)", "DIMS n");
        StoreFiles.annotate(3, store(), "v", Map.of("_Unsigned", "false", "_FillValue", -1));
        Path second = folder.resolve("y.zarr");
        Results.of(engine.query("COPY (SELECT * FROM '" + store() + "') TO '" + second + "'"));
        JsonNode array = JSON.readTree(second.resolve("v").resolve("zarr.json").toFile());
        assertEquals("uint8", array.get("data_type").asText());
        assertEquals(255, array.get("fill_value").asLong());
        assertEquals(Results.of(engine.query("SELECT * FROM '" + store() + "'")),
                Results.of(engine.query("SELECT * FROM '" + second + "'")));
    }

    private static JsonNode json(Path store, String array) throws IOException {
        return JSON.readTree(store.resolve(array).resolve("zarr.json").toFile()).get("attributes");
    }

    @Test
    void a_failed_copy_leaves_what_was_there() throws IOException {
        copy("SELECT range AS n, range * 2 AS v FROM range(10)", "DIMS n");
        GraticuleException error = assertThrows(GraticuleException.class,
                () -> copy("SELECT range // 2 AS n, range AS v FROM range(1000)", "DIMS (n), CHUNKS 7, OVERWRITE"));
        assertEquals(ErrorKind.DATA, error.kind());
        assertEquals(List.of("x.zarr"), names());
        assertEquals(10, Results.of(engine.query("SELECT * FROM '" + store() + "'")).size());
    }

    @Test
    void an_empty_folder_may_be_written_to_and_another_not() throws IOException {
        Files.createDirectory(store());
        copy("SELECT 1 AS n, 2 AS v", "DIMS n");
        assertTrue(Files.exists(store().resolve("zarr.json")));
        Files.createDirectory(folder.resolve("y.zarr"));
        Files.writeString(folder.resolve("y.zarr").resolve("letter.txt"), "dear");
        assertThrows(GraticuleException.class, () -> Results.of(engine
                .query("COPY (SELECT 1 AS n) TO '" + folder.resolve("y.zarr") + "' (DIMS n, OVERWRITE true)")));
        assertEquals("dear", Files.readString(folder.resolve("y.zarr").resolve("letter.txt")));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void a_copy_cancelled_in_the_middle_leaves_nothing(int threads) throws IOException {
        AtomicReference<Query> running = new AtomicReference<>();
        AtomicInteger blocks = new AtomicInteger();
        engine.register("g", GridTable.named("g").axis("y", 100).axis("x", 1000).chunks(Map.of("y", 1))
                .variable("v", SqlType.REAL, List.of("y", "x"), (name, origin, shape) -> {
                    if (blocks.incrementAndGet() == 50) {
                        running.get().cancel();
                    }
                    return LentBlock.of(new float[1000]);
                }).build());
        try (Query query = engine.query("COPY g TO '" + store() + "'").threads(threads)) {
            running.set(query);
            assertEquals(ErrorKind.CANCELLED, assertThrows(GraticuleException.class, query::run).kind());
        }
        assertEquals(List.of(), names());
    }

    @Test
    void memory_is_bounded_by_the_chunks_in_flight() throws IOException {
        // 40 MB of values, all of whose chunks lack a cell: those before the block that is read can get none.
        engine.register("g", GridTable.named("g").axis("y", 1000).axis("x", 10_000).chunks(Map.of("y", 4))
                .variable("v", SqlType.REAL, List.of("y", "x"), (name, origin, shape) -> {
                    float[] values = new float[shape[0] * shape[1]];
                    values[5] = -1;
                    return LentBlock.of(values);
                }).build());
        try (Query query = engine.query("COPY (SELECT * FROM g WHERE v >= 0) TO '" + store() + "' (CODEC none)")
                .threads(2).memoryLimit(12 << 20)) {
            query.run().close();
        }
        assertEquals(List.of(List.of(10_000_000L - 250)),
                Results.of(engine.query("SELECT count(v) FROM '" + store() + "'")));
    }

    /** 8 MB of values of which every chunk has one of each row of the source: 3 MB are enough for them. */
    @ParameterizedTest
    @CsvSource({"SELECT * FROM g, 1", "SELECT * FROM g, 4", "SELECT * FROM g LIMIT 5000000, 2"})
    void chunks_across_the_order_of_rows_wait_on_disk(String sql, int threads) throws IOException {
        engine.register("g", GridTable.named("g").axis("y", 1000).axis("x", 2000).chunks(Map.of("y", 10))
                .variable("v", SqlType.REAL, List.of("y", "x"), (name, origin, shape) -> {
                    float[] values = new float[shape[0] * shape[1]];
                    for (int i = 0; i < values.length; i++) {
                        values[i] = (origin[0] + i / shape[1]) * 7 % 1000 - (origin[1] + i % shape[1]);
                    }
                    return LentBlock.of(values);
                }).build());
        Path small = folder.resolve("small.zarr");
        String copy = "COPY (" + sql + ") TO '%s' (CODEC none, CHUNKS (1000, 50), SHARDS (1000, 100))";
        try (Query query = engine.query(copy.formatted(small)).threads(threads)
                .memoryLimit(5 << 20)) {
            query.run().close();
        }
        Results.of(engine.query(copy.formatted(store())));
        StoreFiles.assertSame(store(), small, Set.of());
    }

    @Test
    void a_chunk_that_does_not_fit_into_memory_is_an_error_that_says_so() throws IOException {
        engine.register("g", GridTable.named("g").axis("y", 1000).axis("x", 2000).chunks(Map.of("y", 10))
                .variable("v", SqlType.REAL, List.of("y", "x"),
                        (name, origin, shape) -> LentBlock.of(new float[shape[0] * shape[1]]))
                .build());
        try (Query query = engine.query("COPY g TO '" + store() + "' (CHUNKS (1000, 2000))").memoryLimit(6 << 20)) {
            GraticuleException error = assertThrows(GraticuleException.class, query::run);
            assertEquals(ErrorKind.RESOURCE, error.kind());
            assertTrue(error.getMessage().contains("CHUNKS"), error.getMessage());
        }
        assertEquals(List.of(), names());
    }

    @Test
    void a_cell_that_comes_twice_is_named_though_its_first_row_waits_on_disk() throws IOException {
        String rows = "SELECT range % 1000 AS y, range // 1000 AS x, range AS v FROM range(400000)"
                + " UNION ALL SELECT 3, 2, 1";
        try (Query query = engine.query("COPY (" + rows + ") TO '" + store() + "' (DIMS (y, x), CHUNKS (1000, 20))")
                .threads(1).memoryLimit(2 << 20)) {
            GraticuleException error = assertThrows(GraticuleException.class, query::run);
            assertTrue(error.getMessage().contains("2 rows for (y = 3, x = 2)"), error.getMessage());
        }
        assertEquals(List.of(), names());
    }

    /** Rows in a random order, and so little memory that most chunks were on disk when their next row came. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void parts_of_chunks_are_put_together_in_any_order(long seed) throws IOException {
        String sql = "SELECT range * 7919 %% 2003 // 50 AS y, range * 7919 %% 2003 %% 50 AS x, range AS v,"
                + " 'text ' || range AS t, CASE WHEN range %% 3 <> 0 THEN range END AS n FROM range(2003) WHERE range %% "
                + (seed + 5) + " <> 1";
        CopyOptions options = CopyOptions.of(Map.of("dims", List.of("y", "x"), "chunks", List.of(7L, 6L + seed),
                "codec", "none"));
        Path small = folder.resolve("small.zarr");
        try (RootAllocator allocator = new RootAllocator(20_000)) {
            new ZarrCopy(options).write(new Source(engine, sql.formatted(), allocator, 1 + (int) seed % 2), small);
        }
        try (RootAllocator allocator = new RootAllocator()) {
            new ZarrCopy(options).write(new Source(engine, sql.formatted(), allocator, 1), store());
        }
        StoreFiles.assertSame(store(), small, Set.of("t"));
        for (String file : StoreFiles.names(store())) {
            if (file.startsWith("t/c")) {
                assertEquals(VlenTexts.of(store().resolve(file)), VlenTexts.of(small.resolve(file)));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void texts_are_in_the_form_of_vlen_utf8(int version) throws IOException {
        copy("SELECT 'b' AS k, 0 AS n, 'ü' AS t UNION ALL SELECT 'a', 1, 'xyz'", "DIMS (k, n), CODEC none, VERSION "
                + version);
        assertEquals(List.of("", "xyz", "ü", ""), VlenTexts.of(store().resolve(version == 2 ? "t/0.0" : "t/c/0/0")));
        assertEquals(List.of("a", "b"), VlenTexts.of(store().resolve(version == 2 ? "k/0" : "k/c/0")));
        if (version == 2) {
            assertEquals("|O", json("t/.zarray").get("dtype").asText());
            assertEquals("vlen-utf8", json("t/.zarray").at("/filters/0/id").asText());
        } else {
            assertEquals("string", json("t/zarr.json").get("data_type").asText());
            assertEquals("vlen-utf8", json("t/zarr.json").at("/codecs/0/name").asText());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void texts_come_back_as_columns_and_axes(int version) throws IOException {
        String rows = "SELECT 'b' AS k, 0 AS n, 'ü' AS t UNION ALL SELECT 'a', 1, 'xyz'";
        copy(rows, version == 2 ? "DIMS (k, n), VERSION 2" : "DIMS (k, n), CHUNKS (1, 1), SHARDS (2, 2), VERSION 3");
        // Version 2 says that the empty text is a missing one.
        String missing = version == 2 ? null : "";
        assertEquals(List.of(Arrays.asList("a", 0L, missing), Arrays.asList("a", 1L, "xyz"),
                Arrays.asList("b", 0L, "ü"), Arrays.asList("b", 1L, missing)),
                Results.of(engine.query("SELECT k, CAST(n AS BIGINT), t FROM '" + store() + "' ORDER BY k, n")));
        copy("SELECT 'b' AS k, '' AS t", "DIMS k, OVERWRITE, VERSION " + version);
        assertEquals(List.of(List.of("b", "")), Results.of(engine.query("SELECT k, t FROM '" + store() + "'")));
    }

    @Test
    void a_variable_over_fewer_axes_is_an_array_over_those() throws IOException {
        engine.register("g", GridTable.named("g").axis("t", 3).axis("y", 2).axis("x", 4)
                .variable("v", List.of("t", "y", "x"), new float[24])
                .variable("mask", List.of("y", "x"), new int[]{1, 2, 3, 4, 5, 6, 7, 8})
                .variable("month", List.of("t"), new int[]{7, 8, 9}).build());
        copy("SELECT t, y, x, v, mask, month FROM g", "VERSION 3");
        assertEquals("[\"y\",\"x\"]", json("mask/zarr.json").get("dimension_names").toString());
        assertEquals("[3]", json("month/zarr.json").get("shape").toString());
        assertEquals(Results.of(engine.query("SELECT t, y, x, v, mask, month FROM g")),
                Results.of(engine.query("SELECT t, y, x, v, mask, month FROM read_zarr('" + store()
                        + "', table => 't_y_x')")));
        copy("SELECT t, y, x, v, mask, month FROM g WHERE mask > 3 AND month <> 8 ORDER BY mask", "OVERWRITE");
        assertEquals("[2,4]", json("mask/zarr.json").get("shape").toString());
        assertEquals(Results.of(engine.query("SELECT t, y, x, v, mask, month FROM g WHERE mask > 3 AND month <> 8")),
                Results.of(engine.query("SELECT t, y, x, v, mask, month FROM read_zarr('" + store()
                        + "', table => 't_y_x') WHERE mask IS NOT NULL AND month IS NOT NULL")));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void no_byte_stays_behind_whichever_allocation_fails(int threads) throws IOException {
        int number = 0;
        while (fails(number, threads)) {
            assertEquals(List.of(), names(), "after allocation " + number);
            number++;
        }
        assertTrue(number > 3, number + " allocations");
    }

    /** Whether the copy had an allocation of that number, which failed, and it was not helped by waiting. */
    private boolean fails(int number, int threads) throws IOException {
        AtomicInteger count = new AtomicInteger();
        AllocationListener listener = new AllocationListener() {
            @Override
            public void onPreAllocation(long size) {
                if (count.getAndIncrement() >= number) {
                    throw new OutOfMemoryException("refused");
                }
            }
        };
        String sql = "SELECT range // 10 AS y, range % 10 AS x, range AS v FROM range(1000)";
        boolean failed = false;
        try (RootAllocator allocator = new RootAllocator(listener, Long.MAX_VALUE)) {
            ZarrCopy writer = new ZarrCopy(
                    CopyOptions.of(Map.of("dims", List.of("y", "x"), "chunks", List.of(30L, 4L))));
            try {
                writer.write(new Source(engine, sql, allocator, threads), store());
            } catch (GraticuleException error) {
                assertEquals(ErrorKind.RESOURCE, error.kind());
                failed = true;
            }
            assertEquals(0, allocator.getAllocatedMemory(), "after allocation " + number + " failed");
        }
        if (Files.exists(store())) {
            CopyProperties.delete(store());
        }
        return failed;
    }

    /** A query without axes whose writer has an allocator of its own. */
    private record Source(Engine engine, String sql, BufferAllocator allocator, int threads) implements CopySource {
        @Override
        public Schema schema() {
            try (ArrowReader reader = openReader()) {
                return reader.getVectorSchemaRoot().getSchema();
            } catch (IOException failure) {
                throw new IllegalStateException(failure);
            }
        }

        @Override
        public boolean isKey(int column) {
            return false;
        }

        @Override
        public List<String> axes() {
            return List.of();
        }

        @Override
        public boolean isLimited() {
            return false;
        }

        @Override
        public Optional<AxisColumn> axis(int column) {
            return Optional.empty();
        }

        @Override
        public Optional<GridVariable> variable(int column) {
            return Optional.empty();
        }

        @Override
        public Map<String, String> attributes() {
            return Map.of();
        }

        @Override
        public boolean run(BoxSink sink) {
            return false;
        }

        @Override
        public ArrowReader openCoordinates(int column) {
            String name = column == 0 ? "y" : "x";
            return engine.query("SELECT DISTINCT " + name + " FROM (" + sql + ") ORDER BY 1").run();
        }

        @Override
        public ArrowReader openReader() {
            return engine.query(sql).run();
        }

        @Override
        public ArrowReader openReader(List<Integer> orderBy) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void notice(String text) {
            throw new UnsupportedOperationException(text);
        }

        @Override
        public void checkRunning() {
            // It runs.
        }
    }

    @Test
    void chunks_are_those_of_the_source_unless_they_would_be_tiny_or_huge() throws IOException {
        engine.register("g", GridTable.named("g").axis("t", 10).axis("y", 300).axis("x", 400)
                .chunks(Map.of("t", 1, "y", 150))
                .variable("v", SqlType.REAL, List.of("t", "y", "x"),
                        (name, origin, shape) -> LentBlock.of(new float[shape[0] * shape[1] * shape[2]]))
                .build());
        copy("SELECT * FROM g", "CODEC none");
        assertEquals("[1,150,400]", json("v/zarr.json").at("/chunk_grid/configuration/chunk_shape").toString());
        copy("SELECT t, avg(v) AS v FROM g GROUP BY t", "OVERWRITE");
        assertEquals("[10]", json("v/zarr.json").at("/chunk_grid/configuration/chunk_shape").toString());
        copy("SELECT * FROM g", "OVERWRITE, CODEC none, CHUNKS {x: 100}");
        assertEquals("[1,150,100]", json("v/zarr.json").at("/chunk_grid/configuration/chunk_shape").toString());
        assertFalse(Files.exists(store().resolve("x")), "an index is no coordinate");
    }
}
