package dev.graticule.exec;

import dev.graticule.ErrorKind;
import dev.graticule.GraticuleException;
import dev.graticule.batch.Batch;
import dev.graticule.batch.ToArrow;
import dev.graticule.kernel.CompareLoop;
import dev.graticule.plan.LogicalPlan.OutputColumn;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.arrow.memory.BufferAllocator;

/**
 * Where results leave the engine: rows in morsel order, at any number of workers, as Arrow vectors of the consumer's allocator.
 *
 * <p>Workers wait when more than a few megabytes are ready, except for the oldest morsel, which is admitted while its own rows are
 * few: so the consumer never starves. The LIMIT and OFFSET of the whole query live here: the prefix that is complete is
 * streamed, and workers stop when it is long enough. Thread-safe.
 */
final class ResultEdge implements Breaker {
    private static final long MOST_BYTES_READY = 16L << 20;
    private static final int ENOUGH_ROWS = 1 << 15;

    private final List<OutputColumn> columns;
    private final BufferAllocator results;
    private final QueryContext query;
    private final long limit;
    private final long offset;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<Long, Output> outputs = new HashMap<>();
    private long oldest;
    private long readyBytes;
    private long prefixRows;
    private long emittedRows;
    private boolean satisfied;
    private boolean completed;
    private boolean closed;

    /** What one morsel gave so far and nobody took. */
    private static final class Output {
        private final Queue<ResultRows> ready = new ArrayDeque<>();
        private ResultRows growing;
        private long bytes;
        private long rows;
        private boolean finished;
    }

    /** {@code limit} is {@link Long#MAX_VALUE} where there is none. */
    ResultEdge(List<OutputColumn> columns, BufferAllocator results, QueryContext query, long limit,
            long offset) {
        this.columns = columns;
        this.results = results;
        this.query = query;
        this.limit = limit;
        this.offset = offset;
        query.onStop(this::wake);
    }

    private long wanted() {
        return limit > Long.MAX_VALUE - offset ? Long.MAX_VALUE : limit + offset;
    }

    @Override
    public Stage openInput(Worker worker) {
        ToArrow toArrow = new ToArrow(CompareLoop::numbers);
        return new Stage() {
            @Override
            public boolean push(Batch batch) {
                Output output = output(batch.ordinal());
                if (ResultRows.canHandOver(batch, worker.scratch())) {
                    if (output.growing != null && !admit(batch.ordinal(), output)) {
                        return false;
                    }
                    output.growing = ResultRows.of(columns, batch, results, worker.scratch(), toArrow);
                    return admit(batch.ordinal(), output);
                }
                if (output.growing == null) {
                    output.growing = new ResultRows(columns, results);
                }
                output.growing.append(batch, toArrow);
                return output.growing.rows() < ENOUGH_ROWS && output.rows > 0 || admit(batch.ordinal(), output);
            }

            @Override
            public void finish() {
                // Rows are admitted as they come, the last ones of a morsel with its end.
            }
        };
    }

    private Output output(long ordinal) {
        lock.lock();
        try {
            return outputs.computeIfAbsent(ordinal, unused -> new Output());
        } finally {
            lock.unlock();
        }
    }

    /** Hands over the grown rows of a morsel; waits while too much is ready. Returns whether its further rows are wanted. */
    private boolean admit(long ordinal, Output output) {
        if (mustWait(ordinal, output)) {
            Permit.without(() -> awaitRoom(ordinal, output));
        }
        lock.lock();
        try {
            ResultRows rows = output.growing;
            output.growing = null;
            if (closed) {
                rows.close();
                return false;
            }
            output.ready.add(rows);
            output.rows += rows.rows();
            output.bytes += rows.bytes();
            readyBytes += rows.bytes();
            changed.signalAll();
            return output.rows + (ordinal == oldest ? prefixRows : 0) < wanted();
        } finally {
            lock.unlock();
        }
    }

    private Void awaitRoom(long ordinal, Output output) {
        lock.lock();
        try {
            while (mustWait(ordinal, output)) {
                changed.awaitUninterruptibly();
            }
            return null;
        } finally {
            lock.unlock();
        }
    }

