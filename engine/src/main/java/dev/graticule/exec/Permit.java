package dev.graticule.exec;

import java.util.concurrent.Semaphore;

/**
 * The right to use a core: a worker's thread holds one while it runs a morsel, and gives it back while somebody else's code runs
 * or is waited for. So a producer may run queries itself, on any thread, however few cores there are.
 */
public final class Permit {
    private static final ThreadLocal<Semaphore> HELD = new ThreadLocal<>();

    /** What may wait for others. */
    @FunctionalInterface
    public interface Action<T, E extends Exception> {
        T run() throws E;
    }

    private Permit() {
    }

    /** Runs an action of this thread with a permit of its own. */
    static void with(Semaphore permits, Runnable action) {
        permits.acquireUninterruptibly();
        HELD.set(permits);
        try {
            action.run();
        } finally {
            HELD.remove();
            permits.release();
        }
    }

    /** Runs an action without the permit that this thread holds, if it holds one. */
    public static <T, E extends Exception> T without(Action<T, E> action) throws E {
        Semaphore held = HELD.get();
        if (held == null) {
            return action.run();
        }
        HELD.remove();
        held.release();
        try {
            return action.run();
        } finally {
            held.acquireUninterruptibly();
            HELD.set(held);
        }
    }
}
