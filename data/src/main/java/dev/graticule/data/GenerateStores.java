package dev.graticule.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Writes the eight stores of this folder. The same bytes come out each time:
 *
 * <pre>
 * mvn -q -pl data compile exec:exec
 * </pre>
 */
public final class GenerateStores {

    /** The names of the stores. */
    public static final List<String> NAMES = List.of("synthetic_v2.zarr", "synthetic_v2_blosc.zarr",
            "synthetic_v3.zarr", "synthetic_v3_blosc.zarr", "era5_v2.zarr", "era5_v2_blosc.zarr", "era5_v3.zarr",
            "era5_v3_blosc.zarr");

    private static final Map<String, Object> ABOUT_SYNTHETIC = Map.of("title", "Whole numbers for tests");
    private static final Map<String, Object> ABOUT_WEATHER = Map.of("title",
            "Invented weather in the shape of ERA5, hourly, 10 degrees", "Conventions", "CF-1.7");

    private GenerateStores() {
    }

    /** Writes the stores into the folder that is the only argument; what stands there under their names is replaced. */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 1) {
            System.err.println("Usage: GenerateStores FOLDER");
            System.exit(2);
        }
        generate(Path.of(arguments[0]));
    }

    /** Writes the stores into a folder; what stands there under their names is replaced. */
    public static void generate(Path folder) throws IOException {
        for (String name : NAMES) {
            clear(folder.resolve(name));
        }
        // Both versions, compressed or not, consolidated or not, and chunks of several shapes.
        synthetic(new VersionTwoStore(folder.resolve("synthetic_v2.zarr"), ABOUT_SYNTHETIC, Compression.NONE), true);
        synthetic(new VersionTwoStore(folder.resolve("synthetic_v2_blosc.zarr"), ABOUT_SYNTHETIC,
                Compression.BLOSC_LZ4), false);
        synthetic(new VersionThreeStore(folder.resolve("synthetic_v3.zarr"), ABOUT_SYNTHETIC, Compression.NONE), true);
        synthetic(new VersionThreeStore(folder.resolve("synthetic_v3_blosc.zarr"), ABOUT_SYNTHETIC,
                Compression.BLOSC_ZSTD), false);
        weather(new VersionTwoStore(folder.resolve("era5_v2.zarr"), ABOUT_WEATHER, Compression.NONE), true, 12, 19, 36);
        weather(new VersionTwoStore(folder.resolve("era5_v2_blosc.zarr"), ABOUT_WEATHER, Compression.BLOSC_LZ4), false,
                24, 10, 36);
        weather(new VersionThreeStore(folder.resolve("era5_v3.zarr"), ABOUT_WEATHER, Compression.NONE), false, 24, 19,
                36);
        weather(new VersionThreeStore(folder.resolve("era5_v3_blosc.zarr"), ABOUT_WEATHER, Compression.BLOSC_ZSTD),
                true, 24, 10, 20);
    }

    private static void synthetic(Store store, boolean consolidated) throws IOException {
        for (Variable variable : SyntheticGrid.variables()) {
            store.add(variable, variable.shape().length == 1 ? variable.shape() : new int[]{1, 10, 10});
        }
        if (consolidated) {
            store.consolidate();
        }
    }

    private static void weather(Store store, boolean consolidated, int... chunk) throws IOException {
        for (Variable variable : new WeatherGrid().variables()) {
            store.add(variable, variable.shape().length < 3 ? variable.shape() : chunk);
        }
        if (consolidated) {
            store.consolidate();
        }
    }

    private static void clear(Path store) throws IOException {
        if (!Files.exists(store)) {
            return;
        }
        List<Path> files;
        try (Stream<Path> walk = Files.walk(store)) {
            files = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : files) {
            Files.delete(file);
        }
    }
}
