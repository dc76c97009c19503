package dev.graticule.exec;

import dev.graticule.GraticuleException;
import dev.graticule.batch.Scratch;
import dev.graticule.expression.Evaluator;
import dev.graticule.spi.Closing;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.arrow.memory.BufferAllocator;

/**
 * One thread's share of a query: its memory, its evaluator, and what it owns until the query ends. Worker 0 is closed after the
 * others, and closes then what they share. Used by one thread at a time.
 */
public final class Worker implements AutoCloseable {
    private final int number;
    private final QueryContext query;
    private final BufferAllocator allocator;
    private final Scratch scratch;
    private final Evaluator evaluator;
    private final Map<Object, Object> resources = new HashMap<>();
    private final List<AutoCloseable> owned = new ArrayList<>();
    private boolean stoppable;
    private Thread outside;

    /** Worker {@code number} (from 0) of a query. */
    public Worker(int number, QueryContext query) {
        this.number = number;
        this.query = query;
        this.allocator = query.allocator().newChildAllocator("worker-" + number, 0, Long.MAX_VALUE);
        this.scratch = new Scratch(allocator);
        this.evaluator = new Evaluator(scratch);
    }

    /** Its number among the query's workers, from 0. */
    public int number() {
        return number;
    }

    /** The query it works for. */
    public QueryContext query() {
        return query;
    }

    /** Memory that somebody on this worker closes, before or with {@link #own}. */
    public BufferAllocator allocator() {
        return allocator;
    }

    /** Its pool of temporaries and blocks. */
    public Scratch scratch() {
        return scratch;
    }

    /** Its evaluator of expressions. */
    public Evaluator evaluator() {
        return evaluator;
    }

    /**
     * Calls code of others, which may wait, or run a query of its own: without the permit, and interrupted when the query is
     * stopped. What it throws is thrown.
     *
     * @throws dev.graticule.GraticuleException where the query is stopped already
     */
    public <T> T outside(Supplier<T> call) {
        return stoppable(() -> Permit.without(call::get));
    }

    /** Runs what may wait, on this thread, which is interrupted when the query is stopped; within another such action too. */
    <T, E extends Exception> T stoppable(Permit.Action<T, E> action) throws E {
        Thread before;
        synchronized (this) {
            before = outside;
            outside = Thread.currentThread();
        }
        try {
            if (!stoppable) {
                stoppable = true;
                query.onStop(this::interrupt);
            }
            query.checkRunning();
            return action.run();
        } catch (Exception failure) {
            GraticuleException stopped = query.stopped();
            if (failure instanceof InterruptedException && stopped != null) {
                throw stopped;
            }
            throw failure;
        } finally {
            synchronized (this) {
                outside = before;
                if (before == null && query.stopped() != null) {
                    // Whatever comes now is to clean up, undisturbed.
                    Thread.interrupted();
                }
            }
        }
    }

    private synchronized void interrupt() {
        if (outside != null) {
            outside.interrupt();
        }
    }

    /** Hands over a resource that is closed when the query ends, however it ends; the last one first. */
    public <T extends AutoCloseable> T own(T resource) {
        owned.add(resource);
        return resource;
    }

    /** The resource of this worker under a key, opened and owned at the first call. */
    @SuppressWarnings("unchecked")
    public <T extends AutoCloseable> T resource(Object key, Supplier<T> open) {
        return (T) resources.computeIfAbsent(key, unused -> own(open.get()));
    }

    @Override
    public void close() {
        List<AutoCloseable> closing = new ArrayList<>(number == 0 ? query.takeShared() : List.of());
        closing.addAll(owned);
        List<AutoCloseable> inOrder = new ArrayList<>(closing.reversed());
        inOrder.add(scratch);
        inOrder.add(allocator);
        Closing.all(inOrder);
    }
}
