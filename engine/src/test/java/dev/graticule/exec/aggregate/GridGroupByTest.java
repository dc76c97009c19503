package dev.graticule.exec.aggregate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graticule.Engine;
import dev.graticule.QueryOptions;
import dev.graticule.fixture.MemoryGrid;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.junit.jupiter.api.Test;

class GridGroupByTest {
    private static final int TIMES = 8;
    private static final int LATITUDES = 100;
    private static final int LONGITUDES = 100;
    private static final int CELLS = LATITUDES * LONGITUDES;
    private static final String BY_CELL = "SELECT latitude, longitude, avg(v) FROM g GROUP BY latitude, longitude";

    private final float[] values = new float[TIMES * CELLS];
    private final MemoryGrid grid;

    GridGroupByTest() {
        float[] latitudes = new float[LATITUDES];
        for (int i = 0; i < LATITUDES; i++) {
            latitudes[i] = 50 - i;
        }
        for (int i = 0; i < values.length; i++) {
            values[i] = i % 7 == 3 ? Float.NaN : i % 1009 / 4f;
        }
        grid = MemoryGrid.named("g").axis("time", TIMES).axis("latitude", latitudes).axis("longitude", LONGITUDES)
                .variable("v", values).over("time", "latitude", "longitude").chunks(1, LATITUDES, LONGITUDES)
                .nanIsNull()
                .add().build();
    }

    private static QueryOptions options(int threads, long memory) {
        return QueryOptions.defaults().withThreads(threads).withMemoryLimit(memory);
    }

    private List<List<Object>> rows(String sql, QueryOptions options) throws IOException {
        return rows(grid, sql, options);
    }

    private static List<List<Object>> rows(MemoryGrid grid, String sql, QueryOptions options) throws IOException {
        List<List<Object>> rows = new ArrayList<>();
        try (Engine engine = Engine.create(options)) {
            engine.register("g", grid);
            try (ArrowReader reader = engine.query(sql).run()) {
                while (reader.loadNextBatch()) {
                    for (int row = 0; row < reader.getVectorSchemaRoot().getRowCount(); row++) {
                        List<Object> each = new ArrayList<>();
                        for (FieldVector vector : reader.getVectorSchemaRoot().getFieldVectors()) {
                            each.add(vector.getObject(row));
                        }
                        rows.add(each);
                    }
                }
            }
            assertEquals(0, engine.allocatedBytes());
        }
        return rows;
    }

    private String plan(String sql, QueryOptions options) throws IOException {
        return rows("EXPLAIN " + sql, options).toString();
    }

    private void assertMeansByCell(List<List<Object>> rows) {
        assertEquals(CELLS, rows.size());
        for (int cell = 0; cell < CELLS; cell++) {
            double sum = 0;
            int count = 0;
            for (int time = 0; time < TIMES; time++) {
                float value = values[time * CELLS + cell];
                if (value == value) {
                    sum += value;
                    count++;
                }
            }
            assertEquals(50f - cell / LONGITUDES, rows.get(cell).get(0));
            assertEquals((long) (cell % LONGITUDES), rows.get(cell).get(1));
            assertEquals(sum / count, (double) rows.get(cell).get(2), 1e-9);
        }
    }

    @Test
    void aCopyOfTheGroupsForEachWorkerWhereAllAreASmallShareOfTheMemory() throws IOException {
        QueryOptions options = options(4, 64 << 20);
        assertTrue(plan(BY_CELL, options).contains("group by on the grid, 10000 groups, for each worker"),
                plan(BY_CELL, options));
        assertMeansByCell(rows(BY_CELL, options));
    }

    @Test
    void oneArrayOfGroupsForAllWorkersWhereCopiesDoNotFit() throws IOException {
        QueryOptions options = options(4, 3 << 20);
        assertTrue(plan(BY_CELL, options).contains("10000 groups, shared by the workers in 32 stripes"),
                plan(BY_CELL, options));
        for (int round = 0; round < 3; round++) {
            assertMeansByCell(rows(BY_CELL, options));
        }
    }

    @Test
    void stripesOfALaterAxisComeInTheOrderOfTheAxes() throws IOException {
        String sql = "SELECT time % 2 AS t, latitude, longitude, count(v), sum(v) FILTER (WHERE v > 9) FROM g"
                + " WHERE v < 200 GROUP BY ALL";
        QueryOptions options = options(4, 6 << 20);
        assertTrue(plan(sql, options).contains("20000 groups, shared by the workers in 32 stripes"),
                plan(sql, options));
        assertEquals(rows(sql, options(1, 256 << 20)), rows(sql, options));
    }

