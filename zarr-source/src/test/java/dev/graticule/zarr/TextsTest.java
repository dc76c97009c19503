package dev.graticule.zarr;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graticule.Engine;
import dev.graticule.ErrorKind;
import dev.graticule.GraticuleException;
import dev.graticule.Query;
import dev.graticule.spi.GriddedTable;
import dev.graticule.type.SqlType;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Texts in all their stored forms: those of zarr-python in {@code src/test/stores}, and damaged ones. */
class TextsTest {
    private static final List<Object> NAMES = List.of("alpha", "Zürich", "", "日本", "a😀b");

    @TempDir
    Path folder;

    private static Path texts(int version) {
        return Path.of("src/test/stores/texts_v" + version + ".zarr");
    }

    private static GriddedTable table(Path store, String name, Map<String, Object> options) {
        return (GriddedTable) ZarrTable.open(store, options).tables().stream()
                .filter(table -> table.name().equals(name))
                .findFirst().orElseThrow();
    }

    static Stream<Arguments> arrays() {
        return Stream.of(2, 3).flatMap(version -> Stream
                .of("station", "object", "bytes", "big", "gzip", "two", "twice", version == 2 ? "fortran" : "sharded",
                        version == 2 ? "across" : "two")
                .distinct().map(name -> Arguments.of(version, name)));
    }

    @ParameterizedTest
    @MethodSource("arrays")
    void texts_that_zarr_python_wrote_are_read_whatever_their_form(int version, String name) {
        List<Object> expected = new ArrayList<>(NAMES);
        boolean two = List.of("two", "twice", "fortran", "across").contains(name);
        if (two) {
            expected.addAll(NAMES.reversed());
        }
        Map<String, Object> options = Map.of("use_zarr_fill_value_as_mask", false);
        GriddedTable table = table(texts(version), two ? "x_station" : "station", options);
        assertEquals(SqlType.VARCHAR, Columns.variable(table, name).type());
        assertEquals(expected, Columns.read(table, name));
        for (int[] piece : two ? new int[][]{{1, 1}, {2, 2}, {1, 3}} : new int[][]{{1}, {2}, {3}}) {
            assertEquals(expected, Columns.read(table, Columns.variable(table, name), piece), Arrays.toString(piece));
        }
    }

    @Test
    void a_missing_chunk_is_the_fill_value_which_version_2_takes_for_missing() {
        assertEquals(List.of("alpha", "Zürich", "alpha", "alpha", "a😀b"),
                Columns.read(table(texts(3), "station", Map.of()), "marked"));
        assertEquals(Arrays.asList(null, "Zürich", null, null, "a😀b"),
                Columns.read(table(texts(2), "station", Map.of()), "marked"));
        assertEquals(Arrays.asList("alpha", "Zürich", null, "日本", "a😀b"),
                Columns.read(table(texts(2), "station", Map.of()), "object"));
    }

    @Test
    void attributes_say_which_texts_are_missing_and_how_bytes_are_coded() {
        new StoreWriter(folder).group2("", "{}")
                .array2("v", "|S4", "3", "3", "null",
                        "{'_ARRAY_DIMENSIONS': ['x'], '_FillValue': 'none', '_Encoding': 'ISO-8859-1'}")
                .bytes("v/0", "none\u00fcber\0\0\0\0".getBytes(StandardCharsets.ISO_8859_1))
                .array2("odd", "|S4", "3", "3", "null", "{'_ARRAY_DIMENSIONS': ['x'], '_Encoding': 'Klingon'}");
        GriddedTable table = table(folder, "x", Map.of());
        assertEquals(Arrays.asList(null, "über", ""), Columns.read(table, "v"));
        assertTrue(assertThrows(GraticuleException.class, () -> Columns.read(table, "odd")).getMessage()
                .contains("_Encoding 'Klingon'"));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void texts_are_axes_that_are_filtered_and_grouped_by(int version) throws Exception {
        try (Engine engine = Engine.create()) {
            engine.register("t", ZarrTable.open(texts(version), Map.of("table", "x_station")));
            assertEquals(List.of("0 Zürich", "1 日本"),
                    rows(engine, "SELECT x || ' ' || two FROM t WHERE station = 'Zürich'"));
            assertEquals(List.of("alpha a😀b", "Zürich 日本"),
                    rows(engine, "SELECT station || ' ' || max(two) FROM t WHERE station < 'b' AND station <> '' "
                            + "AND station < 'a😀b' OR station = 'Zürich' GROUP BY station"));
        }
    }

    private static List<String> rows(Engine engine, String sql) throws Exception {
        List<String> rows = new ArrayList<>();
        try (Query query = engine.query(sql); ArrowReader reader = query.run()) {
            while (reader.loadNextBatch()) {
                var root = reader.getVectorSchemaRoot();
                for (int row = 0; row < root.getRowCount(); row++) {
                    rows.add(root.getVector(0).getObject(row).toString());
                }
            }
        }
        return rows;
    }

    private void damaged(String type, String chunk, byte[] content, String expected) {
        String codec = type.equals("string") ? "{'name': 'vlen-utf8'}"
                : "{'name': 'bytes', 'configuration': {'endian': 'little'}}";
        String written = type.equals("string") ? "'string'"
                : "{'name': '" + type + "', 'configuration': {'length_bytes': 4}}";
        new StoreWriter(folder).group3("", "{}").file("v/zarr.json",
                "{'zarr_format': 3, 'node_type': 'array', 'shape': [2], 'data_type': " + written
                        + ", 'chunk_grid': {'name': 'regular', 'configuration': {'chunk_shape': [2]}}, "
                        + "'chunk_key_encoding': {'name': 'default'}, 'fill_value': '', 'codecs': [" + codec
                        + "], 'dimension_names': ['x'], 'attributes': {}}")
                .bytes(chunk, content);
        GriddedTable table = table(folder, "x", Map.of());
        GraticuleException error = assertThrows(GraticuleException.class, () -> Columns.read(table, "v"));
        assertEquals(ErrorKind.SOURCE, error.kind());
        assertTrue(error.getMessage().startsWith("Chunk 'v/c/0' of array 'v' cannot be read: " + expected),
                error::getMessage);
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    @Test
    void damaged_texts_are_errors_that_name_the_chunk() {
        byte[] text = {'a', 'b'};
        damaged("string", "v/c/0", new byte[3], "vlen-utf8: the chunk has no texts, expected 2");
        damaged("string", "v/c/0", StoreWriter.ints(3, 0, 0, 0), "vlen-utf8: the chunk has 3 texts, expected 2");
        damaged("string", "v/c/0", join(StoreWriter.ints(2, 2), text), "vlen-utf8: 10 bytes end within text 1");
        damaged("string", "v/c/0", join(StoreWriter.ints(2, -1), text), "vlen-utf8: 10 bytes end within text 0");
        damaged("string", "v/c/0", join(StoreWriter.ints(2, 2), new byte[]{-1, -2}, StoreWriter.ints(0)),
                "a text is no UTF-8");
        damaged("null_terminated_bytes", "v/c/0", new byte[]{'a', 0, 0, 0, -1, 0, 0, 0}, "a text is no UTF-8");
        damaged("fixed_length_utf32", "v/c/0", StoreWriter.ints('a', 0xd800), "0x0000d800 is no code point");
        damaged("fixed_length_utf32", "v/c/0", StoreWriter.ints('a', 0x110000), "0x00110000 is no code point");
        damaged("fixed_length_utf32", "v/c/0", StoreWriter.ints('a'), "the chunk has 4 bytes, expected 8");
    }
}
