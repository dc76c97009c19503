package dev.graticule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graticule.batch.Batch;
import dev.graticule.batch.Buffers;
import dev.graticule.fixture.MemoryGrid;
import dev.graticule.fixture.Tables;
import dev.graticule.spi.Axis;
import dev.graticule.spi.Block;
import dev.graticule.spi.BoxSink;
import dev.graticule.spi.Dataset;
import dev.graticule.spi.GridReader;
import dev.graticule.spi.GridVariable;
import dev.graticule.spi.GriddedTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.util.TransferPair;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class EngineTest {
    private final Engine engine = Engine.create();

    EngineTest() {
        engine.register("t", Tables.t());
        engine.register("era5", Tables.era5AndMask());
    }

    @AfterEach
    void everyByteIsFree() {
        assertEquals(0, engine.allocatedBytes());
        engine.close();
    }

    private static List<Object> column(ArrowReader reader) throws IOException {
        List<Object> values = new ArrayList<>();
        while (reader.loadNextBatch()) {
            FieldVector vector = reader.getVectorSchemaRoot().getVector(0);
            for (int i = 0; i < vector.getValueCount(); i++) {
                values.add(vector.getObject(i));
            }
        }
        return values;
    }

    private List<Object> column(String sql) throws IOException {
        try (ArrowReader reader = engine.query(sql).run()) {
            return column(reader);
        }
    }

    @Test
    void aQueryRunsAsOftenAsItIsAskedWithTheParametersOfThen() throws IOException {
        try (Query query = engine.query("SELECT a FROM t WHERE a > $least")) {
            for (int least : new int[]{3, 4}) {
                try (ArrowReader reader = query.bind("least", least).run()) {
                    assertEquals(5 - least, column(reader).size());
                }
            }
        }
    }

    @Test
    void parametersAreNamedOrPositional() throws IOException {
        try (ArrowReader reader = engine.query("SELECT count(*) FROM era5 WHERE time >= ? AND latitude = ?")
                .bind(1, LocalDateTime.of(2020, 1, 2, 0, 0))
                .bind(2, 40.1).run()) {
            assertEquals(List.of(4L), column(reader));
        }
    }

    @Test
    void vectorsMayBeKeptAfterReaderAndQueryAreClosed() throws IOException {
        Float8Vector kept;
        try (Query query = engine.query("SELECT avg(t2m) AS m FROM era5 GROUP BY latitude");
                ArrowReader reader = query.run()) {
            assertTrue(reader.loadNextBatch());
            VectorSchemaRoot root = reader.getVectorSchemaRoot();
            TransferPair transfer = root.getVector("m").getTransferPair(root.getVector("m").getAllocator());
            transfer.transfer();
            kept = (Float8Vector) transfer.getTo();
        }
        assertEquals(279.5, kept.get(0));
        kept.close();
    }

    @Test
    void aReaderMayBeClosedEarlyOrUnread() throws IOException {
        engine.query("SELECT range FROM range(10000000)").run().close();
        try (ArrowReader reader = engine.query("SELECT range FROM range(10000000)").run()) {
            assertTrue(reader.loadNextBatch());
        }
    }

    @Test
    void aQueryClosesReadersThatAreStillOpen() throws IOException {
        Query query = engine.query("SELECT range FROM range(10000000)");
        ArrowReader reader = query.run();
        assertTrue(reader.loadNextBatch());
        query.close();
        reader.close();
    }

    @Test
    void aQueryThatIsCancelledWhileItIsBoundIsCancelled() throws IOException {
        GriddedTable grid = Tables.era5();
        Query[] query = new Query[1];
        engine.register("cancelling", new GriddedTable() {
            @Override
            public String name() {
                return grid.name();
            }

            @Override
            public List<String> remarks() {
                return grid.remarks();
            }

            @Override
            public List<Axis> axes() {
                Query cancelled = query[0];
                query[0] = null;
                if (cancelled != null) {
                    cancelled.cancel();
                }
                return grid.axes();
            }

            @Override
            public List<GridVariable> variables() {
                return grid.variables();
            }

            @Override
            public GridReader openReader() {
                return grid.openReader();
            }
        });
        Query rows = engine.query("SELECT avg(t2m) FROM cancelling");
        query[0] = rows;
        try (ArrowReader reader = rows.run()) {
            assertEquals(ErrorKind.CANCELLED, assertThrows(GraticuleException.class, reader::loadNextBatch).kind());
        }
        Query explained = engine.query("EXPLAIN ANALYZE SELECT avg(t2m) FROM cancelling");
        query[0] = explained;
        assertEquals(ErrorKind.CANCELLED, assertThrows(GraticuleException.class, explained::run).kind());
    }

    @Test
    void aCancelledQueryEndsWithAnErrorThatSaysSo() throws IOException {
        Query query = engine.query("SELECT range FROM range(100000000)");
        try (ArrowReader reader = query.run()) {
            assertTrue(reader.loadNextBatch());
            query.cancel();
            GraticuleException failure = assertThrows(GraticuleException.class, () -> column(reader));
            assertEquals(ErrorKind.CANCELLED, failure.kind());
        }
    }

    @Test
    @Timeout(60)
    void interruptingTheThreadThatReadsCancelsTheQueryAndLeavesItInterrupted() throws Exception {
        try (Query query = engine.query("SELECT count(DISTINCT range * 7) FROM range(1000000000)")) {
            CompletableFuture<Thread> reading = new CompletableFuture<>();
            CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
            CompletableFuture<GraticuleException> error = CompletableFuture.supplyAsync(() -> {
                reading.complete(Thread.currentThread());
                try (ArrowReader reader = query.run()) {
                    return assertThrows(GraticuleException.class, reader::loadNextBatch);
                } catch (IOException problem) {
                    throw new UncheckedIOException(problem);
                } finally {
                    interrupted.complete(Thread.interrupted());
                }
            });
            reading.get().interrupt();
            assertEquals(ErrorKind.CANCELLED, error.get().kind());
            assertTrue(error.get().getMessage().contains("interrupted"), error.get()::getMessage);
            assertTrue(interrupted.get(), "the thread stays interrupted");
        }
    }

    @Test
    void aResultThatWasClosedSaysSo() throws IOException {
        try (Query query = engine.query("SELECT 1")) {
            ArrowReader reader = query.run();
            reader.close();
            GraticuleException error = assertThrows(GraticuleException.class, reader::loadNextBatch);
            assertEquals("This result was closed.", error.getMessage());
        }
    }

    /** What a call gives on a thread with a stack of so many bytes. */
    private static <T> T onStack(long bytes, Callable<T> call) throws Exception {
        FutureTask<T> task = new FutureTask<>(call);
        Thread thread = new Thread(null, task, "stack", bytes);
        thread.start();
        thread.join();
        return task.get();
    }

    @Test
    void aStatementThatIsNestedTooDeeplySaysWhatToDoWhereverItIsBound(@TempDir Path folder) throws Exception {
        String target = folder.resolve("x.csv").toString();
        try (Query query = onStack(1L << 28, () -> engine.query("SELECT a" + " + a".repeat(900) + " FROM t"))) {
            for (Callable<?> use : List.<Callable<?>>of(query::run, () -> query.copyTo(target, Map.of()))) {
                GraticuleException error = onStack(1 << 17, () -> assertThrows(GraticuleException.class, use::call));
                assertEquals(ErrorKind.RESOURCE, error.kind(), error::getMessage);
                assertTrue(error.getMessage().startsWith("The statement is nested too deeply. Build it from WITH"),
                        error::getMessage);
            }
        }
    }

    @Test
    void valuesOfTheHostBecomeThoseOfSql() throws IOException {
        Map<Object, String> values = new LinkedHashMap<>();
        values.put('x', "x");
        values.put(Period.of(1, 2, 3), "1 year 2 mons 3 days");
        values.put(OffsetDateTime.parse("2020-01-01T02:00:00+02:00"), "2020-01-01 00:00:00+00");
        values.put(ZonedDateTime.parse("2020-01-01T02:00:00+01:00[Europe/Paris]"), "2020-01-01 01:00:00+00");
        try (Query query = engine.query("SELECT CAST($value AS VARCHAR)")) {
            for (Map.Entry<Object, String> value : values.entrySet()) {
                try (ArrowReader reader = query.bind("value", value.getKey()).run()) {
                    assertEquals(List.of(value.getValue()),
                            column(reader).stream().map(String::valueOf).toList());
                }
            }
            GraticuleException error = assertThrows(GraticuleException.class,
                    query.bind("value", List.of(1, 2))::run);
            assertTrue(error.getMessage().contains("$value is a java.util."), error::getMessage);
        }
    }

    @Test
    void aValueForAParameterThatIsNotThereIsAnError() {
        try (Query query = engine.query("SELECT $b + $a + $1").bind("a", 1).bind("b", 1).bind(1, 1).bind("c", 1)) {
            GraticuleException error = assertThrows(GraticuleException.class, query::run);
            assertEquals(ErrorKind.BINDING, error.kind());
            assertEquals("A value is given for $c, but there is no such parameter. There is: $a, $b.",
                    error.getMessage());
        }
        try (Query query = engine.query("SELECT ? + ?").bind(1, 1).bind(2, 1).bind(3, 1)) {
            assertEquals("A value is given for $3, but $2 is the last parameter.",
                    assertThrows(GraticuleException.class, query::run).getMessage());
        }
        try (Query query = engine.query("SHOW TABLES").bind(1, 1)) {
            assertEquals("A value is given for $1, but there are no parameters with positions.",
                    assertThrows(GraticuleException.class, query::run).getMessage());
        }
    }

    @Test
    void twoQueriesAtOnceDoNotDisturbEachOther() throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Future<List<Object>>> answers = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                String sql = i % 2 == 0 ? "SELECT sum(range) FROM range(1000000)" : "SELECT count(*) FROM era5";
                answers.add(threads.submit(() -> column(sql)));
            }
            for (int i = 0; i < 8; i++) {
                assertEquals(List.of(i % 2 == 0 ? 499_999_500_000L : 24L), answers.get(i).get());
            }
        }
    }

    @Test
    void twoHalfReadResultsOnOneThreadDoNotBlockEachOther() throws IOException {
        try (ArrowReader first = engine.query("SELECT range FROM range(3000000)").run();
                ArrowReader second = engine.query("SELECT range FROM range(3000000)").run()) {
            long rows = 0;
            boolean more = true;
            while (more) {
                more = first.loadNextBatch();
                rows += more ? first.getVectorSchemaRoot().getRowCount() : 0;
                if (second.loadNextBatch()) {
                    rows += second.getVectorSchemaRoot().getRowCount();
                    assertTrue(second.getVectorSchemaRoot().getVector(0) instanceof BigIntVector);
                }
            }
            rows += column(second).size();
            assertEquals(6_000_000, rows);
        }
    }

    @Test
    void aScriptSeesWhatItsStatementsChanged() throws IOException {
        List<Query> script = engine
                .queryAll("CREATE VIEW v AS SELECT a FROM t; SELECT count(*) FROM v; SET threads = 1;");
        assertEquals(3, script.size());
        assertEquals("SELECT count(*) FROM v", script.get(1).text());
        List<Object> answers = new ArrayList<>();
        for (Query query : script) {
            try (ArrowReader reader = query.run()) {
                answers.addAll(column(reader));
            }
        }
        assertEquals(List.of(5L), answers);
        assertEquals(1, engine.options().threads());
        assertEquals(List.of("era5", "t", "v"), engine.tables());
    }

    @Test
    void optionsOfAQueryDoNotChangeTheAnswer() throws IOException {
        String sql = "SELECT sum(t2m) FROM era5 WHERE latitude > 40.05 GROUP BY time, longitude";
        List<Object> answer = column(sql);
        try (ArrowReader reader = engine.query(sql).threads(3).pruning(false).gridOperators(false).optimizer(false)
                .run()) {
            assertEquals(answer.stream().sorted().toList(), column(reader).stream().sorted().toList());
        }
    }

    @Test
    void syntaxErrorsHaveAPlace() {
        GraticuleException failure = assertThrows(GraticuleException.class,
                () -> engine.query("SELECT a FROM t WHERE"));
        assertEquals(ErrorKind.SYNTAX, failure.kind());
        assertTrue(failure.position().isPresent());
        assertThrows(GraticuleException.class, () -> engine.query("SELECT 1; SELECT 2"));
    }

    @Test
    void noticesBelongToTheLastRun() throws IOException {
        try (Query query = engine.query("SELECT count(*) FROM era5")) {
            assertEquals(List.of(), query.notices());
            try (ArrowReader reader = query.run()) {
                column(reader);
            }
            assertTrue(query.notices().getFirst().startsWith("era5 holds 2 tables; this is time_latitude_longitude"));
        }
    }

    @Test
    void aSuppliedDatasetIsAskedForAnewByEachStatementThatNamesIt() throws IOException {
        AtomicInteger calls = new AtomicInteger();
        engine.registerSupplier("s", () -> GridTable.named("s").axis("x", calls.incrementAndGet()).build());
        assertEquals(0, calls.get());
        for (int run = 1; run <= 2; run++) {
            assertEquals((long) run, onlyNumber("SELECT count(*) FROM s"));
            assertEquals(run, calls.get());
        }
        engine.registerSupplier("s", () -> {
            throw new IllegalStateException("not today");
        });
        assertThrows(GraticuleException.class, () -> engine.query("SELECT count(*) FROM s").run());
    }

    @Test
    void aStatementAsksOnceForADatasetHoweverOftenItNamesIt() throws IOException {
        AtomicInteger calls = new AtomicInteger();
        engine.registerSupplier("s", () -> GridTable.named("s").axis("x", calls.incrementAndGet()).build());
        engine.askForUnknownNames(name -> name.equals("mine")
                ? Optional.of(GridTable.named("mine").axis("x", calls.incrementAndGet()).build()) : Optional.empty());
        assertEquals(List.of(1L, 1L), column("SELECT count(*) FROM s UNION ALL SELECT count(*) FROM s"));
        assertEquals(List.of(2L, 2L), column("SELECT count(*) FROM mine UNION ALL SELECT count(*) FROM mine"));
        assertEquals(2, calls.get());
        column("SHOW TABLES");
        assertEquals(3, calls.get());
    }

    @Test
    void whatTheHostHasIsDescribedAsWhatIsRegistered() throws IOException {
        Dataset era5 = Tables.era5AndMask();
        engine.askForUnknownNames(name -> name.equals("mine") ? Optional.of(era5) : Optional.empty());
        assertEquals(column("DESCRIBE era5"), column("DESCRIBE mine"));
    }

    @Test
    void cancellingStopsWhatAFunctionDoesWithTheRows() {
        engine.register("cells", GridTable.named("cells").axis("x", 3).build());
        try (Query query = engine.query("SELECT * FROM cells")) {
            GraticuleException stopped = assertThrows(GraticuleException.class, () -> query.withRows(source -> {
                query.cancel();
                return source.run(new BoxSink() {
                    @Override
                    public void write(Batch batch) {
                        throw new AssertionError("A row of a cancelled query");
                    }

                    @Override
                    public void finishMorsel(long ordinal) {
                        // None has rows.
                    }
                });
            }));
            assertEquals(ErrorKind.CANCELLED, stopped.kind());
            assertEquals("done", query.withRows(source -> {
                source.notice("Probably not meant.");
                return "done";
            }));
            assertEquals(List.of("Probably not meant."), query.notices());
        }
    }

    @Test
    void theHostIsAskedForNamesThatNobodyHasRegistered() throws IOException {
        engine.askForUnknownNames(name -> name.equals("mine")
                ? Optional.of(GridTable.named("mine").axis("x", 3).build()) : Optional.empty());
        assertEquals(3L, onlyNumber("SELECT count(*) FROM mine"));
        assertEquals(3L, onlyNumber("SELECT count(*) FROM (SELECT * FROM mine AS m)"));
        assertEquals(1L, onlyNumber("WITH mine AS (SELECT 1) SELECT count(*) FROM mine"));
        engine.register("mine", GridTable.named("mine").axis("x", 5).build());
        assertEquals(5L, onlyNumber("SELECT count(*) FROM mine"));
        engine.unregister("mine");
        assertTrue(assertThrows(GraticuleException.class, () -> engine.query("SELECT * FROM others").run()).getMessage()
                .startsWith("No table named others."));
    }

    private long onlyNumber(String sql) throws IOException {
        try (ArrowReader reader = engine.query(sql).run()) {
            assertTrue(reader.loadNextBatch());
            return ((Number) reader.getVectorSchemaRoot().getVector(0).getObject(0)).longValue();
        }
    }

    @Test
    void namesCanBeForgotten() {
        assertTrue(engine.unregister("t"));
        assertFalse(engine.unregister("t"));
        assertThrows(GraticuleException.class, () -> column("SELECT * FROM t"));
    }

    @Test
    void memoryBeyondTheLimitIsAnErrorThatSaysWhatToDo() {
        engine.set("memory_limit", "1MB");
        GraticuleException failure = assertThrows(GraticuleException.class,
                () -> column("SELECT range FROM range(1000000) ORDER BY range DESC"));
        assertEquals(ErrorKind.RESOURCE, failure.kind());
    }

    @Test
    void explainShowsThePlanAndAnalyzeRunsIt() throws IOException {
        assertTrue(column("EXPLAIN SELECT avg(t2m) FROM era5 GROUP BY latitude").stream()
                .anyMatch(line -> line.toString().contains("GridScan era5")));
        assertTrue(column("EXPLAIN ANALYZE SELECT avg(t2m) FROM era5 GROUP BY latitude").getLast().toString()
                .contains("3 rows"));
        List<?> lines = column("EXPLAIN ANALYZE SELECT avg(t2m) FROM era5 UNION ALL SELECT avg(t2m) FROM era5");
        assertEquals(List.of("1. ", "2. ", "3. ", "Tot"), lines.stream().map(Object::toString)
                .filter(line -> line.matches("\\S.*") && !line.matches("Plan|Pipelines"))
                .map(line -> line.substring(0, 3)).toList(), lines::toString);
    }

    @Test
    void theJvmFlagsOfTheTestsAreThoseThatTheEngineAsksFor() {
        assertTrue(JvmFlags.all().contains("--add-modules=jdk.incubator.vector"));
        JvmFlags.check();
    }

    @Test
    void anErrorOfAnAggregateOnTheGridSaysWhichOne() {
        engine.register("large", MemoryGrid.named("large").axis("x", 2).axis("y", 2)
                .variable("v", new long[]{1, 2, Long.MAX_VALUE, 1}).add().build());
        for (String sql : List.of("SELECT x, count(*), sum(v) FROM large GROUP BY x",
                "SELECT  count(*), sum(v) FROM large")) {
            GraticuleException failure = assertThrows(GraticuleException.class, () -> column(sql));
            assertEquals(ErrorKind.DATA, failure.kind());
            assertEquals(sql.indexOf("sum(v)"), failure.position().orElseThrow().start(), sql);
        }
    }

    @Test
    void aConditionOnGroupsKeepsAnErrorFromTheOnesAfterIt() throws IOException {
        assertEquals(List.of(),
                column("SELECT x FROM (VALUES (0), (1)) AS v(x) GROUP BY x HAVING count(*) > 5 AND 1 / x > 0"));
        assertThrows(GraticuleException.class,
                () -> column("SELECT x FROM (VALUES (0), (1)) AS v(x) GROUP BY x HAVING 1 / x > 0"));
    }

    @Test
    void optionsThatNoQueryCanRunWithAreRefused() {
        Query query = engine.query("SELECT 1");
        for (Query none : List.of(query.threads(0), engine.query("SELECT 1").memoryLimit(-1))) {
            assertEquals(ErrorKind.BINDING, assertThrows(GraticuleException.class, none::run).kind());
        }
        assertThrows(GraticuleException.class, () -> QueryOptions.defaults().withBatchRows(0));
    }

    /** A grid whose source keeps NULLs of the coordinate {@code x} in a bitmap. */
    private record WithNullCoordinate(MemoryGrid grid, int missing) implements GriddedTable {
        @Override
        public String name() {
            return grid.name();
        }

        @Override
        public List<String> remarks() {
            return List.of();
        }

        @Override
        public List<Axis> axes() {
            return grid.axes();
        }

        @Override
        public List<GridVariable> variables() {
            return grid.variables();
        }

        @Override
        public GridReader openReader() {
            GridReader reader = grid.openReader();
            return new GridReader() {
                @Override
                public Block openBlock(GridVariable variable, int[] origin, int[] shape, Buffers buffers) {
                    Block block = reader.openBlock(variable, origin, shape, buffers);
                    if (!variable.name().equals("x")) {
                        return block;
                    }
                    ArrowBuf bits = buffers.take(8);
                    bits.setLong(0, ~(1L << missing - origin[0]));
                    return new Block(block.values().withBitmap(bits), block.layout(), () -> {
                        buffers.giveBack(bits);
                        block.close();
                    });
                }

                @Override
                public long bytesRead() {
                    return reader.bytesRead();
                }

                @Override
                public long chunksRead() {
                    return reader.chunksRead();
                }

                @Override
                public void close() {
                    reader.close();
                }
            };
        }
    }

    @Test
    void aSourceMayKeepNullsOfACoordinateInABitmap() throws IOException {
        engine.register("gaps", new WithNullCoordinate(MemoryGrid.named("gaps").axis("x", new long[]{10, 20, 30})
                .axis("y", 2).variable("v", new long[]{1, 2, 3, 4, 5, 6}).add().build(), 1));
        assertEquals(List.of(4L), column("SELECT count(x) FROM gaps"));
        assertEquals(List.of(3L, 4L), column("SELECT v FROM gaps WHERE x IS NULL"));
        assertEquals(List.of(5L, 6L), column("SELECT v FROM gaps WHERE x > 10"));
        assertEquals(Arrays.asList(3L, 7L, 11L), column("SELECT sum(v) FROM gaps GROUP BY x"));
        assertEquals(Arrays.asList(10L, null, 30L), column("SELECT x FROM gaps GROUP BY x"));
    }
}
