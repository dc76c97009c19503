package dev.graticule.aggregate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graticule.batch.Batch;
import dev.graticule.batch.Box;
import dev.graticule.batch.Column;
import dev.graticule.batch.RandomColumns;
import dev.graticule.expression.Expression;
import dev.graticule.sql.Position;
import dev.graticule.type.SqlType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;

class AccumulatorProperties {
    private static final Position NOWHERE = new Position(1, 1, 0, 0);

    @Property(tries = 1000)
    void groupsOnTheGridGiveWhatGroupsRowByRowGive(@ForAll long seed) {
        Random random = new Random(seed);
        String name = Aggregates.names().get(random.nextInt(Aggregates.names().size()));
        List<Expression> arguments = arguments(name, random);
        boolean distinct = arguments.size() == 1 && random.nextInt(3) == 0;
        AggregateCall call = Aggregates.bind(name, arguments, distinct, Expression.Literal.TRUE, NOWHERE);
        List<SqlType> types = call.arguments().stream().map(Expression::type).toList();
        try (BufferAllocator allocator = new RootAllocator();
                RandomColumns columns = new RandomColumns(random, allocator);
                Accumulator grid = call.function().openAccumulator(allocator);
                Accumulator rows = call.function().openAccumulator(allocator);
                Accumulator merged = call.function().openAccumulator(allocator)) {
            int groups = 0;
            for (int batch = 0; batch < 3; batch++) {
                int[] shape = columns.shape(500);
                int count = RandomColumns.rows(shape);
                GroupCodes.Gridded codes = codes(shape, random);
                int[] perRow = codes.perRow(shape, count, null);
                for (int row = 0; row < count; row++) {
                    assertEquals(codes.group(shape, row), perRow[row]);
                    groups = Math.max(groups, perRow[row] + 1);
                }
                grid.resize(groups);
                rows.resize(groups);
                List<Column> made = new ArrayList<>();
                types.forEach(type -> made.add(columns.column(type, shape, true)));
                Batch input = new Batch(Box.rows(0, count), shape, count, batch, made, columns.selection(count));
                grid.add(input, made, codes);
                rows.add(input, made, new GroupCodes.PerRow(perRow));
            }
            merged.resize(groups + 1);
            int[] mapping = new int[groups];
            for (int group = 0; group < groups; group++) {
                mapping[group] = groups - group;
            }
            int half = random.nextInt(groups + 1);
            int[] picked = IntStream.range(0, groups).toArray();
            merged.merge(rows, picked, mapping, half);
            merged.merge(rows, Arrays.copyOfRange(picked, half, groups), Arrays.copyOfRange(mapping, half, groups),
                    groups - half);
            List<Object> expected = results(call, rows, null, groups, allocator);
            assertClose(expected, results(call, grid, null, groups, allocator), name);
            assertClose(expected, results(call, merged, mapping, groups, allocator), name);
        }
    }

    @Property(tries = 300)
    void rowsThatStandForSeveralGiveWhatTheseGive(@ForAll long seed) {
        Random random = new Random(seed);
        List<String> names = Aggregates.names().stream()
                .filter(name -> Aggregates.canBeRepeated(call(name, new Random(seed), false))).toList();
        AggregateCall call = call(names.get(random.nextInt(names.size())), new Random(seed), false);
        List<SqlType> types = call.arguments().stream().map(Expression::type).toList();
        int times = 1 + random.nextInt(4);
        try (BufferAllocator allocator = new RootAllocator();
                RandomColumns columns = new RandomColumns(random, allocator);
                Accumulator once = Aggregates.repeated(call, times).function().openAccumulator(allocator);
                Accumulator merged = Aggregates.repeated(call, times).function().openAccumulator(allocator);
                Accumulator each = call.function().openAccumulator(allocator)) {
            int[] shape = columns.shape(300);
            int count = RandomColumns.rows(shape);
            GroupCodes.Gridded codes = codes(shape, random);
            int groups = Arrays.stream(codes.perRow(shape, count, null)).limit(count).max().orElse(0) + 1;
            List.of(once, each, merged).forEach(accumulator -> accumulator.resize(groups));
            List<Column> made = new ArrayList<>();
            types.forEach(type -> made.add(columns.column(type, shape, true)));
            Batch input = new Batch(Box.rows(0, count), shape, count, 0, made, columns.selection(count));
            once.add(input, made, codes);
            for (int time = 0; time < times; time++) {
                each.add(new Batch(input.box(), shape, count, time, made, input.selection()), made, codes);
            }
            merged.merge(once, null, null, groups);
            List<Object> expected = results(call, each, null, groups, allocator);
            assertClose(expected, results(call, once, null, groups, allocator), call.function().name());
            assertClose(expected, results(call, merged, null, groups, allocator), call.function().name());
        }
    }

