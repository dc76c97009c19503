package dev.graticule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graticule.batch.Column;
import dev.graticule.fixture.MemoryGrid;
import dev.graticule.fixture.MemoryRows;
import dev.graticule.spi.RowReader;
import dev.graticule.spi.RowScan;
import dev.graticule.spi.RowTable;
import dev.graticule.spi.SimplePredicate;
import dev.graticule.type.SqlType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.util.TransferPair;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whose memory a result is, and who may close what when. */
@Timeout(60)
class ResultOwnershipTest {
    private static final int WORKERS = Runtime.getRuntime().availableProcessors();

    private final Engine engine = Engine.create(QueryOptions.defaults().withThreads(WORKERS));

    private static BigIntVector take(ArrowReader reader) throws IOException {
        assertTrue(reader.loadNextBatch());
        FieldVector vector = reader.getVectorSchemaRoot().getVector(0);
        TransferPair pair = vector.getTransferPair(vector.getAllocator());
        pair.transfer();
        return (BigIntVector) pair.getTo();
    }

    private long number(String sql) {
        try (Query query = engine.query(sql); ArrowReader reader = query.run(); BigIntVector only = take(reader)) {
            return only.get(0);
        } catch (IOException problem) {
            throw new AssertionError(problem);
        }
    }

    @Test
    void whatAConsumerTookOutlivesTheEngineAndIsFreedByTheConsumer() throws IOException {
        BigIntVector kept;
        BigIntVector more;
        try (engine; Query query = engine.query("SELECT range FROM range(200000)"); ArrowReader reader = query.run()) {
            kept = take(reader);
            more = take(reader);
        }
        assertTrue(engine.allocatedBytes() > 0);
        assertEquals(0, kept.get(0));
        assertEquals(kept.getValueCount() - 1, kept.get(kept.getValueCount() - 1));
        assertEquals(kept.getValueCount(), more.get(0));
        kept.close();
        assertTrue(engine.allocatedBytes() > 0);
        more.close();
        assertEquals(0, engine.allocatedBytes());
        engine.close();
    }

    @Test
    void closingTheEngineClosesReadersThatAreOpen() throws IOException {
        ArrowReader reader = engine.query("SELECT range FROM range(10000000)").run();
        assertTrue(reader.loadNextBatch());
        ArrowReader unread = engine.query("SELECT 1").run();
        engine.close();
        assertEquals(0, engine.allocatedBytes());
        for (ArrowReader closed : List.of(reader, unread)) {
            assertEquals(ErrorKind.CANCELLED, assertThrows(GraticuleException.class, closed::loadNextBatch).kind());
            closed.close();
        }
        GraticuleException error = assertThrows(GraticuleException.class, () -> engine.query("SELECT 1").run());
        assertEquals("The engine is closed.", error.getMessage());
        assertEquals(0, engine.allocatedBytes());
    }

    /** A table of splits without rows, each of which does something first. */
    private record Producer(int splits, Runnable action) implements RowTable {
        @Override
        public String name() {
            return "producer";
        }

        @Override
        public List<String> remarks() {
            return List.of();
        }

        @Override
        public List<RowColumn> columns() {
            return List.of(new RowColumn("a", SqlType.BIGINT, Map.of()));
        }

        @Override
        public OptionalLong rowCount() {
            return OptionalLong.empty();
        }

        @Override
        public RowScan scan(List<Integer> columns, List<SimplePredicate> predicates, long limit) {
            RowScan rows = new MemoryRows("none", 1, List.of(MemoryRows.column("a", SqlType.BIGINT))).scan(columns,
                    predicates, limit);
            return new RowScan() {
                @Override
                public List<FilterAnswer> answers() {
                    return rows.answers();
                }

                @Override
                public int splits() {
                    return splits;
                }

                @Override
                public RowReader openSplit(int split, BufferAllocator allocator) {
                    return new RowReader() {
                        @Override
                        public boolean next() {
                            action.run();
                            return false;
                        }

                        @Override
                        public int rows() {
                            return 0;
                        }

                        @Override
                        public List<Column> columns() {
                            return List.of();
                        }

                        @Override
                        public void close() {
                            // Nothing is open.
                        }
                    };
                }
            };
        }
    }

