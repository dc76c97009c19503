package dev.graticule.file.parquet;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.graticule.Engine;
import dev.graticule.Query;
import dev.graticule.file.RandomVectors;
import dev.graticule.file.VectorTable;
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
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;
import org.apache.arrow.c.ArrowArrayStream;
import org.apache.arrow.c.Data;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.duckdb.DuckDBConnection;

/** What is written is what DuckDB and this project read; what DuckDB writes is read too. */
class ParquetDuckDbProperties {

    @Property(tries = 12, shrinking = ShrinkingMode.OFF)
    void columns_of_every_type_are_read_back_equal(@ForAll long seed, @ForAll @IntRange(min = 0, max = 3000) int rows,
            @ForAll @IntRange(min = 100, max = 1000) int group) throws Exception {
        check(RandomVectors.flat(), seed, rows, group);
    }

    @Property(tries = 12, shrinking = ShrinkingMode.OFF)
    void lists_and_structs_are_read_back_equal(@ForAll long seed, @ForAll @IntRange(min = 0, max = 1000) int rows,
            @ForAll @IntRange(min = 50, max = 400) int group) throws Exception {
        check(RandomVectors.nested(), seed, rows, group);
    }

    /** DuckDB has no such types: here the rows and types are the oracle, there that the file can be read. */
    @Property(tries = 8, shrinking = ShrinkingMode.OFF)
    void what_parquet_has_no_types_for_comes_back_as_it_was(@ForAll long seed,
            @ForAll @IntRange(min = 0, max = 300) int rows) throws Exception {
        Path folder = Files.createTempDirectory("parquet");
        Path file = folder.resolve("foreign.parquet");
        try (BufferAllocator allocator = new RootAllocator();
                VectorSchemaRoot root = new RandomVectors(seed).openRoot(RandomVectors.foreign(), rows, allocator);
                Engine engine = Engine.create();
                Connection duck = DriverManager.getConnection("jdbc:duckdb:")) {
            engine.register("vectors", new VectorTable(root, Integer.max(1, rows / 3)));
            run(engine, "COPY vectors TO '" + file + "' (ROW_GROUP_SIZE 100)");
            assertEquals(schema(engine, "SELECT * FROM vectors"), schema(engine, "SELECT * FROM '" + file + "'"));
            assertRows("foreign", text(root), rows(engine, "SELECT * FROM '" + file + "'"));
            assertEquals(rows, texts(duck, "SELECT f::VARCHAR FROM '" + file + "' f").size());
            assertEquals(0, engine.allocatedBytes());
        } finally {
            Files.deleteIfExists(file);
            Files.delete(folder);
        }
    }

    private static String schema(Engine engine, String sql) throws IOException {
        try (Query query = engine.query(sql); ArrowReader reader = query.run()) {
            return reader.getVectorSchemaRoot().getSchema().getFields().toString();
        }
    }

