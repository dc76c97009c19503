package dev.graticule.arrow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graticule.Engine;
import dev.graticule.QueryOptions;
import dev.graticule.arrow.GridStream.Column;
import dev.graticule.arrow.GridStream.Keeping;
import dev.graticule.type.SqlType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** SEMANTICS 1, 19, 20, 23 for streams whose metadata describe a grid, as xarray writes them. */
final class GridStreamTest {
    private static final List<Column> COLUMNS = List.of(new Column("lat", SqlType.DOUBLE, Keeping.PLAIN),
            new Column("lon", SqlType.DOUBLE, Keeping.PLAIN), new Column("station", SqlType.VARCHAR, Keeping.PLAIN),
            new Column("v", SqlType.REAL, Keeping.PLAIN));
    private static final Map<String, String> METADATA = GridStream.metadata("v", List.of("time", "lat", "lon"),
            List.of(3, 20, 50),
            Map.of("lat", List.of("lat"), "lon", List.of("lon"), "station", List.of("lon", "lat")));

    /** 3 x 20 x 50 cells, the first axis without a coordinate. */
    private static GridStream stream(int batchRows) {
        List<List<Object>> rows = new ArrayList<>();
        for (int cell = 0; cell < 3000; cell++) {
            rows.add(List.of(90 - cell / 50 % 20 * 0.5, cell % 50 * 1.0, "s" + cell / 50 % 20 + "," + cell % 50,
                    (float) cell));
        }
        return new GridStream(COLUMNS, rows, List.of(batchRows), Map.of());
    }

    private static List<Object> column(Engine engine, String sql) {
        return Rows.firstColumn(engine.query(sql));
    }

