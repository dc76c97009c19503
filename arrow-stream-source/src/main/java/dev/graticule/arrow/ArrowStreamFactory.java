package dev.graticule.arrow;

import dev.graticule.GraticuleException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;

/** Starts a stream of Arrow batches anew; called by every query, from any thread. */
@FunctionalInterface
public interface ArrowStreamFactory {
    /**
     * Starts the stream; the query closes the reader, once, also where it stops early.
     *
     * @param allocator the query's memory, for readers that allocate; closed after the reader
     * @throws Exception where the producer fails: the query then fails with its message
     */
    ArrowReader openReader(BufferAllocator allocator) throws Exception;

    /** A factory of the one reader that there is: a second query is an error that says so. */
    static ArrowStreamFactory once(ArrowReader reader) {
        return once((ArrowStreamFactory) allocator -> reader);
    }

    /** The factory, for one call; a second query is an error that says so. */
    static ArrowStreamFactory once(ArrowStreamFactory factory) {
        AtomicBoolean used = new AtomicBoolean();
        return allocator -> {
            if (used.getAndSet(true)) {
                throw GraticuleException
                        .source("This stream can be read only once, and a query has read it already. Register a factory"
                                + " that starts it anew, or a copy of its rows.", null);
            }
            return factory.openReader(allocator);
        };
    }
}
