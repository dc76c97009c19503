package dev.graticule.zarr;

import java.nio.file.Path;
import java.util.Base64;
import java.util.stream.IntStream;

/**
 * The small stores that the {@code .slt} files about the promises of SEMANTICS read: {@code $stores} in them. Values are
 * chosen so that answers follow from a line of arithmetic: where nothing else is said, a variable counts its cells in C order.
 */
final class SemanticsStores {
    private static final String ZSTD = "{'name': 'bytes', 'configuration': {'endian': 'little'}}, "
            + "{'name': 'zstd', 'configuration': {'level': 0}}";

    private final Path folder;

    private SemanticsStores(Path folder) {
        this.folder = folder;
    }

    /** Writes all of them into a folder. */
    static void write(Path folder) {
        SemanticsStores stores = new SemanticsStores(folder);
        stores.weather();
        stores.nameless();
        stores.versions();
        stores.unrelated();
        stores.nested();
        stores.attributes();
        stores.missing();
        stores.packed();
        stores.times();
        stores.ragged();
        stores.axes();
        stores.damaged();
        stores.files();
    }

    /** A new folder for a person who wants to try the queries. */
    public static void main(String[] arguments) {
        write(Path.of(arguments[0]));
    }

    private StoreWriter store(String name) {
        return new StoreWriter(folder.resolve(name));
    }

    private static int[] count(int cells) {
        return IntStream.range(0, cells).toArray();
    }

    /**
     * time 4 (daily from 2013-01-31), lat 3 (descending), lon 2: t2m 0..23 in chunks of one time step, rh 100..123 in one
     * chunk, T and t constants; area (lat, lon) 1..6, height a scalar, region a coordinate along lat, crs a grid mapping,
     * 2m_temperature 0..23.
     */
    private void weather() {
        StoreWriter writer = store("weather.zarr").group3("", "{'coordinates': 'height', 'title': 'Weather'}")
                .array3("time", "int64", "4", "4", "'time'", "0",
                        "{'units': 'days since 2013-01-31', 'calendar': 'standard', 'bounds': 'time_bnds'}")
                .bytes("time/c/0", StoreWriter.longs(0, 1, 2, 3))
                .array3("time_bnds", "int64", "4, 2", "4, 2", "'time', 'nv'", "0", "{}")
                .array3("season_bnds", "int64", "4, 2", "4, 2", "'time', 'nv'", "0", "{}")
                .array3("season", "int64", "4", "4", "'time'", "1", "{'climatology': 'season_bnds'}")
                .array3("lat", "float32", "3", "3", "'lat'", "0.0",
                        "{'units': 'degrees_north', 'long_name': 'latitude'}")
                .bytes("lat/c/0", StoreWriter.floats(40.1f, 20, 0))
                .array3("lon", "float64", "2", "2", "'lon'", "0.0", "{'units': 'degrees_east'}")
                .bytes("lon/c/0", StoreWriter.doubles(200, 330))
                .array3("height", "float64", "", "", "", "2.0", "{}")
                .array3("crs", "int32", "", "", "", "4326", "{'grid_mapping_name': 'latitude_longitude'}")
                .array3("region", "int32", "3", "3", "'lat'", "0", "{}").bytes("region/c/0", StoreWriter.ints(1, 1, 2))
                .array3("area", "float32", "3, 2", "3, 2", "'lat', 'lon'", "0.0",
                        "{'units': 'm2', 'grid_mapping': 'crs'}")
                .bytes("area/c/0/0", StoreWriter.floats(1, 2, 3, 4, 5, 6))
                .array3("rh", "int32", "4, 3, 2", "4, 3, 2", "'time', 'lat', 'lon'", "0",
                        "{'coordinates': 'region', 'units': '%'}")
                .bytes("rh/c/0/0/0", StoreWriter.ints(IntStream.range(100, 124).toArray()))
                .array3("T", "int32", "4, 3, 2", "4, 3, 2", "'time', 'lat', 'lon'", "7", "{}")
                .array3("t", "int32", "4, 3, 2", "4, 3, 2", "'time', 'lat', 'lon'", "8", "{}")
                .array3("2m_temperature", "int32", "4, 3, 2", "4, 3, 2", "'time', 'lat', 'lon'", "0", "{}")
                .bytes("2m_temperature/c/0/0/0", StoreWriter.ints(count(24)))
                .array3("t2m", "float32", "4, 3, 2", "1, 3, 2", "'time', 'lat', 'lon'", "'NaN'",
                        "{'units': 'K', 'long_name': '2 metre temperature', 'grid_mapping': 'crs'}");
        for (int time = 0; time < 4; time++) {
            float first = 6 * time;
            writer.bytes("t2m/c/" + time + "/0/0",
                    StoreWriter.floats(first, first + 1, first + 2, first + 3, first + 4, first + 5));
        }
    }

