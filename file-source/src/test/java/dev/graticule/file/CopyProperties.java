package dev.graticule.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graticule.Engine;
import dev.graticule.ErrorKind;
import dev.graticule.GraticuleException;
import dev.graticule.Query;
import dev.graticule.file.text.CellText;
import dev.graticule.type.SqlType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeProperty;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Field;

/** What holds of every format that COPY writes: its rows come back here and in DuckDB, in order, or there is an error and no file. */
class CopyProperties {
    /** What JSON's numbers and the types that are found in text keep. */
    private static final Set<String> LOSSY_IN_JSON = Set.of("u64", "dec5", "dec15", "dec38", "t_NANOSECOND");
    private static final CellText TEXT = new CellText(false);

    private Path folder;

    @BeforeProperty
    void makeFolder() throws IOException {
        folder = Files.createTempDirectory("copy");
    }

    @AfterProperty
    void deleteFolder() throws IOException {
        try (Stream<Path> left = Files.walk(folder)) {
            left.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
        }
    }

    /** Random rows as the table {@code vectors} of an engine. */
    private record Rows(BufferAllocator allocator, VectorSchemaRoot root, Engine engine) implements AutoCloseable {
        static Rows open(long seed, int rows, List<Field> fields) {
            BufferAllocator allocator = new RootAllocator();
            VectorSchemaRoot root = new RandomVectors(seed).openRoot(fields, rows, allocator);
            Engine engine = Engine.create();
            engine.register("vectors", new VectorTable(root, Integer.max(1, rows / 5)));
            return new Rows(allocator, root, engine);
        }

        void copy(Path path, int threads, Map<String, Object> options) {
            try (Query query = engine.query("SELECT * FROM vectors").threads(threads)) {
                assertEquals(root.getRowCount(), query.copyTo(path.toString(), options));
            }
        }

        List<String> texts(List<Field> fields) {
            return CopyProperties.texts(root, fields.stream().map(Field::getName).toList());
        }

        @Override
        public void close() {
            assertEquals(0, engine.allocatedBytes());
            engine.close();
            root.close();
            allocator.close();
        }
    }

    private static List<String> texts(VectorSchemaRoot root, List<String> columns) {
        List<String> rows = new ArrayList<>();
        for (int row = 0; row < root.getRowCount(); row++) {
            int number = row;
            rows.add(columns.stream().map(root::getVector)
                    .map(vector -> vector.isNull(number) ? "NULL" : "'" + TEXT.text(vector, number) + "'")
                    .collect(Collectors.joining(" | ")));
        }
        return rows;
    }

    private static List<String> read(Engine engine, String sql, int threads) throws IOException {
        List<String> rows = new ArrayList<>();
        try (Query query = engine.query(sql).threads(threads); ArrowReader reader = query.run()) {
            List<String> columns = reader.getVectorSchemaRoot().getSchema().getFields().stream().map(Field::getName)
                    .toList();
            while (reader.loadNextBatch()) {
                rows.addAll(texts(reader.getVectorSchemaRoot(), columns));
            }
        }
        return rows;
    }

    private static void assertRows(List<String> expected, List<String> found) {
        for (int row = 0; row < Integer.min(expected.size(), found.size()); row++) {
            assertEquals(expected.get(row), found.get(row), "row " + row);
        }
        assertEquals(expected.size(), found.size());
    }

    /** {@code {'i8': 'TINYINT', ...}}; blobs, and intervals where asked for, are read as the text they are. */
    private static String types(List<Field> fields, boolean intervals) {
        return fields.stream().map(field -> {
            SqlType type = SqlType.of(field);
            boolean text = type == SqlType.BLOB || type == SqlType.INTERVAL && !intervals;
            return "'" + field.getName() + "': '" + (text ? "VARCHAR" : type.toString()) + "'";
        }).collect(Collectors.joining(", ", "{", "}"));
    }

