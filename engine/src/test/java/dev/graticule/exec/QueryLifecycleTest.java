package dev.graticule.exec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graticule.ErrorKind;
import dev.graticule.GraticuleException;
import dev.graticule.QueryOptions;
import dev.graticule.aggregate.Aggregates;
import dev.graticule.batch.Batch;
import dev.graticule.batch.Box;
import dev.graticule.batch.Column;
import dev.graticule.batch.Values;
import dev.graticule.compile.Compiler;
import dev.graticule.expression.Expression;
import dev.graticule.fixture.MemoryGrid;
import dev.graticule.plan.LogicalPlan;
import dev.graticule.plan.LogicalPlan.OutputColumn;
import dev.graticule.type.SqlType;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.arrow.memory.AllocationListener;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.util.TransferPair;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** However a query ends, its memory is free, its readers are closed, and what was handed over stays with the consumer. */
@Timeout(60)
class QueryLifecycleTest {
    private static final int TIMES = 40;
    private static final int CELLS = 500;

    private final MemoryGrid grid = grid();

    private static MemoryGrid grid() {
        double[] values = new double[TIMES * CELLS];
        for (int i = 0; i < values.length; i++) {
            values[i] = i;
        }
        return MemoryGrid.named("grid").axis("time", TIMES).axis("cell", CELLS).variable("value", values).chunks(1, 250)
                .add().build();
    }

    private LogicalPlan scan() {
        return new LogicalPlan.GridScan("grid", grid, List.of(0, 1, 2), List.of(),
                List.of(new OutputColumn("time", SqlType.BIGINT), new OutputColumn("cell", SqlType.BIGINT),
                        new OutputColumn("value", SqlType.DOUBLE)));
    }

    private static Expression column(int index, SqlType type) {
        return new Expression.ColumnReference(index, "c" + index, type);
    }

    private LogicalPlan groups() {
        return new LogicalPlan.Aggregate(scan(), List.of(column(1, SqlType.BIGINT)),
                List.of(Aggregates.bind("avg", List.of(column(2, SqlType.DOUBLE)), false, Expression.Literal.TRUE,
                        null)),
                List.of(new OutputColumn("cell", SqlType.BIGINT), new OutputColumn("mean", SqlType.DOUBLE)));
    }

    private LogicalPlan sorted() {
        return new LogicalPlan.Sort(scan(), List.of(new LogicalPlan.SortKey(column(2, SqlType.DOUBLE), true, false)),
                Long.MAX_VALUE);
    }

    private static QueryOptions options() {
        return options(100);
    }

    private static QueryOptions options(int batchRows) {
        return QueryOptions.defaults().withThreads(3).withBatchRows(batchRows);
    }

    private interface Use {
        void accept(QueryRun run) throws IOException;
    }

    /** Runs a plan with a listener on all allocations; afterwards nothing is held. */
    private void run(LogicalPlan plan, AllocationListener listener, Use use) throws IOException {
        run(plan, options(), listener, use);
    }

    private void run(LogicalPlan plan, QueryOptions options, AllocationListener listener, Use use) throws IOException {
        try (BufferAllocator root = new RootAllocator(listener, Long.MAX_VALUE);
                BufferAllocator results = root.newChildAllocator("results", 0, Long.MAX_VALUE)) {
            BufferAllocator memory = root.newChildAllocator("query", 0, Long.MAX_VALUE);
            try (QueryRun run = Compiler.open(plan, new QueryContext(options, memory), results, new Semaphore(2))) {
                use.accept(run);
            }
            assertEquals(0, memory.getAllocatedMemory());
            assertEquals(0, grid.open(), "open readers and blocks");
        }
    }

    private static long drain(QueryRun run) throws IOException {
        long rows = 0;
        while (run.loadNextBatch()) {
            rows += run.getVectorSchemaRoot().getRowCount();
        }
        return rows;
    }

    @Test
    void nothingIsReadBeforeTheFirstBatchIsAskedFor() throws IOException {
        run(scan(), AllocationListener.NOOP,
                run -> assertEquals(3, run.getVectorSchemaRoot().getFieldVectors().size()));
        assertEquals(0, grid.chunksRead());
    }

    @Test
    void aConsumerMayStopEarly() throws IOException {
        for (LogicalPlan plan : List.of(scan(), groups(), sorted())) {
            run(plan, AllocationListener.NOOP, run -> assertTrue(run.loadNextBatch()));
        }
    }

