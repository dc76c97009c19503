package dev.graticule.exec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graticule.QueryOptions;
import dev.graticule.aggregate.AggregateCall;
import dev.graticule.aggregate.Aggregates;
import dev.graticule.compile.Compiler;
import dev.graticule.exec.scan.BlockShape;
import dev.graticule.expression.Expression;
import dev.graticule.fixture.MemoryGrid;
import dev.graticule.plan.LogicalPlan;
import dev.graticule.plan.LogicalPlan.OutputColumn;
import dev.graticule.spi.GridVariable;
import dev.graticule.type.SqlType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.ipc.ArrowReader;

/** Hand-built plans over random grids against plain loops: rows and their order, and groups. */
class GridQueryProperties {
    private static final int AXES = 3;

    /** A random grid: values per cell, a second variable in other chunks, a mask without the first axis. */
    private static final class Grid {
        private final int[] shape;
        private final double[][] coordinates = new double[AXES][];
        private final float[] value;
        private final float[] other;
        private final byte[] mask;
        private final MemoryGrid table;

        Grid(Random random) {
            shape = random.ints(AXES, 1, 7).toArray();
            int cells = shape[0] * shape[1] * shape[2];
            value = new float[cells];
            other = new float[cells];
            for (int i = 0; i < cells; i++) {
                value[i] = random.nextInt(8) == 0 ? Float.NaN : random.nextInt(100) / 4f;
                other[i] = random.nextInt(8) == 0 ? Float.NaN : random.nextInt(100) / 4f;
            }
            mask = new byte[shape[1] * shape[2]];
            random.nextBytes(mask);
            for (int i = 0; i < mask.length; i++) {
                mask[i] &= 1;
            }
            MemoryGrid.Builder builder = MemoryGrid.named("grid");
            for (int axis = 0; axis < AXES; axis++) {
                coordinates[axis] = new double[shape[axis]];
                for (int i = 0; i < shape[axis]; i++) {
                    coordinates[axis][i] = random.nextBoolean() ? i * 10 : random.nextInt(4);
                }
                builder.axis("axis" + axis, coordinates[axis]);
            }
            MemoryGrid.Builder.VariableBuilder first = builder.variable("value", value).chunks(chunks(random))
                    .nanIsNull();
            if (random.nextBoolean()) {
                first.columnMajor();
            }
            if (random.nextBoolean()) {
                first.sliceable();
            }
            MemoryGrid.Builder.VariableBuilder second = first.add().variable("other", other).chunks(chunks(random))
                    .nanIsNull();
            if (random.nextBoolean()) {
                second.sliceable();
            }
            table = second.add().variable("mask", mask).over("axis1", "axis2")
                    .chunks(1 + random.nextInt(shape[1]), 1 + random.nextInt(shape[2]))
                    .hidden().add().build();
        }

        private int[] chunks(Random random) {
            return IntStream.range(0, AXES).map(axis -> 1 + random.nextInt(shape[axis] + 1)).toArray();
        }

        int cell(int[] index) {
            return (index[0] * shape[1] + index[1]) * shape[2] + index[2];
        }

        /** Every cell's index, block by block in C order of the block grid, in C order inside a block. */
        List<int[]> storageOrder() {
            int[] block = BlockShape.of(table);
            List<int[]> cells = new ArrayList<>();
            for (int a = 0; a < shape[0]; a += block[0]) {
                for (int b = 0; b < shape[1]; b += block[1]) {
                    for (int c = 0; c < shape[2]; c += block[2]) {
                        for (int i = a; i < Math.min(shape[0], a + block[0]); i++) {
                            for (int j = b; j < Math.min(shape[1], b + block[1]); j++) {
                                for (int k = c; k < Math.min(shape[2], c + block[2]); k++) {
                                    cells.add(new int[]{i, j, k});
                                }
                            }
                        }
                    }
                }
            }
            return cells;
        }
    }

    private static Expression reference(int column, SqlType type) {
        return new Expression.ColumnReference(column, "c" + column, type);
    }

    private static Expression greater(Expression left, double right) {
        return new Expression.Comparison(Expression.Comparison.Operator.GREATER, left,
                new Expression.Literal(right, SqlType.DOUBLE));
    }

    private static Expression unpacked(int column) {
        return new Expression.Unpack(reference(column, SqlType.REAL), GridVariable.Unpacking.NAN_IS_NULL, SqlType.REAL);
    }

