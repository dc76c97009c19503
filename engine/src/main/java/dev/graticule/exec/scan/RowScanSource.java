package dev.graticule.exec.scan;

import dev.graticule.ErrorKind;
import dev.graticule.GraticuleException;
import dev.graticule.batch.Batch;
import dev.graticule.batch.Column;
import dev.graticule.exec.Morsel;
import dev.graticule.exec.Source;
import dev.graticule.exec.Stage;
import dev.graticule.exec.Worker;
import dev.graticule.plan.LogicalPlan;
import dev.graticule.spi.RowReader;
import dev.graticule.spi.RowScan;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The rows of a stream or a file. Where there are several splits, a morsel is a split. The batches of a single one are spread over
 * the workers ({@link SharedReader}). Batches come as the source gives them, cut where they are long.
 */
public final class RowScanSource implements Source {
    private final LogicalPlan.RowScan plan;
    private final RowBoxes boxes;
    private final RowScan scan;
    private final AtomicInteger next = new AtomicInteger();
    private final SharedReader shared;

    /**
     * @param folded which of the scan's columns are worked on once a value, if they repeat as those of a grid do: then the rows come in boxes
     */
    public RowScanSource(LogicalPlan.RowScan plan, BitSet folded) {
        this.plan = plan;
        this.boxes = new RowBoxes(plan.table().grid(), plan.columns(), folded);
        this.scan = plan.table().scan(plan.columns(), plan.predicates(), plan.limit());
        this.shared = scan.splits() == 1 ? new SharedReader(scan) : null;
    }

    @Override
    public Morsel next() {
        if (shared != null) {
            return shared.isExhausted() ? null : new Turn(next.getAndIncrement());
        }
        int split = next.getAndIncrement();
        return split < scan.splits() ? new Split(split) : null;
    }

    @Override
    public long morsels() {
        return shared != null ? -1 : scan.splits();
    }

    @Override
    public void end() {
        if (shared != null) {
            named(shared::close);
        }
    }

    /** The batches that the reader gives when it is this morsel's turn. */
    private final class Turn implements Morsel {
        private final int number;

        Turn(int number) {
            this.number = number;
        }

        @Override
        public long ordinal() {
            return number;
        }

        @Override
        public void run(Worker worker, Stage stage) {
            named(() -> shared.run(number, worker,
                    (rows, columns, start) -> push(rows, columns, start, number, worker, stage)));
        }
    }

    private final class Split implements Morsel {
        private final int split;

        Split(int split) {
            this.split = split;
        }

        @Override
        public long ordinal() {
            return split;
        }

        @Override
        public void run(Worker worker, Stage stage) {
            named(() -> read(worker, stage));
        }

        private void read(Worker worker, Stage stage) {
            long start = 0;
            try (RowReader reader = worker.outside(() -> scan.openSplit(split, worker.allocator()))) {
                boolean more = true;
                long counted = 0;
                while (more && worker.outside(reader::next)) {
                    worker.query().bytesRead().add(reader.bytesRead() - counted);
                    counted = reader.bytesRead();
                    more = push(reader.rows(), reader.columns(), start, split, worker, stage);
                    start += reader.rows();
                }
                worker.query().bytesRead().add(reader.bytesRead() - counted);
            }
        }
    }

    /** Runs what may fail; an error of the source says of which table. */
    private void named(Runnable action) {
        try {
            action.run();
        } catch (GraticuleException failure) {
            boolean unnamed = failure.kind() == ErrorKind.SOURCE && !failure.getMessage().contains(plan.name());
            throw unnamed
                    ? GraticuleException.source("Table " + plan.name() + ": " + failure.getMessage(), failure)
                    : failure;
        }
    }

    private boolean push(int rows, List<Column> lent, long start, int ordinal, Worker worker, Stage stage) {
        return boxes.push(start, rows, lent, worker.query().options().batchRows(), (box, columns) -> {
            worker.query().checkRunning();
            worker.scratch().mark();
            try {
                return stage.push(Batch.of(box, ordinal, columns));
            } finally {
                worker.scratch().release();
            }
        });
    }

    @Override
    public String describe() {
        return "scan " + plan.name() + boxes.describe();
    }
}