    @Test
    void aLimitStopsTheScan() throws IOException {
        run(new LogicalPlan.Limit(scan(), 5, 0), AllocationListener.NOOP, run -> assertEquals(5, drain(run)));
        assertTrue(grid.chunksRead() < 2 * TIMES / 2, "read " + grid.chunksRead() + " chunks for five rows");
    }

    @Test
    void aLimitOfZeroReadsNothing() throws IOException {
        run(new LogicalPlan.Limit(scan(), 0, 0), AllocationListener.NOOP, run -> assertEquals(0, drain(run)));
        assertEquals(0, grid.chunksRead());
    }

    @Test
    void aCancelledQuerySaysSo() throws IOException {
        run(sorted(), AllocationListener.NOOP, run -> {
            run.cancel();
            GraticuleException error = assertThrows(GraticuleException.class, run::loadNextBatch);
            assertEquals(ErrorKind.CANCELLED, error.kind());
        });
    }

    @Test
    void whatWasHandedOverOutlivesTheQuery() throws IOException {
        try (BufferAllocator root = new RootAllocator();
                BufferAllocator results = root.newChildAllocator("results", 0, Long.MAX_VALUE)) {
            BufferAllocator memory = root.newChildAllocator("query", 0, Long.MAX_VALUE);
            FieldVector kept;
            try (QueryRun run = Compiler.open(groups(), new QueryContext(options(), memory), results,
                    new Semaphore(2))) {
                assertTrue(run.loadNextBatch());
                TransferPair pair = run.getVectorSchemaRoot().getVector("mean").getTransferPair(results);
                pair.transfer();
                kept = (FieldVector) pair.getTo();
            }
            try (kept) {
                assertEquals(CELLS * (TIMES - 1) / 2.0, ((Float8Vector) kept).get(0), 1e-9);
            }
        }
    }

    @Test
    void anyFailingAllocationIsAnErrorAndNothingLeaks() throws IOException {
        for (LogicalPlan plan : List.of(scan(), groups(), sorted(), new LogicalPlan.Limit(sorted(), 3, 2))) {
            boolean failed = true;
            for (int failing = 0; failed && failing < 400; failing += failing < 40 ? 1 : 7) {
                failed = failsAt(plan, options(), failing);
            }
        }
    }

    private boolean failsAt(LogicalPlan plan, QueryOptions options, int failing) throws IOException {
        AtomicInteger allocations = new AtomicInteger();
        boolean[] failed = new boolean[1];
        AllocationListener listener = new AllocationListener() {
            @Override
            public void onPreAllocation(long size) {
                if (allocations.getAndIncrement() == failing) {
                    throw new OutOfMemoryException("no memory, for a test");
                }
            }
        };
        run(plan, options, listener, run -> {
            try {
                assertTrue(drain(run) > 0);
            } catch (GraticuleException error) {
                assertEquals(ErrorKind.RESOURCE, error.kind(),
                        () -> error + " at allocation " + failing + " of " + plan);
                failed[0] = true;
            }
        });
        assertFalse(failed[0] && allocations.get() <= failing);
        return failed[0];
    }

    @Test
    void anyFailingAllocationWhileBuffersAreHandedOverIsAnErrorAndNothingLeaks() throws IOException {
        int cells = 20_000;
        MemoryGrid wide = MemoryGrid.named("wide").axis("time", 6).axis("cell", cells)
                .variable("value", new double[6 * cells]).chunks(1, cells).sliceable().nanIsNull().add().build();
        LogicalPlan plan = new LogicalPlan.GridScan("wide", wide, List.of(0, 2), List.of(),
                List.of(new OutputColumn("time", SqlType.BIGINT), new OutputColumn("value", SqlType.DOUBLE)));
        boolean failed = true;
        for (int failing = 0; failed; failing++) {
            failed = failsAt(plan, options(cells), failing);
        }
        assertEquals(0, wide.open());
    }

    @Test
    void twoHalfReadResultsOnOneThreadDoNotWaitForEachOther() throws IOException {
        try (BufferAllocator root = new RootAllocator();
                BufferAllocator results = root.newChildAllocator("results", 0, Long.MAX_VALUE)) {
            Semaphore permits = new Semaphore(1);
            try (QueryRun first = open(root, results, permits); QueryRun second = open(root, results, permits)) {
                assertTrue(first.loadNextBatch());
                long firstRows = first.getVectorSchemaRoot().getRowCount();
                assertTrue(second.loadNextBatch());
                long secondRows = second.getVectorSchemaRoot().getRowCount();
                assertEquals(TIMES * CELLS, firstRows + drain(first));
                assertEquals(TIMES * CELLS, secondRows + drain(second));
            }
        }
    }

