package dev.graticule.exec.sort;

import dev.graticule.batch.GrowableBuffer;
import dev.graticule.exec.Morsel;
import dev.graticule.exec.Source;
import dev.graticule.exec.Stage;
import dev.graticule.exec.Worker;
import dev.graticule.exec.rows.RowStore;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.arrow.vector.FieldVector;

/** Gives rows of a store in an order, the first {@code width} columns of them; neither is closed here. */
final class SortedSource implements Source {
    private static final int BATCH = 1 << 16;

    private final RowStore store;
    private final GrowableBuffer order;
    private final long count;
    private final int width;
    private final AtomicLong next = new AtomicLong();

    SortedSource(RowStore store, GrowableBuffer order, long count, int width) {
        this.store = store;
        this.order = order;
        this.count = count;
        this.width = width;
    }

    @Override
    public Morsel next() {
        long number = next.getAndIncrement();
        return number * BATCH < count ? new Part(number) : null;
    }

    private final class Part implements Morsel {
        private final long number;

        Part(long number) {
            this.number = number;
        }

        @Override
        public long ordinal() {
            return number;
        }

        @Override
        public void run(Worker worker, Stage stage) {
            int rows = (int) Long.min(BATCH, count - number * BATCH);
            long[] numbers = new long[rows];
            MemorySegment.copy(order.segment(), ValueLayout.JAVA_LONG_UNALIGNED, number * BATCH * 8, numbers, 0, rows);
            List<FieldVector> owned = new ArrayList<>();
            worker.scratch().mark();
            try {
                stage.push(store.gather(width, numbers, 0, rows, number, worker.allocator(), owned));
            } finally {
                worker.scratch().release();
                owned.forEach(FieldVector::close);
            }
        }
    }

    @Override
    public String describe() {
        return "sorted rows";
    }
}
