package dev.graticule.exec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graticule.ErrorKind;
import dev.graticule.GraticuleException;
import dev.graticule.QueryOptions;
import dev.graticule.batch.Batch;
import dev.graticule.batch.Box;
import dev.graticule.batch.Column;
import dev.graticule.batch.RandomColumns;
import dev.graticule.batch.Values;
import dev.graticule.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.arrow.memory.AllocationListener;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;

/** Drives a breaker by hand over random morsels, with any number of workers, and checks that it leaves no memory behind. */
public final class BreakerHarness implements AutoCloseable {
    private final BufferAllocator inputs = new RootAllocator();
    private final RandomColumns columns;
    private final Random random;
    private final List<List<Batch>> morsels = new ArrayList<>();

    /** Some morsels of rows with columns of these types; few different values where {@code few}. */
    public BreakerHarness(Random random, List<SqlType> types, boolean few) {
        this(random, types, few, 300);
    }

    public BreakerHarness(Random random, List<SqlType> types, boolean few, int mostRows) {
        this.random = random;
        this.columns = new RandomColumns(random, inputs);
        int count = random.nextInt(7);
        for (int ordinal = 0; ordinal < count; ordinal++) {
            List<Batch> batches = new ArrayList<>();
            for (int n = random.nextInt(4); n > 0; n--) {
                int[] shape = columns.shape(random.nextBoolean() ? mostRows : 20);
                int rows = RandomColumns.rows(shape);
                List<Column> made = new ArrayList<>();
                types.forEach(type -> made.add(columns.column(type, shape, few)));
                batches.add(new Batch(Box.rows(0, rows), shape, rows, ordinal, made, columns.selection(rows)));
            }
            morsels.add(batches);
        }
    }

    /** Lends a harness over one morsel with one BIGINT column. */
    public static <T> T ofBigints(long[] values, Function<BreakerHarness, T> action) {
        try (BreakerHarness harness = new BreakerHarness(new Random(0), List.of(), true)) {
            BigIntVector vector = new BigIntVector("x", harness.inputs);
            try (vector) {
                vector.allocateNew(values.length);
                for (int i = 0; i < values.length; i++) {
                    vector.set(i, values[i]);
                }
                vector.setValueCount(values.length);
                harness.morsels.clear();
                Column column = Column.dense(Values.of(vector), new int[]{values.length}, 0);
                harness.morsels.add(List.of(Batch.of(Box.rows(0, values.length), 0, List.of(column))));
                return action.apply(harness);
            }
        }
    }

    /** The selected rows in the order of (ordinal, row). */
    public List<List<Object>> rows() {
        List<List<Object>> rows = new ArrayList<>();
        for (List<Batch> batches : morsels) {
            for (Batch batch : batches) {
                rows.addAll(rows(batch));
            }
        }
        return rows;
    }

    private static List<List<Object>> rows(Batch batch) {
        List<List<Object>> rows = new ArrayList<>();
        for (int row = 0; row < batch.rows(); row++) {
            if (batch.selection().contains(row)) {
                List<Object> values = new ArrayList<>();
                for (Column column : batch.columns()) {
                    values.add(RandomColumns.object(column, batch.shape(), row));
                }
                rows.add(values);
            }
        }
        return rows;
    }

    /** Runs a breaker to its end and gives its output; its allocator holds nothing afterwards. */
    public List<List<Object>> run(Supplier<Breaker> breaker, int workers) {
        try (BufferAllocator allocator = new RootAllocator()) {
            return run(breaker.get(), workers, allocator, Integer.MAX_VALUE, Integer.MAX_VALUE);
        }
    }

    /** Runs a breaker with a thread for each worker, which all take morsels at the same time. */
    public List<List<Object>> runInThreads(Supplier<Breaker> made, int workers) {
        Breaker breaker = made.get();
        List<Worker> running = new ArrayList<>();
        try (BufferAllocator allocator = new RootAllocator()) {
            try (ExecutorService threads = Executors.newFixedThreadPool(workers)) {
                QueryContext query = new QueryContext(QueryOptions.defaults(), allocator);
                AtomicInteger next = new AtomicInteger();
                List<Future<?>> ends = new ArrayList<>();
                for (int i = 0; i < workers; i++) {
                    Worker worker = new Worker(i, query);
                    running.add(worker);
                    ends.add(threads.submit(() -> takeMorsels(breaker, worker, next)));
                }
                for (Future<?> end : ends) {
                    end.get();
                }
                breaker.complete(running.getFirst());
                return drain(breaker, running, Integer.MAX_VALUE);
            } catch (InterruptedException | ExecutionException problem) {
                throw new IllegalStateException(problem);
            } finally {
                running.forEach(Worker::close);
                assertEquals(0, allocator.getAllocatedMemory());
            }
        }
    }

