package dev.graticule.benchmarks;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
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
 * Writes the store that the comparisons read: time x latitude x longitude, hourly, Zarr version 3, not compressed.
 *
 * <p>{@code t2m} (K) lies in chunks of one time step, {@code rh} (%) in chunks of 24 x 181 x 360 that reach over the edge of
 * the latitudes, {@code mask} (0 or 1) has latitude and longitude only. No cell is missing. The values are a smooth field with
 * a daily cycle and noise; the same bytes come out each time. {@code zarr.json} of the group is written last: where it
 * stands, the store is whole.
 */
public final class GenerateGrid {
    /** Where the comparisons look for the store, relative to the project's root. */
    public static final Path FOLDER = Path.of("benchmarks", "generated", "grid.zarr");

    private static final String METADATA = "zarr.json";
    private static final float PADDING = Float.NaN;
    /** Hours from 1900-01-01 00:00 to 2020-01-01 00:00. */
    private static final long FIRST_HOUR = 1_051_896;

    private final Path folder;
    private final int times;
    private final int latitudes;
    private final int longitudes;
    private final int[] humidityChunk;
    /** The cosine at so many steps around a circle as there are longitudes. */
    private final float[] circle;

    /**
     * A grid that reaches from pole to pole and around the earth.
     *
     * @param humidityChunk the shape of the chunks of {@code rh}
     */
    GenerateGrid(Path folder, int times, int latitudes, int longitudes, int... humidityChunk) {
        this.folder = folder;
        this.times = times;
        this.latitudes = latitudes;
        this.longitudes = longitudes;
        this.humidityChunk = humidityChunk.clone();
        this.circle = new float[longitudes];
        for (int i = 0; i < longitudes; i++) {
            circle[i] = (float) StrictMath.cos(2 * StrictMath.PI * i / longitudes);
        }
    }

