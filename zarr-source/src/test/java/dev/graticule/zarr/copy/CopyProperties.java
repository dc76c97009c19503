package dev.graticule.zarr.copy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.graticule.Engine;
import dev.graticule.GridTable;
import dev.graticule.QueryOptions;
import dev.graticule.type.SqlType;
import dev.zarr.zarrjava.ZarrException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import ucar.ma2.Array;

/** What a query over a random grid gives is what the store that COPY makes of it has; cells without a row are missing in it. */
class CopyProperties {
    private static final List<String> AXES = List.of("time", "lat", "lon");
    private static final List<String> VARIABLES = List.of("f", "d", "i", "s", "u", "b", "day", "moment", "gap");
    private static final List<String> CODECS = List.of("none", "zstd", "gzip", "blosc");

    /** {@code kind}: rows as they are stored, those that a condition leaves, in the order of a value, or groups. */
    record Case(int[] shape, int[] chunks, int[] wanted, int version, String codec, int kind, int threads, int batch,
            long seed) {
        @Override
        public String toString() {
            return Arrays.toString(shape) + " in " + Arrays.toString(chunks) + " to " + Arrays.toString(wanted)
                    + " version " + version + " " + codec + " kind " + kind + " threads " + threads + " batch " + batch
                    + " seed " + seed;
        }
    }

    @Provide
    Arbitrary<Case> cases() {
        Arbitrary<int[]> shapes = Arbitraries.integers().between(0, 7).array(int[].class).ofMinSize(1).ofMaxSize(3);
        Arbitrary<int[]> lengths = Arbitraries.integers().between(1, 8).array(int[].class).ofSize(3);
        return Combinators
                .combine(shapes, lengths, lengths, Arbitraries.of(2, 3), Arbitraries.of(CODECS),
                        Arbitraries.integers().between(0, 4), Arbitraries.of(1, 3, 100), Arbitraries.longs())
                .as((shape, chunks, wanted, version, codec, kind, batch, seed) -> new Case(shape,
                        Arrays.copyOf(chunks, shape.length), Arrays.copyOf(wanted, shape.length), version, codec, kind,
                        seed % 2 == 0 ? 1 : 4, batch, seed));
    }

    @Property(tries = 60)
    void a_copy_holds_what_the_query_gives(@ForAll("cases") Case given) throws IOException, ZarrException {
        Path folder = Files.createTempDirectory("copy");
        Path store = folder.resolve("x.zarr");
        QueryOptions options = QueryOptions.defaults().withThreads(given.threads()).withBatchRows(given.batch());
        try (Engine engine = Engine.create(options)) {
            Random random = new Random(given.seed());
            engine.register("g", grid(given, random));
            List<String> axes = new ArrayList<>(AXES.subList(0, given.shape().length));
            Collections.shuffle(axes, random);
            String sql = sql(given, axes);
            Map<List<Object>, List<Object>> expected = new HashMap<>();
            for (List<Object> row : Results.of(engine.query(sql))) {
                expected.put(row.subList(0, axes.size()), row.subList(axes.size(), row.size()));
            }
            String chunks = String.join(", ", Arrays.stream(given.wanted()).mapToObj(Integer::toString).toList());
            List<List<Object>> count = Results.of(engine.query("COPY (" + sql + ") TO '" + store + "' (VERSION "
                    + given.version() + ", CODEC " + given.codec() + ", CHUNKS (" + chunks + ")" + shards(given)
                    + ")"));
            assertEquals((long) expected.size(), count.getFirst().getFirst());
            // A store has times for dates, and numbers for booleans with missing cells.
            String columns = String.join(", ", axes) + ", " + String.join(", ", VARIABLES)
                    .replace("b,", "CAST(b AS BOOLEAN),").replace("day,", "CAST(day AS DATE),");
            List<List<Object>> cells = Results.of(engine.query("SELECT " + columns + " FROM '" + store + "'"));
            assertEquals(Arrays.stream(given.shape()).reduce(1, (a, b) -> a * b), cells.size());
            for (List<Object> cell : cells) {
                List<Object> key = cell.subList(0, axes.size());
                assertEquals(expected.getOrDefault(key, Collections.nCopies(VARIABLES.size(), null)),
                        cell.subList(axes.size(), cell.size()), key.toString());
            }
            agreeWithZarrJava(given, engine, store, axes);
            for (int axis = 0; axis < axes.size(); axis++) {
                assertEquals(coordinates(engine, "g", axes.get(axis)),
                        coordinates(engine, "'" + store + "'", axes.get(axis)), "order of the coordinates");
            }
        } finally {
            delete(folder);
        }
    }