    private static void check(List<Field> fields, long seed, int rows, int group) throws Exception {
        Path folder = Files.createTempDirectory("parquet");
        Path ours = folder.resolve("ours.parquet");
        Path theirs = folder.resolve("theirs.parquet");
        String compression = List.of("zstd", "snappy", "gzip", "uncompressed").get((int) Math.floorMod(seed, 4));
        try (BufferAllocator allocator = new RootAllocator();
                VectorSchemaRoot root = new RandomVectors(seed).openRoot(fields, rows, allocator);
                Engine engine = Engine.create();
                Connection duck = DriverManager.getConnection("jdbc:duckdb:")) {
            engine.register("vectors", new VectorTable(root, Integer.max(1, rows / 3)));
            run(engine, "COPY vectors TO '" + ours + "' (ROW_GROUP_SIZE " + group + ", COMPRESSION " + compression
                    + ")");
            try (ArrowArrayStream stream = ArrowArrayStream.allocateNew(allocator)) {
                Data.exportArrayStream(allocator, new OneBatch(root, allocator), stream);
                ((DuckDBConnection) duck).registerArrowStream("vectors", stream);
                try (Statement statement = duck.createStatement()) {
                    statement.execute("CREATE TABLE expected AS SELECT * FROM vectors");
                    statement.execute("COPY expected TO '" + theirs + "' (COMPRESSION " + compression
                            + ", ROW_GROUP_SIZE 2048)");
                }
            }
            for (Field field : fields) {
                String name = '"' + field.getName() + '"';
                assertEquals(List.of(), texts(duck, "SELECT e." + name + "::VARCHAR || ' <> ' || o." + name
                        + "::VARCHAR || ' ' || typeof(o." + name + ") FROM expected e POSITIONAL JOIN '" + ours
                        + "' o WHERE e." + name + " IS DISTINCT FROM o." + name + " LIMIT 3"), field.toString());
            }
            assertEquals(rows, number(duck, "SELECT count(*) FROM '" + ours + "'"));
            List<String> expected = text(root);
            assertEquals(schema(engine, "SELECT * FROM vectors"), schema(engine, "SELECT * FROM '" + ours + "'"));
            assertRows("ours", expected, rows(engine, "SELECT * FROM '" + ours + "'"));
            assertRows("theirs", expected, rows(engine, "SELECT * FROM '" + theirs + "'"));
            assertEquals(0, engine.allocatedBytes());
        } finally {
            Files.deleteIfExists(ours);
            Files.deleteIfExists(theirs);
            Files.delete(folder);
        }
    }

    /** One row at a time, so that a failure can be read. */
    private static void assertRows(String file, List<String> expected, List<String> found) {
        assertEquals(expected.size(), found.size(), file);
        for (int row = 0; row < expected.size(); row++) {
            assertEquals(expected.get(row), found.get(row), file + ", row " + row);
        }
    }

    private static void run(Engine engine, String sql) throws IOException {
        try (Query query = engine.query(sql); ArrowReader reader = query.run()) {
            reader.loadNextBatch();
        }
    }

    private static long number(Connection duck, String sql) throws SQLException {
        try (Statement statement = duck.createStatement(); ResultSet result = statement.executeQuery(sql)) {
            result.next();
            return result.getLong(1);
        }
    }

    private static List<String> texts(Connection duck, String sql) throws SQLException {
        List<String> texts = new ArrayList<>();
        try (Statement statement = duck.createStatement(); ResultSet result = statement.executeQuery(sql)) {
            while (result.next()) {
                texts.add(result.getString(1));
            }
        }
        return texts;
    }

    private static List<String> rows(Engine engine, String sql) throws IOException {
        List<String> rows = new ArrayList<>();
        try (Query query = engine.query(sql); ArrowReader reader = query.run()) {
            while (reader.loadNextBatch()) {
                rows.addAll(text(reader.getVectorSchemaRoot()));
            }
        }
        return rows;
    }

    private static List<String> text(VectorSchemaRoot root) {
        List<String> rows = new ArrayList<>();
        for (int row = 0; row < root.getRowCount(); row++) {
            StringBuilder line = new StringBuilder();
            for (FieldVector vector : root.getFieldVectors()) {
                Object value = vector.getObject(row);
                line.append(value instanceof byte[] bytes ? Arrays.toString(bytes) : value).append('|');
            }
            rows.add(line.toString());
        }
        return rows;
    }

    /** The rows of a root once, without giving the root away. */
    private static final class OneBatch extends ArrowReader {
        private final VectorSchemaRoot from;
        private boolean given;

        OneBatch(VectorSchemaRoot from, BufferAllocator allocator) {
            super(allocator);
            this.from = from;
        }

        @Override
        public boolean loadNextBatch() throws IOException {
            if (given) {
                return false;
            }
            given = true;
            ensureInitialized();
            for (int column = 0; column < from.getFieldVectors().size(); column++) {
                var pair = from.getVector(column).makeTransferPair(getVectorSchemaRoot().getVector(column));
                pair.splitAndTransfer(0, from.getRowCount());
            }
            getVectorSchemaRoot().setRowCount(from.getRowCount());
            return true;
        }

        @Override
        public long bytesRead() {
            return 0;
        }

        @Override
        protected void closeReadSource() {
            // Nothing is held.
        }

        @Override
        protected Schema readSchema() {
            return from.getSchema();
        }
    }
}
