package dev.graticule.zarr;

import dev.graticule.Engine;
import dev.graticule.Query;
import java.io.IOException;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graticule.ErrorKind;
import dev.graticule.GraticuleException;
import dev.graticule.spi.Dataset;
import dev.graticule.spi.GridVariable;
import dev.graticule.spi.GriddedTable;
import dev.graticule.type.SqlType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which tables and columns a store has: SEMANTICS 2 to 7. */
class TablesTest {
    @TempDir
    Path folder;

    private GriddedTable only(Map<String, Object> options) {
        Dataset dataset = ZarrTable.open(folder, options);
        assertEquals(1, dataset.tables().size(), () -> names(dataset).toString());
        return (GriddedTable) dataset.tables().get(0);
    }

    private static List<String> names(Dataset dataset) {
        return dataset.tables().stream().map(table -> table.name()).toList();
    }

    private static GriddedTable table(Dataset dataset, String name) {
        return (GriddedTable) dataset.tables().stream().filter(table -> table.name().equals(name)).findFirst()
                .orElseThrow();
    }

    private static List<String> listed(GriddedTable table) {
        return table.variables().stream().filter(GridVariable::listed).map(GridVariable::name).toList();
    }

    private static List<String> broadcast(GriddedTable table) {
        return table.variables().stream().filter(variable -> !variable.listed()).map(GridVariable::name).toList();
    }

    private StoreWriter weather() {
        return new StoreWriter(folder).group3("", "{'coordinates': 'height'}")
                .array3("time", "int64", "2", "2", "'time'", "0",
                        "{'units': 'days since 2000-01-01', 'bounds': 'time_bnds'}")
                .bytes("time/c/0", StoreWriter.longs(0, 1))
                .array3("time_bnds", "int64", "2, 2", "2, 2", "'time', 'nv'", "0", "{}")
                .array3("lat", "float32", "3", "3", "'lat'", "0.0", "{'units': 'degrees_north'}")
                .bytes("lat/c/0", StoreWriter.floats(10, 20, 30))
                .array3("height", "float64", "", "", "", "2.0", "{}")
                .array3("area", "float32", "3", "3", "'lat'", "1.0", "{'coordinates': 'region'}")
                .array3("region", "int32", "3", "3", "'lat'", "7", "{}")
                .array3("wind", "float32", "2, 3", "1, 3", "'time', 'lat'", "'NaN'", "{}")
                .array3("t2m", "float32", "2, 3", "1, 3", "'time', 'lat'", "'NaN'", "{'units': 'K'}")
                .bytes("t2m/c/0/0", StoreWriter.floats(1, 2, 3));
    }

    @Test
    void axesComeFirstThenOtherCoordinatesThenVariablesByNameAndBoundsAreLeftOut() {
        weather();
        Dataset dataset = ZarrTable.open(folder);
        assertEquals(List.of("time_lat", "lat"), names(dataset));
        GriddedTable table = table(dataset, "time_lat");
        assertEquals(List.of("time", "lat"), table.axes().stream().map(axis -> axis.name()).toList());
        assertEquals(List.of("height", "region", "t2m", "wind"), listed(table));
        assertEquals(List.of("area"), broadcast(table));
        assertEquals(List.of("time_bnds is left out: it holds the bounds of time."), table.remarks());
        assertEquals(GridVariable.Role.COORDINATE, Columns.variable(table, "height").role());
        assertEquals(List.of(1), Columns.variable(table, "area").axes());
        assertEquals(List.of("height", "region", "area"), listed(table(dataset, "lat")));
        assertEquals("K", Columns.variable(table, "t2m").attributes().get("units"));
        assertEquals("1 x 3", Columns.variable(table, "t2m").attributes().get("zarr.chunks"));
    }

    @Test
    void anAxisWithoutACoordinateArrayIsAnIndex() {
        new StoreWriter(folder).group3("", "{}").array3("v", "int32", "4, 5", "2, 2", "'y', 'x'", "1", "{}");
        GriddedTable table = only(Map.of());
        assertEquals(GridVariable.Role.INDEX, table.axes().get(0).coordinate().role());
        assertEquals(SqlType.BIGINT, table.axes().get(0).coordinate().type());
        assertEquals(List.of(4, 5), table.axes().stream().map(axis -> axis.length()).toList());
    }

    @Test
    void aTransposedVariableBelongsToTheSameTable() {
        new StoreWriter(folder).group3("", "{}").array3("a", "int32", "2, 3", "2, 3", "'y', 'x'", "1", "{}")
                .array3("b", "int32", "2, 3", "2, 3", "'y', 'x'", "1", "{}")
                .array3("c", "int32", "3, 2", "3, 2", "'x', 'y'", "1", "{}");
        GriddedTable table = only(Map.of());
        assertEquals(List.of("a", "b", "c"), listed(table));
        assertEquals(List.of(1, 0), Columns.variable(table, "c").axes());
    }