    private boolean mustWait(long ordinal, Output output) {
        lock.lock();
        try {
            return !closed && query.stopped() == null
                    && (ordinal == oldest ? output.bytes : readyBytes) > MOST_BYTES_READY;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void finishMorsel(long ordinal) {
        Output output = output(ordinal);
        if (output.growing != null) {
            admit(ordinal, output);
        }
        lock.lock();
        try {
            output.finished = true;
            long rows = prefixRows;
            long next = oldest;
            for (Output complete = outputs.get(next); complete != null
                    && complete.finished; complete = outputs.get(++next)) {
                rows += complete.rows;
            }
            satisfied |= rows >= wanted();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean isSatisfied() {
        lock.lock();
        try {
            return satisfied || closed;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void complete(Worker worker) {
        // What is ready stays for the consumer.
    }

    /** No more rows will come: the query has run, or failed. */
    void end() {
        lock.lock();
        try {
            completed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * The next rows in order, which the caller closes; {@code null} after the last.
     *
     * @param wait whether to wait for workers; otherwise {@code null} also means that nothing is ready, or not so few rows
     * @param most how many rows there may be
     * @throws GraticuleException where the query failed or was cancelled
     */
    ResultRows next(boolean wait, int most) {
        lock.lock();
        try {
            while (emittedRows < limit) {
                query.checkRunning();
                Output output = outputs.get(oldest);
                if (output != null && !output.ready.isEmpty()) {
                    if (output.ready.peek().rows() > most) {
                        return null;
                    }
                    ResultRows rows = output.ready.remove();
                    output.bytes -= rows.bytes();
                    readyBytes -= rows.bytes();
                    output.rows -= rows.rows();
                    changed.signalAll();
                    ResultRows left = cut(rows);
                    if (left != null) {
                        return left;
                    }
                } else if (output != null && output.finished) {
                    outputs.remove(oldest++);
                    changed.signalAll();
                } else if (completed || !wait) {
                    return null;
                } else {
                    await();
                }
            }
            satisfied = true;
            return null;
        } finally {
            lock.unlock();
        }
    }

    /** Waits for workers; whoever interrupts the consumer's thread cancels the query, and the thread stays interrupted. */
    private void await() {
        try {
            changed.await();
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
            query.stop(GraticuleException.of(ErrorKind.CANCELLED, null,
                    "The query was cancelled: the thread that reads its result was interrupted.", interruption));
        }
    }

    /** The part of the next rows that OFFSET and LIMIT leave, or {@code null}; the rest is closed. */
    private ResultRows cut(ResultRows rows) {
        int skip = (int) Long.max(0, Long.min(rows.rows(), offset - prefixRows));
        int take = (int) Long.min(rows.rows() - skip, limit - emittedRows);
        prefixRows += rows.rows();
        emittedRows += take;
        if (take == rows.rows()) {
            return rows;
        }
        try (rows) {
            if (take == 0) {
                return null;
            }
            ResultRows part = new ResultRows(columns, results);
            try {
                part.append(rows, skip, skip + take, new ToArrow(CompareLoop::numbers));
                return part;
            } catch (Throwable failure) {
                part.close();
                throw failure;
            }
        }
    }

    /** The consumer wants no more: closes what is ready and turns away what comes. */
    void close() {
        lock.lock();
        try {
            closed = true;
            for (Output output : outputs.values()) {
                output.ready.forEach(ResultRows::close);
                output.ready.clear();
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Wakes whoever waits here, after the query was stopped. */
    private void wake() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Frees what is left, after all workers have ended. */
    void free() {
        close();
        for (Output output : outputs.values()) {
            if (output.growing != null) {
                output.growing.close();
            }
        }
        outputs.clear();
    }

    @Override
    public Source output() {
        throw new UnsupportedOperationException("The result edge is the last breaker of a query");
    }

    @Override
    public String describe() {
        return "result" + (limit == Long.MAX_VALUE ? "" : " limit " + limit) + (offset == 0 ? "" : " offset " + offset);
    }
}
