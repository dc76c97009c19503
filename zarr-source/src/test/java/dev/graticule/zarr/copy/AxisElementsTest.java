package dev.graticule.zarr.copy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.graticule.Engine;
import dev.graticule.GraticuleException;
import dev.graticule.Query;
import dev.graticule.zarr.StoreWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Axes of a store are stored again as they were, as variables are. */
class AxisElementsTest {
    private static final JsonMapper JSON = new JsonMapper();

    private final Engine engine = Engine.create();
    @TempDir
    private Path folder;

    @AfterEach
    void close() {
        assertEquals(0, engine.allocatedBytes());
        engine.close();
    }

    private static ByteBuffer buffer(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static byte[] doubles(double... values) {
        ByteBuffer buffer = buffer(values.length * 8);
        for (double value : values) {
            buffer.putDouble(value);
        }
        return buffer.array();
    }

    private static byte[] shorts(int... values) {
        ByteBuffer buffer = buffer(values.length * 2);
        for (int value : values) {
            buffer.putShort((short) value);
        }
        return buffer.array();
    }

    private static byte[] floats(float... values) {
        ByteBuffer buffer = buffer(values.length * 4);
        for (float value : values) {
            buffer.putFloat(value);
        }
        return buffer.array();
    }

    static Stream<Arguments> axes() {
        String half = "'units': 'days since 2000-01-01', 'calendar': 'standard'";
        return Stream.of(Arguments.of("float64", half, doubles(0, 0.5, 1)),
                Arguments.of("float64", half + ", '_FillValue': 'AAAAAAAA+H8='", doubles(0, 0.5, 1)),
                Arguments.of("int16", "'scale_factor': 0.5, 'add_offset': 10.0, '_FillValue': -1", shorts(7, 3, 4)),
                Arguments.of("float32", "'scale_factor': 0.5", floats(7, 3, 4)),
                Arguments.of("float16", "'units': 'm'", shorts(0x3c00, 0x4000, 0x4400)),
                Arguments.of("float32", "'units': 'hours', 'dtype': 'timedelta64[ns]'", floats(0, 1.5f, 3)),
                Arguments.of("int16", "'units': 'hours', 'dtype': 'timedelta64[ns]'", shorts(0, 6, 12)),
                Arguments.of("int16", "'units': 'hours since 2000-01-01', 'calendar': 'standard', '_FillValue': -1",
                        shorts(5, 6, 12)));
    }

    private Path source(String type, String attributes, byte[] coordinates) {
        Path store = folder.resolve("source.zarr");
        new StoreWriter(store).group3("", "{}")
                .array3("x", type, "3", "3", "'x'", attributes.contains("'_FillValue': -1") ? "-1" : "0",
                        "{" + attributes + "}")
                .bytes("x/c/0", coordinates).array3("v", "int32", "3", "3", "'x'", "7", "{}");
        return store;
    }

    private void copy(String query) {
        Results.of(engine.query("COPY (" + query + ") TO '" + folder.resolve("x.zarr") + "' (CODEC none, OVERWRITE)"));
    }

    private JsonNode axis() throws IOException {
        return JSON.readTree(folder.resolve("x.zarr/x/zarr.json").toFile());
    }

    @ParameterizedTest
    @MethodSource("axes")
    void an_axis_keeps_its_type_and_packing_and_units(String type, String attributes, byte[] coordinates)
            throws IOException {
        Path store = source(type, attributes, coordinates);
        copy("SELECT * FROM '" + store + "'");
        assertEquals(type, axis().get("data_type").asText());
        assertEquals(JSON.readTree(("{" + attributes + "}").replace('\'', '"')), axis().get("attributes"));
        assertArrayEquals(coordinates, Files.readAllBytes(folder.resolve("x.zarr/x/c/0")));
        assertEquals(Results.of(engine.query("SELECT * FROM '" + store + "'")),
                Results.of(engine.query("SELECT * FROM '" + folder.resolve("x.zarr") + "'")));
    }

    @Test
    void an_axis_of_computed_intervals_is_one_of_nanoseconds() throws IOException {
        Path store = folder.resolve("x.zarr");
        Results.of(engine.query("COPY (SELECT range * INTERVAL '1 hour' AS x, range AS v FROM range(3)) TO '" + store
                + "' (DIMS x, CODEC none)"));
        assertEquals("int64", axis().get("data_type").asText());
        assertEquals("nanoseconds", axis().at("/attributes/units").asText());
        assertEquals("timedelta64[ns]", axis().at("/attributes/dtype").asText());
        assertEquals(List.of(List.of(2L)),
                Results.of(engine.query("SELECT v FROM '" + store + "' WHERE x = INTERVAL '2 hours'")));
        GraticuleException error = assertThrows(GraticuleException.class, () -> Results
                .of(engine.query("COPY (SELECT range * INTERVAL '1 month' AS x, range AS v FROM range(3)) TO '" + store
                        + "' (DIMS x, OVERWRITE)")));
        assertTrue(error.getMessage().startsWith("x has an INTERVAL of months"), error::getMessage);
    }

    @Test
    void the_bounds_that_stay_behind_are_told() {
        Path store = source("float64", "'bounds': 'x_bnds'", doubles(1, 2, 3));
        new StoreWriter(store).array3("x_bnds", "float64", "3, 2", "3, 2", "'x', 'n'", "0", "{}");
        try (Query query = engine.query("COPY (SELECT * FROM '" + store + "') TO '" + folder.resolve("x.zarr") + "'")) {
            Results.of(query);
            assertEquals(List.of("x_bnds, the bounds of x, is no column, and so not copied."), query.notices());
        }
    }
}
