package dev.graticule.arrow;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.graticule.Engine;
import dev.graticule.Query;
import dev.graticule.QueryOptions;
import dev.graticule.arrow.GridStream.Keeping;
import dev.graticule.type.SqlType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.TimeUnit;

/**
 * A stream whose metadata say that its rows are the cells of a grid gives the same rows, in the same order, as one that says nothing and as
 * plain loops over the rows: whatever the metadata say, and whatever became of the rows since.
 */
class GridStreamProperties {
    private static final SqlType TIME = new SqlType.Timestamp(TimeUnit.MICROSECOND, false);
    private static final long HOUR = 3_600_000_000L;

    /** What was done to the rows, or to what is said of them. */
    enum Lie {
        NONE,
        FILTERED,
        SORTED,
        DOUBLED,
        SHIFTED,
        SWAPPED,
        ONE_CHANGED,
        OTHER_SHAPE,
        OTHER_ORDER,
        MISSING_COLUMN,
        MALFORMED
    }

    record Case(List<Integer> shape, List<Integer> cuts, int kind, Keeping keeping, Lie lie, int batchRows, int threads,
            long seed) {
        int cells() {
            return shape.stream().reduce(1, (a, b) -> a * b);
        }
    }

    @Provide
    Arbitrary<Case> cases() {
        Arbitrary<Integer> length = Arbitraries.oneOf(Arbitraries.integers().between(1, 5),
                Arbitraries.integers().between(6, 24));
        return Combinators.combine(length.list().ofMinSize(1).ofMaxSize(3),
                Arbitraries.oneOf(Arbitraries.integers().between(1, 30), Arbitraries.integers().between(30, 3000))
                        .list().ofMinSize(1).ofMaxSize(4),
                Arbitraries.integers().between(0, 5), Arbitraries.of(Keeping.class),
                Arbitraries.oneOf(Arbitraries.just(Lie.NONE), Arbitraries.of(Lie.class)),
                Arbitraries.of(1 << 16, 100, 17), Arbitraries.of(1, 4), Arbitraries.longs()).as(Case::new)
                .filter(given -> given.cells() <= 2000);
    }

    private record Made(GridStream stream, Map<String, String> metadata, List<String> axes, List<List<Object>> rows) {
    }

    /** Columns: a coordinate for each axis, text on the last but one, a number on two axes, a constant, and the value. */
    private static Made made(Case given) {
        Random random = new Random(given.seed);
        int axes = given.shape.size();
        List<String> names = List.of("time", "lat", "lon").subList(3 - axes, 3);
        List<List<Object>> coordinates = new ArrayList<>();
        for (int axis = 0; axis < axes; axis++) {
            coordinates.add(coordinates(names.get(axis), given.shape.get(axis), given.kind, random));
        }
        int second = Math.max(0, axes - 2);
        List<Object> texts = new ArrayList<>();
        for (int i = 0; i < given.shape.get(second); i++) {
            texts.add(random.nextInt(6) == 0 && given.kind == 4 ? null : "s".repeat(1 + i % 3) + i / 2);
        }
        List<List<Object>> rows = new ArrayList<>();
        int cells = given.cells();
        for (int cell = 0; cell < cells; cell++) {
            int rest = cell;
            int[] at = new int[axes];
            for (int axis = axes - 1; axis >= 0; axis--) {
                at[axis] = rest % given.shape.get(axis);
                rest /= given.shape.get(axis);
            }
            List<Object> row = new ArrayList<>();
            for (int axis = 0; axis < axes; axis++) {
                row.add(coordinates.get(axis).get(at[axis]));
            }
            row.add(texts.get(at[second]));
            row.add(at[second] * 1000 + at[axes - 1] % 7);
            row.add((short) 7);
            row.add(random.nextInt(9) == 0 ? null : (float) random.nextInt(100));
            rows.add(row);
        }
        lie(given, rows, random);
        List<GridStream.Column> columns = new ArrayList<>();
        for (int axis = 0; axis < axes; axis++) {
            columns.add(new GridStream.Column(names.get(axis), names.get(axis).equals("time") ? TIME : SqlType.DOUBLE,
                    given.keeping));
        }
        columns.add(new GridStream.Column("station", SqlType.VARCHAR,
                random.nextBoolean() ? given.keeping : Keeping.PLAIN));
        columns.add(new GridStream.Column("m", SqlType.INTEGER, Keeping.PLAIN));
        columns.add(new GridStream.Column("height", SqlType.SMALLINT, Keeping.PLAIN));
        columns.add(new GridStream.Column("v", SqlType.REAL, Keeping.PLAIN));
        GridStream stream = new GridStream(columns, rows, given.cuts, Map.of());
        Map<String, List<String>> over = new LinkedHashMap<>();
        names.forEach(name -> over.put(name, List.of(name)));
        over.put("station", List.of(names.get(second)));
        over.put("m", List.copyOf(names.subList(second, axes)));
        over.put("height", List.of());
        return new Made(stream, metadata(given, names, over), names, rows);
    }