    /** Chunks, time units, packing, values for missing cells, arrays over fewer axes and attributes are those of the source. */
    @Property(tries = 40)
    void a_copy_of_a_store_is_that_store_file_by_file(@ForAll("cases") Case given) throws IOException {
        Path folder = Files.createTempDirectory("copy");
        Path store = folder.resolve("x.zarr");
        Path second = folder.resolve("y.zarr");
        QueryOptions options = QueryOptions.defaults().withThreads(given.threads()).withBatchRows(given.batch());
        try (Engine engine = Engine.create(options)) {
            engine.register("g", grid(given, new Random(given.seed())));
            String axes = String.join(", ", AXES.subList(0, given.shape().length));
            String chunks = String.join(", ", Arrays.stream(given.wanted()).mapToObj(Integer::toString).toList());
            String stored = "VERSION " + given.version() + ", CODEC " + given.codec();
            Results.of(engine.query("COPY (SELECT " + axes + ", f, i, s, s AS packed, i AS hours, s AS gap, i AS u"
                    + " FROM g) TO '" + store + "' (" + stored + ", CHUNKS (" + chunks + "))"));
            annotate(given.version(), store, "packed", Map.of("scale_factor", 0.01, "add_offset", -3.5, "_FillValue",
                    7, "valid_range", List.of(-300, 300)));
            annotate(given.version(), store, "hours", Map.of("units", "hours since 1999-12-31 06:00", "calendar",
                    "standard"));
            annotate(given.version(), store, "gap", Map.of("units", "minutes", "dtype", "timedelta64[s]"));
            annotate(given.version(), store, "u", Map.of("_Unsigned", "true", "missing_value", -1, "long_name", "1.0"));
            annotate(given.version(), store, "s", Map.of("missing_value", 5));
            annotate(given.version(), store, "", Map.of("title", "A grid", "levels", List.of(1, 2.5), "version",
                    "1"));
            Results.of(engine.query("COPY (SELECT " + axes + ", f, i, s, packed, hours, gap, u FROM '" + store
                    + "') TO '" + second + "' (" + stored + ")"));
            StoreFiles.assertSame(store, second, Set.of("s", "u", "packed"));
            String raw = "SELECT s, u, packed FROM read_zarr('%s', mask_and_scale => false)";
            assertEquals(Results.of(engine.query(raw.formatted(store))),
                    Results.of(engine.query(raw.formatted(second))));
        } finally {
            delete(folder);
        }
    }

    private static void annotate(int version, Path store, String array, Map<String, Object> attributes)
            throws IOException {
        StoreFiles.annotate(version, store, array, attributes);
    }

    private static List<Object> coordinates(Engine engine, String table, String axis) {
        return Results.of(engine.query("SELECT " + axis + " FROM " + table + " GROUP BY " + axis)).stream()
                .map(List::getFirst).toList();
    }

    /** Of version 3, every other store has shards of a few chunks. */
    private static String shards(Case given) {
        Random random = new Random(given.seed());
        return given.version() == 2 || random.nextBoolean() ? "" : ", SHARDS (" + String.join(", ",
                Arrays.stream(given.wanted()).mapToObj(length -> "" + length * (1 + random.nextInt(3))).toList()) + ")";
    }

    private static String sql(Case given, List<String> axes) {
        String names = String.join(", ", axes);
        String values = "f, f / 3 AS d, CASE WHEN keep THEN i END AS i, s, CAST(s + 400 AS USMALLINT) AS u,"
                + " CASE WHEN f > 0 THEN keep END AS b, DATE '2020-01-01' + i % 1000 AS day,"
                + " TIMESTAMP '2020-01-01' + INTERVAL '1 second' * (i % 100000) AS moment,"
                + " INTERVAL '1 minute' * s AS gap";
        String rows = "SELECT " + names + ", " + values + " FROM g";
        return switch (given.kind()) {
            case 0 -> rows;
            case 1 -> rows + " WHERE keep";
            case 2 -> rows + " ORDER BY f, i";
            case 3 -> "SELECT " + names + ", " + String.join(", ",
                    VARIABLES.stream().map(name -> name.equals("gap") ? "INTERVAL '1 minute' * max(s) AS gap"
                            : "max(" + name + ") AS " + name).toList())
                    + " FROM (" + rows
                    + " WHERE i % 3 <> 0) GROUP BY " + names;
            default -> rows + " WHERE i % 5 = 1 LIMIT 20";
        };
    }

