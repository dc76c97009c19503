package dev.graticule.exec.sort;

import dev.graticule.batch.Batch;
import dev.graticule.batch.GrowableBuffer;
import dev.graticule.batch.RowOrder;
import dev.graticule.exec.Breaker;
import dev.graticule.exec.Source;
import dev.graticule.exec.Stage;
import dev.graticule.exec.Worker;
import dev.graticule.exec.rows.RowStore;
import dev.graticule.plan.LogicalPlan.SortKey;
import dev.graticule.type.SqlType;
import java.util.ArrayList;
import java.util.List;

/**
 * ORDER BY any expressions: keeps all rows and sorts them at the end. Rows with equal keys come in the order of (ordinal, row), so the
 * result is the same at any thread count.
 */
public final class SortBreaker implements Breaker {
    private final List<SortKey> sortKeys;
    private final KeptRows kept;
    private final List<RowStore> stores = new ArrayList<>();
    private RowStore rows;
    private GrowableBuffer order;

    /** Sorts rows with columns of these types by keys over them. */
    public SortBreaker(List<SortKey> keys, List<SqlType> types) {
        this.sortKeys = List.copyOf(keys);
        this.kept = new KeptRows(keys, types);
    }

    @Override
    public Stage openInput(Worker worker) {
        RowStore store = worker.own(new RowStore(kept.types(), worker.allocator()));
        synchronized (stores) {
            stores.add(store);
        }
        RowOrder rowOrder = new RowOrder();
        return new Stage() {
            @Override
            public boolean push(Batch batch) {
                kept.append(store, worker, batch, rowOrder.first(batch));
                return true;
            }

            @Override
            public void finish() {
            }
        };
    }

    @Override
    public void complete(Worker worker) {
        rows = worker.own(new RowStore(kept.types(), worker.allocator()));
        stores.forEach(rows::adopt);
        order = worker.own(RowSorter.openOrder(rows, kept.keys(), kept.position(), worker.allocator(),
                worker.query()::checkRunning));
    }

    @Override
    public Source output() {
        return new SortedSource(rows, order, rows.size(), kept.width());
    }

    @Override
    public String describe() {
        return "Sort by " + sortKeys.size() + " keys";
    }
}
