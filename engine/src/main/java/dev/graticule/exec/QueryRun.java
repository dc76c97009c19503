package dev.graticule.exec;

import dev.graticule.ErrorKind;
import dev.graticule.GraticuleException;
import dev.graticule.batch.ToArrow;
import dev.graticule.kernel.CompareLoop;
import dev.graticule.plan.LogicalPlan.OutputColumn;
import dev.graticule.spi.Closing;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * A running query as its consumer sees it: nothing runs before the first batch is asked for, and closing it, at any time, stops
 * the workers and frees the query's memory.
 *
 * <p>Batches belong to the reader's root, whose vectors may be transferred away and kept after everything here is closed. Used by
 * one thread, but for {@link #cancel} and {@link #close}: closing it ends a load that is under way on another thread, with an error
 * of kind CANCELLED.
 */
public final class QueryRun extends ArrowReader {
    private final Program program;
    private final List<OutputColumn> columns;
    private final long limit;
    private final long offset;
    private final QueryContext query;
    private final Semaphore permits;
    private final ToArrow toArrow = new ToArrow(CompareLoop::numbers);
    /** Held while a batch is loaded and while it is closed. */
    private final ReentrantLock using = new ReentrantLock();
    private final List<Worker> workers = new ArrayList<>();
    private ResultEdge edge;
    private Thread coordinator;
    private boolean emitted;
    private volatile boolean closed;
    private volatile Runnable afterClosing = () -> {
    };

    /** What a query does: has its pipelines run, one after the other, the last one into a breaker. */
    public interface Program {
        /**
         * @param worker on whose thread things are prepared, and who owns what is kept
         * @param runner runs a pipeline to its end
         */
        void run(Worker worker, Consumer<Pipeline> runner, Breaker last);
    }

    /**
     * A run of a program; the caller closes it, and with it the allocator of {@code query}.
     *
     * @param columns the columns of the rows that reach the last breaker
     * @param limit how many rows are wanted after the first {@code offset}; {@link Long#MAX_VALUE} for all
     * @param results the allocator of the batches, which outlives the query
     * @param permits one for each core that the engine may use, shared by its queries
     */
    public QueryRun(Program program, List<OutputColumn> columns, long limit, long offset, QueryContext query,
            BufferAllocator results,
            Semaphore permits) {
        super(results);
        this.program = program;
        this.columns = columns;
        this.limit = limit;
        this.offset = offset;
        this.query = query;
        this.permits = permits;
    }

    /** Stops the query as soon as its workers notice; the next batch asked for is an error of kind CANCELLED. Thread-safe. */
    public void cancel() {
        query.cancel();
    }

    @Override
    protected Schema readSchema() {
        List<Field> fields = new ArrayList<>();
        for (OutputColumn column : columns) {
            fields.add(column.field());
        }
        return new Schema(fields);
    }

    private void start() {
        ResultEdge started = new ResultEdge(columns, allocator, query, limit, offset);
        edge = started;
        if (limit == 0) {
            started.end();
            return;
        }
        coordinator = Thread.ofPlatform().daemon().name("graticule-query").unstarted(() -> {
            try {
                runProgram(started);
            } catch (Throwable problem) {
                query.stop(PipelineRunner.error(problem));
            } finally {
                started.end();
            }
        });
        coordinator.start();
    }

    private void runProgram(ResultEdge last) {
        for (int i = 0; i < query.options().threads(); i++) {
            workers.add(new Worker(i, query));
        }
        program.run(workers.getFirst(), pipeline -> run(pipeline, workers, permits), last);
    }

    @Override
    public boolean loadNextBatch() throws IOException {
        using.lock();
        try {
            return load();
        } finally {
            using.unlock();
        }
    }

    private boolean load() throws IOException {
        if (closed) {
            throw GraticuleException.of(ErrorKind.CANCELLED, null, "This result was closed.", null);
        }
        query.checkRunning();
        ensureInitialized();
        prepareLoadNextBatch();
        if (edge == null) {
            start();
        }
        ResultRows rows = edge.next(true, Integer.MAX_VALUE);
        if (rows == null) {
            return false;
        }
        rows = emitted ? join(rows) : rows;
        emitted = true;
        List<FieldVector> targets = getVectorSchemaRoot().getFieldVectors();
        for (int column = 0; column < targets.size(); column++) {
            rows.vectors().get(column).makeTransferPair(targets.get(column)).transfer();
        }
        getVectorSchemaRoot().setRowCount(rows.rows());
        rows.close();
        return true;
    }

    /** Puts small batches that are ready behind each other. */
    private ResultRows join(ResultRows first) {
        if (first.rows() >= ResultRows.LEAST_ROWS) {
            return first;
        }
        try {
            ResultRows more = edge.next(false, ResultRows.LEAST_ROWS);
            while (more != null) {
                try (ResultRows taken = more) {
                    first.append(taken, 0, taken.rows(), toArrow);
                }
                more = first.rows() < ResultRows.LEAST_ROWS ? edge.next(false, ResultRows.LEAST_ROWS) : null;
            }
            return first;
        } catch (Throwable failure) {
            first.close();
            throw failure;
        }
    }

    @Override
    public long bytesRead() {
        return query.bytesRead().sum();
    }

    /** What is done once it is closed, in place of what was said before; set before it is handed out. */
    public void whenClosed(Runnable action) {
        afterClosing = action;
    }

    /** Whether it was closed. Thread-safe. */
    public boolean isClosed() {
        return closed;
    }

    @Override
    public void close(boolean closeReadSource) throws IOException {
        if (closeReadSource) {
            query.cancel();
        }
        using.lock();
        try {
            super.close(closeReadSource);
        } finally {
            using.unlock();
        }
    }

    /** Stops the query and frees what it holds; what was loaded last stays in the root until the root is closed. */
    @Override
    protected void closeReadSource() {
        if (closed) {
            return;
        }
        closed = true;
        query.cancel();
        if (edge != null) {
            edge.close();
        }
        if (coordinator != null) {
            joinUninterruptibly(coordinator);
        }
        List<AutoCloseable> closing = new ArrayList<>();
        if (edge != null) {
            closing.add(edge::free);
        }
        closing.addAll(workers.reversed());
        closing.add(query.allocator());
        closing.add(afterClosing::run);
        Closing.all(closing);
    }

    /** Runs one pipeline on these workers to its end; throws what stopped it. */
    public static void run(Pipeline pipeline, List<Worker> workers, Semaphore permits) {
        new PipelineRunner(pipeline, workers, permits).run();
    }

    /** What the user sees of something thrown while a query is bound or runs. */
    public static GraticuleException error(Throwable problem) {
        return PipelineRunner.error(problem);
    }

    static void joinUninterruptibly(Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException interruption) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
