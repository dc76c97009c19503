package dev.graticule.exec;

import java.util.concurrent.Semaphore;

/**
 * The right to use a core: a worker's thread holds one while it runs a morsel, and gives it back while somebody else's code runs
 * or is waited for. So a producer may run queries itself, on any thread, however few cores there are.
 */
public final class Permit {
    private static final ThreadLocal<Held> HELD = new ThreadLocal<>();

    private record Held(Semaphore permits, Worker worker) {
    }

    /** What may wait for others. */
    @FunctionalInterface
    public interface Action<T, E extends Exception> {
        T run() throws E;
    }

    private Permit() {
    }

    /** Runs an action of a worker on this thread with a permit of its own. */
    static void with(Semaphore permits, Worker worker, Runnable action) {
        permits.acquireUninterruptibly();
        HELD.set(new Held(permits, worker));
        try {
            action.run();
        } finally {
            HELD.remove();
            permits.release();
        }
    }

    /**
     * Runs an action without the permit that this thread holds, if it holds one; it is interrupted when the query of that permit's
     * worker is stopped.
     *
     * @throws dev.graticule.GraticuleException where that query is stopped already
     */
    public static <T, E extends Exception> T without(Action<T, E> action) throws E {
        Held held = HELD.get();
        return held == null ? action.run() : held.worker.stoppable(() -> without(held, action));
    }

    private static <T, E extends Exception> T without(Held held, Action<T, E> action) throws E {
        HELD.remove();
        held.permits.release();
        try {
            return action.run();
        } finally {
            held.permits.acquireUninterruptibly();
            HELD.set(held);
        }
    }
}