    private static List<String> described(Engine engine, String column) {
        List<String> values = new ArrayList<>();
        try (ArrowReader reader = engine.query("DESCRIBE g").run()) {
            while (reader.loadNextBatch()) {
                FieldVector vector = reader.getVectorSchemaRoot().getVector(column);
                for (int row = 0; row < vector.getValueCount(); row++) {
                    values.add(String.valueOf(vector.getObject(row)));
                }
            }
            return values;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Test
    void describe_shows_the_axes_and_the_attributes_and_opens_nothing() {
        GridStream stream = stream(3000);
        try (Engine engine = Engine.create()) {
            engine.register("g", stream.table(METADATA));
            assertEquals("[axis, axis, coordinate, data, null, null]",
                    described(engine, "role").toString());
            assertEquals("[lat, lon, lat, lon, time, lat, lon, null, null]",
                    described(engine, "axes").toString());
            assertEquals("[u, u, u, null, null, null]", described(engine, "units").toString());
            assertEquals("[null, null, null, a value, null, null]",
                    described(engine, "long_name").toString());
            String remarks = described(engine, "remarks").toString();
            assertTrue(remarks.contains("a grid, time 3 x lat 20 x lon 50;"), remarks);
            assertTrue(remarks.contains("Axis time has no coordinate, and the stream no column for it."), remarks);
            String plan = column(engine, "EXPLAIN SELECT lat, sum(v) FROM g GROUP BY lat").toString();
            assertTrue(plan.contains("scan g in boxes of time x lat x lon"), plan);
            assertFalse(column(engine, "EXPLAIN SELECT lat, v FROM g").toString().contains("boxes"));
        }
        assertEquals(0, stream.started.get());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "{\"dims\": [\"a\"]}", "{\"dims\": [\"a\", \"a\"], \"shape\": [2, 2]}",
            "{\"dims\": [\"a\"], \"shape\": [-1]}", "{\"dims\": [\"a\"], \"shape\": [1.5]}",
            "{\"dims\": [\"a\", \"b\", \"c\"], \"shape\": [2147483647, 2147483647, 2147483647]}",
            "{\"dims\": [\"a\"], \"shape\": [2], \"coords\": {\"lat\": {\"dims\": [\"b\"]}}}"})
    void metadata_that_are_not_understood_are_a_remark_and_no_error(String metadata) {
        try (Engine engine = Engine.create()) {
            engine.register("g", stream(1000).table(Map.of("xarray:arrow_schema_version", "v1", "xarray", metadata)));
            String remarks = described(engine, "remarks").toString();
            assertTrue(remarks.contains("The metadata of the stream under 'xarray' are not used: "), remarks);
            assertEquals(20, column(engine, "SELECT lat, count(*) FROM g GROUP BY lat").size());
        }
    }

    @Test
    void other_versions_are_not_guessed_at() {
        ArrowStreamTable table = stream(1000).table(Map.of("xarray:arrow_schema_version", "v2", "xarray", "{}"));
        assertEquals(List.of("The metadata of the stream under 'xarray' are not used: their version is v2."),
                table.remarks());
        assertTrue(table.grid().isEmpty());
    }

    @Test
    void a_scalar_and_an_empty_array_have_no_grid() {
        for (List<Integer> shape : List.of(List.<Integer>of(), List.of(0))) {
            ArrowStreamTable table = stream(1000)
                    .table(GridStream.metadata(null, List.of("lat").subList(0, shape.size()), shape, Map.of()));
            assertTrue(table.grid().isEmpty());
            assertEquals(List.of(), table.remarks());
        }
    }

    @Test
    void the_shape_is_never_taken_for_the_number_of_rows() {
        try (Engine engine = Engine.create()) {
            engine.register("g", stream(700)
                    .table(GridStream.metadata("v", List.of("lat", "lon"), List.of(7, 50),
                            Map.of("lat", List.of("lat")))));
            assertEquals(List.of(3000L), column(engine, "SELECT count(*) FROM g"));
            assertEquals(20, column(engine, "SELECT lat, sum(v) FROM g GROUP BY lat").size());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void groups_of_axes_come_in_axis_order_however_many_they_are(int threads) {
        // 2 x 300 x 400 cells, both axes descending.
        List<List<Object>> rows = new ArrayList<>();
        List<Object> expected = new ArrayList<>();
        for (int cell = 0; cell < 240_000; cell++) {
            rows.add(List.of(-1.0 - cell / 400 % 300, -1.0 - cell % 400, 1f));
            if (cell < 120_000) {
                expected.add((-1.0 - cell / 400 % 300) * 1000 - 1 - cell % 400);
            }
        }
        GridStream stream = new GridStream(List.of(COLUMNS.get(0), COLUMNS.get(1), COLUMNS.get(3)), rows,
                List.of(50_000),
                Map.of());
        try (Engine engine = Engine.create(QueryOptions.defaults().withThreads(threads))) {
            engine.register("g", stream.table(GridStream.metadata("v", List.of("time", "lat", "lon"),
                    List.of(2, 300, 400), Map.of("lat", List.of("lat"), "lon", List.of("lon")))));
            assertEquals(expected, column(engine,
                    "SELECT lat * 1000 + lon AS k FROM (SELECT lon, lat, sum(v) FROM g GROUP BY lon, lat) AS s"));
            assertEquals(0, engine.allocatedBytes());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void each_query_starts_the_stream_once_and_a_limit_stops_it(int threads) {
        GridStream stream = stream(100);
        try (Engine engine = Engine.create(QueryOptions.defaults().withThreads(threads))) {
            engine.register("g", stream.table(METADATA));
            assertEquals(20, column(engine, "SELECT lat, avg(v) FROM g GROUP BY lat").size());
            assertEquals(1, stream.started.get());
            assertEquals(31, stream.batchesRead.get());
            assertEquals("[S0,0, S0,1, S0,2]", column(engine, "SELECT upper(station) FROM g LIMIT 3").toString());
            assertEquals(2, stream.started.get());
            assertTrue(stream.batchesRead.get() < 31 + 10, stream.batchesRead + " batches");
            assertEquals(List.of(), column(engine, "SELECT upper(station) FROM g LIMIT 0"));
            assertEquals(2, stream.started.get());
            assertEquals(2, stream.closed.get());
            assertEquals(0, engine.allocatedBytes());
        }
    }
}
