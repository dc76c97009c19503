package dev.graticule.exec.scan;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.graticule.Engine;
import dev.graticule.QueryOptions;
import dev.graticule.fixture.MemoryGrid;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.junit.jupiter.api.Test;

/** Grids at the edge of what is a grid. */
class OddGridsTest {
    private static String rows(MemoryGrid grid, String sql) throws IOException {
        List<String> rows = new ArrayList<>();
        try (Engine engine = Engine.create(QueryOptions.defaults().withThreads(4))) {
            engine.register("g", grid);
            try (ArrowReader reader = engine.query(sql).run()) {
                while (reader.loadNextBatch()) {
                    for (int row = 0; row < reader.getVectorSchemaRoot().getRowCount(); row++) {
                        List<Object> values = new ArrayList<>();
                        for (FieldVector vector : reader.getVectorSchemaRoot().getFieldVectors()) {
                            values.add(vector.getObject(row));
                        }
                        rows.add(values.toString());
                    }
                }
            }
            assertEquals(0, engine.allocatedBytes());
        }
        return String.join(" ", rows);
    }

    @Test
    void aGridWithoutAxesHasOneRow() throws IOException {
        MemoryGrid grid = MemoryGrid.named("g").variable("v", new float[]{1}).nanIsNull().add().build();
        assertEquals("[1.0]", rows(grid, "SELECT * FROM g"));
        assertEquals("[1]", rows(grid, "SELECT count(*) FROM g"));
        assertEquals("[1.0, 1]", rows(grid, "SELECT v, count(*) FROM g GROUP BY v"));
        assertEquals("[1.0]", rows(grid, "SELECT DISTINCT v FROM g"));
    }

    @Test
    void anEmptyGridHasNoGroupsAndNullTotals() throws IOException {
        MemoryGrid grid = MemoryGrid.named("g").axis("x", new double[0]).axis("y", 3).variable("v", new float[0])
                .nanIsNull().add().build();
        assertEquals("", rows(grid, "SELECT y, sum(v) FROM g GROUP BY y"));
        assertEquals("[0, null, null]", rows(grid, "SELECT count(*), sum(v), max(y) FROM g"));
    }

    @Test
    void groupsWhoseCellsAreAllNullStay() throws IOException {
        MemoryGrid grid = MemoryGrid.named("g").axis("x", new double[]{1, 2})
                .variable("v", new float[]{Float.NaN, Float.NaN}).nanIsNull().add().build();
        assertEquals("[1.0, null, 0] [2.0, null, 0]", rows(grid, "SELECT x, sum(v), count(v) FROM g GROUP BY x"));
    }

    @Test
    void stringsAndScalarsAreKeysOnAnAxis() throws IOException {
        MemoryGrid grid = MemoryGrid.named("g").axis("x", 3).variable("name", new String[]{"a", "b", "a"}).chunks(2)
                .fill("").add().variable("scalar", new String[]{"s"})
                .over().add().variable("v", new int[]{1, 2, 3}).chunks(1).add().build();
        assertEquals("[a, s, 4] [b, s, 2]",
                rows(grid, "SELECT name, scalar, sum(v) FROM g GROUP BY name, scalar ORDER BY name"));
    }

    @Test
    void anErrorOfAKeyCountsOnlyWhereARowReachesIt() throws IOException {
        MemoryGrid grid = MemoryGrid.named("g").axis("x", new long[]{0, 1}).variable("v", new int[]{5, 7}).add()
                .build();
        assertEquals("[10, 7]", rows(grid, "SELECT 10 // x AS k, sum(v) FROM g WHERE v > 6 GROUP BY k"));
    }

    @Test
    void aNaNThatIsAValueIsGreaterThanACellBesideIt() throws IOException {
        MemoryGrid grid = MemoryGrid.named("g").axis("x", 2).variable("v", new float[]{1, 2}).nanIsNull().add()
                .variable("w", new float[]{Float.NaN, 1}).add()
                .build();
        assertEquals("[NaN] [2.0]", rows(grid, "SELECT greatest(v, w) FROM g"));
    }

    @Test
    void bothZerosAreOneGroupAndNaNIsOne() throws IOException {
        MemoryGrid grid = MemoryGrid.named("g").axis("x", new double[]{-0.0, 0.0, Double.NaN, Double.NaN}).build();
        assertEquals("[2] [2]", rows(grid, "SELECT count(*) FROM g GROUP BY x"));
        assertEquals("[2]", rows(grid, "SELECT count(*) FROM g WHERE x = 0"));
        assertEquals("[2]", rows(grid, "SELECT count(*) FROM g WHERE x > 0"));
    }

    @Test
    void aLongAxisInChunksOfOneCell() throws IOException {
        int length = 200_000;
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = i % 1000;
        }
        MemoryGrid grid = MemoryGrid.named("g").axis("x", length).variable("v", values).chunks(1).nanIsNull().add()
                .build();
        assertEquals("[" + 499.5 + "]", rows(grid, "SELECT avg(v) FROM g"));
        assertEquals("[7.0]", rows(grid, "SELECT v FROM g WHERE x = 7"));
        assertEquals("[0, 496.0] [1, 497.0]",
                rows(grid, "SELECT x % 8 AS k, avg(v) FROM g GROUP BY k ORDER BY k LIMIT 2"));
        assertEquals("[" + length + "]", rows(grid, "SELECT count(*) FROM (SELECT x, avg(v) AS m FROM g GROUP BY x)"));
    }
}