    private static int[] order(int length, Random random) {
        List<Integer> values = new ArrayList<>(IntStream.range(0, length).boxed().toList());
        switch (random.nextInt(3)) {
            case 0 -> Collections.reverse(values);
            case 1 -> Collections.shuffle(values, random);
            default -> {
                // Ascending.
            }
        }
        return values.stream().mapToInt(Integer::intValue).toArray();
    }

    private static dev.graticule.spi.Dataset grid(Case given, Random random) {
        var builder = GridTable.named("g");
        int cells = 1;
        for (int axis = 0; axis < given.shape().length; axis++) {
            int[] order = order(given.shape()[axis], random);
            cells *= order.length;
            switch (axis) {
                case 0 -> {
                    long hours = List.of(3_600_000_000L, 86_400_000_000L, 1L).get(random.nextInt(3));
                    builder.axis("time", SqlType.TIMESTAMP,
                            Arrays.stream(order).mapToLong(i -> 1_500_000_000_000_000L + i * hours).toArray());
                    builder.attributes("time", Map.of("units",
                            List.of("hours since 1900-01-01", "days since 2000-01-01 06:00", "seconds since 1970-01-01",
                                    "").get(random.nextInt(4))));
                }
                case 1 -> {
                    float[] lat = new float[order.length];
                    for (int i = 0; i < lat.length; i++) {
                        lat[i] = order[i] * 0.1f - 0.3f;
                    }
                    builder.axis("lat", lat);
                }
                default -> {
                    if (random.nextBoolean()) {
                        builder.axis("lon", order.length);
                    } else {
                        builder.axis("lon", Arrays.stream(order).mapToDouble(i -> i * 1e-3).toArray());
                    }
                }
            }
        }
        List<String> axes = AXES.subList(0, given.shape().length);
        float[] f = new float[cells];
        int[] i = new int[cells];
        short[] s = new short[cells];
        boolean[] keep = new boolean[cells];
        for (int cell = 0; cell < cells; cell++) {
            f[cell] = random.nextInt(5) == 0 ? Float.NaN : random.nextFloat() - 0.5f;
            i[cell] = random.nextInt(1 << 20);
            s[cell] = (short) (random.nextInt(600) - 300);
            keep[cell] = random.nextInt(3) > 0;
        }
        Map<String, Integer> chunks = new HashMap<>();
        for (int axis = 0; axis < axes.size(); axis++) {
            chunks.put(axes.get(axis), given.chunks()[axis]);
        }
        return builder.variable("f", axes, f).variable("i", axes, i).variable("s", axes, s).variable("keep", axes, keep)
                .chunks(chunks).build();
    }

    /** zarr-java reads no booleans nor unsigned integers, so no shards either, and of version 2 no zstd and gzip; Blosc has a test. */
    private static void agreeWithZarrJava(Case given, Engine engine, Path store, List<String> axes)
            throws IOException, ZarrException {
        boolean empty = Arrays.stream(given.shape()).anyMatch(length -> length == 0);
        if (empty || given.codec().equals("blosc") || given.version() == 2 && !given.codec().equals("none")
                || !shards(given).isEmpty()) {
            return;
        }
        for (String name : List.of("f", "d", "s")) {
            Path array = store.resolve(name);
            Array read = given.version() == 3 ? dev.zarr.zarrjava.v3.Array.open(array).read(false)
                    : dev.zarr.zarrjava.v2.Array.open(array).read(false);
            List<Object> cells = inArrayOrder(engine, store, axes, name);
            assertEquals(cells.size(), read.getSize());
            for (int cell = 0; cell < cells.size(); cell++) {
                Object value = read.getObject(cell);
                boolean nan = value instanceof Float single && single.isNaN()
                        || value instanceof Double number && number.isNaN();
                assertEquals(cells.get(cell), nan ? null : value, name);
            }
        }
    }

    private static List<Object> inArrayOrder(Engine engine, Path store, List<String> axes, String name) {
        List<List<Object>> coordinates = axes.stream().map(axis -> coordinates(engine, "'" + store + "'", axis))
                .toList();
        Comparator<List<Object>> order = (a, b) -> 0;
        for (int axis = 0; axis < axes.size(); axis++) {
            int number = axis;
            order = order.thenComparingInt(row -> coordinates.get(number).indexOf(row.get(number)));
        }
        return Results.of(engine.query("SELECT " + String.join(", ", axes) + ", " + name + " FROM read_zarr('" + store
                + "', mask_and_scale => false)")).stream().sorted(order).map(List::getLast).toList();
    }

    static void delete(Path folder) {
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException failure) {
            throw new java.io.UncheckedIOException(failure);
        }
    }
}
