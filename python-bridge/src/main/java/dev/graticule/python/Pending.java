package dev.graticule.python;

import dev.graticule.ErrorKind;
import dev.graticule.GraticuleException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Work that goes on while Python waits for it a little at a time: its main thread must come back now and then to see Ctrl-C. Thread-safe.
 */
public final class Pending {
    private static final ExecutorService THREADS = Executors
            .newCachedThreadPool(task -> Thread.ofPlatform().daemon().name("graticule-python").unstarted(task));

    private final FutureTask<Object> task;

    private Pending(FutureTask<Object> task) {
        this.task = task;
    }

    /** Starts work on a thread of its own. */
    static Pending start(Callable<?> work) {
        FutureTask<Object> task = new FutureTask<>(work::call);
        THREADS.execute(task);
        return new Pending(task);
    }

    /** Waits that many milliseconds at most; whether the work has ended by then, well or not. */
    public boolean within(long milliseconds) throws InterruptedException {
        try {
            task.get(milliseconds, TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException notYet) {
            return false;
        } catch (ExecutionException told) {
            return true;
        }
    }

    /**
     * What the work gave, when it has ended.
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