    /** Three axes of equal length, and arrays of that length beside them: sizes say nothing. */
    private void nameless() {
        store("nameless2.zarr").group2("", "{}").array2("v", "<i4", "3, 3, 3", "3, 3, 3", "null", "{}")
                .bytes("v/0.0.0", StoreWriter.ints(count(27))).array2("lat", "<f4", "3", "3", "null", "{}")
                .bytes("lat/0", StoreWriter.floats(10, 20, 30)).array2("other", "<i4", "3", "3", "null", "{}");
        store("nameless3.zarr").group3("", "{}")
                .file("v/zarr.json",
                        "{'zarr_format': 3, 'node_type': 'array', 'shape': [3, 3, 3], 'data_type': 'int32', "
                                + "'chunk_grid': {'name': 'regular', 'configuration': {'chunk_shape': [3, 3, 3]}}, "
                                + "'chunk_key_encoding': {'name': 'default'}, 'fill_value': 0, 'codecs': "
                                + "[{'name': 'bytes', 'configuration': {'endian': 'little'}}]}")
                .bytes("v/c/0/0/0", StoreWriter.ints(count(27)));
    }

    private void versions() {
        store("really-v2.zarr-v3").group2("", "{}")
                .array2("v", "<i4", "3", "3", "null", "{'_ARRAY_DIMENSIONS': ['x']}")
                .bytes("v/0", StoreWriter.ints(1, 2, 3));
        store("really-v3.zarr-v2").group3("", "{}").array3("v", "int32", "3", "3", "'x'", "0", "{}").bytes("v/c/0",
                StoreWriter.ints(1, 2, 3));
    }

    /** Two tables, neither of which contains the other. */
    private void unrelated() {
        store("unrelated.zarr").group3("", "{}").array3("a", "int32", "2, 3", "2, 3", "'x', 'y'", "1", "{}")
                .array3("b", "int32", "3, 4", "3, 4", "'y', 'z'", "2", "{}")
                .array3("w", "int32", "3", "3", "'y'", "5", "{}");
    }

    /** Axes at the root; t2m in forecast/day1 and in forecast/day2, whose lat is its own. */
    private void nested() {
        store("nested.zarr").group3("", "{}").array3("lat", "int32", "3", "3", "'lat'", "0", "{}")
                .bytes("lat/c/0", StoreWriter.ints(10, 20, 30)).group3("forecast", "{}")
                .group3("forecast/day1", "{}").array3("forecast/day1/t2m", "int32", "3", "3", "'lat'", "0", "{}")
                .bytes("forecast/day1/t2m/c/0", StoreWriter.ints(1, 2, 3)).group3("forecast/day2", "{}")
                .array3("forecast/day2/lat", "int32", "2", "2", "'lat'", "0", "{}")
                .bytes("forecast/day2/lat/c/0", StoreWriter.ints(-1, -2))
                .array3("forecast/day2/t2m", "int32", "2", "2", "'lat'", "0", "{}")
                .bytes("forecast/day2/t2m/c/0", StoreWriter.ints(4, 5));
    }

    private void attributes() {
        store("attributes.zarr").group3("", "{}")
                .array3("time", "int32", "2", "2", "'time'", "0",
                        "{'units': 'hours since 2000-01-01', 'calendar': 'julian', 'long_name': 'valid time'}", ZSTD)
                .bytes("time/c/0", com.github.luben.zstd.Zstd.compress(StoreWriter.ints(0, 6)))
                .array3("v", "int32", "2", "1", "'time'", "0", "{'units': 'K', 'long_name': 'air temperature'}");
    }

