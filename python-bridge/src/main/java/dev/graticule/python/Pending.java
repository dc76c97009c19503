package dev.graticule.python;

import dev.graticule.ErrorKind;
import dev.graticule.GraticuleException;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Work that goes on while Python waits for it a little at a time: its main thread must come back now and then to see Ctrl-C. It begins
 * when it is first waited for: what Ctrl-C takes from Python before that has never begun. Thread-safe.
 */
public final class Pending {
    private static final ExecutorService THREADS = Executors
            .newCachedThreadPool(task -> Thread.ofPlatform().daemon().name("graticule-python").unstarted(task));

    private final FutureTask<Object> task;
    private final AtomicBoolean decided = new AtomicBoolean();

    /** Work that will be done on a thread of its own. */
    Pending(Callable<?> work) {
        task = new FutureTask<>(work::call);
    }

    /** Begins it, if it has not begun and was not given up. */
    Pending begin() {
        if (decided.compareAndSet(false, true)) {
            THREADS.execute(task);
        }
        return this;
    }

    /** If it has not begun, it never will, and has ended. */
    public void giveUp() {
        if (decided.compareAndSet(false, true)) {
            task.cancel(false);
        }
    }

    /** Begins it, and waits that many milliseconds at most; whether the work has ended by then, well or not. */
    public boolean within(long milliseconds) throws InterruptedException {
        begin();
        try {
            task.get(milliseconds, TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException notYet) {
            return false;
        } catch (ExecutionException | CancellationException told) {
            return true;
        }
    }

    /**
     * As {@link #within}, where an interruption only ends the waiting early. Ctrl-C interrupts Python's main thread, sooner or later than
     * Python itself sees it, and Python is the one to tell of it.
     */
    public boolean isEndedWithin(long milliseconds) {
        try {
            return within(milliseconds);
        } catch (InterruptedException interruption) {
            return task.isDone();
        }
    }

    /**
     * What the work gave, when it has ended; not for work that was given up.
     *
     * @throws GraticuleException where it failed
     */
    public Object result() throws InterruptedException {
        try {
            return task.get();
        } catch (ExecutionException failure) {
            switch (failure.getCause()) {
                case GraticuleException known -> throw known;
                case Error error -> throw error;
                case Throwable other ->
                    throw GraticuleException.of(ErrorKind.INTERNAL, null, String.valueOf(other), other);
            }
        }
    }
}
