package dev.graticule.exec.aggregate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graticule.Engine;
import dev.graticule.batch.Batch;
import dev.graticule.batch.Box;
import dev.graticule.batch.Column;
import dev.graticule.batch.IndexSet;
import dev.graticule.batch.RandomColumns;
import dev.graticule.batch.Selection;
import dev.graticule.type.SqlType;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows that are put aside come back part by part, in their order, with their NULLs and numbers; and so GROUP BY is right. */
final class ScatteredRowsTest {
    private static final int PARTS = 4;

    @Property(tries = 40)
    void rowsComeBackPartByPart(@ForAll long seed) {
        Random random = new Random(seed);
        List<SqlType> fixed = RandomColumns.TYPES.stream().filter(ScatteredRows::takes).toList();
        List<SqlType> types = Stream.generate(() -> fixed.get(random.nextInt(fixed.size())))
                .limit(1 + random.nextInt(3)).toList();
        try (BufferAllocator allocator = new RootAllocator();
                RandomColumns made = new RandomColumns(random, allocator);
                ScatteredRows aside = new ScatteredRows(types, PARTS, allocator)) {
            List<List<List<Object>>> expected = Stream
                    .generate(() -> (List<List<Object>>) new ArrayList<List<Object>>())
                    .limit(PARTS).toList();
            for (int turn = 0; turn < 4; turn++) {
                add(made, random, types, aside, expected, turn * 1_000_000L);
                if (turn == 2) {
                    aside.finish();
                    break;
                }
                check(aside, random.nextInt(PARTS), expected);
                if (turn == 1) {
                    aside.freeUnused();
                }
            }
            for (int part = 0; part < PARTS; part++) {
                check(aside, part, expected);
            }
        }
    }

    private static void add(RandomColumns made, Random random, List<SqlType> types, ScatteredRows aside,
            List<List<List<Object>>> expected, long first) {
        int[] shape = made.shape(9_000);
        int rows = RandomColumns.rows(shape);
        Selection selection = made.selection(rows);
        List<Column> columns = types.stream().map(type -> made.column(type, shape, false)).toList();
        int[] parts = random.ints(rows, 0, PARTS).toArray();
        Box box = new Box(Arrays.stream(shape).<IndexSet>mapToObj(size -> new IndexSet.Range(0, size)).toList());
        aside.add(Batch.of(box, 0, columns).withSelection(selection), columns, parts, first);
        for (int row = 0; row < rows; row++) {
            if (selection.contains(row)) {
                List<Object> values = new ArrayList<>();
                values.add(first + row);
                for (Column column : columns) {
                    values.add(RandomColumns.object(column, shape, row));
                }
                expected.get(parts[row]).add(values);
            }
        }
    }

    private static void check(ScatteredRows aside, int part, List<List<List<Object>>> expected) {
        List<List<Object>> found = new ArrayList<>();
        assertEquals(expected.get(part).size(), aside.waiting(part));
        aside.drain(part, (rows, numbers) -> {
            for (int row = 0; row < rows.rows(); row++) {
                List<Object> values = new ArrayList<>();
                values.add(numbers.get(ValueLayout.JAVA_LONG_UNALIGNED, row * 8L));
                for (Column column : rows.columns()) {
                    values.add(RandomColumns.object(column, rows.shape(), row));
                }
                found.add(values);
            }
        });
        assertEquals(expected.get(part), found);
        expected.get(part).clear();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void manyGroupsOfFewRowsAreComplete(int threads) throws Exception {
        // 200,000 keys of three rows each: 200,000 / 7 of them NULL, which are one group.
        String groups = "SELECT CASE WHEN range % 7 > 0 THEN range % 200000 END AS k, count(*) AS n, sum(range) AS s,"
                + " max(range) AS m FROM range(600000) GROUP BY k";
        String sql = "SELECT count(*), sum(n), count_if(s < m), sum(s) FROM (" + groups + ") AS g";
        try (Engine engine = Engine.create();
                ArrowReader reader = engine.query(sql).threads(threads).run()) {
            reader.loadNextBatch();
            long keys = 0;
            boolean[] met = new boolean[200_000];
            for (int i = 0; i < 600_000; i++) {
                if (i % 7 > 0 && !met[i % 200_000]) {
                    met[i % 200_000] = true;
                    keys++;
                }
            }
            List<Object> row = reader.getVectorSchemaRoot().getFieldVectors().stream()
                    .map(vector -> vector.getObject(0)).toList();
            assertEquals(List.of(keys + 1, 600_000L, 0L, 600_000L * 599_999 / 2),
                    row.stream().map(value -> ((Number) value).longValue()).toList());
        }
    }

    @Test
    void groupsOfAPartComeInTheOrderOfTheirFirstRowsWhateverTheNumberOfThreads() throws Exception {
        List<Long> firsts = firstRows(1);
        assertEquals(300_007, firsts.size());
        long parts = 1 + IntStream.range(1, firsts.size()).filter(i -> firsts.get(i) < firsts.get(i - 1)).count();
        assertTrue(parts <= 64, parts + " parts");
        assertEquals(firsts, firstRows(4));
    }

    private static List<Long> firstRows(int threads) throws Exception {
        String sql = "SELECT range * 7919 % 300007 AS k, min(range) AS first FROM range(600000) GROUP BY k";
        List<Long> firsts = new ArrayList<>();
        try (Engine engine = Engine.create(); ArrowReader reader = engine.query(sql).threads(threads).run()) {
            while (reader.loadNextBatch()) {
                BigIntVector vector = (BigIntVector) reader.getVectorSchemaRoot().getVector("first");
                for (int i = 0; i < vector.getValueCount(); i++) {
                    firsts.add(vector.get(i));
                }
            }
        }
        return firsts;
    }
}