    @Test
    void theVersionFollowsFromTheContentNotTheName() {
        StoreWriter writer = new StoreWriter(folder.resolve("ar-zarr-v3"));
        writer.group2("", "{}").array2("v", "<i4", "2", "2", "null", "{'_ARRAY_DIMENSIONS': ['x']}").bytes("v/0",
                StoreWriter.ints(1, 2));
        GriddedTable table = (GriddedTable) ZarrTable.open(writer.root()).tables().get(0);
        assertEquals(List.of(1, 2), Columns.read(table, "v"));
    }

    @Test
    void aStoreWithoutAxisNamesIsRefusedWithTheWayToNameThem() {
        StoreWriter writer = new StoreWriter(folder).group2("", "{}").array2("crs", "<i4", "", "", "1", "{}")
                .array2("temperature", "<i4", "7, 10, 10", "1, 10, 10", "0", "{}")
                .array2("lat", "<i4", "10", "10", "null", "{}").array2("other", "<i4", "10", "10", "null", "{}");
        GraticuleException error = assertThrows(GraticuleException.class, () -> ZarrTable.open(folder));
        assertTrue(error.getMessage().contains("axes => ['time', 'lat', 'lon']"), error::getMessage);
        GriddedTable table = only(Map.of("axes", List.of("time", "lat", "lon")));
        assertEquals(List.of(7, 10, 10), table.axes().stream().map(axis -> axis.length()).toList());
        assertEquals(GridVariable.Role.AXIS, table.axes().get(1).coordinate().role());
        assertTrue(table.remarks().get(0).startsWith("other is left out"), () -> table.remarks().toString());
        assertEquals("time_lat_lon", only(Map.of("dims", "time, lat, lon")).name());
        assertEquals(folder, writer.root());
    }

    @Test
    void nestedGroupsAreTablesWithDottedNamesThatInheritCoordinates() {
        weather().group3("forecast", "{}").group3("forecast/day1", "{}").array3("forecast/day1/t2m", "float32", "2, 3",
                "2, 3", "'time', 'lat'",
                "0.0", "{}");
        Dataset dataset = ZarrTable.open(folder);
        assertEquals(List.of("time_lat", "lat", "forecast.day1.time_lat"), names(dataset));
        GriddedTable nested = table(dataset, "forecast.day1.time_lat");
        assertEquals(Arrays.asList(10f, 20f, 30f), Columns.read(nested, "lat"));
        assertEquals(List.of("height", "region", "t2m"), listed(nested));
        GriddedTable alone = only(Map.of("group", "/forecast/day1/"));
        assertEquals(Arrays.asList(10f, 20f, 30f), Columns.read(alone, "lat"));
        GraticuleException error = assertThrows(GraticuleException.class,
                () -> ZarrTable.open(folder, Map.of("group", "forecast/day2")));
        assertEquals("'" + folder + "' has no group 'forecast/day2'; there are day1 in forecast.", error.getMessage());
    }

    @Test
    void optionsChooseTablesAndVariables() {
        weather();
        assertEquals("lat", only(Map.of("table", "lat")).name());
        GriddedTable chosen = only(Map.of("variables", List.of("t2m")));
        assertEquals(List.of("t2m"), listed(chosen));
        assertEquals(List.of(), broadcast(chosen));
        assertEquals(List.of("time", "lat"), chosen.axes().stream().map(axis -> axis.name()).toList());
        assertEquals(List.of("height", "region", "t2m"),
                listed(only(Map.of("drop_variables", List.of("wind", "area")))));
        assertEquals(List.of("surface", "area"),
                names(ZarrTable.open(folder, Map.of("table_names", Map.of("time,lat", "surface", "lat", "area")))));
        assertEquals(List.of("surface", "area"),
                names(ZarrTable.open(folder, Map.of("table_names", Map.of("[time, lat]", "surface", "lat", "area")))));
        assertEquals(
                "table_names names no table of '" + folder + "' by time,lon; the tables have the axes (time, lat) and "
                        + "(lat). Write table_names => MAP {('time', 'lat'): 'name'}.",
                assertThrows(GraticuleException.class,
                        () -> ZarrTable.open(folder, Map.of("table_names", Map.of("time,lon", "x")))).getMessage());
        assertEquals(ErrorKind.BINDING,
                assertThrows(GraticuleException.class, () -> ZarrTable.open(folder, Map.of("tabel", "lat"))).kind());
        GraticuleException error = assertThrows(GraticuleException.class,
                () -> ZarrTable.open(folder, Map.of("variables", List.of("t2n"))));
        assertTrue(error.getMessage().contains("Did you mean t2m?"), error::getMessage);
        error = assertThrows(GraticuleException.class, () -> ZarrTable.open(folder, Map.of("table", "nope")));
        assertTrue(error.getMessage().endsWith("there are time_lat, lat."), error::getMessage);
        error = assertThrows(GraticuleException.class, () -> ZarrTable.open(folder, Map.of("decode_times", 2L)));
        assertEquals("decode_times of read_zarr takes true or false, not 2.", error.getMessage());
    }

