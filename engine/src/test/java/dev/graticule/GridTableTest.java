package dev.graticule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graticule.spi.Dataset;
import dev.graticule.type.SqlType;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class GridTableTest {
    private static final List<String> PLACE = List.of("latitude", "longitude");

    private final Engine engine = Engine.create();

    @AfterEach
    void everyByteIsFree() {
        assertEquals(0, engine.allocatedBytes());
        engine.close();
    }

    private static GridTable.Builder places() {
        return GridTable.named("weather").axis("latitude", new float[]{50, 40})
                .axis("longitude", new float[]{0, 10, 20});
    }

    private List<List<Object>> rows(String sql) throws IOException {
        List<List<Object>> rows = new ArrayList<>();
        try (ArrowReader reader = engine.query(sql).run()) {
            while (reader.loadNextBatch()) {
                for (int row = 0; row < reader.getVectorSchemaRoot().getRowCount(); row++) {
                    List<Object> values = new ArrayList<>();
                    for (FieldVector vector : reader.getVectorSchemaRoot().getFieldVectors()) {
                        values.add(vector.getObject(row));
                    }
                    rows.add(values);
                }
            }
        }
        return rows;
    }

    @Test
    void nanIsNullUnlessItIsSaidOtherwise() throws IOException {
        float[] values = {1, Float.NaN, 3, 4, 5, 6};
        engine.register("w", places().variable("a", PLACE, values).variable("b", PLACE, values).nanAsNull("b", false)
                .build());
        assertEquals(List.of(List.of(5L, 6L)), rows("SELECT count(a), count(b) FROM w"));
    }

    @Test
    void stringsAreCoordinatesAndVariablesWithNulls() throws IOException {
        engine.register("w", GridTable.named("w").axis("station", new String[]{"Üsküdar", "Ankara", "Rize"})
                .axis("n", 2).chunks(Map.of("station", 2))
                .variable("code", List.of("n", "station"), new String[]{"a", null, "", "d", "e", "f"})
                .coordinate("zone", SqlType.VARCHAR, List.of("station"), (name, origin, shape) -> LentBlock
                        .of(Arrays.copyOfRange(new String[]{"x", "y", "z"}, origin[0], origin[0] + shape[0])))
                .build());
        assertEquals("[[Üsküdar, 0, x, a], [Üsküdar, 1, x, d], [Ankara, 0, y, null], [Ankara, 1, y, e], "
                + "[Rize, 0, z, ], [Rize, 1, z, f]]", rows("SELECT * FROM w").toString());
        assertEquals("[[z, f]]", rows("SELECT zone, code FROM w WHERE station = 'Rize' AND n = 1").toString());
        assertEquals("[[Ankara, 1], [Rize, 2], [Üsküdar, 2]]",
                rows("SELECT station, count(code) FROM w GROUP BY station ORDER BY station").toString());
    }

    @Test
    void tablesOfADatasetAreCalledAsTold() throws IOException {
        GridTable.Builder weather = places().variable("a", PLACE, new float[6])
                .variable("b", List.of("latitude"), new float[2])
                .tableName(List.of("longitude", "latitude"), "surface");
        engine.register("w", weather.build());
        assertEquals("[[6]]", rows("SELECT count(a) FROM w.surface").toString());
        assertEquals("[[2]]", rows("SELECT count(b) FROM w.latitude").toString());
        GraticuleException none = assertThrows(GraticuleException.class,
                () -> places().variable("a", PLACE, new float[6]).tableName(List.of("latitude"), "zonal").build());
        assertEquals("No variable is over the axes of the table name 'zonal' alone: [latitude].", none.getMessage());
    }

    @Test
    void ofAChunkThePartThatAQuerySelectsIsAskedForOnce() throws IOException {
        List<String> asked = Collections.synchronizedList(new ArrayList<>());
        engine.register("w", GridTable.named("w").axis("time", 10).axis("x", 100_000)
                .variable("a", SqlType.BIGINT, List.of("x", "time"), (name, origin, shape) -> {
                    asked.add(Arrays.toString(origin) + Arrays.toString(shape));
                    long[] values = new long[shape[0] * shape[1]];
                    for (int i = 0; i < values.length; i++) {
                        values[i] = (origin[0] + i / shape[1]) * 10L + origin[1] + i % shape[1];
                    }
                    return LentBlock.of(values);
                }).chunks(Map.of("time", 4, "x", 100_000)).build());
        assertEquals("[[3, 499993]]",
                rows("SELECT count(*), max(a) FROM w WHERE x IN (3, 5, 49999) AND time = 3").toString());
        assertEquals("[[3, 3][49997, 1]]", asked.toString());
        asked.clear();
        assertEquals("[[300000]]", rows("SELECT count(a) FROM w WHERE time BETWEEN 3 AND 5").toString());
        Collections.sort(asked);
        assertEquals("[[0, 3][100000, 1], [0, 4][100000, 2]]", asked.toString());
    }

    @Test
    void packedValuesHaveSentinelsAndAttributes() throws IOException {
        engine.register("w", places().variable("a", PLACE, new short[]{0, 1, 2, 3, -99, 5}).missing("a", -99)
                .packed("a", 0.5, 10).attributes("a", Map.of("units", "K")).build());
        try (ArrowReader reader = engine.query("SELECT a FROM w").run()) {
            assertEquals("K", reader.getVectorSchemaRoot().getVector(0).getField().getMetadata().get("units"));
        }
        assertEquals(List.of(List.of(5L, 10.0, 12.5)), rows("SELECT count(a), min(a), max(a) FROM w"));
    }

    @Test
    void variablesOnSeveralSetsOfAxesAreSeveralTables() throws IOException {
        Dataset dataset = places().variable("mask", List.of("latitude"), new boolean[]{true, false})
                .variable("t", List.of("longitude", "latitude"), new int[]{1, 2, 3, 4, 5, 6})
                .coordinate("area", PLACE, new double[]{1, 2, 3, 4, 5, 6}).variable("height", List.of(), new float[]{2})
                .build();
        assertEquals(List.of("latitude_longitude", "latitude"), dataset.tables().stream().map(t -> t.name()).toList());
        engine.register("w", dataset);
        assertEquals(List.of(List.of(50f, 0f, 1.0, 2f, 1)), rows("SELECT * FROM w.latitude_longitude LIMIT 1"));
        assertEquals(List.of(List.of(9L)), rows("SELECT sum(t) FROM w WHERE mask"));
        assertEquals(List.of(List.of(2L)), rows("SELECT count(*) FROM w.latitude"));
    }

    @Test
    void vectorsAndNativeMemoryAreReadWhereTheyAre() throws IOException {
        try (RootAllocator allocator = new RootAllocator();
                Float8Vector vector = new Float8Vector("v", allocator);
                Arena arena = Arena.ofShared()) {
            MemorySegment memory = arena.allocate(48);
            vector.allocateNew(6);
            for (int i = 0; i < 6; i++) {
                vector.set(i, i);
                memory.setAtIndex(ValueLayout.JAVA_LONG, i, i * 10L);
            }
            vector.setNull(2);
            vector.setValueCount(6);
            engine.register("w", places().variable("v", PLACE, vector)
                    .variable("m", SqlType.BIGINT, PLACE, memory).build());
            // longitude > 0 leaves cells 1, 2, 4 and 5; cell 2 of the vector is NULL.
            assertEquals(List.of(List.of(3L, 10.0, 120L)),
                    rows("SELECT count(v), sum(v), sum(m) FROM w WHERE longitude > 0"));
        }
    }

    @Test
    void aReaderIsAskedForTheVariablesAndBoxesThatAQueryNeeds() throws IOException {
        List<String> asked = Collections.synchronizedList(new ArrayList<>());
        BlockReader reader = (variable, origin, shape) -> {
            asked.add(variable + Arrays.toString(origin) + Arrays.toString(shape));
            return LentBlock.of(new int[shape[0] * shape[1]]);
        };
        engine.register("w", GridTable.named("w").axis("time", 250).axis("x", 4)
                .variable("a", SqlType.INTEGER, List.of("time", "x"), reader)
                .variable("b", SqlType.INTEGER, List.of("time", "x"), reader).chunks(Map.of("time", 100)).build());
        assertEquals(List.of(List.of(1000L)), rows("SELECT count(*) FROM w"));
        assertEquals(List.of(), asked);
        rows("SELECT sum(a) FROM w WHERE time >= 150");
        asked.sort(null);
        assertEquals(List.of("a[150, 0][50, 4]", "a[200, 0][50, 4]"), asked);
    }

    @Test
    void withoutChunksAReaderIsAskedForTheSelectedBox() throws IOException {
        List<String> asked = Collections.synchronizedList(new ArrayList<>());
        engine.register("w", GridTable.named("w").axis("time", 250).axis("x", 4).variable("a", SqlType.INTEGER,
                List.of("time", "x"), (variable, origin, shape) -> {
                    asked.add(Arrays.toString(origin) + Arrays.toString(shape));
                    return LentBlock.of(new int[shape[0] * shape[1]]);
                }).build());
        rows("SELECT sum(a) FROM w WHERE time BETWEEN 150 AND 159");
        assertEquals(List.of("[150, 0][10, 4]"), asked);
    }

    @Test
    void whatAReaderFailsWithReachesTheUser() {
        assertEquals("The block reader failed for 'a' at [0, 0], [2, 3] cells: the disk is gone",
                failure((variable, origin, shape) -> {
                    throw new IOException("the disk is gone");
                }));
        assertEquals("The block reader gave nothing for 'a' at [0, 0], [2, 3] cells.",
                failure((variable, origin, shape) -> null));
        AtomicInteger released = new AtomicInteger();
        assertEquals("The block reader gave long[] for 'a' at [0, 0], [2, 3] cells; expected INTEGER.",
                failure((variable, origin, shape) -> LentBlock.of(new long[6], released::incrementAndGet)));
        assertEquals("The block reader gave 5 values for 'a' at [0, 0], [2, 3] cells; expected values 0 to 5.",
                failure((variable, origin, shape) -> LentBlock.of(new int[5], released::incrementAndGet)));
        assertEquals(2, released.get());
    }

    @Test
    void aReaderThatWaitsIsInterruptedWhenTheQueryIsCancelled() throws Exception {
        CountDownLatch waiting = new CountDownLatch(1);
        AtomicInteger interrupted = new AtomicInteger();
        engine.register("w", GridTable.named("w").axis("time", 40).axis("x", 4)
                .variable("a", SqlType.INTEGER, List.of("time", "x"), (variable, origin, shape) -> {
                    waiting.countDown();
                    try {
                        new CountDownLatch(1).await();
                    } catch (InterruptedException interruption) {
                        interrupted.incrementAndGet();
                        throw interruption;
                    }
                    return null;
                }).chunks(Map.of("time", 10)).build());
        Query query = engine.query("SELECT sum(a) FROM w").threads(2);
        FutureTask<GraticuleException> failing = new FutureTask<>(() -> {
            try (ArrowReader reader = query.run()) {
                return assertThrows(GraticuleException.class, reader::loadNextBatch);
            }
        });
        Thread.ofPlatform().daemon().start(failing);
        waiting.await();
        query.cancel();
        assertEquals(ErrorKind.CANCELLED, failing.get(60, TimeUnit.SECONDS).kind());
        assertTrue(interrupted.get() >= 1);
    }

    private String failure(BlockReader reader) {
        engine.register("w", places().variable("a", SqlType.INTEGER, PLACE, reader).build());
        GraticuleException problem = assertThrows(GraticuleException.class, () -> rows("SELECT sum(a) FROM w"));
        assertEquals(ErrorKind.SOURCE, problem.kind());
        return problem.getMessage();
    }

    @Test
    void closingEarlyReleasesWhatWasLent() throws IOException {
        AtomicInteger lent = new AtomicInteger();
        engine.register("w", lending(lent));
        try (ArrowReader reader = engine.query("SELECT v FROM w").run()) {
            assertTrue(reader.loadNextBatch());
        }
        assertEquals(0, lent.get());
    }

    private static Dataset lending(AtomicInteger lent) {
        return GridTable.named("w").axis("time", 400).axis("x", 5000)
                .variable("v", SqlType.BIGINT, List.of("time", "x"), (variable, origin, shape) -> {
                    lent.incrementAndGet();
                    Arena arena = Arena.ofShared();
                    long cells = (long) shape[0] * shape[1];
                    MemorySegment memory = arena.allocate(cells * 8);
                    for (long i = 0; i < cells; i++) {
                        memory.setAtIndex(ValueLayout.JAVA_LONG, i, 1);
                    }
                    return LentBlock.of(memory, () -> {
                        lent.decrementAndGet();
                        arena.close();
                    });
                }).chunks(Map.of("time", 10)).build();
    }

    @Test
    void twoQueriesAtOnceDoNotDisturbEachOther() throws Exception {
        AtomicInteger lent = new AtomicInteger();
        engine.register("w", lending(lent));
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            Future<List<List<Object>>> one = threads.submit(() -> rows("SELECT sum(v) FROM w"));
            Future<List<List<Object>>> other = threads.submit(() -> rows("SELECT sum(v) FROM w WHERE x < 100"));
            assertEquals(List.of(List.of(2_000_000L)), one.get());
            assertEquals(List.of(List.of(40_000L)), other.get());
        }
        assertEquals(0, lent.get());
    }

    @Test
    void whatDoesNotFitIsSaid() {
        says("'a' has 5 values; expected 6 (latitude 2 x longitude 3).",
                () -> places().variable("a", PLACE, new int[5]));
        says("There is no axis 'time' for 'a'; the axes are [latitude, longitude]. Declare axes first.",
                () -> places().variable("a", List.of("time"), new int[5]));
        says("'a' names an axis twice: [latitude, latitude].",
                () -> places().variable("a", List.of("latitude", "latitude"), new int[4]));
        says("'latitude' is declared twice.", () -> places().axis("latitude", 3));
        says("'longitude' is declared twice.", () -> places().variable("longitude", PLACE, new int[6]));
        says("'a' cannot be REAL from int[].", () -> places().variable("a", SqlType.REAL, PLACE, new int[6]));
        says("'a' cannot have its values in String; expected a primitive array, an Arrow vector without a dictionary, "
                + "or a type and native memory.", () -> places().variable("a", PLACE, "text"));
        says("There is no axis 'time' for chunks; the axes are [latitude, longitude]. Declare axes first.",
                () -> places().chunks(Map.of("time", 3)));
        says("A chunk of axis 'latitude' has length 0; expected at least 1.",
                () -> places().chunks(Map.of("latitude", 0)));
        says("There is no variable 'b'; the variables are [latitude, longitude].",
                () -> places().nanAsNull("b", false));
    }

    private static void says(String message, Executable wrong) {
        GraticuleException problem = assertThrows(GraticuleException.class, wrong);
        assertEquals(ErrorKind.BINDING, problem.kind());
        assertEquals(message, problem.getMessage());
    }
}
