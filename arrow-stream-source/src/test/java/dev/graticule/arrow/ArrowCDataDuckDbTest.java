package dev.graticule.arrow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graticule.Engine;
import dev.graticule.GraticuleException;
import dev.graticule.Query;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.c.ArrowArrayStream;
import org.apache.arrow.c.Data;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBResultSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** DuckDB, an independent implementation, at the other end of the C Data Interface. */
final class ArrowCDataDuckDbTest {
    private static final String ROWS = "SELECT range AS n, range * 0.25::DOUBLE AS x, CASE WHEN range % 3 = 0 THEN NULL"
            + " ELSE 'name ' || range END AS name, range % 2 = 0 AS even, DATE '2024-02-28' + CAST(range % 5 AS INTEGER)"
            + " AS day, TIMESTAMP '2024-02-28 23:59:59' AS t, [range, NULL] AS l FROM range(10007)";
    private static final String TOTALS = "SELECT count(*), sum(n), sum(x), count(name), min(name), max(name),"
            + " count(*) FILTER (WHERE even), CAST(min(day) AS VARCHAR), CAST(max(day) AS VARCHAR),"
            + " CAST(max(t) AS VARCHAR) FROM ";

    private final RootAllocator outside = new RootAllocator();
    private final Engine engine = Engine.create();
    private Connection duck;
    /** What feeds tables: a connection that reads a stream of ours cannot answer another query meanwhile. */
    private Connection source;

    @BeforeEach
    void connect() throws SQLException {
        duck = DriverManager.getConnection("jdbc:duckdb:");
        source = DriverManager.getConnection("jdbc:duckdb:");
    }

    @AfterEach
    void nothing_is_left_over() throws SQLException {
        duck.close();
        source.close();
        assertEquals(0, engine.allocatedBytes());
        assertEquals(0, outside.getAllocatedMemory());
        engine.close();
        outside.close();
    }

    private List<String> inDuck(String sql) throws SQLException {
        List<String> values = new ArrayList<>();
        try (Statement statement = duck.createStatement(); ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                for (int column = 1; column <= rows.getMetaData().getColumnCount(); column++) {
                    values.add(String.valueOf(rows.getObject(column)));
                }
            }
        }
        return values;
    }

    private List<String> here(String sql) throws IOException {
        List<String> values = new ArrayList<>();
        try (Query query = engine.query(sql); ArrowReader reader = query.run()) {
            while (reader.loadNextBatch()) {
                VectorSchemaRoot root = reader.getVectorSchemaRoot();
                for (int row = 0; row < root.getRowCount(); row++) {
                    int at = row;
                    root.getFieldVectors().forEach(vector -> values.add(String.valueOf(vector.getObject(at))));
                }
            }
        }
        return values;
    }

    /** A table of what DuckDB answers, asked anew by each query. */
    private ArrowStreamTable table(String sql) throws SQLException, IOException {
        Schema schema;
        try (Statement statement = source.createStatement();
                DuckDBResultSet rows = (DuckDBResultSet) statement.executeQuery(sql);
                ArrowReader reader = (ArrowReader) rows.arrowExportStream(outside, 1000)) {
            schema = reader.getVectorSchemaRoot().getSchema();
        }
        return table(sql, schema);
    }

    private ArrowStreamTable table(String sql, Schema schema) {
        return ArrowCData.table(schema, address -> {
            Statement statement = source.createStatement();
            statement.closeOnCompletion();
            DuckDBResultSet rows = (DuckDBResultSet) statement.executeQuery(sql);
            Data.exportArrayStream(outside, (ArrowReader) rows.arrowExportStream(outside, 1000),
                    ArrowArrayStream.wrap(address));
        });
    }

    @Test
    void a_query_over_duckdb_s_stream_answers_as_duckdb_does_each_time() throws Exception {
        engine.register("numbers", table(ROWS));
        List<String> expected = inDuck(TOTALS + "(" + ROWS + ")");
        assertEquals(expected, here(TOTALS + "numbers"));
        assertEquals(expected, here(TOTALS + "numbers"));
        assertEquals(inDuck("SELECT n, x, name, even FROM (" + ROWS + ") LIMIT 2500"),
                here("SELECT n, x, name, even FROM numbers LIMIT 2500"));
        assertEquals(List.of("[4,null]"), here("SELECT l FROM numbers WHERE n = 4"));
    }

    @Test
    void an_error_of_duckdb_is_the_query_s() {
        Schema schema = new Schema(List.of(Field.nullable("v", ArrowType.Utf8.INSTANCE)));
        engine.register("broken",
                table("SELECT CASE WHEN range = 2900000 THEN error('the well is dry') ELSE range::VARCHAR END AS v"
                        + " FROM range(3000000)", schema));
        GraticuleException error = assertThrows(GraticuleException.class, () -> here("SELECT count(v) FROM broken"));
        assertTrue(error.getMessage().contains("the well is dry"), error.getMessage());
    }

    @Test
    void duckdb_reads_a_result() throws Exception {
        engine.register("numbers", table(ROWS));
        List<String> expected = inDuck(TOTALS + "(" + ROWS + ")");
        try (ArrowArrayStream stream = ArrowArrayStream.allocateNew(outside);
                Query query = engine.query("SELECT n, x, name, even, day, t FROM numbers")) {
            query.export(stream.memoryAddress());
            ((DuckDBConnection) duck).registerArrowStream("result", stream);
            assertEquals(expected, inDuck(TOTALS + "result"));
        }
    }

    @Test
    void duckdb_stops_early() throws Exception {
        engine.register("numbers", ArrowCData.table(CountingProducer.SCHEMA, address -> Data.exportArrayStream(outside,
                new CountingProducer(100_000, CountingProducer.NEVER).openReader(outside),
                ArrowArrayStream.wrap(address))));
        try (ArrowArrayStream stream = ArrowArrayStream.allocateNew(outside);
                Query query = engine.query("SELECT n FROM numbers")) {
            query.export(stream.memoryAddress());
            ((DuckDBConnection) duck).registerArrowStream("result", stream);
            assertEquals(List.of("0", "1"), inDuck("SELECT n FROM result LIMIT 2"));
        }
    }

    @Test
    void duckdb_s_user_sees_the_message_of_a_failed_query() throws Exception {
        CountingProducer producer = new CountingProducer(3, 2);
        engine.register("numbers", ArrowCData.table(CountingProducer.SCHEMA,
                address -> Data.exportArrayStream(outside, producer.openReader(outside),
                        ArrowArrayStream.wrap(address))));
        try (ArrowArrayStream stream = ArrowArrayStream.allocateNew(outside);
                Query query = engine.query("SELECT n FROM numbers ORDER BY n")) {
            query.export(stream.memoryAddress());
            ((DuckDBConnection) duck).registerArrowStream("result", stream);
            SQLException error = assertThrows(SQLException.class, () -> inDuck("SELECT sum(n) FROM result"));
            assertTrue(error.getMessage().contains("the wire broke at 2"), error.getMessage());
        }
        assertEquals(1, producer.closed);
    }
}