    private void takeMorsels(Breaker breaker, Worker worker, AtomicInteger next) {
        Stage stage = breaker.openInput(worker);
        while (!breaker.isSatisfied()) {
            int ordinal = next.getAndIncrement();
            if (ordinal >= morsels.size()) {
                break;
            }
            for (Batch batch : morsels.get(ordinal)) {
                worker.scratch().mark();
                boolean more = stage.push(batch);
                worker.scratch().release();
                if (!more) {
                    break;
                }
            }
            breaker.finishMorsel(ordinal);
        }
        stage.finish();
    }

    private List<List<Object>> drain(Breaker breaker, List<Worker> workers, int outputBatches) {
        List<List<Object>> output = new ArrayList<>();
        Source source = breaker.output();
        int[] seen = {0};
        long expected = 0;
        for (Morsel morsel = source.next(); morsel != null && seen[0] < outputBatches; morsel = source.next()) {
            assertEquals(expected++, morsel.ordinal());
            long ordinal = morsel.ordinal();
            morsel.run(workers.get(random.nextInt(workers.size())), new Stage() {
                @Override
                public boolean push(Batch batch) {
                    assertEquals(ordinal, batch.ordinal());
                    output.addAll(rows(batch));
                    return ++seen[0] < outputBatches;
                }

                @Override
                public void finish() {
                }
            });
        }
        return output;
    }

    /** Stops after that many input batches (as a cancelled query does), or after that many output batches. */
    private List<List<Object>> run(Breaker breaker, int workers, BufferAllocator allocator, int inputBatches,
            int outputBatches) {
        List<Worker> running = new ArrayList<>();
        QueryContext query = new QueryContext(QueryOptions.defaults(), allocator);
        try {
            List<Stage> stages = new ArrayList<>();
            for (int i = 0; i < workers; i++) {
                Worker worker = new Worker(i, query);
                running.add(worker);
                stages.add(breaker.openInput(worker));
            }
            int left = inputBatches;
            for (int ordinal = 0; ordinal < morsels.size() && !breaker.isSatisfied(); ordinal++) {
                int chosen = random.nextInt(workers);
                boolean more = true;
                for (Batch batch : morsels.get(ordinal)) {
                    if (left-- == 0) {
                        return List.of();
                    }
                    if (more) {
                        running.get(chosen).scratch().mark();
                        more = stages.get(chosen).push(batch);
                        running.get(chosen).scratch().release();
                    }
                }
                breaker.finishMorsel(ordinal);
            }
            stages.forEach(Stage::finish);
            breaker.complete(running.getFirst());
            return drain(breaker, running, outputBatches);
        } finally {
            running.forEach(Worker::close);
            assertEquals(0, allocator.getAllocatedMemory());
        }
    }

    /** Checks that a query that ends anywhere before its end leaves no memory behind. */
    public void checkEarlyEnds(Supplier<Breaker> breaker) {
        try (BufferAllocator allocator = new RootAllocator()) {
            for (int batches = 0; batches < 4; batches++) {
                run(breaker.get(), 2, allocator, batches, Integer.MAX_VALUE);
                run(breaker.get(), 2, allocator, Integer.MAX_VALUE, batches);
            }
        }
    }

    /** Makes every n-th allocation fail, for n = 1, 2, ... until none fails: always a clear error, and never memory left behind. */
    public void checkFailingAllocations(Supplier<Breaker> breaker) {
        boolean failed = true;
        for (int allowed = 0; failed; allowed++) {
            assertTrue(allowed < 5000, "too many allocations for so few rows");
            int[] left = {allowed};
            AllocationListener failing = new AllocationListener() {
                @Override
                public void onPreAllocation(long size) {
                    if (left[0]-- == 0) {
                        throw new OutOfMemoryException("made to fail");
                    }
                }
            };
            try (BufferAllocator allocator = new RootAllocator(failing, Long.MAX_VALUE)) {
                run(breaker.get(), 2, allocator, Integer.MAX_VALUE, Integer.MAX_VALUE);
                failed = false;
            } catch (GraticuleException problem) {
                assertEquals(ErrorKind.RESOURCE, problem.kind());
            }
        }
    }

    @Override
    public void close() {
        columns.close();
        inputs.close();
    }
}
