package dev.graticule.benchmarks.grid;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Writes the stores that the comparisons read, each in a {@link Layout} of its own, Zarr version 3, and their Parquet copy: the same
 * values of {@code t2m} (K) and {@code rh} (%) on time x latitude x longitude, hourly, and {@code mask} (0 or 1) on latitude and longitude.
 *
 * <p>No cell is missing. The same bytes come out each time. {@code zarr.json} of a group is written last: where it stands, the store is
 * whole.
 *
 * <p>System properties: {@code hours} (default 240), {@code layouts} ({@code all}, or some such as {@code raw,zstd}), and {@code folder}.
 */
public final class GenerateGrid {
    static final String TEMPERATURE = "t2m";
    static final String HUMIDITY = "rh";

    private static final List<String> VARIABLES = List.of(TEMPERATURE, HUMIDITY);
    private static final String METADATA = "zarr.json";
    /** The hours that are computed at once: no chunk and no shard is longer. */
    private static final int SLAB = 24;

    private final Path folder;
    private final GridShape shape;
    private final List<Layout> layouts;
    private final WeatherFields fields;

    /** Writes these layouts into a folder of all. */
    GenerateGrid(Path folder, GridShape shape, List<Layout> layouts) {
        this.folder = folder;
        this.shape = shape;
        this.layouts = List.copyOf(layouts);
        this.fields = new WeatherFields(shape);
    }

    public static void main(String[] arguments) throws Exception {
        GridOptions options = GridOptions.given();
        List<Layout> missing = options.layouts().stream()
                .filter(layout -> !Files.exists(layout.store(options.folder()).resolve(METADATA))).toList();
        long start = System.nanoTime();
        new GenerateGrid(options.folder(), options.shape(), missing).write();
        Path parquet = ParquetCopy.file(options.folder());
        if (!Files.exists(parquet)) {
            ParquetCopy.write(options.layouts().getFirst().store(options.folder()), parquet);
        }
        System.out.printf("%d hours in %s: %s written in %.1f s%n", options.shape().times(),
                options.folder().toAbsolutePath(), missing.stream().map(Layout::word).toList(),
                (System.nanoTime() - start) / 1e9);
    }