    @Test
    void variablesThatDisagreeAboutAnAxisAreRefusedAndTheRestWorks() {
        weather().array3("wrong", "float32", "2, 4", "2, 4", "'time', 'lat'", "0.0", "{}");
        GriddedTable table = table(ZarrTable.open(folder), "time_lat");
        assertEquals(List.of("height", "region", "t2m", "wind"), listed(table));
        assertEquals(SqlType.REAL, Columns.variable(table, "wrong").type(),
                "the type stays known, so that avg(wrong) names what is wrong and not VARCHAR");
        GraticuleException error = assertThrows(GraticuleException.class, () -> Columns.read(table, "wrong"));
        assertTrue(
                error.getMessage()
                        .startsWith("Array 'wrong' cannot be read: its axis 'lat' has length 4, elsewhere it has 3"),
                error::getMessage);
    }

    @Test
    void whatCannotBeReadIsAnErrorOnlyForWhoNeedsIt() {
        weather().array3("name", "complex64", "3", "3", "'lat'", "0", "{}")
                .array3("sharded", "float32", "2, 3", "2, 3", "'time', 'lat'", "0.0", "{}",
                        "{'name': 'sharding_indexed', 'configuration': {}}")
                .file("broken/zarr.json", "{'zarr_format': 3, 'node_type': 'array', ")
                .array3("odd", "float32", "2, 3", "2", "'time', 'lat'", "0.0", "{}");
        GriddedTable table = table(ZarrTable.open(folder), "time_lat");
        assertEquals(List.of("height", "odd", "region", "sharded", "t2m", "wind").stream().sorted().toList(),
                listed(table).stream().sorted().toList());
        assertEquals(Arrays.asList(1f, 2f, 3f, null, null, null), Columns.read(table, "t2m"));
        refused(table, "name", ErrorKind.UNSUPPORTED, "data type 'complex64'", "zarr.json");
        refused(table, "sharded", ErrorKind.SOURCE, "'chunk_shape' is missing", "zarr.json");
        refused(table, "broken", ErrorKind.SOURCE, "not valid JSON", "zarr.json");
        refused(table, "odd", ErrorKind.SOURCE, "chunks have 1 axes, the array 2", "zarr.json");
    }

    @Test
    void semantics27AQueryThatNamesWhatCannotBeReadGetsTheArraysError() throws IOException {
        weather().file("broken/zarr.json", "{'zarr_format': 3, 'node_type': 'array', ")
                .array3("wrong", "float32", "2, 4", "2, 4", "'time', 'lat'", "0.0", "{}");
        try (Engine engine = Engine.create()) {
            engine.register("w", ZarrTable.open(folder));
            for (String query : List.of("SELECT broken FROM w", "SELECT sum(broken) FROM w",
                    "SELECT t2m FROM w WHERE broken > 1", "SELECT count(*) FROM w GROUP BY abs(broken)",
                    "SELECT x.broken FROM w AS x", "SELECT t2m FROM w ORDER BY broken")) {
                fails(engine, query, "'broken'", "not valid JSON", "zarr.json");
            }
            fails(engine, "SELECT avg(wrong) FROM w", "'wrong'", "its axis 'lat' has length 4");
            assertEquals(List.of("broken unreadable", "wrong unreadable"),
                    rows(engine.query("DESCRIBE w.time_lat")).stream()
                            .filter(row -> row.contains("unreadable")).map(row -> row.get(0) + " " + row.get(3))
                            .toList());
            assertEquals(List.of(List.of("6", "6.0")), rows(engine.query("SELECT count(*), sum(t2m) FROM w")));
        }
    }

    private static void fails(Engine engine, String query, String... parts) {
        GraticuleException error = assertThrows(GraticuleException.class, () -> rows(engine.query(query)), query);
        assertEquals(ErrorKind.SOURCE, error.kind(), error::getMessage);
        assertTrue(error.position().isPresent(), query);
        for (String part : parts) {
            assertTrue(error.getMessage().contains(part), error::getMessage);
        }
    }

