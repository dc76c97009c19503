package dev.graticule.exec;

import dev.graticule.ErrorKind;
import dev.graticule.GraticuleException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.arrow.memory.OutOfMemoryException;

/**
 * Runs one pipeline: workers take morsels and push them through, each with its own stages.
 *
 * <p>The first worker is the calling thread; others are started while there is work. A permit per core, shared by all queries
 * of the engine, is held while a morsel runs. Of an ordered pipeline no morsel is handed out more than a few ahead of the oldest
 * unfinished one. The first error stops all workers and is thrown at the caller.
 */
final class PipelineRunner {
    private static final int MORSELS_AHEAD = 4;

    private final Pipeline pipeline;
    private final List<Worker> workers;
    private final QueryContext query;
    private final Semaphore permits;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition finished = lock.newCondition();
    private final TreeSet<Long> running = new TreeSet<>();
    private long handedOut;
    private long finishedMorsels;
    private boolean exhausted;

    PipelineRunner(Pipeline pipeline, List<Worker> workers, Semaphore permits) {
        this.pipeline = pipeline;
        this.workers = workers;
        this.query = workers.getFirst().query();
        this.permits = permits;
    }

    /** Runs the pipeline to its end and completes its breaker. */
    void run() {
        List<Thread> threads = new ArrayList<>();
        guard(() -> {
            Morsel first = take(true);
            if (first != null) {
                startOthers(threads);
                work(workers.getFirst(), first);
            }
        });
        for (Thread thread : threads) {
            QueryRun.joinUninterruptibly(thread);
        }
        guard(pipeline.source()::end);
        query.checkRunning();
        guard(() -> pipeline.breaker().complete(workers.getFirst()));
        query.checkRunning();
    }

    /** Starts a thread a worker, as long as there may be a morsel for it. */
    private void startOthers(List<Thread> threads) {
        for (Worker worker : workers.subList(1, workers.size())) {
            Morsel own = take(false);
            if (own == null && hasEnded()) {
                return;
            }
            Thread thread = Thread.ofPlatform().daemon().name("graticule-worker-" + worker.number())
                    .unstarted(() -> guard(() -> work(worker, own)));
            threads.add(thread);
            thread.start();
        }
    }

    /** Runs an action; whatever it throws stops the query. */
    private void guard(Runnable action) {
        try {
            action.run();
        } catch (Throwable problem) {
            query.stop(error(problem));
            lock.lock();
            try {
                finished.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    /** What the user sees of something thrown while a query runs. */
    static GraticuleException error(Throwable problem) {
        return switch (problem) {
            case GraticuleException known -> known;
            case OutOfMemoryException exhausted -> GraticuleException.of(ErrorKind.RESOURCE, null,
                    "Out of memory: " + exhausted.getMessage()
                            + " Raise it with SET memory_limit = '4GB', or select less.",
                    exhausted);
            case OutOfMemoryError heap ->
                GraticuleException.of(ErrorKind.RESOURCE, null, "Out of memory: the JVM's heap is full (-Xmx).", heap);
            case StackOverflowError deep -> GraticuleException.of(ErrorKind.RESOURCE, null,
                    "The statement is nested too deeply. Build it from WITH parts or views, or run it on a thread with a larger stack.",
                    deep);
            default -> GraticuleException.of(ErrorKind.INTERNAL, null, "Internal error: " + problem, problem);
        };
    }

    private void work(Worker worker, Morsel first) {
        Stage stage = null;
        Morsel morsel = first != null ? first : take(true);
        while (morsel != null) {
            if (stage == null) {
                stage = open(worker);
            }
            run(morsel, worker, stage);
            finish(morsel);
            morsel = take(true);
        }
        if (stage != null) {
            stage.finish();
        }
    }

    private void run(Morsel morsel, Worker worker, Stage stage) {
        Permit.with(permits, worker, () -> {
            morsel.run(worker, stage);
            query.checkRunning();
            pipeline.breaker().finishMorsel(morsel.ordinal());
        });
    }

    private Stage open(Worker worker) {
        Stage stage = pipeline.breaker().openInput(worker);
        for (Operator operator : pipeline.operators().reversed()) {
            stage = operator.open(worker, stage);
        }
        return stage;
    }

    private boolean hasEnded() {
        return exhausted || query.stopped() != null || pipeline.breaker().isSatisfied();
    }

    /** The next morsel, {@code null} at the end; where it may not be handed out yet, waits or gives {@code null}. */
    private Morsel take(boolean wait) {
        lock.lock();
        try {
            while (!hasEnded()) {
                if (mayTake()) {
                    Morsel morsel = pipeline.source().next();
                    if (morsel == null) {
                        exhausted = true;
                        finished.signalAll();
                        return null;
                    }
                    handedOut++;
                    running.add(morsel.ordinal());
                    return morsel;
                }
                if (!wait) {
                    return null;
                }
                finished.awaitUninterruptibly();
            }
            finished.signalAll();
            return null;
        } finally {
            lock.unlock();
        }
    }

    private boolean mayTake() {
        if (!pipeline.ordered() || running.isEmpty()) {
            return true;
        }
        long ahead = pipeline.cautious() ? Long.min(finishedMorsels, MORSELS_AHEAD * (long) workers.size())
                : MORSELS_AHEAD * (long) workers.size();
        return handedOut - running.first() <= ahead;
    }

    private void finish(Morsel morsel) {
        lock.lock();
        try {
            running.remove(morsel.ordinal());
            finishedMorsels++;
            long all = pipeline.source().morsels();
            query.progress(all > 0 ? Math.min(1, finishedMorsels / (double) all) : 0);
            finished.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
