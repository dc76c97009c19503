package dev.graticule.exec.scan;

import dev.graticule.ErrorKind;
import dev.graticule.GraticuleException;
import dev.graticule.batch.Batch;
import dev.graticule.batch.Box;
import dev.graticule.batch.Column;
import dev.graticule.exec.Morsel;
import dev.graticule.exec.Source;
import dev.graticule.exec.Stage;
import dev.graticule.exec.Worker;
import dev.graticule.plan.LogicalPlan;
import dev.graticule.spi.RowReader;
import dev.graticule.spi.RowScan;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** The rows of a stream or a file: a morsel is a split; its batches come as the source gives them, cut where they are long. */
public final class RowScanSource implements Source {
    private final LogicalPlan.RowScan plan;
    private final RowScan scan;
    private final AtomicInteger next = new AtomicInteger();

    public RowScanSource(LogicalPlan.RowScan plan) {
        this.plan = plan;
        this.scan = plan.table().scan(plan.columns(), plan.predicates(), plan.limit());
    }

    @Override
    public Morsel next() {
        int split = next.getAndIncrement();
        return split < scan.splits() ? new Split(split) : null;
    }

    @Override
    public long morsels() {
        return scan.splits();
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
            try {
                read(worker, stage);
            } catch (GraticuleException failure) {
                boolean unnamed = failure.kind() == ErrorKind.SOURCE && !failure.getMessage().contains(plan.name());
                throw unnamed
                        ? GraticuleException.source("Table " + plan.name() + ": " + failure.getMessage(), failure)
                        : failure;
            }
        }

        private void read(Worker worker, Stage stage) {
            long start = 0;
            try (RowReader reader = worker.outside(() -> scan.openSplit(split, worker.allocator()))) {
                boolean more = true;
                while (more && worker.outside(reader::next)) {
                    more = push(reader, start, worker, stage);
                    start += reader.rows();
                }
            }
        }

        private boolean push(RowReader reader, long start, Worker worker, Stage stage) {
            int most = worker.query().options().batchRows();
            for (int from = 0; from < reader.rows(); from += most) {
                int count = Integer.min(most, reader.rows() - from);
                worker.query().checkRunning();
                worker.scratch().mark();
                try {
                    List<Column> columns = new ArrayList<>(reader.columns().size());
                    for (Column column : reader.columns()) {
                        columns.add(column.slice(new int[]{from}, new int[]{count}));
                    }
                    if (!stage.push(Batch.of(Box.rows(start + from, count), split, columns))) {
                        return false;
                    }
                } finally {
                    worker.scratch().release();
                }
            }
            return true;
        }
    }

    @Override
    public String describe() {
        return "scan " + plan.name();
    }
}