    private static List<List<String>> rows(Query query) throws IOException {
        List<List<String>> rows = new ArrayList<>();
        try (query; ArrowReader reader = query.run()) {
            while (reader.loadNextBatch()) {
                VectorSchemaRoot root = reader.getVectorSchemaRoot();
                for (int row = 0; row < root.getRowCount(); row++) {
                    int at = row;
                    rows.add(root.getFieldVectors().stream().map(vector -> String.valueOf(vector.getObject(at)))
                            .toList());
                }
            }
        }
        return rows;
    }

    private static void refused(GriddedTable table, String name, ErrorKind kind, String... parts) {
        GraticuleException error = assertThrows(GraticuleException.class, () -> Columns.read(table, name));
        assertEquals(kind, error.kind(), error::getMessage);
        for (String part : parts) {
            assertTrue(error.getMessage().contains(part) && error.getMessage().contains("'" + name + "'"),
                    error::getMessage);
        }
        assertTrue(table.remarks().stream().anyMatch(remark -> remark.startsWith(name + " cannot be read")),
                () -> table.remarks().toString());
    }

    @Test
    void aStoreThatIsOneArrayIsATableOfOneVariable() {
        new StoreWriter(folder).array3("", "int32", "3", "3", "'x'", "9", "{}");
        GriddedTable table = only(Map.of());
        assertEquals(List.of("value"), listed(table));
        assertEquals(List.of(9, 9, 9), Columns.read(table, "value"));
    }

    @Test
    void scalarsAloneAreOneRow() {
        new StoreWriter(folder).group3("", "{}").array3("crs", "int32", "", "", "", "4326", "{}");
        GriddedTable table = only(Map.of());
        assertEquals(List.of(), table.axes());
        assertEquals(List.of(4326), Columns.read(table, "crs"));
    }

    @Test
    void coordinatesAloneMakeTheTables() {
        new StoreWriter(folder).group3("", "{}").array3("x", "int32", "3", "3", "'x'", "1", "{}").array3("y", "int32",
                "2", "2", "'y'", "1", "{}");
        assertEquals(List.of("x", "y"), names(ZarrTable.open(folder)));
    }

    @Test
    void consolidatedMetadataOfVersion2IsEnough() {
        new StoreWriter(folder).file(".zmetadata",
                "{'zarr_consolidated_format': 1, 'metadata': {'.zgroup': {'zarr_format': 2}, '.zattrs': {},"
                        + "'g/.zgroup': {'zarr_format': 2}, 'g/v/.zarray': {'zarr_format': 2, 'shape': [2], 'chunks': [1], 'dtype': '<i2', 'fill_value': NaN,"
                        + "'order': 'C', 'filters': null, 'compressor': null}, 'g/v/.zattrs': {'_ARRAY_DIMENSIONS': ['x'], 'note': NaN},"
                        + "'g/w/.zarray': {'zarr_format': 2, 'shape': [2], 'chunks': [1], 'dtype': '<i2', 'fill_value': null,"
                        + "'order': 'C', 'filters': null, 'compressor': null, 'dimension_separator': '/'}, 'g/w/.zattrs': {'_ARRAY_DIMENSIONS': ['x']}}}")
                .bytes("g/w/0", StoreWriter.shorts(5)).bytes("g/w/1", StoreWriter.shorts(6));
        GriddedTable table = only(Map.of());
        assertEquals("g.x", table.name());
        assertEquals(List.of((short) 5, (short) 6), Columns.read(table, "w"));
        GraticuleException error = assertThrows(GraticuleException.class, () -> Columns.read(table, "v"));
        assertTrue(error.getMessage().contains("'fill_value'"), error::getMessage);
    }

    @Test
    void aStoreOfMillionsOfChunksOpensWithoutLookingAtThem() {
        new StoreWriter(folder).group3("", "{}").array3("v", "float32", "59000000, 721, 1440", "1, 721, 1440",
                "'time', 'y', 'x'", "2.0", "{}");
        // A listing of the array's folder would fail: it is a file.
        new StoreWriter(folder).bytes("v/c", new byte[0]);
        GriddedTable table = only(Map.of());
        assertEquals(59_000_000, table.axes().get(0).length());
        try (CountingBuffers buffers = new CountingBuffers(); var reader = table.openReader()) {
            try (var block = reader.openBlock(Columns.variable(table, "v"), new int[]{58_999_999, 720, 1439},
                    new int[]{1, 1, 1}, buffers)) {
                assertEquals(2f, block.values().object(block.layout().place(new int[]{1, 1, 1}, 0)));
            }
        }
    }
}