    private static void loadParquet(Connection duck, Path parquet) throws SQLException {
        try (Statement statement = duck.createStatement()) {
            statement.execute("SET TimeZone = 'UTC'");
            statement.execute("CREATE OR REPLACE TABLE expected AS SELECT * FROM '" + parquet + "'");
        }
    }

    private static void assertDuckReads(Connection duck, List<Field> fields, String from) throws SQLException {
        try (Statement statement = duck.createStatement()) {
            statement.execute("CREATE OR REPLACE TABLE found AS SELECT * FROM " + from);
            for (Field field : fields) {
                String name = '"' + field.getName() + '"';
                String expected = SqlType.of(field) == SqlType.BLOB ? "lower(hex(e." + name + "))" : "e." + name;
                try (ResultSet wrong = statement.executeQuery("SELECT e." + name + "::VARCHAR || ' <> ' || coalesce(f."
                        + name + "::VARCHAR, 'NULL') FROM expected e POSITIONAL JOIN found f WHERE " + expected
                        + " IS DISTINCT FROM f." + name + " LIMIT 1")) {
                    assertFalse(wrong.next(), () -> field + " of " + from + ": " + text(wrong));
                }
            }
            try (ResultSet counts = statement
                    .executeQuery("SELECT (SELECT count(*) FROM expected), count(*) FROM found")) {
                counts.next();
                assertEquals(counts.getLong(1), counts.getLong(2), from);
            }
        }
    }