    private void missing() {
        String names = "'_ARRAY_DIMENSIONS': ['x']";
        store("missing2.zarr").group2("", "{}")
                .array2("zero", "<i4", "4", "4", "0", "{" + names + "}").bytes("zero/0", StoreWriter.ints(0, 1, 2, 3))
                .array2("nofill", "<i4", "4", "4", "null", "{" + names + "}")
                .bytes("nofill/0", StoreWriter.ints(0, 1, 2, 3))
                .array2("said", "<i4", "4", "4", "0", "{" + names + ", '_FillValue': 3}")
                .bytes("said/0", StoreWriter.ints(0, 1, 2, 3));
        store("missing3.zarr").group3("", "{}")
                .array3("pair", "int32", "4", "4", "'x'", "0", "{'_FillValue': 1, 'missing_value': 2}")
                .bytes("pair/c/0", StoreWriter.ints(0, 1, 2, 3))
                .array3("older", "int32", "4", "4", "'x'", "0", "{'missing_value': 2}")
                .bytes("older/c/0", StoreWriter.ints(0, 1, 2, 3))
                .array3("fill", "int32", "4", "4", "'x'", "0", "{}").bytes("fill/c/0", StoreWriter.ints(0, 1, 2, 3))
                .array3("encoded", "float64", "4", "4", "'x'", "0.0",
                        "{'_FillValue': '" + Base64.getEncoder().encodeToString(StoreWriter.doubles(-999)) + "'}")
                .bytes("encoded/c/0", StoreWriter.doubles(-999, 1, Double.NaN, 3))
                .array3("hole", "int32", "4", "2", "'x'", "5", "{}").bytes("hole/c/0", StoreWriter.ints(0, 1))
                .array3("masked_hole", "int32", "4", "2", "'x'", "5", "{'_FillValue': 5}")
                .bytes("masked_hole/c/0", StoreWriter.ints(0, 1))
                .array3("other_hole", "int32", "4", "2", "'x'", "5", "{'_FillValue': 0}")
                .bytes("other_hole/c/0", StoreWriter.ints(0, 1))
                .array3("r", "float32", "4", "4", "'x'", "0.0", "{}")
                .bytes("r/c/0", StoreWriter.floats(0, -1, Float.NaN, 4));
    }

    private void packed() {
        store("packed.zarr").group3("", "{}")
                .array3("tcc", "int16", "4", "4", "'x'", "0",
                        "{'scale_factor': 0.5, 'add_offset': 10, '_FillValue': -1}")
                .bytes("tcc/c/0", StoreWriter.shorts(1, -1, -2, 20))
                .array3("scaled", "float32", "4", "4", "'x'", "0.0", "{'scale_factor': 2}")
                .bytes("scaled/c/0", StoreWriter.floats(1, 2, 3, 4))
                .array3("shifted", "int32", "4", "4", "'x'", "0", "{'add_offset': 100}")
                .bytes("shifted/c/0", StoreWriter.ints(1, 2, 3, 4))
                .array3("bytes", "int8", "4", "4", "'x'", "0", "{'_Unsigned': 'true', '_FillValue': -1}")
                .bytes("bytes/c/0", new byte[]{1, (byte) 200, -1, 127})
                .array3("signed", "uint8", "4", "4", "'x'", "0", "{'_Unsigned': 'false'}")
                .bytes("signed/c/0", new byte[]{1, (byte) 200, -1, 127});
    }

    private void times() {
        StoreWriter writer = store("times.zarr").group3("", "{}");
        for (String calendar : new String[]{"standard", "gregorian", "proleptic_gregorian", "julian", "noleap",
                "all_leap", "360_day"}) {
            writer.array3("in_" + calendar, "float64", "2", "2", "'x'", "0.0",
                    "{'units': 'days since 1582-10-04', 'calendar': '" + calendar + "'}")
                    .bytes("in_" + calendar + "/c/0", StoreWriter.doubles(0, 1));
        }
        writer.array3("rounded", "float64", "2", "2", "'x'", "0.0", "{'units': 'seconds since 2000-01-01'}")
                .bytes("rounded/c/0", StoreWriter.doubles(0.0000014, 0.0000016))
                .array3("thirds", "float64", "2", "2", "'x'", "0.0", "{'units': 'hours since 2000-01-01 06:00 -1:00'}")
                .bytes("thirds/c/0", StoreWriter.doubles(1 / 3.0, 2 / 3.0))
                .array3("days", "int32", "2", "2", "'x'", "0", "{'units': 'days'}")
                .bytes("days/c/0", StoreWriter.ints(1, 3))
                .array3("step", "int32", "2", "2", "'x'", "0", "{'units': 'hours', 'dtype': 'timedelta64[ns]'}")
                .bytes("step/c/0", StoreWriter.ints(1, 30))
                .array3("months", "int32", "2", "2", "'x'", "0", "{'units': 'months since 2000-01-01'}")
                .array3("far", "float64", "2", "2", "'x'", "1e300", "{'units': 'days since 2000-01-01'}")
                .array3("v", "int32", "2", "2", "'x'", "1", "{}");
        store("other_calendar.zarr").group3("", "{}")
                .array3("time", "int32", "4", "1", "'time'", "0",
                        "{'units': 'days since 2000-02-28', 'calendar': '360_day'}")
                .bytes("time/c/0", StoreWriter.ints(0)).bytes("time/c/1", StoreWriter.ints(1))
                .bytes("time/c/2", StoreWriter.ints(2)).bytes("time/c/3", StoreWriter.ints(3))
                .array3("v", "int32", "4", "1", "'time'", "1", "{}");
    }

