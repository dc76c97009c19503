package dev.graticule.exec.sort;

import dev.graticule.batch.Batch;
import dev.graticule.batch.GrowableBuffer;
import dev.graticule.batch.RowOrder;
import dev.graticule.batch.Selection;
import dev.graticule.exec.Breaker;
import dev.graticule.exec.Source;
import dev.graticule.exec.Stage;
import dev.graticule.exec.Worker;
import dev.graticule.exec.rows.RowStore;
import dev.graticule.plan.LogicalPlan.SortKey;
import dev.graticule.type.SqlType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.FieldVector;

/**
 * ORDER BY with a LIMIT: every worker keeps about twice as many rows as are wanted, and skips rows that its current n-th row beats before
 * it copies anything. The same rows in the same order as a sort gives.
 */
public final class TopNBreaker implements Breaker {
    /** Rows that are kept beyond the wanted ones before they are sorted and cut: sorting few rows often costs more. */
    private static final int SLACK = 4096;
    private static final int GATHERED = 1 << 14;

    private final List<SortKey> sortKeys;
    private final KeptRows kept;
    private final long limit;
    private final List<Input> inputs = new ArrayList<>();
    private RowStore rows;
    private GrowableBuffer order;

    /** The first {@code limit} rows of a sort of rows with columns of these types by keys over them. */
    public TopNBreaker(List<SortKey> keys, long limit, List<SqlType> types) {
        this.sortKeys = List.copyOf(keys);
        this.kept = new KeptRows(keys, types);
        this.limit = Long.min(limit, 1L << 48);
    }

    @Override
    public Stage openInput(Worker worker) {
        Input input = worker.own(new Input(worker));
        synchronized (inputs) {
            inputs.add(input);
        }
        return input;
    }

    @Override
    public boolean isSatisfied() {
        return limit == 0;
    }

    private final class Input implements Stage, AutoCloseable {
        private final Worker worker;
        private final RowOrder rowOrder = new RowOrder();
        private final Threshold threshold;
        private RowStore store;

        Input(Worker worker) {
            this.worker = worker;
            this.store = new RowStore(kept.types(), worker.allocator());
            this.threshold = new Threshold(sortKeys.getFirst(), sortKeys.size() > 1);
        }

        @Override
        public boolean push(Batch batch) {
            long first = rowOrder.first(batch);
            if (limit == 0) {
                return false;
            }
            Selection selection = threshold
                    .candidates(worker.evaluator().evaluate(sortKeys.getFirst().expression(), batch), batch);
            if (selection.count(batch.rows()) == 0) {
                return true;
            }
            kept.append(store, worker, batch.withSelection(selection), first);
            if (store.size() > limit + Long.min(Long.max(SLACK, limit), Integer.MAX_VALUE)) {
                cut();
            }
            return true;
        }

        /** Leaves only the rows that are wanted at most, and takes the last of them as the threshold. */
        private void cut() {
            RowStore fewer = new RowStore(kept.types(), worker.allocator());
            try (GrowableBuffer sorted = RowSorter.openOrder(store, kept.keys(), kept.position(), worker.allocator(),
                    worker.query()::checkRunning)) {
                long[] numbers = new long[(int) Long.min(GATHERED, limit)];
                for (long from = 0; from < limit; from += numbers.length) {
                    int count = (int) Long.min(numbers.length, limit - from);
                    MemorySegment.copy(sorted.segment(), ValueLayout.JAVA_LONG_UNALIGNED, from * 8, numbers, 0, count);
                    List<FieldVector> owned = new ArrayList<>();
                    try {
                        fewer.append(
                                store.gather(kept.types().size(), numbers, 0, count, 0, worker.allocator(), owned));
                    } finally {
                        owned.forEach(FieldVector::close);
                    }
                }
            } catch (RuntimeException | Error failure) {
                fewer.close();
                throw failure;
            }
            store.close();
            store = fewer;
            int chunk = store.chunks() - 1;
            threshold.set(store.vector(chunk, kept.keys().getFirst().column()), store.rows(chunk) - 1);
        }

        @Override
        public void finish() {
        }

        @Override
        public void close() {
            store.close();
        }
    }

    @Override
    public void complete(Worker worker) {
        rows = worker.own(new RowStore(kept.types(), worker.allocator()));
        inputs.forEach(input -> rows.adopt(input.store));
        order = worker.own(RowSorter.openOrder(rows, kept.keys(), kept.position(), worker.allocator(),
                worker.query()::checkRunning));
    }

    @Override
    public Source output() {
        return new SortedSource(rows, order, Long.min(limit, rows.size()), kept.width());
    }

    @Override
    public String describe() {
        return "TopN: first " + limit + " rows by " + sortKeys.size() + " keys";
    }
}
