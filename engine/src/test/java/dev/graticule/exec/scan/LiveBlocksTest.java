package dev.graticule.exec.scan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graticule.Engine;
import dev.graticule.QueryOptions;
import dev.graticule.fixture.MemoryGrid;
import java.io.IOException;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * However many chunks a query reads, few are in memory at a time: nothing is read ahead, so a worker has one of each variable, and beside
 * these there is what the cache may keep of chunks that several morsels need.
 */
class LiveBlocksTest {
    private static final int TIMES = 512;
    private static final int CELLS = 600;
    private static final int VARIABLES = 2;
    private static final int LONG_CHUNK = 16;

    private static MemoryGrid.Builder builder() {
        return MemoryGrid.named("g").axis("time", TIMES).axis("latitude", 20).axis("longitude", 30);
    }

    private static void assertMostOpen(MemoryGrid grid, QueryOptions options, String sql, long most)
            throws IOException {
        try (Engine engine = Engine.create(options)) {
            engine.register("g", grid);
            try (ArrowReader reader = engine.query(sql).run()) {
                while (reader.loadNextBatch()) {
                    assertTrue(reader.getVectorSchemaRoot().getRowCount() > 0);
                }
            }
        }
        assertEquals(0, grid.open());
        assertTrue(grid.chunksRead() >= TIMES / LONG_CHUNK, grid.chunksRead() + " chunks read");
        assertTrue(grid.mostOpenBlocks() <= most,
                sql + ": " + grid.mostOpenBlocks() + " blocks at a time, at most " + most + " expected");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void a_worker_has_one_block_of_each_variable(int threads) throws IOException {
        for (String sql : new String[]{"SELECT avg(a), avg(b) FROM g",
                "SELECT time, avg(a), max(b) FROM g GROUP BY time",
                "SELECT latitude, sum(b) FROM g WHERE a > 10 GROUP BY latitude", "SELECT a, b FROM g WHERE a < b",
                "SELECT a, b FROM g ORDER BY a DESC, b LIMIT 5"}) {
            for (boolean sliceable : new boolean[]{false, true}) {
                MemoryGrid.Builder builder = builder();
                for (String name : new String[]{"a", "b"}) {
                    MemoryGrid.Builder.VariableBuilder variable = builder.variable(name, new float[TIMES * CELLS])
                            .chunks(1, 20, 30);
                    (sliceable ? variable.sliceable() : variable).add();
                }
                assertMostOpen(builder.build(), QueryOptions.defaults().withThreads(threads), sql,
                        (long) threads * VARIABLES);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void chunks_that_several_morsels_need_are_as_many_as_the_cache_may_keep(int threads) throws IOException {
        long memory = 2 << 20;
        long kept = memory / 4 / (LONG_CHUNK * CELLS * Float.BYTES);
        MemoryGrid grid = builder().variable("a", new double[TIMES * CELLS]).chunks(1, 20, 30).add()
                .variable("b", new float[TIMES * CELLS]).chunks(LONG_CHUNK, 20, 30).add().build();
        assertMostOpen(grid, QueryOptions.defaults().withThreads(threads).withMemoryLimit(memory).withBatchRows(CELLS),
                "SELECT sum(a + b) FROM g", kept + (long) threads * VARIABLES);
    }
}
