package dev.graticule.zarr;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graticule.ErrorKind;
import dev.graticule.GraticuleException;
import dev.graticule.batch.Interval;
import dev.graticule.spi.Block;
import dev.graticule.spi.GridReader;
import dev.graticule.spi.GridVariable;
import dev.graticule.spi.GriddedTable;
import dev.graticule.type.SqlType;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What values a column has: SEMANTICS 8 to 11 and 13. */
class ValuesTest {
    @TempDir
    Path folder;

    private GriddedTable table(Map<String, Object> options) {
        return (GriddedTable) ZarrTable.open(folder, options).tables().get(0);
    }

    private List<Object> v2(String type, String fill, String attributes, byte[] chunk, Map<String, Object> options) {
        int count = chunk.length / Integer.parseInt(type.substring(2));
        String named = attributes.equals("{}") ? "{'_ARRAY_DIMENSIONS': ['x']}"
                : "{'_ARRAY_DIMENSIONS': ['x'], " + attributes.substring(1);
        new StoreWriter(folder).group2("", "{}")
                .array2("v", type, Integer.toString(count), Integer.toString(count), fill, named).bytes("v/0", chunk);
        return Columns.read(table(options), "v");
    }

    private List<Object> v3(String type, String fill, String attributes, byte[] chunk, int bytes) {
        new StoreWriter(folder).group3("", "{}")
                .array3("v", type, Integer.toString(chunk.length / bytes), Integer.toString(chunk.length / bytes),
                        "'x'",
                        fill, attributes)
                .bytes("v/c/0", chunk);
        return Columns.read(table(Map.of()), "v");
    }

    @Test
    void fillValueAttributeAndMissingValueBothMask() {
        assertEquals(Arrays.asList(1, null, null, 4),
                v3("int32", "0", "{'_FillValue': 2, 'missing_value': 3}", StoreWriter.ints(1, 2, 3, 4), 4));
        assertEquals(Arrays.asList(0, null), v3("int32", "0", "{'missing_value': [7, 8]}", StoreWriter.ints(0, 8), 4));
        assertEquals(Arrays.asList(1f, null),
                v3("float32", "0.0", "{'_FillValue': 1e20}", StoreWriter.floats(1, 1e20f), 4));
    }

    @Test
    void version2MasksFillValueUnlessToldOtherwise() {
        byte[] chunk = StoreWriter.ints(0, 1);
        assertEquals(Arrays.asList(null, 1), v2("<i4", "0", "{}", chunk, Map.of()));
        assertEquals(Arrays.asList(0, 1), v2("<i4", "0", "{}", chunk, Map.of("use_zarr_fill_value_as_mask", false)));
        assertEquals(Arrays.asList(0, null), v2("<i4", "0", "{'_FillValue': 1}", chunk, Map.of()));
        assertEquals(Arrays.asList(0, 1), v2("<i4", "null", "{}", chunk, Map.of()));
        assertEquals(Arrays.asList(0, 1), v2("<i4", "0", "{'_FillValue': 1}", chunk, Map.of("mask_and_scale", false)));
        assertEquals("0", Columns.variable(table(Map.of()), "v").attributes().get("zarr.fill_value"));
        assertEquals("1", Columns.variable(table(Map.of()), "v").attributes().get("zarr.null"));
    }

    @Test
    void version3DoesNotMaskFillValueUnlessToldTo() {
        assertEquals(Arrays.asList(0, 1), v3("int32", "0", "{}", StoreWriter.ints(0, 1), 4));
        assertEquals(Arrays.asList(null, 1), Columns.read(table(Map.of("use_zarr_fill_value_as_mask", true)), "v"));
    }

    @Test
    void aFloatingFillValueMayBeBase64OrAName() {
        assertEquals(Arrays.asList(1f, null),
                v3("float32", "0.0", "{'_FillValue': 'AAAAAAAA+H8='}", StoreWriter.floats(1, Float.NaN), 4));
        String minus999 = java.util.Base64.getEncoder().encodeToString(StoreWriter.doubles(-999));
        assertEquals(Arrays.asList(1.0, null),
                v3("float64", "0.0", "{'_FillValue': '" + minus999 + "'}", StoreWriter.doubles(1, -999), 8));
    }