    /** 5 x 3 in chunks of 2 x 2: v counts, and everything behind the edge is -1000. */
    private void ragged() {
        StoreWriter writer = store("ragged.zarr").group3("", "{}").array3("v", "int32", "5, 3", "2, 2", "'y', 'x'",
                "0", "{}").array3("z", "int32", "5, 3", "2, 2", "'y', 'x'", "0", "{}", ZSTD);
        for (int y = 0; y < 3; y++) {
            for (int x = 0; x < 2; x++) {
                int[] chunk = new int[4];
                for (int cell = 0; cell < 4; cell++) {
                    int row = 2 * y + cell / 2;
                    int column = 2 * x + cell % 2;
                    chunk[cell] = row < 5 && column < 3 ? 3 * row + column : -1000;
                }
                writer.bytes("v/c/" + y + "/" + x, StoreWriter.ints(chunk)).bytes("z/c/" + y + "/" + x,
                        com.github.luben.zstd.Zstd.compress(StoreWriter.ints(chunk)));
            }
        }
    }

    /** v counts along one axis in chunks of one cell; each table has an axis of another kind. */
    private void axes() {
        double none = Double.NaN;
        StoreWriter writer = store("axes.zarr").group3("", "{}");
        axis(writer, "descending", 50, 40, 30, 20, 10, 0);
        axis(writer, "irregular", 0, 1, 10, 11, 100, 1000);
        axis(writer, "repeated", 1, 2, 2, 2, 3, 3);
        axis(writer, "shuffled", 3, 1, 5, 2, 6, 4);
        axis(writer, "partly", none, 1, none, 2, 3, none);
        writer.array3("hourly", "int64", "6", "6", "'hourly'", "0", "{'units': 'hours since 2013-01-31 12:00'}")
                .bytes("hourly/c/0", StoreWriter.longs(0, 6, 12, 18, 24, 30))
                .array3("v_hourly", "int32", "6", "1", "'hourly'", "0", "{}");
        cells(writer, "v_hourly");
    }

    private static void axis(StoreWriter writer, String name, double... values) {
        writer.array3(name, "float64", "6", "6", "'" + name + "'", "0.0", "{}").bytes(name + "/c/0",
                StoreWriter.doubles(values)).array3("v_" + name, "int32", "6", "1", "'" + name + "'", "0", "{}");
        cells(writer, "v_" + name);
    }

    private static void cells(StoreWriter writer, String name) {
        for (int cell = 0; cell < 6; cell++) {
            writer.bytes(name + "/c/" + cell, StoreWriter.ints(cell));
        }
    }

    private void damaged() {
        store("damaged.zarr").group3("", "{}").array3("sound", "int32", "4", "2", "'x'", "1", "{}")
                .array3("cut", "int32", "4", "2", "'x'", "1", "{}").bytes("cut/c/0", StoreWriter.ints(1, 2))
                .bytes("cut/c/1", new byte[]{3, 0, 0})
                .array3("corrupt", "int32", "4", "2", "'x'", "1", "{}", ZSTD)
                .bytes("corrupt/c/0", com.github.luben.zstd.Zstd.compress(StoreWriter.ints(1, 2)))
                .bytes("corrupt/c/1", "no zstd frame".getBytes(java.nio.charset.StandardCharsets.US_ASCII))
                .array3("codec", "int32", "4", "2", "'x'", "1", "{}",
                        "{'name': 'bytes', 'configuration': {'endian': 'little'}}, {'name': 'squeeze'}")
                .array3("type", "complex64", "4", "2", "'x'", "0", "{}")
                .file("bad/zarr.json", "{'zarr_format': 3, 'node_type': 'array', 'shape': 4}");
    }

    private void files() {
        new StoreWriter(folder).file("air.nc", "CDF\1 and so on");
    }
}
