package dev.graticule.exec.scan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graticule.QueryOptions;
import dev.graticule.batch.Batch;
import dev.graticule.batch.Column;
import dev.graticule.batch.IndexSet;
import dev.graticule.exec.Morsel;
import dev.graticule.exec.QueryContext;
import dev.graticule.exec.Stage;
import dev.graticule.exec.Worker;
import dev.graticule.expression.Expression;
import dev.graticule.fixture.MemoryGrid;
import dev.graticule.plan.LogicalPlan.GridScan;
import dev.graticule.plan.LogicalPlan.OutputColumn;
import dev.graticule.type.SqlType;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.Test;

/** How a scan of a grid cuts it into batches. */
class GridScanSourceTest {
    private static final class Counting implements Stage {
        private long rows;
        private long longest;

        @Override
        public boolean push(Batch batch) {
            rows += batch.rows();
            longest = Long.max(longest, batch.rows());
            return true;
        }

        @Override
        public void finish() {
            // Nothing is kept.
        }
    }

    @Test
    void batchesOfAxesAloneAreLongButNoLongerThanArraysOfRowsMayBe() {
        MemoryGrid grid = MemoryGrid.named("grid").axis("time", 64).axis("y", 1000).axis("x", 1000).build();
        GridScan scan = new GridScan("grid", grid, List.of(1), List.of(),
                List.of(new OutputColumn("y", SqlType.BIGINT)));
        try (BufferAllocator memory = new RootAllocator();
                Worker worker = new Worker(0, new QueryContext(QueryOptions.defaults(), memory))) {
            GridScanSource source = new GridScanSource(scan, Expression.Literal.TRUE, ScanOrder.ANY, worker);
            Counting counting = new Counting();
            for (Morsel morsel = source.next(); morsel != null; morsel = source.next()) {
                morsel.run(worker, counting);
            }
            assertEquals(64_000_000, counting.rows);
            assertTrue(counting.longest <= 1 << 20, counting.longest + " rows in a batch");
            assertTrue(counting.longest >= 1_000_000, counting.longest + " rows in a batch");
        }
    }

    /** Sums what it is given, and checks that every value stands for its place. */
    private static final class Checking implements Stage {
        private long rows;
        private int batches;

        @Override
        public boolean push(Batch batch) {
            batches++;
            int row = 0;
            Column.Strided values = (Column.Strided) batch.columns().getFirst();
            List<IndexSet> axes = batch.box().axes();
            for (int t = 0; t < batch.shape()[0]; t++) {
                for (int y = 0; y < batch.shape()[1]; y++) {
                    for (int x = 0; x < batch.shape()[2]; x++) {
                        long cell = (axes.get(0).at(t) * 10 + axes.get(1).at(y)) * 10 + axes.get(2).at(x);
                        assertEquals((float) cell,
                                values.values().object(values.layout().place(batch.shape(), row++)));
                    }
                }
            }
            rows += row;
            return true;
        }

        @Override
        public void finish() {
            // Nothing is kept.
        }
    }

    @Test
    void smallBlocksAreJoinedToFewBatchesUnlessTheirOrderMatters() {
        float[] values = new float[300 * 10 * 10];
        for (int i = 0; i < values.length; i++) {
            values[i] = i;
        }
        MemoryGrid grid = MemoryGrid.named("grid").axis("time", 300).axis("y", 10).axis("x", 10).variable("v", values)
                .over("time", "y", "x").chunks(1, 4, 3).add().build();
        GridScan scan = new GridScan("grid", grid, List.of(3), List.of(),
                List.of(new OutputColumn("v", SqlType.REAL)));
        for (ScanOrder order : List.of(ScanOrder.ANY, ScanOrder.STORAGE)) {
            try (BufferAllocator memory = new RootAllocator();
                    Worker worker = new Worker(0,
                            new QueryContext(QueryOptions.defaults().withThreads(2), memory))) {
                GridScanSource source = new GridScanSource(scan, Expression.Literal.TRUE, order, worker);
                Checking checking = new Checking();
                for (Morsel morsel = source.next(); morsel != null; morsel = source.next()) {
                    morsel.run(worker, checking);
                }
                assertEquals(30_000, checking.rows);
                if (order == ScanOrder.ANY) {
                    assertTrue(checking.batches <= 50, checking.batches + " batches");
                    assertTrue(checking.batches >= 16, checking.batches + " batches for two workers");
                } else {
                    assertEquals(300 * 3 * 4, checking.batches);
                }
            }
        }
    }
}
