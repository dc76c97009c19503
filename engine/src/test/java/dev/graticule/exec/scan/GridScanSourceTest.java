package dev.graticule.exec.scan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graticule.QueryOptions;
import dev.graticule.batch.Batch;
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
}