    @Test
    void nanIsNullUnlessToldOtherwise() {
        assertEquals(Arrays.asList(null, 1.0), v3("float64", "0.0", "{}", StoreWriter.doubles(Double.NaN, 1), 8));
        assertEquals(Arrays.asList(Double.NaN, 1.0), Columns.read(table(Map.of("nan_as_null", false)), "v"));
    }

    @Test
    void aMissingChunkHoldsFillValueWhichMayOrMayNotBeNull() {
        new StoreWriter(folder).group3("", "{}").array3("v", "int16", "6", "2", "'x'", "-5", "{}")
                .array3("w", "int16", "6", "2", "'x'", "-5",
                        "{'_FillValue': -5}")
                .bytes("v/c/1", StoreWriter.shorts(1, 2));
        assertEquals(Arrays.asList((short) -5, (short) -5, (short) 1, (short) 2, (short) -5, (short) -5),
                Columns.read(table(Map.of()), "v"));
        assertEquals(Arrays.asList(null, null, null, null, null, null), Columns.read(table(Map.of()), "w"));
        try (CountingBuffers buffers = new CountingBuffers(); GridReader reader = table(Map.of()).openReader()) {
            try (Block block = reader.openBlock(Columns.variable(table(Map.of()), "v"), new int[]{0}, new int[]{2},
                    buffers)) {
                assertEquals(1, block.values().count());
                assertTrue(block.layout().isConstant(new int[]{2}));
            }
            assertEquals(0, reader.bytesRead());
            assertEquals(1, reader.chunksRead());
        }
    }

    @Test
    void hexadecimalAndNamedFillValuesOfVersion3AreBits() {
        new StoreWriter(folder).group3("", "{}").array3("nan", "float32", "1", "1", "'x'", "'0x7fc00000'", "{}")
                .array3("inf", "float64", "1", "1", "'x'", "'-Infinity'", "{}")
                .array3("half", "float16", "1", "1", "'x'", "1.5", "{}")
                .array3("big", "uint64", "1", "1", "'x'", "18446744073709551615", "{}")
                .array3("yes", "bool", "1", "1", "'x'", "true", "{}");
        assertEquals(Arrays.asList((Object) null), Columns.read(table(Map.of()), "nan"));
        assertEquals(List.of(Double.NEGATIVE_INFINITY), Columns.read(table(Map.of()), "inf"));
        assertEquals(List.of(1.5f), Columns.read(table(Map.of()), "half"));
        assertEquals(List.of(-1L), Columns.read(table(Map.of()), "big"));
        assertEquals(List.of(true), Columns.read(table(Map.of()), "yes"));
    }

    @Test
    void packedValuesBecomeDoubleAfterMasking() {
        String attributes = "{'scale_factor': 0.5, 'add_offset': 10, '_FillValue': -1}";
        assertEquals(Arrays.asList(10.5, null, 9.0), v3("int16", "0", attributes, StoreWriter.shorts(1, -1, -2), 2));
        GridVariable variable = Columns.variable(table(Map.of()), "v");
        assertEquals(SqlType.DOUBLE, variable.type());
        assertEquals(SqlType.SMALLINT, variable.stored());
        assertEquals(Arrays.asList((short) 1, (short) -1, (short) -2),
                Columns.read(table(Map.of("mask_and_scale", false)), "v"));
    }

    @Test
    void unsignedIsHonoured() {
        String attributes = "{'_Unsigned': 'true', '_FillValue': -1, 'scale_factor': 1.0}";
        assertEquals(Arrays.asList(1.0, 200.0, null), v3("int8", "0", attributes, new byte[]{1, (byte) 200, -1}, 1));
        assertEquals(SqlType.UTINYINT, Columns.variable(table(Map.of()), "v").stored());
        assertEquals(List.of(255L), Columns.variable(table(Map.of()), "v").unpacking().sentinels());
    }

    @Test
    void anUnsignedSentinelBeyondALongMasksToo() {
        assertEquals(Arrays.asList(3L, null),
                v2("<u8", "18446744073709551615", "{}", StoreWriter.longs(3, -1), Map.of()));
    }