    private static String text(ResultSet result) {
        try {
            return result.getString(1);
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }

    @Property(tries = 10, shrinking = ShrinkingMode.OFF)
    void csv_is_read_back_equal_here_and_by_duckdb(@ForAll long seed, @ForAll @IntRange(max = 400) int count)
            throws Exception {
        List<Field> fields = RandomVectors.flat();
        Path file = folder.resolve(seed % 2 == 0 ? "x.csv" : "x.csv.gz");
        Path parquet = folder.resolve("x.parquet");
        try (Rows rows = Rows.open(seed, count, fields);
                Connection duck = DriverManager.getConnection("jdbc:duckdb:")) {
            rows.copy(file, 4, Map.of());
            assertRows(rows.texts(fields), read(rows.engine, "SELECT * FROM read_csv('" + file
                    + "', types => " + types(fields, false) + ", delim => ',')", 4));
            rows.copy(parquet, 1, Map.of());
            loadParquet(duck, parquet);
            assertDuckReads(duck, fields, "read_csv('" + file + "', header = true, auto_detect = false, delim = ',',"
                    + " quote = '\"', escape = '\"', new_line = '\\n', nullstr = '', allow_quoted_nulls = false, columns = "
                    + types(fields, true) + ")");
        }
    }

    @Property(tries = 10, shrinking = ShrinkingMode.OFF)
    void json_is_read_back_equal_here_and_by_duckdb(@ForAll long seed, @ForAll @IntRange(min = 40, max = 400) int count)
            throws Exception {
        List<Field> fields = RandomVectors.flat();
        List<Field> kept = fields.stream().filter(field -> !LOSSY_IN_JSON.contains(field.getName())).toList();
        String names = kept.stream().map(Field::getName).collect(Collectors.joining(", "));
        Path parquet = folder.resolve("x.parquet");
        try (Rows rows = Rows.open(seed, count, fields);
                Connection duck = DriverManager.getConnection("jdbc:duckdb:")) {
            rows.copy(parquet, 4, Map.of());
            loadParquet(duck, parquet);
            for (String ending : List.of("json", "jsonl", "json.gz", "jsonl.gz")) {
                Path file = folder.resolve("x." + ending);
                rows.copy(file, 4, Map.of());
                assertRows(rows.texts(kept), read(rows.engine, "SELECT " + names + " FROM '" + file + "'", 4));
                List<Field> numbers = fields.stream().filter(field -> !field.getName().equals("dec38")).toList();
                assertDuckReads(duck, numbers, "read_json('" + file + "', format = '"
                        + (ending.startsWith("jsonl") ? "newline_delimited" : "array") + "', columns = "
                        + types(numbers, true) + ")");
            }
        }
    }

    @Property(tries = 4, shrinking = ShrinkingMode.OFF)
    void the_number_of_threads_changes_no_row_and_a_limit_is_a_prefix(@ForAll long seed,
            @ForAll @IntRange(min = 1, max = 3000) int count, @ForAll @IntRange(max = 100) int limit)
            throws Exception {
        List<Field> fields = RandomVectors.flat();
        try (Rows rows = Rows.open(seed, count, fields)) {
            for (String ending : List.of("csv", "json", "jsonl", "parquet")) {
                Path one = folder.resolve("one." + ending);
                Path four = folder.resolve("four." + ending);
                Map<String, Object> options = ending.equals("parquet") ? Map.of("row_group_size", 100L) : Map.of();
                rows.copy(one, 1, options);
                rows.copy(four, 4, options);
                assertArrayEquals(Files.readAllBytes(one), Files.readAllBytes(four), ending);
                List<String> all = read(rows.engine, "SELECT * FROM '" + one + "'", 1);
                assertEquals(count, all.size(), ending);
                assertRows(all, read(rows.engine, "SELECT * FROM '" + one + "'", 4));
                assertRows(all.subList(0, Integer.min(limit, count)),
                        read(rows.engine, "SELECT * FROM '" + one + "' LIMIT " + limit, 4));
                try (Query query = rows.engine.query("SELECT * FROM '" + one + "'"); ArrowReader reader = query.run()) {
                    assertTrue(reader.loadNextBatch(), "closed in the middle");
                }
            }
        }
    }

    @Property(tries = 20, shrinking = ShrinkingMode.OFF)
    void a_file_that_was_cut_off_is_an_error_and_never_fewer_rows(@ForAll long seed,
            @ForAll @IntRange(max = 9999) int cut)
            throws Exception {
        List<Field> fields = RandomVectors.flat();
        try (Rows rows = Rows.open(seed, 60, fields)) {
            for (String ending : List.of("parquet", "json", "jsonl.gz", "csv.gz", "csv.zst")) {
                Path file = folder.resolve("whole." + ending);
                rows.copy(file, 1, ending.equals("parquet") ? Map.of("row_group_size", 20L) : Map.of());
                byte[] bytes = Files.readAllBytes(file);
                // What is not the end of the last line.
                int length = (int) ((bytes.length - 2L) * cut / 10_000);
                Path part = Files.write(folder.resolve("part." + ending), Arrays.copyOf(bytes, length));
                GraticuleException error = assertThrows(GraticuleException.class,
                        () -> read(rows.engine, "SELECT * FROM '" + part + "'", 2), () -> ending + " cut at " + length);
                assertEquals(ErrorKind.SOURCE, error.kind(), error.getMessage());
                assertTrue(error.getMessage().contains("part." + ending), error.getMessage());
            }
        }
    }

    @Property(tries = 6, shrinking = ShrinkingMode.OFF)
    void a_copy_without_enough_memory_leaves_no_file_and_no_byte(@ForAll long seed,
            @ForAll @IntRange(min = 10, max = 18) int power) throws Exception {
        try (Rows rows = Rows.open(seed, 2000, RandomVectors.flat())) {
            for (String ending : List.of("csv", "json", "jsonl", "parquet")) {
                Path target = folder.resolve("small." + ending);
                boolean written = true;
                try (Query query = rows.engine.query("SELECT * FROM vectors").memoryLimit(1L << power)) {
                    query.copyTo(target.toString(), Map.of());
                } catch (GraticuleException refused) {
                    assertEquals(ErrorKind.RESOURCE, refused.kind(), refused.getMessage());
                    written = false;
                }
                assertEquals(0, rows.engine.allocatedBytes());
                assertEquals(written, Files.exists(target));
                Files.deleteIfExists(target);
                try (Stream<Path> left = Files.list(folder)) {
                    assertEquals(List.of(), left.filter(path -> path.toString().endsWith(".part")).toList());
                }
            }
        }
    }
}
