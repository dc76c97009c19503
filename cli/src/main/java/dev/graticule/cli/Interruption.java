package dev.graticule.cli;

import dev.graticule.Query;
import java.util.concurrent.atomic.AtomicReference;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/** What Ctrl-C does: it cancels the query that runs; the second time, or where none runs, it ends the process. */
final class Interruption implements SignalHandler {
    /** The exit status of a process that Ctrl-C ended. */
    static final int STATUS = 130;

    private final AtomicReference<Query> running = new AtomicReference<>();
    private volatile boolean happened;

    /** Takes over the process's SIGINT. */
    void handleSignal() {
        Signal.handle(new Signal("INT"), this);
    }

    @Override
    public void handle(Signal signal) {
        if (happened || !cancel()) {
            Runtime.getRuntime().halt(STATUS);
        }
    }

    /** The query that Ctrl-C is about from here on. */
    void begin(Query query) {
        happened = false;
        running.set(query);
    }

    /** No query runs. */
    void end() {
        running.set(null);
    }

    /** Cancels the query that runs; false where there is none. */
    boolean cancel() {
        Query query = running.get();
        if (query == null) {
            return false;
        }
        happened = true;
        query.cancel();
        return true;
    }

    /** Whether the query that began last was cancelled. */
    boolean happened() {
        return happened;
    }
}
