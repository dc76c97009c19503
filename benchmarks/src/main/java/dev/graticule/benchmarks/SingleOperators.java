package dev.graticule.benchmarks;

import dev.graticule.Engine;
import dev.graticule.GridTable;
import dev.graticule.Query;
import dev.graticule.QueryOptions;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One operator at a time, with one worker, over a grid in memory, so that nothing is read or decoded: nanoseconds a cell of the grid, the
 * scan's copying of cells among them ({@code SCAN} is that and a sum).
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class SingleOperators {
    static final int TIMES = 48;
    static final int LATITUDES = 181;
    static final int LONGITUDES = 360;
    static final int CELLS = TIMES * LATITUDES * LONGITUDES;

    /** A statement in which most of the work is one operator's. */
    public enum Operator {
        SCAN("SELECT sum(t2m) FROM grid"),
        FILTER("SELECT count(*) FROM grid WHERE t2m > 0.5"),
        FILTER_OF_TWO("SELECT sum(rh) FROM grid WHERE t2m > 0.5 AND rh < 0.5"),
        PROJECT("SELECT t2m * 2 + rh AS x FROM grid"),
        PROJECT_COORDINATES("SELECT time, latitude, longitude, t2m FROM grid"),
        AGGREGATE_BY_INNER_AXIS("SELECT longitude, avg(t2m) FROM grid GROUP BY longitude"),
        AGGREGATE_BY_OUTER_AXIS("SELECT time, avg(t2m) FROM grid GROUP BY time"),
        AGGREGATE_BY_CELL("SELECT latitude, longitude, avg(t2m) FROM grid GROUP BY latitude, longitude"),
        AGGREGATE_BY_VALUE("SELECT floor(t2m * 1000), count(*) FROM grid GROUP BY floor(t2m * 1000)"),
        MOMENTS("SELECT latitude, min(t2m), max(t2m), stddev(t2m) FROM grid GROUP BY latitude"),
        LIMIT("SELECT * FROM grid LIMIT 10"),
        SORT_TOP("SELECT latitude, longitude, t2m FROM grid ORDER BY t2m DESC LIMIT 10"),
        SORT("SELECT t2m FROM grid ORDER BY t2m");

        private final String sql;

        Operator(String sql) {
            this.sql = sql;
        }
    }

    @Param
    Operator operator;

    private Engine engine;

    /** Makes the grid. */
    @Setup
    public void open() {
        Random random = new Random(1);
        float[] temperature = new float[CELLS];
        float[] humidity = new float[CELLS];
        for (int i = 0; i < CELLS; i++) {
            temperature[i] = random.nextFloat();
            humidity[i] = random.nextFloat();
        }
        List<String> axes = List.of("time", "latitude", "longitude");
        engine = Engine.create(QueryOptions.defaults().withThreads(1));
        engine.register("grid", GridTable.named("grid").axis("time", TIMES).axis("latitude", LATITUDES)
                .axis("longitude", LONGITUDES).variable("t2m", axes, temperature).variable("rh", axes, humidity)
                .build());
    }

    /** Closes the engine. */
    @TearDown
    public void close() {
        engine.close();
    }

    @Benchmark
    @OperationsPerInvocation(CELLS)
    public long run() throws Exception {
        long rows = 0;
        try (Query query = engine.query(operator.sql); ArrowReader reader = query.run()) {
            while (reader.loadNextBatch()) {
                rows += reader.getVectorSchemaRoot().getRowCount();
            }
        }
        return rows;
    }
}