    private QueryRun open(BufferAllocator root, BufferAllocator results, Semaphore permits) {
        BufferAllocator memory = root.newChildAllocator("query", 0, Long.MAX_VALUE);
        return Compiler.open(scan(), new QueryContext(options(), memory), results, permits);
    }

    /** Two morsels: the second fills what the edge may hold until its worker waits there, then the first fails. */
    private static final class FailsWhileOthersWait implements Source {
        private final AtomicInteger next = new AtomicInteger();
        private final CompletableFuture<Thread> filling = new CompletableFuture<>();

        private record Part(long ordinal, Consumer<Stage> action) implements Morsel {
            @Override
            public void run(Worker worker, Stage stage) {
                action.accept(stage);
            }
        }

        @Override
        public Morsel next() {
            return switch (next.getAndIncrement()) {
                case 0 -> new Part(0, stage -> {
                    Thread other = filling.join();
                    while (other.getState() != Thread.State.WAITING) {
                        Thread.onSpinWait();
                    }
                    throw GraticuleException.data(null, "The first morsel is broken.");
                });
                case 1 -> new Part(1, stage -> fill(stage, 1));
                default -> null;
            };
        }

        private void fill(Stage stage, long ordinal) {
            int rows = 1 << 20;
            try (BufferAllocator allocator = new RootAllocator();
                    Float8Vector vector = new Float8Vector("value", allocator)) {
                vector.allocateNew(rows);
                vector.setValueCount(rows);
                Column column = Column.dense(Values.of(vector), new int[]{rows}, 0);
                filling.complete(Thread.currentThread());
                boolean wanted = true;
                while (wanted) {
                    wanted = stage.push(Batch.of(Box.rows(0, rows), ordinal, List.of(column)));
                }
            }
        }

        @Override
        public String describe() {
            return "morsels";
        }
    }

    /** A run of a source of DOUBLE values, for two workers; afterwards nothing is held, permits neither. */
    private static void run(Source source, Use use) throws IOException {
        try (BufferAllocator root = new RootAllocator();
                BufferAllocator results = root.newChildAllocator("results", 0, Long.MAX_VALUE)) {
            BufferAllocator memory = root.newChildAllocator("query", 0, Long.MAX_VALUE);
            QueryContext query = new QueryContext(options().withThreads(2), memory);
            Semaphore permits = new Semaphore(2);
            try (QueryRun run = new QueryRun(
                    (worker, runner, last) -> runner.accept(new Pipeline(source, List.of(), last, true, false)),
                    List.of(new OutputColumn("value", SqlType.DOUBLE)), Long.MAX_VALUE, 0, query, results, permits)) {
                use.accept(run);
            }
            assertEquals(2, permits.availablePermits());
        }
    }

    @Test
    void anErrorReachesTheConsumerWhileAnotherWorkerWaitsAtTheEdge() throws IOException {
        run(new FailsWhileOthersWait(), run -> {
            GraticuleException error = assertThrows(GraticuleException.class, run::loadNextBatch);
            assertEquals("The first morsel is broken.", error.getMessage());
        });
    }

    /** One morsel, which pushes until its rows are not wanted any more. */
    private static final class Endless implements Source {
        private final FailsWhileOthersWait rows = new FailsWhileOthersWait();
        private final AtomicInteger next = new AtomicInteger();

        @Override
        public Morsel next() {
            return next.getAndIncrement() == 0 ? new FailsWhileOthersWait.Part(0, stage -> rows.fill(stage, 0)) : null;
        }

        /** Returns when its worker waits at the edge. */
        void awaitFullEdge() {
            Thread worker = rows.filling.join();
            while (worker.getState() != Thread.State.WAITING) {
                Thread.onSpinWait();
            }
        }

        @Override
        public String describe() {
            return "morsel";
        }
    }

    @Test
    void aWorkerThatWaitsAtTheEdgeEndsWhenTheQueryIsCancelled() throws IOException {
        Endless source = new Endless();
        run(source, run -> {
            assertTrue(run.loadNextBatch());
            source.awaitFullEdge();
            run.cancel();
            assertEquals(ErrorKind.CANCELLED, assertThrows(GraticuleException.class, run::loadNextBatch).kind());
        });
    }

    @Test
    void aWorkerThatWaitsAtTheEdgeEndsWhenTheReaderIsClosed() throws IOException {
        Endless source = new Endless();
        run(source, run -> {
            assertTrue(run.loadNextBatch());
            source.awaitFullEdge();
        });
    }
}