    /** All axes, value, other, mask. */
    private static LogicalPlan.GridScan scan(Grid grid, List<List<Expression>> axisPredicates) {
        List<OutputColumn> output = new ArrayList<>();
        for (int axis = 0; axis < AXES; axis++) {
            output.add(new OutputColumn("axis" + axis, SqlType.DOUBLE));
        }
        output.add(new OutputColumn("value", SqlType.REAL));
        output.add(new OutputColumn("other", SqlType.REAL));
        output.add(new OutputColumn("mask", SqlType.TINYINT));
        return new LogicalPlan.GridScan("grid", grid.table, List.of(0, 1, 2, 3, 4, 5), axisPredicates, output);
    }

    private static List<List<Object>> run(LogicalPlan plan, QueryOptions options) throws IOException {
        List<List<Object>> rows = new ArrayList<>();
        try (BufferAllocator root = new RootAllocator();
                BufferAllocator results = root.newChildAllocator("results", 0, Long.MAX_VALUE)) {
            BufferAllocator query = root.newChildAllocator("query", 0, Long.MAX_VALUE);
            try (ArrowReader reader = Compiler.open(plan, new QueryContext(options, query), results,
                    new Semaphore(2))) {
                while (reader.loadNextBatch()) {
                    List<FieldVector> vectors = reader.getVectorSchemaRoot().getFieldVectors();
                    for (int row = 0; row < reader.getVectorSchemaRoot().getRowCount(); row++) {
                        List<Object> values = new ArrayList<>();
                        for (FieldVector vector : vectors) {
                            values.add(vector.getObject(row));
                        }
                        rows.add(values);
                    }
                }
            }
            assertEquals(0, query.getAllocatedMemory());
        }
        return rows;
    }

    private static QueryOptions options(int threads, int batchRows) {
        return QueryOptions.defaults().withThreads(threads).withBatchRows(batchRows);
    }

    private static Object orNull(float value) {
        return Float.isNaN(value) ? null : value;
    }

    @Property(tries = 150)
    void rowsComeInStorageOrderAtAnyThreadCountAndBatchSize(@ForAll Random random,
            @ForAll @IntRange(min = 1, max = 3) int threads,
            @ForAll @IntRange(min = 1, max = 40) int batchRows) throws IOException {
        Grid grid = new Grid(random);
        double bound = random.nextInt(20);
        boolean byMask = random.nextBoolean();
        List<List<Expression>> predicates = List.of(List.of(), List.of(greater(reference(0, SqlType.DOUBLE), bound)),
                List.of());
        LogicalPlan plan = scan(grid, predicates);
        if (byMask) {
            plan = new LogicalPlan.Filter(plan,
                    new Expression.Comparison(Expression.Comparison.Operator.EQUAL, reference(5, SqlType.TINYINT),
                            new Expression.Literal((byte) 1, SqlType.TINYINT)));
        }
        plan = new LogicalPlan.Project(plan,
                List.of(reference(0, SqlType.DOUBLE), reference(2, SqlType.DOUBLE), unpacked(3), unpacked(4)),
                List.of(new OutputColumn("a", SqlType.DOUBLE), new OutputColumn("c", SqlType.DOUBLE),
                        new OutputColumn("v", SqlType.REAL),
                        new OutputColumn("o", SqlType.REAL)));
        List<List<Object>> expected = new ArrayList<>();
        for (int[] index : grid.storageOrder()) {
            boolean kept = grid.coordinates[1][index[1]] > bound
                    && (!byMask || grid.mask[index[1] * grid.shape[2] + index[2]] == 1);
            if (kept) {
                expected.add(Arrays.asList(grid.coordinates[0][index[0]], grid.coordinates[2][index[2]],
                        orNull(grid.value[grid.cell(index)]),
                        orNull(grid.other[grid.cell(index)])));
            }
        }
        assertEquals(expected, run(plan, options(threads, batchRows)));
    }

    @Property(tries = 100)
    void aLimitIsAPrefixOfTheRows(@ForAll Random random, @ForAll @IntRange(min = 1, max = 3) int threads,
            @ForAll @IntRange(max = 30) int limit, @ForAll @IntRange(max = 10) int offset) throws IOException {
        Grid grid = new Grid(random);
        LogicalPlan all = scan(grid, List.of());
        List<List<Object>> rows = run(all, options(threads, 16));
        List<List<Object>> limited = run(new LogicalPlan.Limit(all, limit, offset), options(threads, 16));
        assertEquals(rows.subList(Math.min(offset, rows.size()), Math.min(offset + limit, rows.size())), limited);
    }