    @Test
    void aReaderMayBeClosedByAnotherThreadWhileItsConsumerWaits() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CompletableFuture<Void> answer = new CompletableFuture<>();
        engine.register("slow", new Producer(1, () -> {
            asked.countDown();
            answer.join();
        }));
        ArrowReader reader = engine.query("SELECT a FROM slow").run();
        CompletableFuture<GraticuleException> consumer = CompletableFuture
                .supplyAsync(() -> assertThrows(GraticuleException.class, reader::loadNextBatch));
        asked.await();
        CompletableFuture<Void> closer = CompletableFuture.runAsync(() -> {
            try {
                reader.close();
            } catch (IOException problem) {
                throw new AssertionError(problem);
            }
        });
        assertEquals(ErrorKind.CANCELLED, consumer.get().kind());
        answer.complete(null);
        closer.get();
        assertEquals(0, engine.allocatedBytes());
        engine.close();
    }

    @Test
    void producersOnAllCoresMayRunQueriesOnOtherThreads() {
        CyclicBarrier everyWorkerAsks = new CyclicBarrier(WORKERS);
        engine.register("nested", new Producer(WORKERS, () -> {
            try {
                everyWorkerAsks.await();
            } catch (Exception problem) {
                throw new AssertionError(problem);
            }
            assertEquals(1_000_000, CompletableFuture.supplyAsync(
                    () -> number("SELECT count(*) FROM (SELECT range % 7 AS a FROM range(1000000)) AS t")).join());
        }));
        assertEquals(0, number("SELECT count(*) FROM nested"));
        engine.close();
    }

    @Test
    void aBlockThatSeveralMorselsNeedMayBeTheAnswerOfAQuery() {
        engine.register("g", GridTable.named("g").axis("time", 64).axis("x", 10)
                .variable("v", SqlType.INTEGER, List.of("time", "x"), (name, origin, shape) -> {
                    number("SELECT count(*) FROM range(1000)");
                    return LentBlock.of(new int[shape[0] * shape[1]]);
                })
                .variable("w", SqlType.BIGINT, List.of("x"), (name, origin, shape) -> {
                    long value = CompletableFuture.supplyAsync(() -> number("SELECT count(*) FROM range(1000)")).join();
                    long[] values = new long[shape[0]];
                    java.util.Arrays.fill(values, value);
                    return LentBlock.of(values);
                }).chunks(Map.of("time", 1)).build());
        assertEquals(64 * 10 * 1000, number("SELECT sum(v + w) FROM g"));
        engine.close();
    }

    @Test
    void scansOfOneTableShareTheChunksThatSeveralMorselsNeed() {
        MemoryGrid grid = MemoryGrid.named("grid").axis("time", 8).axis("cell", 100)
                .variable("value", new double[800]).chunks(1, 100).add()
                .variable("mask", new double[100]).over("cell").chunks(100).add().build();
        engine.register("grid", grid);
        String scan = "SELECT sum(value + mask) AS s FROM grid GROUP BY time";
        assertEquals(24, number("SELECT count(s) FROM (" + scan + " UNION ALL " + scan + " UNION ALL " + scan
                + ") AS t"));
        assertEquals(3 * 8 + 1, grid.chunksRead());
        assertEquals(0, grid.open());
        engine.close();
    }

    /** Six times of 250 x 200 cells: a batch is a time. All times may be one block; then its worker keeps {@code mask} for all of them. */
    private static MemoryGrid hours(int timesInBlock) {
        double[] values = new double[6 * 250 * 200];
        java.util.Arrays.setAll(values, i -> i % 11 == 0 ? Double.NaN : i);
        double[] mask = new double[250 * 200];
        java.util.Arrays.setAll(mask, i -> -i);
        return MemoryGrid.named("hours").axis("time", 6).axis("y", 250).axis("x", 200)
                .variable("own", values).chunks(timesInBlock, 250, 200).sliceable().nanIsNull().add()
                .variable("shared", values).chunks(3, 250, 200).add()
                .variable("mask", mask).over("y", "x").chunks(250, 200).add().build();
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "1, 6", "4, 1", "4, 6"})
    void aConsumerMayWriteIntoWhatItTookAndKeepItAfterTheEngineIsClosed(int threads, int timesInBlock)
            throws IOException {
        String sql = "SELECT own, mask, shared, own AS again, own + mask AS difference FROM hours";
        List<List<Float8Vector>> taken = new ArrayList<>();
        try (engine) {
            engine.register("hours", hours(timesInBlock));
            engine.set("threads", String.valueOf(threads));
            try (Query query = engine.query(sql); ArrowReader reader = query.run()) {
                long row = 0;
                while (reader.loadNextBatch()) {
                    List<Float8Vector> batch = new ArrayList<>();
                    for (FieldVector vector : reader.getVectorSchemaRoot().getFieldVectors()) {
                        TransferPair pair = vector.getTransferPair(vector.getAllocator());
                        pair.transfer();
                        batch.add((Float8Vector) pair.getTo());
                    }
                    for (int i = 0; i < batch.getFirst().getValueCount(); i++, row++) {
                        Double value = row % 11 == 0 ? null : Double.valueOf(row);
                        double cell = -(row % (250 * 200));
                        assertEquals(value, batch.get(0).getObject(i));
                        assertEquals(cell, batch.get(1).get(i));
                        assertEquals(value == null ? Double.NaN : value, batch.get(2).get(i));
                        assertEquals(value, batch.get(3).getObject(i));
                        assertEquals(value == null ? null : value + cell, batch.get(4).getObject(i));
                    }
                    for (int column = 0; column < batch.size(); column++) {
                        for (int i = 0; i < batch.get(column).getValueCount(); i++) {
                            batch.get(column).set(i, 1000 * taken.size() + column);
                        }
                    }
                    taken.add(batch);
                }
                assertEquals(6 * 250 * 200, row);
            }
        }
        assertTrue(engine.allocatedBytes() > 0);
        for (int number = 0; number < taken.size(); number++) {
            for (int column = 0; column < 5; column++) {
                try (Float8Vector vector = taken.get(number).get(column)) {
                    for (int i = 0; i < vector.getValueCount(); i++) {
                        assertEquals(1000 * number + column, vector.get(i));
                    }
                }
            }
        }
        assertEquals(0, engine.allocatedBytes());
    }
}