    @Test
    void booleansAreBits() {
        assertEquals(List.of(true, false, true), v3("bool", "false", "{}", new byte[]{1, 0, 1}, 1));
        assertEquals(SqlType.BOOLEAN, Columns.variable(table(Map.of()), "v").type());
    }

    @Test
    void halvesAreReal() {
        assertEquals(Arrays.asList(1.5f, null), v3("float16", "0.0", "{'_FillValue': -2.0}",
                StoreWriter.shorts(Float.floatToFloat16(1.5f), Float.floatToFloat16(-2f)), 2));
    }

    @Test
    void bigEndianAndFortranOrderAreTheSameValues() {
        new StoreWriter(folder).group2("", "{}")
                .array2("v", ">i2", "2, 3", "2, 2", "null", "{'_ARRAY_DIMENSIONS': ['y', 'x']}", "null", "F")
                .bytes("v/0.0", new byte[]{0, 1, 0, 4, 0, 2, 0, 5}).bytes("v/0.1", new byte[]{0, 3, 0, 6, 9, 9, 9, 9});
        GriddedTable table = table(Map.of());
        List<Object> expected = List.of((short) 1, (short) 2, (short) 3, (short) 4, (short) 5, (short) 6);
        assertEquals(expected, Columns.read(table, "v"));
        assertEquals(expected, Columns.read(table, Columns.variable(table, "v"), new int[]{1, 1}));
        assertTrue(Columns.variable(table, "v").sliceable());
    }

    @Test
    void timesBecomeTimestampsAndMissingOnesNull() {
        String attributes = "{'units': 'hours since 2000-01-01', 'calendar': 'standard', '_FillValue': -1}";
        assertEquals(Arrays.asList(946_684_800_000_000L, null, 946_692_000_000_000L),
                v3("int32", "0", attributes, StoreWriter.ints(0, -1, 2), 4));
        assertEquals(SqlType.TIMESTAMP, Columns.variable(table(Map.of()), "v").type());
        assertEquals(Arrays.asList(946_684_800_000_000L, null),
                v3("float64", "0.0", attributes, StoreWriter.doubles(0, Double.NaN), 8));
        assertEquals(Arrays.asList(0.0, null), Columns.read(table(Map.of("decode_times", false)), "v"));
    }

    @Test
    void notATimeOfNumPyIsNull() {
        byte[] chunk = StoreWriter.longs(1, Long.MIN_VALUE);
        assertEquals(Arrays.asList(86_400_000_000L, null),
                v3("int64", "0", "{'units': 'days since 1970-01-01'}", chunk, 8));
        assertEquals(Arrays.asList(1L, Long.MIN_VALUE), Columns.read(table(Map.of("decode_times", false)), "v"));
        assertEquals(Arrays.asList(null, null),
                v3("int64", "0", "{'units': 'days since 1970-01-01', '_FillValue': 1}", chunk, 8));
        assertEquals(Arrays.asList(new Interval(0, 0, 3_600_000_000_000L), null),
                v3("int64", "0", "{'units': 'hours', 'dtype': 'timedelta64[us]'}", chunk, 8));
        assertEquals(Arrays.asList(1L, Long.MIN_VALUE), v3("int64", "0", "{'units': 'hours'}", chunk, 8));
    }

    @Test
    void paddingBehindTheEdgeIsNeverDecoded() {
        new StoreWriter(folder).group3("", "{}")
                .array3("v", "float64", "3", "2", "'x'", "0.0", "{'units': 'days since 1970-01-01'}")
                .bytes("v/c/0", StoreWriter.doubles(0, 1)).bytes("v/c/1", StoreWriter.doubles(2, 1e300));
        assertEquals(List.of(0L, 86_400_000_000L, 172_800_000_000L), Columns.read(table(Map.of()), "v"));
    }