    private static AggregateCall call(String name, Random random, boolean distinct) {
        return Aggregates.bind(name, arguments(name, random), distinct, Expression.Literal.TRUE, NOWHERE);
    }

    private static List<Expression> arguments(String name, Random random) {
        List<SqlType> types = switch (name) {
            case "bool_and", "bool_or", "every", "count_if", "countif" -> List.of(SqlType.BOOLEAN);
            case "bit_and", "bit_or", "bit_xor" -> List.of(SqlType.INTEGER);
            case String two when two.startsWith("regr_")
                    || Set.of("corr", "covar_samp", "covar_pop", "weighted_avg").contains(two) ->
                List.of(SqlType.REAL, SqlType.DOUBLE);
            case "min_by", "max_by", "arg_min", "arg_max", "argmin", "argmax" -> List.of(SqlType.VARCHAR, SqlType.REAL);
            case "quantile_cont" -> List.of(SqlType.DOUBLE);
            case "string_agg", "listagg", "group_concat" -> List.of(SqlType.VARCHAR);
            case "count", "first", "last", "any_value", "first_value", "last_value", "arbitrary", "mode" ->
                List.of(RandomColumns.TYPES.get(random.nextInt(RandomColumns.TYPES.size())));
            default -> List.of(List.of(SqlType.REAL, SqlType.DOUBLE, SqlType.TINYINT, SqlType.UINTEGER, SqlType.BIGINT,
                    new SqlType.Decimal(20, 2)).get(random.nextInt(6)));
        };
        List<Expression> arguments = new ArrayList<>();
        for (int i = 0; i < types.size(); i++) {
            arguments.add(new Expression.ColumnReference(i, "c" + i, types.get(i)));
        }
        if (name.equals("quantile_cont")) {
            arguments.add(new Expression.Literal(0.25, SqlType.DOUBLE));
        }
        return arguments;
    }

    private static GroupCodes.Gridded codes(int[] shape, Random random) {
        int[][] steps = new int[shape.length][];
        boolean[] consecutive = new boolean[shape.length];
        int stride = 1;
        for (int axis = shape.length - 1; axis >= 0; axis--) {
            if (random.nextBoolean()) {
                continue;
            }
            steps[axis] = new int[shape[axis]];
            consecutive[axis] = stride == 1 && random.nextBoolean();
            int different = consecutive[axis] ? shape[axis] : 1 + random.nextInt(shape[axis]);
            for (int i = 0; i < shape[axis]; i++) {
                steps[axis][i] = (consecutive[axis] ? i : random.nextInt(different)) * stride;
            }
            stride *= different;
        }
        return new GroupCodes.Gridded(random.nextInt(3), steps, consecutive);
    }

    private static List<Object> results(AggregateCall call, Accumulator accumulator, int[] picked, int count,
            BufferAllocator allocator) {
        try (FieldVector vector = call.type().field("x", Map.of()).createVector(allocator)) {
            vector.setInitialCapacity(Math.max(1, count));
            vector.allocateNew();
            accumulator.write(picked, 0, count, vector);
            vector.setValueCount(count);
            return RandomColumns.objects(vector);
        }
    }

    private static void assertClose(List<Object> expected, List<Object> actual, String name) {
        assertEquals(expected.size(), actual.size());
        for (int i = 0; i < expected.size(); i++) {
            Object left = expected.get(i);
            Object right = actual.get(i);
            if (left instanceof Double e && right instanceof Double a && !e.equals(a)) {
                assertTrue(Math.abs(e - a) <= 1e-9 * Math.max(1, Math.abs(e)),
                        name + " of group " + i + ": " + e + " against " + a);
            } else {
                assertEquals(left, right, name + " of group " + i);
            }
        }
    }
}
