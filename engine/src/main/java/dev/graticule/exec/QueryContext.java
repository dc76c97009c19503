package dev.graticule.exec;

import dev.graticule.ErrorKind;
import dev.graticule.GraticuleException;
import dev.graticule.QueryOptions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.apache.arrow.memory.BufferAllocator;

/** What the workers of one running query share. Thread-safe. */
public final class QueryContext {
    private final QueryOptions options;
    private final BufferAllocator allocator;
    private final ConcurrentLinkedQueue<String> notices = new ConcurrentLinkedQueue<>();
    private final LongAdder bytesRead = new LongAdder();
    private final LongAdder chunksRead = new LongAdder();
    private final List<Runnable> wakers = new ArrayList<>();
    private final Map<Object, AutoCloseable> shared = new LinkedHashMap<>();
    private volatile double progress;
    private volatile GraticuleException stopped;

    /** A context whose memory comes from {@code allocator}, which has the query's limit. */
    public QueryContext(QueryOptions options, BufferAllocator allocator) {
        this.options = options;
        this.allocator = allocator;
    }

    /** What is set for this query. */
    public QueryOptions options() {
        return options;
    }

    /** The query's own allocator: it holds nothing after the query has ended. */
    public BufferAllocator allocator() {
        return allocator;
    }

    /** Something that is allowed and probably not meant; each text is kept once. */
    public void notice(String text) {
        if (!notices.contains(text)) {
            notices.add(text);
        }
    }

    /** The notices so far. */
    public Iterable<String> notices() {
        return notices;
    }

    /** The bytes that sources read from storage so far. */
    public LongAdder bytesRead() {
        return bytesRead;
    }

    /** The chunks that were read or found missing so far. */
    public LongAdder chunksRead() {
        return chunksRead;
    }

    /** The share of its morsels that the pipeline which runs now has finished, 0 where that is not known. */
    public double progress() {
        return progress;
    }

    void progress(double share) {
        progress = share;
    }

    /** What all workers share under a key: opened at the first call, and closed after everything that workers own. */
    @SuppressWarnings("unchecked")
    public synchronized <T extends AutoCloseable> T shared(Object key, Supplier<T> open) {
        return (T) shared.computeIfAbsent(key, unused -> open.get());
    }

    /** What is shared, in the order in which it was opened, for whoever closes it; from here on nothing is. */
    synchronized List<AutoCloseable> takeShared() {
        List<AutoCloseable> taken = List.copyOf(shared.values());
        shared.clear();
        return taken;
    }

    /** Asks all workers to stop as soon as they can. */
    public void cancel() {
        stop(GraticuleException.of(ErrorKind.CANCELLED, null, "The query was cancelled.", null));
    }

    /** Stops the query with an error, of which the first one stays, and wakes whoever waits. */
    public void stop(GraticuleException error) {
        List<Runnable> waiting;
        synchronized (this) {
            if (stopped == null) {
                stopped = error;
            }
            waiting = List.copyOf(wakers);
        }
        waiting.forEach(Runnable::run);
    }

    /** Has {@code wake} run when the query is stopped, on the thread that stops it: for whoever waits for something else than a worker. */
    synchronized void onStop(Runnable wake) {
        wakers.add(wake);
    }

    /** The error that stopped the query, or {@code null} while it runs. */
    public GraticuleException stopped() {
        return stopped;
    }

    /** Throws the error that stopped the query, if there is one; called between batches. */
    public void checkRunning() {
        if (stopped != null) {
            throw stopped;
        }
    }
}
