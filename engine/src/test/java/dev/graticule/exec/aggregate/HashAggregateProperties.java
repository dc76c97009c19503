package dev.graticule.exec.aggregate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graticule.GraticuleException;
import dev.graticule.aggregate.AggregateCall;
import dev.graticule.aggregate.Aggregates;
import dev.graticule.batch.RandomColumns;
import dev.graticule.batch.Values;
import dev.graticule.batch.Selection;
import dev.graticule.batch.Interval;
import dev.graticule.batch.Column;
import dev.graticule.aggregate.KeyTable;
import org.apache.arrow.vector.IntervalMonthDayNanoVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.memory.BufferAllocator;
import dev.graticule.exec.Breaker;
import dev.graticule.exec.BreakerHarness;
import dev.graticule.exec.SqlOrder;
import dev.graticule.expression.Expression;
import dev.graticule.sql.Position;
import dev.graticule.type.SqlType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class HashAggregateProperties {
    private static final Position NOWHERE = new Position(1, 1, 0, 0);

    private static Expression column(int index, List<SqlType> types) {
        return new Expression.ColumnReference(index, "c" + index, types.get(index));
    }

    private static Object canonical(Object value) {
        return value instanceof Float f ? (Object) (f + 0.0f) : value instanceof Double d ? (Object) (d + 0.0) : value;
    }

    /** The rows of each group, in the order in which groups are first seen. */
    private static Map<List<Object>, List<List<Object>>> groups(List<List<Object>> rows, int keys) {
        Map<List<Object>, List<List<Object>>> groups = new LinkedHashMap<>();
        for (List<Object> row : rows) {
            List<Object> key = row.subList(0, keys).stream().map(HashAggregateProperties::canonical)
                    .collect(Collectors.toCollection(ArrayList::new));
            groups.computeIfAbsent(key, _ -> new ArrayList<>()).add(row);
        }
        return groups;
    }

    /** Runs one aggregate of column 2, 3 over keys of columns 0 and 1, maybe with FILTER (column 4), against what {@code oracle} says. */
    private static void check(long seed, String name, boolean distinct, SqlType type, SqlType second,
            Function<List<List<Object>>, Object> oracle) {
        Random random = new Random(seed);
        List<SqlType> types = new ArrayList<>();
        types.add(RandomColumns.TYPES.get(random.nextInt(RandomColumns.TYPES.size())));
        types.add(RandomColumns.TYPES.get(random.nextInt(RandomColumns.TYPES.size())));
        types.add(type);
        types.add(second == null ? SqlType.BOOLEAN : second);
        types.add(SqlType.BOOLEAN);
        boolean filtered = random.nextInt(3) == 0;
        int keys = random.nextInt(3);
        List<Expression> arguments = new ArrayList<>();
        arguments.add(column(2, types));
        if (second != null) {
            arguments.add(column(3, types));
        }
        AggregateCall call = Aggregates.bind(name, arguments, distinct,
                filtered ? column(4, types) : Expression.Literal.TRUE, NOWHERE);
        List<Expression> keyExpressions = new ArrayList<>();
        for (int key = 0; key < keys; key++) {
            keyExpressions.add(column(key, types));
        }
        try (BreakerHarness harness = new BreakerHarness(random, types, true)) {
            Map<List<Object>, List<List<Object>>> groups = groups(harness.rows(), keys);
            if (keys == 0 && groups.isEmpty()) {
                groups.put(List.of(), List.of());
            }
            int held = random.nextBoolean() ? 1000 : random.nextInt(8);
            int more = random.nextInt(4);
            Supplier<Breaker> breaker = () -> new HashAggregateBreaker(keyExpressions, List.of(call), held + more, held,
                    random.nextInt(3));
            List<List<Object>> output = harness.run(breaker, 1 + random.nextInt(3));
            if (groups.size() <= held) {
                assertEquals(new ArrayList<>(groups.keySet()),
                        output.stream().map(row -> row.subList(0, keys)).toList());
            }
            assertEquals(groups.size(), output.size());
            for (List<Object> row : output) {
                List<List<Object>> rows = groups.remove(row.subList(0, keys));
                List<List<Object>> counted = filtered
                        ? rows.stream().filter(each -> Boolean.TRUE.equals(each.get(4))).toList() : rows;
                assertSame(name, oracle.apply(counted), row.get(keys));
            }
        }
    }

    private static void assertSame(String name, Object expected, Object actual) {
        if (expected instanceof Double e && actual instanceof Double a && !e.equals(a)) {
            assertTrue(Math.abs(e - a) <= 1e-9 * Math.max(1, Math.abs(e)), name + ": " + e + " against " + a);
        } else {
            assertEquals(canonical(expected), canonical(actual), name);
        }
    }

    private static List<Object> values(List<List<Object>> rows) {
        return rows.stream().map(row -> row.get(2)).filter(Objects::nonNull).toList();
    }

    private static double[] doubles(List<Object> values) {
        return values.stream().mapToDouble(value -> ((Number) value).doubleValue()).toArray();
    }

    private static Object sumOf(List<Object> values) {
        return values.isEmpty() ? null : (Object) Arrays.stream(doubles(values)).sum();
    }

    private static double median(double[] values) {
        double[] sorted = Arrays.stream(values).sorted().toArray();
        int n = sorted.length;
        return n == 0 ? 0 : (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
    }

    private static SqlType any(Random random) {
        return RandomColumns.TYPES.get(random.nextInt(RandomColumns.TYPES.size()));
    }

    private static SqlType floating(long seed) {
        return seed % 2 == 0 ? SqlType.REAL : SqlType.DOUBLE;
    }

    @Property(tries = 60)
    void countsCountValuesThatAreNotNull(@ForAll long seed) {
        check(seed, "count", false, any(new Random(seed)), null, rows -> (long) values(rows).size());
        check(seed, "count_if", false, SqlType.BOOLEAN, null,
                rows -> values(rows).stream().filter(v -> (boolean) v).count());
    }

    @Property(tries = 60)
    void distinctCountsCountDifferentValues(@ForAll long seed) {
        check(seed, "count", true, any(new Random(seed)), null,
                rows -> values(rows).stream().map(HashAggregateProperties::canonical).distinct().count());
        check(seed, "string_agg", true, SqlType.VARCHAR, null, rows -> values(rows).isEmpty()
                ? null
                : values(rows).stream().map(Object::toString).distinct().collect(Collectors.joining(",")));
        check(seed, "sum", true, SqlType.SMALLINT, null,
                rows -> values(rows).isEmpty() ? null
                        : values(rows).stream().distinct().mapToLong(v -> ((Number) v).longValue()).sum());
    }

    @Property(tries = 60)
    void sumsAndAveragesOfNumbers(@ForAll long seed) {
        check(seed, "sum", false, floating(seed), null, rows -> sumOf(values(rows)));
        check(seed, "avg", false, floating(seed), null,
                rows -> values(rows).isEmpty() ? null : (double) sumOf(values(rows)) / values(rows).size());
        check(seed, "sum", false, SqlType.TINYINT, null,
                rows -> values(rows).isEmpty() ? null : values(rows).stream().mapToLong(v -> (byte) v).sum());
        check(seed, "sum", false, SqlType.USMALLINT, null,
                rows -> values(rows).isEmpty() ? null : values(rows).stream().mapToLong(v -> (short) v & 0xffff).sum());
        check(seed, "avg", false, SqlType.BIGINT, null, rows -> values(rows).isEmpty()
                ? null
                : values(rows).stream().map(v -> BigInteger.valueOf((long) v)).reduce(BigInteger.ZERO, BigInteger::add)
                        .doubleValue()
                        / values(rows).size());
        check(seed, "sum", false, new SqlType.Decimal(20, 2), null, rows -> values(rows).isEmpty()
                ? null
                : values(rows).stream().map(v -> (BigDecimal) v).reduce(BigDecimal.ZERO.setScale(2), BigDecimal::add));
    }

    @Property(tries = 60)
    void extremesAreInTheOrderOfValues(@ForAll long seed) {
        SqlType drawn = any(new Random(seed));
        SqlType type = drawn == SqlType.INTERVAL ? SqlType.DOUBLE : drawn;
        Comparator<Object> order = (a, b) -> SqlOrder.compare(type, a, b);
        check(seed, "min", false, type, null, rows -> values(rows).stream().min(order).orElse(null));
        check(seed, "max", true, type, null, rows -> values(rows).stream().max(order).orElse(null));
    }

    @Property(tries = 60)
    void firstAndLastAreByOrdinalAndRow(@ForAll long seed) {
        SqlType type = any(new Random(seed));
        check(seed, "first", false, type, null, rows -> rows.isEmpty() ? null : rows.getFirst().get(2));
        check(seed, "last", false, type, null, rows -> rows.isEmpty() ? null : rows.getLast().get(2));
        check(seed, "any_value", false, type, null, rows -> values(rows).isEmpty() ? null : values(rows).getFirst());
        SqlType key = seed % 3 == 0 ? SqlType.VARCHAR : SqlType.INTEGER;
        Comparator<List<Object>> order = (a, b) -> SqlOrder.compare(key, a.get(3), b.get(3));
        Function<List<List<Object>>, List<List<Object>>> both = rows -> rows.stream()
                .filter(r -> r.get(2) != null && r.get(3) != null)
                .toList();
        check(seed, "min_by", false, type, key,
                rows -> both.apply(rows).stream().min(order).map(row -> row.get(2)).orElse(null));
        check(seed, "max_by", false, type, key,
                rows -> both.apply(rows).stream().max((a, b) -> order.compare(a, b) == 0 ? 1 : order.compare(a, b))
                        .map(row -> row.get(2)).orElse(null));
    }

    @Property(tries = 60)
    void variancesOfSmallNumbers(@ForAll long seed) {
        Function<Integer, Function<List<List<Object>>, Object>> variance = less -> rows -> {
            double[] values = doubles(values(rows));
            double mean = Arrays.stream(values).average().orElse(0);
            return values.length <= less
                    ? null
                    : (Object) (Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum() / (values.length - less));
        };
        check(seed, "var_samp", false, SqlType.TINYINT, null, variance.apply(1));
        check(seed, "var_pop", false, SqlType.TINYINT, null, variance.apply(0));
        check(seed, "stddev", false, SqlType.TINYINT, null,
                variance.apply(1).andThen(v -> v == null ? null : (Object) Math.sqrt((double) v)));
    }

    @Property(tries = 60)
    void conditionsAndQuantilesAndText(@ForAll long seed) {
        check(seed, "bool_and", false, SqlType.BOOLEAN, null,
                rows -> values(rows).isEmpty() ? null : values(rows).stream().allMatch(v -> (boolean) v));
        check(seed, "bool_or", true, SqlType.BOOLEAN, null,
                rows -> values(rows).isEmpty() ? null : values(rows).stream().anyMatch(v -> (boolean) v));
        check(seed, "median", false, SqlType.SMALLINT, null,
                rows -> values(rows).isEmpty() ? null : (Object) median(doubles(values(rows))));
        check(seed, "mad", false, SqlType.SMALLINT, null, rows -> {
            double median = median(doubles(values(rows)));
            return values(rows).isEmpty()
                    ? null
                    : (Object) median(Arrays.stream(doubles(values(rows))).map(v -> Math.abs(v - median)).toArray());
        });
        check(seed, "mode", false, any(new Random(seed)), null, rows -> {
            Map<Object, Long> counts = values(rows).stream().map(HashAggregateProperties::canonical)
                    .collect(Collectors.groupingBy(v -> v, LinkedHashMap::new, Collectors.counting()));
            long most = counts.values().stream().mapToLong(v -> v).max().orElse(0);
            return counts.entrySet().stream().filter(e -> e.getValue() == most).map(Map.Entry::getKey).findFirst()
                    .orElse(null);
        });
        check(seed, "string_agg", false, SqlType.VARCHAR, null, rows -> values(rows).isEmpty()
                ? null
                : values(rows).stream().map(Object::toString).collect(Collectors.joining(",")));
    }

    @Property(tries = 40)
    void regressionsAreOfYOnX(@ForAll long seed) {
        Function<List<List<Object>>, List<List<Object>>> both = rows -> rows.stream()
                .filter(r -> r.get(2) != null && r.get(3) != null)
                .toList();
        Function<List<List<Object>>, double[]> sums = rows -> {
            double n = 0;
            double x = 0;
            double y = 0;
            for (List<Object> row : both.apply(rows)) {
                n++;
                y += (byte) row.get(2);
                x += (byte) row.get(3);
            }
            double xx = 0;
            double xy = 0;
            for (List<Object> row : both.apply(rows)) {
                xx += ((byte) row.get(3) - x / n) * ((byte) row.get(3) - x / n);
                xy += ((byte) row.get(2) - y / n) * ((byte) row.get(3) - x / n);
            }
            return new double[]{n, x / n, y / n, xx, xy};
        };
        check(seed, "regr_slope", false, SqlType.TINYINT, SqlType.TINYINT, rows -> {
            double[] s = sums.apply(rows);
            return s[0] == 0 || s[3] == 0 ? null : (Object) (s[4] / s[3]);
        });
        check(seed, "regr_intercept", false, SqlType.TINYINT, SqlType.TINYINT, rows -> {
            double[] s = sums.apply(rows);
            return s[0] == 0 || s[3] == 0 ? null : (Object) (s[2] - s[4] / s[3] * s[1]);
        });
        check(seed, "regr_count", false, SqlType.TINYINT, SqlType.TINYINT, rows -> (long) both.apply(rows).size());
        check(seed, "covar_samp", false, SqlType.TINYINT, SqlType.TINYINT, rows -> {
            double[] s = sums.apply(rows);
            return s[0] < 2 ? null : (Object) (s[4] / (s[0] - 1));
        });
    }

    @Property(tries = 60)
    void weightsCountOnlyWhereTheValueIsNotNull(@ForAll long seed) {
        check(seed, "weighted_avg", false, SqlType.TINYINT, SqlType.UTINYINT, rows -> {
            double sum = 0;
            double weight = 0;
            for (List<Object> row : rows) {
                if (row.get(2) != null && row.get(3) != null) {
                    sum += (byte) row.get(2) * (double) ((byte) row.get(3) & 0xff);
                    weight += (byte) row.get(3) & 0xff;
                }
            }
            return weight == 0 ? null : (Object) (sum / weight);
        });
    }

    @Property(tries = 100)
    void withoutAggregatesItIsDistinct(@ForAll long seed) {
        Random random = new Random(seed);
        List<SqlType> types = List.of(any(random), any(random));
        try (BreakerHarness harness = new BreakerHarness(random, types, random.nextBoolean())) {
            List<List<Object>> expected = new ArrayList<>(
                    new LinkedHashSet<>(
                            harness.rows().stream().map(row -> row.stream().map(HashAggregateProperties::canonical)
                                    .collect(Collectors.<Object, List<Object>>toCollection(ArrayList::new))).toList()));
            assertEquals(expected,
                    harness.run(() -> new HashAggregateBreaker(List.of(column(0, types), column(1, types)), List.of()),
                            2));
        }
    }

    @Property(tries = 100)
    void groupsComeInOneOrderWhateverTheNumberOfWorkers(@ForAll long seed) {
        Random random = new Random(seed);
        List<SqlType> types = List.of(any(random), any(random));
        int held = random.nextInt(60);
        AggregateCall count = Aggregates.bind("count", List.of(), false, Expression.Literal.TRUE, NOWHERE);
        Supplier<Breaker> breaker = () -> new HashAggregateBreaker(List.of(column(0, types), column(1, types)),
                List.of(count), 2 * held, held, 2);
        try (BreakerHarness harness = new BreakerHarness(random, types, random.nextBoolean())) {
            List<List<Object>> expected = harness.run(breaker, 1);
            assertEquals(expected, harness.run(breaker, 4));
            assertEquals(expected, harness.runInThreads(breaker, 3));
        }
    }

    @Property(tries = 20)
    void noMemoryIsLeftBehindHoweverAnAggregationEnds(@ForAll long seed) {
        Random random = new Random(seed);
        List<SqlType> types = List.of(SqlType.VARCHAR, SqlType.INTEGER, SqlType.DOUBLE, SqlType.VARCHAR,
                SqlType.BOOLEAN);
        List<AggregateCall> calls = new ArrayList<>();
        for (String name : Aggregates.names()) {
            List<Expression> arguments = switch (name) {
                case "bool_and", "bool_or", "every", "count_if", "countif" -> List.of(column(4, types));
                case "bit_and", "bit_or", "bit_xor" -> List.of(column(1, types));
                case String two when two.startsWith("regr_")
                        || Set.of("corr", "covar_samp", "covar_pop", "weighted_avg").contains(two) ->
                    List.of(column(2, types), column(2, types));
                case "min_by", "max_by", "arg_min", "arg_max", "argmin", "argmax" ->
                    List.of(column(2, types), column(3, types));
                case "quantile_cont" -> List.of(column(2, types), new Expression.Literal(0.25, SqlType.DOUBLE));
                case "string_agg", "listagg", "group_concat" -> List.of(column(3, types));
                default -> List.of(column(2, types));
            };
            calls.add(Aggregates.bind(name, arguments, name.startsWith("c") || name.equals("avg"),
                    Expression.Literal.TRUE, NOWHERE));
        }
        try (BreakerHarness harness = new BreakerHarness(random, types, true, 60)) {
            int held = random.nextInt(8);
            // Rows whose columns all have a fixed width may be put aside.
            List<Expression> keys = List.of(column(random.nextInt(2), types));
            harness.checkEarlyEnds(() -> new HashAggregateBreaker(keys, calls, held, held, 1));
            // An aggregate at a time: where an allocation fails does not depend on the others.
            AggregateCall one = calls.get(random.nextInt(calls.size()));
            AggregateCall other = calls.get(random.nextInt(calls.size()));
            harness.checkFailingAllocations(
                    () -> new HashAggregateBreaker(keys, List.of(one, other), held + 2, held, 1));
        }
    }

    @Test
    void equalIntervalsAreOneGroupWhichShowsTheLargestUnits() {
        try (BufferAllocator allocator = new RootAllocator();
                KeyTable table = new KeyTable(List.of(SqlType.INTERVAL), allocator);
                IntervalMonthDayNanoVector vector = new IntervalMonthDayNanoVector("i", allocator);
                FieldVector written = SqlType.INTERVAL.field("k", Map.of()).createVector(allocator)) {
            long day = 86_400_000_000_000L;
            vector.allocateNew(7);
            vector.set(0, 0, 0, day);
            vector.set(1, 0, 1, 0);
            vector.set(2, 0, 30, 0);
            vector.set(3, 1, 0, 0);
            vector.set(4, 0, 0, 30 * day);
            vector.set(5, 0, -1, 0);
            vector.set(6, 0, 0, -day);
            vector.setValueCount(7);
            int[] codes = table.codes(List.of(Column.dense(Values.of(vector), new int[]{7}, 0)), new int[]{7}, 7,
                    Selection.ALL, null);
            assertEquals(List.of(0, 0, 1, 1, 1, 2, 2), Arrays.stream(codes).limit(7).boxed().toList());
            table.write(0, null, 0, 3, written);
            assertEquals(List.of(new Interval(0, 1, 0), new Interval(1, 0, 0), new Interval(0, 0, -day)),
                    RandomColumns.objects(written));
        }
    }

    @Test
    void aTotalBeyondBigintIsAnErrorAndAPartialSumBeyondIsNot() {
        AggregateCall sum = Aggregates.bind("sum", List.of(new Expression.ColumnReference(0, "x", SqlType.BIGINT)),
                false,
                Expression.Literal.TRUE, NOWHERE);
        Function<long[], Object> run = values -> BreakerHarness.ofBigints(values,
                harness -> harness.run(() -> new HashAggregateBreaker(List.of(), List.of(sum)), 1).getFirst()
                        .getFirst());
        assertEquals(Long.MAX_VALUE - 1, run.apply(new long[]{Long.MAX_VALUE, Long.MAX_VALUE, -Long.MAX_VALUE, -1}));
        assertEquals(Long.MIN_VALUE, run.apply(new long[]{Long.MIN_VALUE, -1, 1}));
        GraticuleException problem = assertThrows(GraticuleException.class,
                () -> run.apply(new long[]{Long.MAX_VALUE, 1}));
        assertEquals(NOWHERE, problem.position().orElseThrow());
    }
}
