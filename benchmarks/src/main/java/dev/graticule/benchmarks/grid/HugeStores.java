package dev.graticule.benchmarks.grid;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.IntStream;

/** Stores that are huge as far as their metadata says: coordinates, and variables without a chunk. */
final class HugeStores {
    /** Hours of 150 years. */
    static final int TIMES = 1_314_000;

    private static final int LATITUDES = 721;
    private static final int LONGITUDES = 1440;

    private HugeStores() {
    }

    /** A store with so many variables, in chunks of a shape. */
    static void write(Path store, int variables, int... chunk) throws IOException {
        String bytes = ChunkEncoder.metadata(Layout.Codec.NONE);
        int[] times = {TIMES};
        int[] rows = {LATITUDES};
        int[] columns = {LONGITUDES};
        GridShape shape = GridShape.era5(TIMES);
        GenerateGrid.writeLongs(store.resolve("time/c/0"), IntStream.range(0, TIMES).mapToLong(i -> i).toArray());
        GenerateGrid.writeDoubles(store.resolve("latitude/c/0"),
                IntStream.range(0, LATITUDES).mapToDouble(shape::latitude).toArray());
        GenerateGrid.writeDoubles(store.resolve("longitude/c/0"),
                IntStream.range(0, LONGITUDES).mapToDouble(shape::longitude).toArray());
        GenerateGrid.describe(store, "time", "int64", "0", times, times, bytes,
                "\"units\": \"hours since 1900-01-01\", \"calendar\": \"proleptic_gregorian\"", "time");
        GenerateGrid.describe(store, "latitude", "float64", "\"NaN\"", rows, rows, bytes, "", "latitude");
        GenerateGrid.describe(store, "longitude", "float64", "\"NaN\"", columns, columns, bytes, "", "longitude");
        for (int i = 0; i < variables; i++) {
            GenerateGrid.describe(store, variable(i), "float32", "\"NaN\"", new int[]{TIMES, LATITUDES, LONGITUDES},
                    chunk, ChunkEncoder.metadata(Layout.Codec.BLOSC), "", "time", "latitude",
                    "longitude");
        }
        Files.writeString(store.resolve("zarr.json"), """
                {"zarr_format": 3, "node_type": "group", "attributes": {}}
                """);
    }

    static String variable(int number) {
        return String.format(Locale.ROOT, "v%03d", number);
    }
}