    @Test
    void groupsWhoseOrderNobodySeesAreMadeTileByTile() throws IOException {
        MemoryGrid tiles = MemoryGrid.named("g").axis("time", TIMES).axis("latitude", LATITUDES)
                .axis("longitude", LONGITUDES).variable("v", values).over("time", "latitude", "longitude")
                .chunks(TIMES, 25, 50).nanIsNull().add().build();
        String means = "SELECT time % 4 AS hour, latitude, longitude, avg(v) AS mean FROM g GROUP BY ALL";
        String sql = "SELECT count(*), avg(mean), min(mean), max(hour), sum(latitude * longitude) FROM (" + means
                + ") AS m";
        List<List<Object>> expected = rows(tiles, sql, options(1, 64 << 20).withGridOperators(false));
        assertEquals(4L * CELLS, expected.getFirst().getFirst());
        for (int threads : new int[]{1, 2, 4}) {
            QueryOptions options = options(threads, 64 << 20);
            String regions = threads == 4 ? "8 regions" : "4 regions";
            String plan = rows(tiles, "EXPLAIN " + sql, options).toString();
            assertTrue(plan.contains("group by on the grid, " + regions), plan);
            List<Object> row = rows(tiles, sql, options).getFirst();
            for (int column = 0; column < row.size(); column++) {
                assertEquals(((Number) expected.getFirst().get(column)).doubleValue(),
                        ((Number) row.get(column)).doubleValue(), 1e-9);
            }
        }
        String ordered = rows(tiles, "EXPLAIN " + means, options(2, 64 << 20)).toString();
        assertTrue(ordered.contains("40000 groups, for each worker"), ordered);
    }

    @Test
    void fewGroupsAreCopiedWhereOneRegionHasMostOfTheWork() throws IOException {
        String sql = "SELECT time // 6 AS part, count(v), max(v) FROM g GROUP BY time // 6";
        assertTrue(plan(sql, options(2, 64 << 20)).contains("group by on the grid, 2 groups, for each worker"),
                plan(sql, options(2, 64 << 20)));
        assertEquals(rows(sql, options(1, 64 << 20).withGridOperators(false)), rows(sql, options(2, 64 << 20)));
        String even = "SELECT time % 4 AS part, count(v), max(v) FROM g GROUP BY time % 4";
        assertTrue(plan(even, options(2, 64 << 20)).contains("group by on the grid, 4 regions"),
                plan(even, options(2, 64 << 20)));
    }

    @Test
    void rowsAreHashedWhereNotEvenOneArrayFits() throws IOException {
        String sql = "SELECT latitude, longitude, count(*), min(v), max(v), avg(v) FROM g WHERE v = 100"
                + " GROUP BY latitude, longitude";
        QueryOptions options = options(2, 2_000_000);
        assertTrue(plan(sql, options).contains("HashAggregate on rows"), plan(sql, options));
        List<List<Object>> expected = rows(sql, options(1, 64 << 20));
        assertTrue(expected.size() > 10);
        assertEquals(new HashSet<>(expected), new HashSet<>(rows(sql, options)));
    }

    @Test
    void keysOverDataMultiplyTheGroupsOfTheAxes() throws IOException {
        String sql = "SELECT latitude, v > 100 AS high, count(*), sum(v) FROM g GROUP BY ALL";
        QueryOptions options = options(4, 64 << 20);
        assertTrue(plan(sql, options).contains("group by on the grid, 100 groups, by the values of 1 key"),
                plan(sql, options));
        List<List<Object>> rows = rows(sql, options);
        assertEquals(3 * LATITUDES, rows.size());
        for (int latitude = 0; latitude < LATITUDES; latitude++) {
            double[] sums = new double[3];
            long[] counts = new long[3];
            for (int time = 0; time < TIMES; time++) {
                for (int longitude = 0; longitude < LONGITUDES; longitude++) {
                    float value = values[time * CELLS + latitude * LONGITUDES + longitude];
                    int key = value != value ? 2 : value > 100 ? 1 : 0;
                    counts[key]++;
                    sums[key] += key == 2 ? 0 : value;
                }
            }
            for (int key = 0; key < 3; key++) {
                List<Object> row = rows.get(3 * latitude + key);
                assertEquals(50f - latitude, row.get(0));
                assertEquals(key == 2 ? null : key == 1, row.get(1));
                assertEquals(counts[key], row.get(2));
                assertEquals(key == 2 ? null : (Double) sums[key], row.get(3));
            }
        }
    }

    @Test
    void moreValuesThanTheGridKeepsAreHashedFromTheStart() throws IOException {
        String sql = "SELECT time * 10000 + latitude * 100 + longitude AS k, count(*), max(v) FROM g GROUP BY ALL";
        for (int threads : new int[]{1, 4}) {
            List<List<Object>> rows = rows(sql, options(threads, 256 << 20));
            assertEquals(values.length, rows.size());
            assertTrue(rows.stream().allMatch(row -> row.get(1).equals(1L)));
            assertEquals(new HashSet<>(rows(sql, options(threads, 256 << 20).withGridOperators(false))),
                    new HashSet<>(rows));
        }
    }