    @Test
    void otherCalendarsAndBadTimesAreErrorsThatNameTheWayOut() {
        new StoreWriter(folder).group3("", "{}")
                .array3("v", "int32", "1", "1", "'x'", "0", "{'units': 'days since 2000-01-01', 'calendar': 'noleap'}")
                .array3("far", "float64", "1", "1", "'x'", "1e300", "{'units': 'days since 2000-01-01'}");
        GraticuleException error = assertThrows(GraticuleException.class, () -> Columns.read(table(Map.of()), "v"));
        assertEquals(ErrorKind.UNSUPPORTED, error.kind());
        assertTrue(
                error.getMessage().contains("'v'") && error.getMessage().contains("noleap")
                        && error.getMessage().contains("decode_times => false"),
                error::getMessage);
        error = assertThrows(GraticuleException.class, () -> Columns.read(table(Map.of()), "far"));
        assertEquals(ErrorKind.SOURCE, error.kind());
        assertTrue(error.getMessage().contains("decode_times => false"), error::getMessage);
        assertEquals(List.of(0), Columns.read(table(Map.of("decode_times", false)), "v"));
    }

    @Test
    void lengthsOfTimeAreDecodedOnlyWhereAnAttributeSaysSo() {
        new StoreWriter(folder).group3("", "{}").array3("v", "int32", "1", "1", "'x'", "3", "{'units': 'days'}").array3(
                "step", "int32", "1", "1", "'x'",
                "3", "{'units': 'hours', 'dtype': 'timedelta64[ns]'}");
        assertEquals(List.of(3), Columns.read(table(Map.of()), "v"));
        assertEquals(List.of(new Interval(0, 0, 10_800_000_000_000L)), Columns.read(table(Map.of()), "step"));
        assertEquals(List.of(3), Columns.read(table(Map.of("decode_times", false)), "step"));
    }

    @Test
    void aSmallBoxOfAnUncompressedChunkReadsOnlyItsRows() {
        byte[] chunk = new byte[721 * 1440 * 4];
        System.arraycopy(StoreWriter.ints(7), 0, chunk, (302 * 1440 + 703) * 4, 4);
        new StoreWriter(folder).group3("", "{}").array3("v", "int32", "721, 1440", "721, 1440", "'y', 'x'", "0", "{}")
                .bytes("v/c/0/0", chunk);
        int[] shape = {5, 5};
        try (CountingBuffers buffers = new CountingBuffers(); GridReader reader = table(Map.of()).openReader()) {
            try (Block block = reader.openBlock(Columns.variable(table(Map.of()), "v"), new int[]{300, 700}, shape,
                    buffers)) {
                assertEquals(7, block.values().object(block.layout().place(shape, 2 * 5 + 3)));
                assertEquals(25, block.values().count());
            }
            assertEquals((4 * 1440 + 5) * 4, reader.bytesRead());
        }
    }

    @Test
    void everyFailingAllocationLeavesNoMemoryBehind() {
        byte[] packed = com.scalableminds.bloscjava.Blosc.compress(new byte[4000], 2);
        new StoreWriter(folder).group3("", "{}")
                .array3("yes", "bool", "4", "4", "'x'", "false", "{'_FillValue': true}")
                .bytes("yes/c/0", new byte[]{1, 0, 1, 0})
                .array3("half", "float16", "4", "4", "'x'", "0.0", "{}")
                .bytes("half/c/0", StoreWriter.shorts(1, 2, 3, 4))
                .array3("time", "int32", "4", "4", "'x'", "0", "{'units': 'days since 2000-01-01'}")
                .bytes("time/c/0", StoreWriter.ints(1, 2, 3, 4))
                .array3("absent", "int32", "4", "4", "'x'", "0", "{}")
                .array3("packed", "int16", "2000", "2000", "'long'", "0", "{}",
                        "{'name': 'bytes', 'configuration': {'endian': 'little'}}, {'name': 'blosc', 'configuration': {}}")
                .bytes("packed/c/0", packed);
        int failures = 0;
        for (var each : ZarrTable.open(folder).tables()) {
            GriddedTable grid = (GriddedTable) each;
            for (GridVariable variable : grid.variables()) {
                boolean done = false;
                for (int times = 0; !done; times++) {
                    try (CountingBuffers buffers = new CountingBuffers(times); GridReader reader = grid.openReader()) {
                        reader.openBlock(variable, new int[]{0}, new int[]{4}, buffers).close();
                        done = true;
                    } catch (GraticuleException failure) {
                        assertEquals(ErrorKind.RESOURCE, failure.kind());
                        failures++;
                    }
                }
            }
        }
        assertTrue(failures >= 12, failures + " failures");
    }
}