    /** Writes the stores on all cores. */
    void write() throws IOException, InterruptedException {
        List<Callable<Void>> tasks = new ArrayList<>();
        for (String variable : VARIABLES) {
            for (int first = 0; first < shape.times(); first += SLAB) {
                int time = first;
                tasks.add(() -> {
                    writeSlab(variable, time);
                    return null;
                });
            }
        }
        try (ExecutorService workers = Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors())) {
            for (Future<Void> done : workers.invokeAll(tasks)) {
                done.get();
            }
        } catch (ExecutionException failure) {
            throw new IOException("Cannot write " + folder + ": " + failure.getCause().getMessage(),
                    failure.getCause());
        }
        for (Layout layout : layouts) {
            writeCoordinates(layout.store(folder));
            writeMetadata(layout);
        }
    }

    /** Computes a day of a variable and writes the chunks of all layouts that lie in it. */
    private void writeSlab(String variable, int first) throws IOException {
        int times = Math.min(SLAB, shape.times() - first);
        float[] slab = new float[times * shape.latitudes() * shape.longitudes()];
        for (int time = 0; time < times; time++) {
            for (int row = 0; row < shape.latitudes(); row++) {
                int from = (time * shape.latitudes() + row) * shape.longitudes();
                if (variable.equals(TEMPERATURE)) {
                    fields.temperature(first + time, row, slab, from);
                } else {
                    fields.humidity(first + time, row, slab, from);
                }
            }
        }
        for (Layout layout : layouts) {
            ChunkGrid chunks = layout.chunks(variable, shape);
            Path array = layout.store(folder).resolve(variable);
            int begin = first / chunks.times() * chunks.blocks();
            int end = (first + times + chunks.times() - 1) / chunks.times() * chunks.blocks();
            List<byte[]> shard = new ArrayList<>();
            for (int number = begin; number < end; number++) {
                byte[] bytes = ChunkEncoder.encode(cut(slab, first, chunks, number), layout.codec());
                if (layout == Layout.SHARDED) {
                    shard.add(bytes);
                } else {
                    write(bytes, array.resolve(chunks.key(number)));
                }
            }
            if (layout == Layout.SHARDED) {
                write(ChunkEncoder.shard(shard, Layout.SHARD_TIMES), array.resolve("c/" + first / SLAB + "/0/0"));
            }
        }
    }

    /** The values of a chunk, NaN where it reaches over the edge. */
    private float[] cut(float[] slab, int firstTime, ChunkGrid chunks, int number) {
        ChunkGrid.Part part = chunks.part(number);
        float[] values = new float[chunks.cells()];
        Arrays.fill(values, Float.NaN);
        for (int time = 0; time < part.times(); time++) {
            for (int row = 0; row < part.latitudes(); row++) {
                int from = ((part.time() - firstTime + time) * shape.latitudes() + part.latitude() + row)
                        * shape.longitudes() + part.longitude();
                System.arraycopy(slab, from, values, (time * chunks.latitudes() + row) * chunks.longitudes(),
                        part.longitudes());
            }
        }
        return values;
    }

    private void writeCoordinates(Path store) throws IOException {
        writeLongs(store.resolve("time/c/0"),
                IntStream.range(0, shape.times()).mapToLong(shape::hoursSince1900).toArray());
        writeDoubles(store.resolve("latitude/c/0"),
                IntStream.range(0, shape.latitudes()).mapToDouble(shape::latitude).toArray());
        writeDoubles(store.resolve("longitude/c/0"),
                IntStream.range(0, shape.longitudes()).mapToDouble(shape::longitude).toArray());
        byte[] mask = new byte[shape.latitudes() * shape.longitudes()];
        for (int cell = 0; cell < mask.length; cell++) {
            mask[cell] = (byte) (fields.land(cell / shape.longitudes(), cell % shape.longitudes()) ? 1 : 0);
        }
        write(mask, store.resolve("mask/c/0/0"));
    }

    private void writeMetadata(Layout layout) throws IOException {
        Path store = layout.store(folder);
        String bytes = ChunkEncoder.metadata(Layout.Codec.NONE);
        int[] times = {shape.times()};
        int[] latitudes = {shape.latitudes()};
        int[] longitudes = {shape.longitudes()};
        describe(store, "time", "int64", "0", times, times, bytes,
                "\"units\": \"hours since 1900-01-01\", \"calendar\": \"proleptic_gregorian\"", "time");
        describe(store, "latitude", "float64", "\"NaN\"", latitudes, latitudes, bytes, "\"units\": \"degrees_north\"",
                "latitude");
        describe(store, "longitude", "float64", "\"NaN\"", longitudes, longitudes, bytes,
                "\"units\": \"degrees_east\"", "longitude");
        int[] map = {shape.latitudes(), shape.longitudes()};
        describe(store, "mask", "int8", "0", map, map, bytes, "", "latitude", "longitude");
        int[] grid = {shape.times(), shape.latitudes(), shape.longitudes()};
        for (String variable : VARIABLES) {
            ChunkGrid chunks = layout.chunks(variable, shape);
            int[] chunk = {chunks.times(), chunks.latitudes(), chunks.longitudes()};
            boolean sharded = layout == Layout.SHARDED;
            int[] file = {sharded ? Layout.SHARD_TIMES : chunk[0], chunk[1], chunk[2]};
            describe(store, variable, "float32", "\"NaN\"", grid, file,
                    sharded ? ChunkEncoder.metadata(layout.codec(), chunk) : ChunkEncoder.metadata(layout.codec()),
                    variable.equals(TEMPERATURE) ? "\"units\": \"K\"" : "\"units\": \"%\"", "time", "latitude",
                    "longitude");
        }
        Files.writeString(store.resolve(METADATA), """
                {"zarr_format": 3, "node_type": "group", "attributes": {"Conventions": "CF-1.7"}}
                """);
    }

    /** Writes the metadata of an array of Zarr version 3. */
    static void describe(Path store, String variable, String type, String fill, int[] shape, int[] chunk, String codecs,
            String attributes, String... dimensions) throws IOException {
        Path array = Files.createDirectories(store.resolve(variable));
        Files.writeString(array.resolve(METADATA), """
                {"zarr_format": 3, "node_type": "array", "shape": %s, "data_type": "%s", "fill_value": %s,
                 "chunk_grid": {"name": "regular", "configuration": {"chunk_shape": %s}},
                 "chunk_key_encoding": {"name": "default", "configuration": {"separator": "/"}},
                 "codecs": %s,
                 "attributes": {%s}, "dimension_names": [%s]}
                """.formatted(Arrays.toString(shape), type, fill, Arrays.toString(chunk), codecs, attributes,
                Arrays.stream(dimensions).map(name -> "\"" + name + "\"").collect(Collectors.joining(", "))));
    }

    /** Writes a chunk of int64. */
    static void writeLongs(Path file, long[] values) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asLongBuffer().put(values);
        write(bytes.array(), file);
    }

    /** Writes a chunk of float64. */
    static void writeDoubles(Path file, double[] values) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asDoubleBuffer().put(values);
        write(bytes.array(), file);
    }

    private static void write(byte[] bytes, Path file) throws IOException {
        Files.createDirectories(file.getParent());
        Files.write(file, bytes);
    }
}