    @Test
    void keysThatDoNotVaryAlongAllAxesAreCodedOnce() throws IOException {
        String sql = "SELECT latitude + longitude AS k, count(*), avg(v), min(v) FROM g GROUP BY ALL ORDER BY k";
        for (int threads : new int[]{1, 4}) {
            List<List<Object>> rows = rows(sql, options(threads, 256 << 20));
            assertEquals(LATITUDES + LONGITUDES - 1, rows.size());
            List<List<Object>> expected = rows(sql, options(1, 256 << 20).withGridOperators(false));
            for (int i = 0; i < rows.size(); i++) {
                assertEquals(expected.get(i).get(0), rows.get(i).get(0));
                assertEquals(expected.get(i).get(1), rows.get(i).get(1));
                assertEquals((double) expected.get(i).get(2), (double) rows.get(i).get(2), 1e-9);
                assertEquals(expected.get(i).get(3), rows.get(i).get(3));
            }
        }
    }

    @Test
    void factorsThatAreConstantAlongTheLastAxisLeaveTheSum() throws IOException {
        for (String factor : List.of("CAST(latitude AS DOUBLE) / 3", "CASE WHEN latitude > 40 THEN NULL"
                + " WHEN latitude > 30 THEN CAST('NaN' AS DOUBLE) WHEN latitude > 20 THEN CAST('Infinity' AS DOUBLE)"
                + " WHEN latitude > 10 THEN CAST('1e-300' AS DOUBLE) ELSE CAST('1e300' AS DOUBLE) END",
                "CAST(2 AS DOUBLE)", "exp(CAST(time + latitude AS DOUBLE) / 10)")) {
            String sql = "SELECT latitude, sum(v * (" + factor + ")), avg((" + factor + ") * v)"
                    + " FILTER (WHERE v <> 20), count(v * (" + factor + ")) FROM g GROUP BY latitude ORDER BY latitude";
            List<List<Object>> expected = rows(sql, options(1, 256 << 20).withGridOperators(false));
            for (int threads : new int[]{1, 4}) {
                List<List<Object>> rows = rows(sql, options(threads, 256 << 20));
                assertEquals(expected.size(), rows.size());
                for (int row = 0; row < rows.size(); row++) {
                    for (int column = 0; column < 4; column++) {
                        Object wanted = expected.get(row).get(column);
                        Object given = rows.get(row).get(column);
                        if (wanted instanceof Double number && Double.isFinite(number)) {
                            assertEquals(number, (double) given, 1e-12 * Math.abs(number));
                        } else {
                            assertEquals(wanted, given);
                        }
                    }
                }
            }
        }
    }

    @Test
    void argumentsAlongOtherAxesThanTheGroupsAreReducedOnTheirFootprint() throws IOException {
        List<List<Object>> rows = rows(
                "SELECT longitude, sum(latitude), max(time), min(latitude), avg(time + longitude),"
                        + " count(DISTINCT latitude), count(DISTINCT nullif(time, 3)), sum(time), count(v)"
                        + " FROM g GROUP BY longitude",
                options(2, 1 << 30));
        assertEquals(LONGITUDES, rows.size());
        for (int longitude = 0; longitude < LONGITUDES; longitude++) {
            int counted = 0;
            for (int cell = longitude; cell < values.length; cell += LONGITUDES) {
                counted += values[cell] == values[cell] ? 1 : 0;
            }
            double sum = 0;
            for (int latitude = 0; latitude < LATITUDES; latitude++) {
                sum += TIMES * (50 - latitude);
            }
            long times = TIMES * (TIMES - 1) / 2;
            assertEquals(List.of((long) longitude, sum, TIMES - 1L, 51f - LATITUDES, times / (double) TIMES + longitude,
                    (long) LATITUDES, TIMES - 1L, times * LATITUDES, (long) counted), rows.get(longitude));
        }
    }

    @Test
    void anAxisAlongWhichNothingVariesIsTakenOnceAndCounts() throws IOException {
        QueryOptions two = options(2, 1 << 30);
        String sql = "SELECT latitude, count(*), sum(time), max(time), avg(latitude), count(DISTINCT time) FROM g"
                + " WHERE longitude < 40 GROUP BY latitude";
        assertTrue(plan(sql, two).contains("longitude: one index counts for 40 of 100"), plan(sql, two));
        List<List<Object>> rows = rows(sql, two);
        assertEquals(rows(sql, two.withGridOperators(false)), rows);
        for (int latitude = 0; latitude < LATITUDES; latitude++) {
            assertEquals(List.of(50f - latitude, TIMES * 40L, TIMES * (TIMES - 1) / 2 * 40L, TIMES - 1L,
                    50.0 - latitude, (long) TIMES), rows.get(latitude));
        }
        String variance = "SELECT latitude, var_samp(time) FROM g GROUP BY latitude";
        assertTrue(plan(variance, two).contains("counts for"), plan(variance, two));
        double squares = TIMES * ((double) TIMES * TIMES - 1) / 12 * 100;
        for (List<Object> row : rows(variance, two)) {
            assertEquals(squares / (TIMES * 100 - 1), (double) row.get(1), 1e-9);
        }
    }
}