    @Property(tries = 200)
    void groupsByAnyAxesAreThoseOfAPlainLoop(@ForAll Random random, @ForAll @IntRange(min = 1, max = 3) int threads,
            @ForAll @IntRange(max = 7) int keyAxes, @ForAll boolean onGrid, @ForAll boolean byMask,
            @ForAll boolean byValue) throws IOException {
        Grid grid = new Grid(random);
        IntPredicate isKey = axis -> (keyAxes >> axis & 1) != 0;
        LogicalPlan input = scan(grid, List.of());
        List<Expression> conjuncts = new ArrayList<>();
        if (byMask) {
            conjuncts.add(new Expression.Comparison(Expression.Comparison.Operator.EQUAL, reference(5, SqlType.TINYINT),
                    new Expression.Literal((byte) 1, SqlType.TINYINT)));
        }
        if (byValue) {
            conjuncts.add(greater(new Expression.Cast(unpacked(4), SqlType.DOUBLE, false, null), 10));
        }
        if (!conjuncts.isEmpty()) {
            input = new LogicalPlan.Filter(input,
                    conjuncts.size() == 1 ? conjuncts.getFirst() : new Expression.And(conjuncts));
        }
        int[] keys = IntStream.range(0, AXES).filter(isKey).toArray();
        List<OutputColumn> output = new ArrayList<>();
        List<Expression> keyExpressions = new ArrayList<>();
        for (int axis : keys) {
            keyExpressions.add(reference(axis, SqlType.DOUBLE));
            output.add(new OutputColumn("axis" + axis, SqlType.DOUBLE));
        }
        List<AggregateCall> calls = new ArrayList<>();
        for (String name : List.of("count", "sum", "avg", "min", "max", "stddev_pop")) {
            calls.add(Aggregates.bind(name, List.of(unpacked(3)), false, Expression.Literal.TRUE, null));
            output.add(new OutputColumn(name, calls.getLast().type()));
        }
        calls.add(Aggregates.bind("count", List.of(), false, Expression.Literal.TRUE, null));
        output.add(new OutputColumn("rows", SqlType.BIGINT));
        LogicalPlan plan = new LogicalPlan.Aggregate(input, keyExpressions, calls, output);
        Map<List<Double>, List<Float>> groups = keys.length == 0
                ? new LinkedHashMap<>(Map.of(List.of(), new ArrayList<>())) : new LinkedHashMap<>();
        for (int[] index : grid.storageOrder()) {
            boolean kept = (!byMask || grid.mask[index[1] * grid.shape[2] + index[2]] == 1)
                    && (!byValue || grid.other[grid.cell(index)] > 10);
            if (kept) {
                List<Double> key = Arrays.stream(keys).mapToObj(axis -> grid.coordinates[axis][index[axis]]).toList();
                groups.computeIfAbsent(key, unused -> new ArrayList<>()).add(grid.value[grid.cell(index)]);
            }
        }
        Map<String, List<Object>> expected = new TreeMap<>();
        groups.forEach((key, values) -> expected.put(key.toString(), expected(key, values)));
        Map<String, List<Object>> actual = new TreeMap<>();
        for (List<Object> row : run(plan, options(threads, 16).withGridOperators(onGrid))) {
            List<Object> before = actual.put(row.subList(0, keys.length).toString(), row);
            assertTrue(before == null, "a group comes twice: " + row);
        }
        assertEquals(expected.keySet(), actual.keySet());
        expected.forEach((key, row) -> {
            for (int c = 0; c < row.size(); c++) {
                if (row.get(c) instanceof Double number && actual.get(key).get(c) instanceof Double other) {
                    assertEquals(number, other, 1e-9, () -> row + " against " + actual.get(key));
                } else {
                    assertEquals(row.get(c), actual.get(key).get(c), () -> row + " against " + actual.get(key));
                }
            }
        });
    }

    private static List<Object> expected(List<Double> key, List<Float> values) {
        List<Float> numbers = values.stream().filter(value -> !value.isNaN()).toList();
        double sum = numbers.stream().mapToDouble(Float::doubleValue).sum();
        double mean = sum / numbers.size();
        double squares = numbers.stream().mapToDouble(value -> (value - mean) * (value - mean)).sum();
        boolean none = numbers.isEmpty();
        List<Object> row = new ArrayList<>(key);
        row.add((long) numbers.size());
        row.add(none ? null : sum);
        row.add(none ? null : mean);
        row.add(numbers.stream().min(Float::compare).orElse(null));
        row.add(numbers.stream().max(Float::compare).orElse(null));
        row.add(none ? null : Math.sqrt(squares / numbers.size()));
        row.add((long) values.size());
        return row;
    }
}