    private static List<Object> coordinates(String name, int length, int kind, Random random) {
        List<Object> values = new ArrayList<>();
        for (int i = 0; i < length; i++) {
            int step = switch (kind) {
                case 0 -> i;
                case 1 -> length - i;
                // Duplicates, also beside each other.
                case 2 -> i / 2;
                default -> random.nextInt(length);
            };
            boolean odd = kind >= 4 && random.nextInt(4) == 0;
            values.add(odd && kind == 4 ? null
                    : name.equals("time") ? (Object) (step * HOUR * 7) : odd ? Double.NaN : (Object) (step * 0.5));
        }
        return values;
    }

    private static void lie(Case given, List<List<Object>> rows, Random random) {
        switch (given.lie) {
            case FILTERED -> rows.removeIf(row -> row.getLast() instanceof Float value && value > 80);
            case SORTED -> rows.sort((a, b) -> Float.compare(value(a), value(b)));
            case DOUBLED -> rows.add(rows.size() / 2, rows.get(rows.size() / 2));
            case SHIFTED -> rows.subList(0, Math.min(rows.size() - 1, 1 + random.nextInt(50))).clear();
            case SWAPPED -> Collections.swap(rows, random.nextInt(rows.size()), random.nextInt(rows.size()));
            case ONE_CHANGED -> {
                int at = random.nextInt(rows.size());
                List<Object> changed = new ArrayList<>(rows.get(at));
                changed.set(0, given.shape.size() == 3 ? (Object) (HOUR / 2) : (Object) (-0.25));
                changed.set(changed.size() - 4, random.nextBoolean() ? null : "odd");
                rows.set(at, changed);
            }
            case NONE, OTHER_SHAPE, OTHER_ORDER, MISSING_COLUMN, MALFORMED -> {
                // What is said is what lies.
            }
        }
    }

    private static float value(List<Object> row) {
        return row.getLast() instanceof Float value ? value : -1;
    }

    private static Map<String, String> metadata(Case given, List<String> names, Map<String, List<String>> over) {
        Random random = new Random(given.seed + 1);
        List<Integer> shape = new ArrayList<>(given.shape);
        switch (given.lie) {
            case OTHER_SHAPE -> shape.replaceAll(length -> Math.max(1, length + random.nextInt(3) - 1));
            case OTHER_ORDER -> Collections.shuffle(shape, random);
            case MISSING_COLUMN -> {
                over.put("gone", List.of(names.getFirst()));
                over.remove(names.getLast());
            }
            default -> {
                // As it is.
            }
        }
        Map<String, String> metadata = GridStream.metadata("v", names, shape, over);
        String text = metadata.get("xarray");
        return given.lie == Lie.MALFORMED
                ? Map.of("xarray:arrow_schema_version", "v1", "xarray",
                        text.substring(0, random.nextInt(text.length())))
                : metadata;
    }

    private static List<String> queries(List<String> axes, Random random) {
        String last = axes.getLast();
        String aggregates = ", count(*) AS n, count(v) AS c, sum(v) AS s, min(v) AS lo, max(v) AS hi, round(avg(v * height), 9) AS w,"
                + " sum(m) AS sm, round(stddev(v), 6) AS d, count(DISTINCT station) AS stations, first(v) AS f";
        List<String> keys = new ArrayList<>(
                List.of("station", "m", "height", "upper(station)", "floor(" + last + "), height"));
        axes.forEach(keys::add);
        axes.forEach(axis -> keys.add(axis + ", station"));
        if (axes.size() > 1) {
            keys.add(axes.get(axes.size() - 2) + ", " + last);
        }
        if (axes.contains("time")) {
            keys.addAll(List.of("hour(time)", "lon, date_trunc('day', time)", "time, lat, lon"));
        }
        List<String> queries = new ArrayList<>();
        String condition = List
                .of("", "", " WHERE v > 30", " WHERE " + last + " > 1.5", " WHERE upper(station) <> 'S0'",
                        " WHERE v > 98 AND floor(" + last + ") = 1")
                .get(random.nextInt(6));
        Collections.shuffle(keys, random);
        keys.subList(0, 3)
                .forEach(key -> queries.add("SELECT " + key + aggregates + " FROM g" + condition + " GROUP BY "
                        + key));
        List<String> others = new ArrayList<>();
        others.add("SELECT upper(station) AS u, " + String.join(", ", axes) + ", m, v FROM g" + condition);
        others.add("SELECT DISTINCT " + last + ", station FROM g" + condition);
        others.add(
                "SELECT round(sum(sqrt(m)), 6) AS a, count(upper(station)) AS b, max(floor(" + last + ")) AS c FROM g"
                        + condition);
        others.add("SELECT floor(" + last + "), upper(station), v FROM g" + condition + " LIMIT 20 OFFSET 3");
        queries.add(others.get(random.nextInt(others.size())));
        return queries;
    }

