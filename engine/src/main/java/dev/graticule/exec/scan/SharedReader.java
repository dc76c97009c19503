package dev.graticule.exec.scan;

import dev.graticule.ErrorKind;
import dev.graticule.GraticuleException;
import dev.graticule.batch.Column;
import dev.graticule.exec.Worker;
import dev.graticule.spi.RowBatch;
import dev.graticule.spi.RowReader;
import dev.graticule.spi.RowScan;
import java.util.ArrayList;
import java.util.List;

/**
 * The reader of a scan's only split, shared by all workers: they take turns, in the order of their morsels. Whose turn it is takes
 * the next batches out of the reader, lets the next one have it, and then works on what it took.
 *
 * <p>Nothing is read ahead: each morsel that was handed out reads a batch, later ones so many small batches that a turn is worth its
 * while. A batch that cannot be taken out is worked on where it is, while the others wait; so is one that would have to be copied
 * when nobody waits. The reader is opened in the first turn, and closed once: when it is at its end and the last batch is worked
 * through, or when the pipeline has ended. Thread-safe.
 */
final class SharedReader implements AutoCloseable {
    private static final int ENOUGH_ROWS = 1 << 15;

    private final RowScan scan;
    private RowReader reader;
    /** The morsel that may use the reader. */
    private int turn;
    private int waiting;
    /** Morsels that work on batches of the reader. */
    private int using;
    private volatile boolean exhausted;
    /** The rows that were read; used by the morsel whose turn it is. */
    private long rows;
    private long bytesCounted;

    /** What is done with a batch; false where no more of the morsel are wanted. */
    interface Sink {
        boolean push(int rows, List<Column> columns, long start);
    }

    private record Taken(RowBatch batch, long start) {
    }

    SharedReader(RowScan scan) {
        this.scan = scan;
    }

    /** Whether all batches were read, or none will be any more. */
    boolean isExhausted() {
        return exhausted;
    }

    /** Works on the next batches when it is the turn of a morsel; every number from 0 runs once. */
    void run(int number, Worker worker, Sink sink) {
        worker.outside(() -> {
            await(number, worker);
            return null;
        });
        List<Taken> taken = new ArrayList<>();
        Throwable failure = null;
        try {
            read(number, worker, sink, taken);
            pushAll(taken, sink);
        } catch (RuntimeException | Error problem) {
            failure = problem;
            throw problem;
        } finally {
            taken.forEach(each -> each.batch.close());
            leave(failure);
        }
    }

    private synchronized void await(int number, Worker worker) {
        waiting++;
        try {
            while (turn != number) {
                wait();
            }
            using++;
        } catch (InterruptedException interruption) {
            worker.query().checkRunning();
            throw GraticuleException.of(ErrorKind.CANCELLED, null, "A worker of the query was interrupted.",
                    interruption);
        } finally {
            waiting--;
        }
    }

    private synchronized boolean isAwaited() {
        return waiting > 0;
    }

    /** Reads in the turn of a morsel, and ends the turn. */
    private void read(int number, Worker worker, Sink sink, List<Taken> taken) {
        boolean done = false;
        try {
            if (!exhausted) {
                readBatches(number, worker, sink, taken);
            }
            done = true;
        } finally {
            pass(!done);
        }
    }

    private void readBatches(int number, Worker worker, Sink sink, List<Taken> taken) {
        if (reader == null) {
            reader = worker.outside(() -> scan.openSplit(0, worker.query().allocator()));
        }
        boolean alone = worker.query().options().threads() == 1;
        int batches = alone ? Integer.MAX_VALUE : 1 + number / 2;
        long enough = alone ? Long.MAX_VALUE : rows + ENOUGH_ROWS;
        boolean more = true;
        for (int i = 0; more && i < batches && rows < enough; i++) {
            boolean there = worker.outside(reader::next);
            worker.query().bytesRead().add(reader.bytesRead() - bytesCounted);
            bytesCounted = reader.bytesRead();
            if (!there) {
                exhausted = true;
                return;
            }
            long start = rows;
            rows += reader.rows();
            if (!alone && isToBeTaken(!taken.isEmpty())) {
                taken.add(new Taken(reader.openBatch(worker.allocator()), start));
            } else {
                more = pushAll(taken, sink) && sink.push(reader.rows(), reader.columns(), start);
            }
        }
    }

    private boolean isToBeTaken(boolean begun) {
        return switch (reader.handover()) {
            case NONE -> false;
            case COPIED -> begun || isAwaited();
            case SHARED -> true;
        };
    }

    private static boolean pushAll(List<Taken> taken, Sink sink) {
        boolean more = true;
        while (more && !taken.isEmpty()) {
            Taken next = taken.removeFirst();
            try (RowBatch batch = next.batch) {
                more = sink.push(batch.rows(), batch.columns(), next.start);
            }
        }
        return more;
    }

    private synchronized void pass(boolean failed) {
        exhausted |= failed;
        turn++;
        notifyAll();
    }

    /** Ends the work on what a turn gave; the last one closes the reader where that is at its end. */
    private void leave(Throwable failure) {
        synchronized (this) {
            using--;
            if (!exhausted || using > 0) {
                return;
            }
        }
        try {
            close();
        } catch (RuntimeException | Error second) {
            if (failure == null) {
                throw second;
            }
            failure.addSuppressed(second);
        }
    }

    @Override
    public void close() {
        RowReader closing;
        synchronized (this) {
            closing = reader;
            reader = null;
            exhausted = true;
        }
        if (closing != null) {
            closing.close();
        }
    }
}
