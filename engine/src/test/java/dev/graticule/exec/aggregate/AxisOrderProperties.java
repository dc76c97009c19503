package dev.graticule.exec.aggregate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.graticule.Engine;
import dev.graticule.QueryOptions;
import dev.graticule.fixture.MemoryGrid;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.apache.arrow.vector.ipc.ArrowReader;

/** Law: groups by axes come in the order of the axes (SEMANTICS 19), whatever the coordinates are and wherever the groups are kept. */
class AxisOrderProperties {
    private static float[] coordinates(List<Integer> choices) {
        float[] values = new float[choices.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = choices.get(i) == 0 ? Float.NaN : 5 - 2 * choices.get(i);
        }
        return values;
    }

    private static Set<String> inOrder(float[] values) {
        Set<String> order = new LinkedHashSet<>();
        for (float value : values) {
            order.add(String.valueOf(value));
        }
        return order;
    }

    private static List<String> keys(Engine engine, String sql) throws IOException {
        List<String> keys = new ArrayList<>();
        try (ArrowReader reader = engine.query(sql).run()) {
            while (reader.loadNextBatch()) {
                for (int row = 0; row < reader.getVectorSchemaRoot().getRowCount(); row++) {
                    Object y = reader.getVectorSchemaRoot().getVector(0).getObject(row);
                    Object x = reader.getVectorSchemaRoot().getVector(1).getObject(row);
                    keys.add((y == null ? "NaN" : y) + " " + (x == null ? "NaN" : x));
                }
            }
        }
        return keys;
    }

    @Property(tries = 60)
    void groupsByAxesComeInTheOrderOfTheAxes(@ForAll @Size(min = 1, max = 8) List<@IntRange(max = 5) Integer> ys,
            @ForAll @Size(min = 1, max = 8) List<@IntRange(max = 5) Integer> xs,
            @ForAll @IntRange(min = 1, max = 4) int chunk,
            @ForAll @IntRange(min = 1, max = 3) int threads, @ForAll boolean onGrid) throws IOException {
        float[] y = coordinates(ys);
        float[] x = coordinates(xs);
        float[] values = new float[3 * y.length * x.length];
        MemoryGrid grid = MemoryGrid.named("g").axis("time", 3).axis("y", y).axis("x", x).variable("v", values)
                .over("time", "y", "x").chunks(2, Integer.min(chunk, y.length), Integer.min(chunk, x.length)).add()
                .build();
        List<String> all = new ArrayList<>();
        List<String> below = new ArrayList<>();
        inOrder(y).forEach(each -> inOrder(x).forEach(other -> all.add(each + " " + other)));
        inOrder(y).stream().filter(each -> Float.parseFloat(each) < 2)
                .forEach(each -> inOrder(x).forEach(other -> below.add(each + " " + other)));
        try (Engine engine = Engine
                .create(QueryOptions.defaults().withThreads(threads).withGridOperators(onGrid))) {
            engine.register("g", grid);
            for (String aggregates : List.of("first(v)", "string_agg(v::varchar, ' '), count(*)", "sum(v)")) {
                assertEquals(all, keys(engine, "SELECT y, x, " + aggregates + " FROM g GROUP BY x, y"));
                assertEquals(below,
                        keys(engine, "SELECT y, x, " + aggregates + " FROM g WHERE y < 2 GROUP BY y, x"));
            }
            assertEquals(0, engine.allocatedBytes());
        }
    }
}