    /** Writes 240 x 721 x 1440 cells (2 GB) into the folder that is the first argument, {@link #FOLDER} without one. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path folder = arguments.length > 0 ? Path.of(arguments[0]) : FOLDER;
        if (Files.exists(folder.resolve(METADATA))) {
            System.out.println(folder.toAbsolutePath() + " is already there.");
            return;
        }
        long start = System.nanoTime();
        new GenerateGrid(folder, 240, 721, 1440, 24, 181, 360).write();
        System.out.printf("%s written in %.1f s%n", folder.toAbsolutePath(), (System.nanoTime() - start) / 1e9);
    }

    /** Writes the store on all cores. */
    void write() throws IOException, InterruptedException {
        Files.createDirectories(folder);
        List<Callable<Void>> tasks = new ArrayList<>();
        for (int time = 0; time < times; time++) {
            int first = time;
            tasks.add(chunk("t2m", first, 0, 0, new int[]{1, latitudes, longitudes}, this::temperature));
        }
        for (int time = 0; time < times; time += humidityChunk[0]) {
            for (int row = 0; row < latitudes; row += humidityChunk[1]) {
                for (int column = 0; column < longitudes; column += humidityChunk[2]) {
                    tasks.add(chunk("rh", time, row, column, humidityChunk, this::humidity));
                }
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
        writeCoordinates();
        writeMask();
        writeMetadata();
    }

    /** Fills a row of cells of one time and latitude. */
    private interface Field {
        void fill(int time, int row, int firstColumn, float[] values, int from, int count);
    }

    private Callable<Void> chunk(String variable, int time, int row, int column, int[] shape, Field field) {
        return () -> {
            float[] values = new float[shape[0] * shape[1] * shape[2]];
            Arrays.fill(values, PADDING);
            int count = Math.min(shape[2], longitudes - column);
            for (int t = 0; t < shape[0] && time + t < times; t++) {
                for (int r = 0; r < shape[1] && row + r < latitudes; r++) {
                    field.fill(time + t, row + r, column, values, (t * shape[1] + r) * shape[2], count);
                }
            }
            ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            bytes.asFloatBuffer().put(values);
            write(bytes, variable, time / shape[0], row / shape[1], column / shape[2]);
            return null;
        };
    }

    private void temperature(int time, int row, int firstColumn, float[] values, int from, int count) {
        double warmth = Math.pow(StrictMath.cos(StrictMath.toRadians(latitude(row))), 2);
        float base = (float) (246 + 54 * warmth);
        float cycle = (float) (5 * warmth);
        int day = turned(time / 24.0, firstColumn, 1);
        int weather = turned(time / 96.0 + row / 300.0, firstColumn, 3);
        int state = seed(time, row, firstColumn, 1);
        for (int i = 0; i < count; i++) {
            state = state * 1_664_525 + 1_013_904_223;
            values[from + i] = base + cycle * circle[day] + 4 * circle[weather] + (state >> 8) * 0x1p-23f;
            day = day + 1 < longitudes ? day + 1 : 0;
            weather = weather + 3 < longitudes ? weather + 3 : weather + 3 - longitudes;
        }
    }

    private void humidity(int time, int row, int firstColumn, float[] values, int from, int count) {
        int weather = turned(time / 96.0 + row / 300.0, firstColumn, 3);
        int state = seed(time, row, firstColumn, 2);
        for (int i = 0; i < count; i++) {
            state = state * 1_664_525 + 1_013_904_223;
            values[from + i] = 65 + 20 * circle[weather] + 10 * ((state >> 8) * 0x1p-23f);
            weather = weather + 3 < longitudes ? weather + 3 : weather + 3 - longitudes;
        }
    }

    /** The place on the circle of a column, where that many waves go around the earth, turned by so many circles. */
    private int turned(double circles, int column, int waves) {
        return Math.floorMod((long) (circles * longitudes) + (long) waves * column, longitudes);
    }

    private static int seed(int time, int row, int column, int stream) {
        int bits = ((time * 1_000_003 + row) * 1_000_003 + column) * 16 + stream;
        bits = (bits ^ bits >>> 16) * 0x7FEB352D;
        bits = (bits ^ bits >>> 15) * 0x846CA68B;
        return bits ^ bits >>> 16;
    }

    private double latitude(int row) {
        return 90 - 180.0 * row / (latitudes - 1);
    }

    private double longitude(int column) {
        return 360.0 * column / longitudes;
    }

    private void writeCoordinates() throws IOException {
        ByteBuffer time = ByteBuffer.allocate(times * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < times; i++) {
            time.putLong(FIRST_HOUR + i);
        }
        write(time.flip(), "time", 0);
        ByteBuffer latitude = ByteBuffer.allocate(latitudes * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < latitudes; i++) {
            latitude.putDouble(latitude(i));
        }
        write(latitude.flip(), "latitude", 0);
        ByteBuffer longitude = ByteBuffer.allocate(longitudes * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < longitudes; i++) {
            longitude.putDouble(longitude(i));
        }
        write(longitude.flip(), "longitude", 0);
    }

    private void writeMask() throws IOException {
        ByteBuffer mask = ByteBuffer.allocate(latitudes * longitudes);
        for (int row = 0; row < latitudes; row++) {
            double north = StrictMath.toRadians(latitude(row));
            for (int column = 0; column < longitudes; column++) {
                double east = StrictMath.toRadians(longitude(column));
                double height = StrictMath.sin(2 * east + 1) * StrictMath.cos(north) + StrictMath.sin(3 * north + 0.4);
                mask.put((byte) (height > 0.5 ? 1 : 0));
            }
        }
        write(mask.flip(), "mask", 0, 0);
    }

    private void writeMetadata() throws IOException {
        int[] grid = {times, latitudes, longitudes};
        describe("time", "int64", "0", new int[]{times}, new int[]{times},
                "\"units\": \"hours since 1900-01-01\", \"calendar\": \"proleptic_gregorian\"", "time");
        describe("latitude", "float64", "\"NaN\"", new int[]{latitudes}, new int[]{latitudes},
                "\"units\": \"degrees_north\"", "latitude");
        describe("longitude", "float64", "\"NaN\"", new int[]{longitudes}, new int[]{longitudes},
                "\"units\": \"degrees_east\"", "longitude");
        describe("t2m", "float32", "\"NaN\"", grid, new int[]{1, latitudes, longitudes}, "\"units\": \"K\"", "time",
                "latitude", "longitude");
        describe("rh", "float32", "\"NaN\"", grid, humidityChunk, "\"units\": \"%\"", "time", "latitude", "longitude");
        describe("mask", "int8", "0", new int[]{latitudes, longitudes}, new int[]{latitudes, longitudes}, "",
                "latitude", "longitude");
        Files.writeString(folder.resolve(METADATA), """
                {"zarr_format": 3, "node_type": "group", "attributes": {"Conventions": "CF-1.7"}}
                """);
    }

    private void describe(String variable, String type, String fill, int[] shape, int[] chunk, String attributes,
            String... dimensions) throws IOException {
        Files.writeString(folder.resolve(variable).resolve(METADATA), """
                {"zarr_format": 3, "node_type": "array", "shape": %s, "data_type": "%s", "fill_value": %s,
                 "chunk_grid": {"name": "regular", "configuration": {"chunk_shape": %s}},
                 "chunk_key_encoding": {"name": "default", "configuration": {"separator": "/"}},
                 "codecs": [{"name": "bytes", "configuration": {"endian": "little"}}],
                 "attributes": {%s}, "dimension_names": [%s]}
                """.formatted(Arrays.toString(shape), type, fill, Arrays.toString(chunk), attributes,
                Arrays.stream(dimensions).map(name -> "\"" + name + "\"").collect(Collectors.joining(", "))));
    }

    private void write(ByteBuffer bytes, String variable, int... index) throws IOException {
        Path file = folder.resolve(variable).resolve("c")
                .resolve(IntStream.of(index).mapToObj(Integer::toString).collect(Collectors.joining("/")));
        Files.createDirectories(file.getParent());
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING)) {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        }
    }
}
