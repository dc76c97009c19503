package dev.graticule.exec.sort;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.graticule.batch.RandomColumns;
import dev.graticule.exec.BreakerHarness;
import dev.graticule.exec.SqlOrder;
import dev.graticule.expression.Expression;
import dev.graticule.plan.LogicalPlan.SortKey;
import dev.graticule.type.SqlType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class SortProperties {
    private record Case(List<SqlType> types, List<SortKey> keys) {
        static Case of(Random random) {
            List<SqlType> types = new ArrayList<>();
            for (int i = random.nextInt(4); i >= 0; i--) {
                types.add(RandomColumns.TYPES.get(random.nextInt(RandomColumns.TYPES.size())));
            }
            if (random.nextInt(8) == 0) {
                types.set(0, SqlType.NULL);
            }
            List<SortKey> keys = new ArrayList<>();
            for (int i = random.nextInt(2); i >= 0; i--) {
                int column = random.nextInt(types.size());
                Expression expression = new Expression.ColumnReference(column, "c" + column, types.get(column));
                keys.add(new SortKey(
                        random.nextInt(4) == 0 && types.get(column) != SqlType.NULL ? new Expression.IsNull(expression)
                                : expression,
                        random.nextBoolean(),
                        random.nextBoolean()));
            }
            return new Case(types, keys);
        }

        List<List<Object>> sorted(List<List<Object>> rows) {
            List<List<Object>> sorted = new ArrayList<>(rows);
            sorted.sort((left, right) -> {
                for (SortKey key : keys) {
                    Comparator<Object> values = (a, b) -> SqlOrder.compare(key.expression().type(), a, b);
                    values = key.descending() ? values.reversed() : values;
                    values = key.nullsFirst() ? Comparator.nullsFirst(values) : Comparator.nullsLast(values);
                    int comparison = values.compare(value(key.expression(), left), value(key.expression(), right));
                    if (comparison != 0) {
                        return comparison;
                    }
                }
                return 0;
            });
            return sorted;
        }

        private static Object value(Expression expression, List<Object> row) {
            return switch (expression) {
                case Expression.ColumnReference reference -> row.get(reference.index());
                case Expression.IsNull isNull -> value(isNull.operand(), row) == null;
                default -> throw new IllegalArgumentException("Not in these tests: " + expression);
            };
        }
    }

    @Property(tries = 150)
    void rowsAreInOrderAndEqualOnesAsTheyCame(@ForAll long seed) {
        Random random = new Random(seed);
        Case sort = Case.of(random);
        try (BreakerHarness harness = new BreakerHarness(random, sort.types, random.nextBoolean())) {
            assertEquals(sort.sorted(harness.rows()),
                    harness.run(() -> new SortBreaker(sort.keys, sort.types), 1 + random.nextInt(3)), sort::toString);
        }
    }

    @Property(tries = 200)
    void topNIsTheBeginningOfTheSort(@ForAll long seed) {
        Random random = new Random(seed);
        Case sort = Case.of(random);
        int most = random.nextInt(4) == 0 ? 6000 : 300;
        try (BreakerHarness harness = new BreakerHarness(random, sort.types, random.nextBoolean(), most)) {
            List<List<Object>> expected = sort.sorted(harness.rows());
            int limit = random.nextInt(random.nextBoolean() ? 20 : 400);
            expected = expected.subList(0, Math.min(limit, expected.size()));
            assertEquals(expected,
                    harness.run(() -> new TopNBreaker(sort.keys, limit, sort.types), 1 + random.nextInt(3)),
                    sort::toString);
        }
    }

    @Property(tries = 50)
    void threadsThatSortAtTheSameTimeGiveTheSameRows(@ForAll long seed) {
        Random random = new Random(seed);
        Case sort = Case.of(random);
        try (BreakerHarness harness = new BreakerHarness(random, sort.types, true)) {
            List<List<Object>> expected = sort.sorted(harness.rows());
            assertEquals(expected, harness.runInThreads(() -> new SortBreaker(sort.keys, sort.types), 3));
            assertEquals(expected.subList(0, Math.min(7, expected.size())),
                    harness.runInThreads(() -> new TopNBreaker(sort.keys, 7, sort.types), 3));
        }
    }

    @Property(tries = 10)
    void noMemoryIsLeftBehindHoweverASortEnds(@ForAll long seed) {
        Random random = new Random(seed);
        Case sort = Case.of(random);
        try (BreakerHarness harness = new BreakerHarness(random, sort.types, true, 100)) {
            harness.checkEarlyEnds(() -> new SortBreaker(sort.keys, sort.types));
            harness.checkFailingAllocations(() -> new SortBreaker(sort.keys, sort.types));
            harness.checkEarlyEnds(() -> new TopNBreaker(sort.keys, 5, sort.types));
            harness.checkFailingAllocations(() -> new TopNBreaker(sort.keys, 5, sort.types));
        }
    }
}
