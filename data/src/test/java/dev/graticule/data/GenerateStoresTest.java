package dev.graticule.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.scalableminds.bloscjava.Blosc;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.ShortBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The stores beside the generator: made by it, and holding what the tests of other modules count on. */
final class GenerateStoresTest {
    private static final Path DATA = Path.of(System.getProperty("graticule.data", ".")).toAbsolutePath().normalize();
    private static final int WEATHER_CELLS = 48 * 19 * 36;

    @Test
    void the_generator_writes_the_committed_stores_byte_for_byte(@TempDir Path folder) throws IOException {
        GenerateStores.generate(folder);
        for (String name : GenerateStores.NAMES) {
            List<Path> files = files(folder.resolve(name));
            assertEquals(files, files(DATA.resolve(name)), name);
            for (Path file : files) {
                assertEquals(-1, Files.mismatch(folder.resolve(name).resolve(file), DATA.resolve(name).resolve(file)),
                        name + "/" + file);
            }
        }
    }

    @Test
    void a_second_run_replaces_what_the_first_one_wrote(@TempDir Path folder) throws IOException {
        GenerateStores.generate(folder);
        Path leftover = folder.resolve("era5_v3.zarr/old/zarr.json");
        Files.createDirectories(leftover.getParent());
        Files.writeString(leftover, "{}");
        GenerateStores.generate(folder);
        assertTrue(Files.notExists(leftover.getParent()));
    }

    @Test
    void the_stores_take_less_than_three_megabytes() throws IOException {
        long bytes = 0;
        for (String name : GenerateStores.NAMES) {
            for (Path file : files(DATA.resolve(name))) {
                bytes += Files.size(DATA.resolve(name).resolve(file));
            }
        }
        assertTrue(bytes < 3_000_000, "bytes: " + bytes);
    }

    @Test
    void the_whole_numbers_span_their_ranges_and_are_the_same_in_all_four_stores() throws IOException {
        long lowest = Long.MAX_VALUE;
        long highest = Long.MIN_VALUE;
        long sum = 0;
        for (int step = 0; step < 7; step++) {
            String two = "temperature/" + step + ".0.0";
            String three = "temperature/c/" + step + "/0/0";
            byte[] plain = Files.readAllBytes(DATA.resolve("synthetic_v3.zarr").resolve(three));
            assertArrayEquals(plain, Files.readAllBytes(DATA.resolve("synthetic_v2.zarr").resolve(two)));
            assertArrayEquals(plain, decompressed(DATA.resolve("synthetic_v2_blosc.zarr").resolve(two)));
            assertArrayEquals(plain, decompressed(DATA.resolve("synthetic_v3_blosc.zarr").resolve(three)));
            LongBuffer numbers = littleEndian(plain).asLongBuffer();
            assertEquals(100, numbers.remaining());
            while (numbers.hasRemaining()) {
                long number = numbers.get();
                lowest = Math.min(lowest, number);
                highest = Math.max(highest, number);
                sum += number;
            }
        }
        assertEquals(List.of(-50L, 59L, 2_660L), List.of(lowest, highest, sum));
    }

    @Test
    void humidity_runs_from_10_to_79() {
        Variable humidity = SyntheticGrid.variables().getLast();
        long[] values = (long[]) humidity.values();
        assertEquals("humidity", humidity.name());
        assertEquals(10, Arrays.stream(values).min().getAsLong());
        assertEquals(79, Arrays.stream(values).max().getAsLong());
        assertEquals(31_150, Arrays.stream(values).sum());
    }

    @Test
    void the_weather_has_117_missing_temperatures_and_a_pole_without_humidity() throws IOException {
        float[] t2m = weather("t2m");
        assertEquals(117, missing(t2m, 0, WEATHER_CELLS));
        assertEquals(237.078125f, lowest(t2m));
        assertEquals(310.359375f, -lowest(negated(t2m)));
        float[] rh = weather("rh");
        assertEquals(1_883, missing(rh, 0, WEATHER_CELLS));
        for (int hour = 0; hour < 48; hour++) {
            assertEquals(36, missing(rh, (hour * 19 + 18) * 36, 36));
        }
    }

    @Test
    void the_packed_cloud_cover_has_209_missing_cells_and_lies_in_0_to_1() throws IOException {
        int missing = 0;
        for (int day = 0; day < 2; day++) {
            ShortBuffer packed = littleEndian(Files.readAllBytes(DATA.resolve("era5_v3.zarr/tcc/c/" + day + "/0/0")))
                    .asShortBuffer();
            while (packed.hasRemaining()) {
                short number = packed.get();
                if (number == WeatherGrid.MISSING_COVER) {
                    missing++;
                } else {
                    double cover = number * 0.0001 + 0.5;
                    assertTrue(cover >= 0 && cover <= 1, "cover: " + cover);
                }
            }
        }
        assertEquals(209, missing);
    }

    @Test
    void the_first_hour_is_midnight_of_2024_02_28() throws IOException {
        LongBuffer time = littleEndian(Files.readAllBytes(DATA.resolve("era5_v3.zarr/time/c/0"))).asLongBuffer();
        long hours = ChronoUnit.HOURS.between(LocalDateTime.of(1900, 1, 1, 0, 0),
                LocalDateTime.of(2024, 2, 28, 0, 0));
        assertEquals(hours, time.get(0));
        assertEquals(hours + 47, time.get(47));
    }

    private static float[] weather(String variable) throws IOException {
        FloatBuffer values = FloatBuffer.allocate(WEATHER_CELLS);
        for (int day = 0; day < 2; day++) {
            Path chunk = DATA.resolve("era5_v3.zarr").resolve(variable).resolve("c/" + day + "/0/0");
            values.put(littleEndian(Files.readAllBytes(chunk)).asFloatBuffer());
        }
        return values.array();
    }

    private static int missing(float[] values, int from, int count) {
        int missing = 0;
        for (int i = from; i < from + count; i++) {
            if (Float.isNaN(values[i])) {
                missing++;
            }
        }
        return missing;
    }

    private static float lowest(float[] values) {
        float lowest = Float.POSITIVE_INFINITY;
        for (float value : values) {
            if (value < lowest) {
                lowest = value;
            }
        }
        return lowest;
    }

    private static float[] negated(float[] values) {
        float[] negated = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            negated[i] = -values[i];
        }
        return negated;
    }

    private static byte[] decompressed(Path chunk) throws IOException {
        return Blosc.decompress(Files.readAllBytes(chunk));
    }

    private static ByteBuffer littleEndian(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static List<Path> files(Path store) throws IOException {
        try (Stream<Path> walk = Files.walk(store)) {
            return walk.filter(Files::isRegularFile).map(store::relativize).sorted().toList();
        }
    }
}