    @Property(tries = 120, edgeCases = EdgeCasesMode.NONE)
    void whatMetadataSayOfTheRowsChangesNoAnswer(@ForAll("cases") Case given) {
        Made made = made(given);
        QueryOptions options = QueryOptions.defaults().withThreads(given.threads).withBatchRows(given.batchRows);
        try (Engine said = Engine.create(); Engine silent = Engine.create()) {
            said.register("g", made.stream.table(made.metadata));
            silent.register("g", made.stream.table(Map.of()));
            for (String sql : queries(made.axes, new Random(given.seed + 2))) {
                // Sums of small whole numbers are exact.
                List<List<Object>> expected = rows(silent, sql, options.withGridOperators(false));
                assertEquals(expected, rows(said, sql, options), sql);
                assertEquals(expected, rows(silent, sql, options), sql + " without metadata");
            }
            assertEquals(made.stream.started.get(), made.stream.closed.get());
        }
    }

    @Property(tries = 120, edgeCases = EdgeCasesMode.NONE)
    void groupsAreThoseOfPlainLoopsInTheOrderOfTheRows(@ForAll("cases") Case given) {
        Made made = made(given);
        QueryOptions options = QueryOptions.defaults().withThreads(given.threads).withBatchRows(given.batchRows);
        try (Engine engine = Engine.create()) {
            engine.register("g", made.stream.table(made.metadata));
            for (int key = 0; key < made.axes.size(); key++) {
                Map<Object, List<Object>> groups = new LinkedHashMap<>();
                for (List<Object> row : made.rows) {
                    Float value = (Float) row.getLast();
                    groups.merge(key(row.get(key)),
                            List.of(1L, value == null ? 0.0 : (double) value), (a, b) -> List.of(
                                    (Long) a.get(0) + (Long) b.get(0), (Double) a.get(1) + (Double) b.get(1)));
                }
                List<List<Object>> expected = new ArrayList<>();
                groups.forEach((value, sums) -> expected.add(List.of(value, sums.get(0), sums.get(1))));
                List<List<Object>> got = new ArrayList<>();
                String name = made.axes.get(key);
                String sql = "SELECT " + name + ", count(*) AS n, coalesce(sum(v), 0) AS s FROM g GROUP BY " + name;
                rows(engine, sql, options).forEach(row -> got.add(
                        row.stream().map(value -> Objects.requireNonNullElse(value, "NULL")).toList()));
                assertEquals(expected, got, sql);
            }
        }
    }

    private static Object key(Object value) {
        return value instanceof Long time ? LocalDateTime.ofEpochSecond(time / 1_000_000, 0, ZoneOffset.UTC).toString()
                : Objects.requireNonNullElse(value, "NULL");
    }

    private static List<List<Object>> rows(Engine engine, String sql, QueryOptions options) {
        List<List<Object>> rows = new ArrayList<>();
        try (Query query = engine.query(sql).options(options); ArrowReader reader = query.run()) {
            while (reader.loadNextBatch()) {
                List<FieldVector> vectors = reader.getVectorSchemaRoot().getFieldVectors();
                for (int row = 0; row < reader.getVectorSchemaRoot().getRowCount(); row++) {
                    List<Object> values = new ArrayList<>();
                    for (FieldVector vector : vectors) {
                        Object value = vector.getObject(row);
                        values.add(value instanceof Number || value == null ? value : value.toString());
                    }
                    rows.add(values);
                }
            }
            return rows;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
