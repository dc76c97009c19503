package dev.graticule.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graticule.Engine;
import dev.graticule.ErrorKind;
import dev.graticule.GraticuleException;
import dev.graticule.Query;
import dev.graticule.batch.Column;
import dev.graticule.file.csv.CsvProvider;
import dev.graticule.file.json.JsonProvider;
import dev.graticule.spi.DatasetProvider;
import dev.graticule.spi.RowReader;
import dev.graticule.spi.RowScan;
import dev.graticule.spi.RowTable;
import dev.graticule.spi.SimplePredicate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.arrow.memory.AllocationListener;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Each allocation fails once, and readers stop early: the error is one of memory, no byte, reader or half file stays behind. */
@Timeout(120)
class FailingAllocationTest {
    private static final int ROWS = 200;

    @TempDir
    private Path folder;

    /** A table whose readers' allocation of a number fails, counted over all of them. */
    private record FailingTable(RowTable table, int failing, AtomicInteger count, AtomicInteger open)
            implements RowTable {
        FailingTable(RowTable table, int failing) {
            this(table, failing, new AtomicInteger(), new AtomicInteger());
        }

        @Override
        public String name() {
            return table.name();
        }

        @Override
        public List<String> remarks() {
            return table.remarks();
        }

        @Override
        public List<RowColumn> columns() {
            return table.columns();
        }

        @Override
        public OptionalLong rowCount() {
            return table.rowCount();
        }

        @Override
        public RowScan scan(List<Integer> columns, List<SimplePredicate> predicates, long limit) {
            RowScan scan = table.scan(columns, predicates, limit);
            return new RowScan() {
                @Override
                public List<FilterAnswer> answers() {
                    return scan.answers();
                }

                @Override
                public int splits() {
                    return scan.splits();
                }

                @Override
                public RowReader openSplit(int split, BufferAllocator allocator) {
                    BufferAllocator own = allocator.newChildAllocator("failing", new AllocationListener() {
                        @Override
                        public void onPreAllocation(long size) {
                            if (count.getAndIncrement() == failing) {
                                throw new OutOfMemoryException("refused");
                            }
                        }
                    }, 0, Long.MAX_VALUE);
                    try {
                        open.incrementAndGet();
                        return new Watched(scan.openSplit(split, own), own, open);
                    } catch (RuntimeException failure) {
                        open.decrementAndGet();
                        own.close();
                        throw failure;
                    }
                }
            };
        }
    }

    /** A reader that is counted; its allocator tells of what it left behind. */
    private record Watched(RowReader reader, BufferAllocator own, AtomicInteger open) implements RowReader {
        @Override
        public boolean next() {
            return reader.next();
        }

        @Override
        public int rows() {
            return reader.rows();
        }

        @Override
        public long bytesRead() {
            return reader.bytesRead();
        }

        @Override
        public List<Column> columns() {
            return reader.columns();
        }

        @Override
        public void close() {
            reader.close();
            own.close();
            open.decrementAndGet();
        }
    }

    /** What is done with the table {@code rows}. */
    private interface Use {
        void accept(Engine engine) throws IOException;
    }

    /** Runs with the first, second, ... allocation failing until there is none of that number; how many there were. */
    private int failures(RowTable table, Use use, Path target) throws IOException {
        int number = 0;
        while (true) {
            FailingTable failing = new FailingTable(table, number);
            boolean failed = false;
            try (Engine engine = Engine.create()) {
                engine.register("rows", failing);
                try {
                    use.accept(engine);
                } catch (GraticuleException error) {
                    assertEquals(ErrorKind.RESOURCE, error.kind(), error.getMessage());
                    failed = true;
                }
                assertEquals(0, engine.allocatedBytes(), "after allocation " + number + " failed");
            }
            assertEquals(0, failing.open.get(), "open readers after allocation " + number + " failed");
            assertEquals(failing.count.get() > number, failed, "allocation " + number);
            if (!failed) {
                return number;
            }
            assertFalse(Files.exists(target), () -> target + " is a half file");
            try (Stream<Path> left = Files.list(folder)) {
                assertEquals(List.of(), left.filter(path -> path.toString().contains(".part")).toList());
            }
            number++;
        }
    }

    private static void read(Engine engine, String sql) throws IOException {
        try (Query query = engine.query(sql); ArrowReader reader = query.run()) {
            while (reader.loadNextBatch()) {
                assertTrue(reader.getVectorSchemaRoot().getRowCount() > 0);
            }
        }
    }

    private RowTable written(DatasetProvider provider, String name) throws IOException {
        Path file = folder.resolve(name);
        try (BufferAllocator allocator = new RootAllocator();
                VectorSchemaRoot root = new RandomVectors(5).openRoot(RandomVectors.flat(), ROWS, allocator);
                Engine engine = Engine.create()) {
            engine.register("vectors", new VectorTable(root, ROWS));
            try (Query query = engine.query("SELECT * FROM vectors")) {
                query.copyTo(file.toString(), Map.of());
            }
        }
        return (RowTable) provider.open(file.toString(), Map.of()).tables().getFirst();
    }

    @Test
    void reading_csv_and_json_fails_cleanly_whichever_allocation_fails() throws IOException {
        for (RowTable table : List.of(written(new CsvProvider(), "x.csv"), written(new CsvProvider(), "x.csv.gz"),
                written(new JsonProvider(), "x.json"), written(new JsonProvider(), "x.jsonl.zst"))) {
            int number = failures(table, engine -> read(engine, "SELECT * FROM rows"), folder.resolve("none"));
            assertTrue(number >= table.columns().size(), number + " allocations");
        }
    }

    @Test
    void a_copy_whose_rows_fail_leaves_no_file() throws IOException {
        try (BufferAllocator allocator = new RootAllocator();
                VectorSchemaRoot root = new RandomVectors(7).openRoot(RandomVectors.flat().subList(6, 16), ROWS,
                        allocator)) {
            for (String ending : List.of("csv", "csv.gz", "json", "jsonl", "parquet")) {
                Path target = folder.resolve("copy." + ending);
                int number = failures(new VectorTable(root, ROWS / 3), engine -> {
                    try (Query query = engine.query("SELECT * FROM rows").threads(2)) {
                        query.copyTo(target.toString(), Map.of());
                    }
                }, target);
                assertTrue(number >= 3, number + " allocations");
                assertTrue(Files.exists(target));
            }
        }
    }

    @Test
    void readers_that_stop_early_are_closed() throws IOException {
        for (RowTable table : List.of(written(new CsvProvider(), "x.csv"), written(new JsonProvider(), "x.jsonl.gz"))) {
            FailingTable watched = new FailingTable(table, -1);
            try (Engine engine = Engine.create()) {
                engine.register("rows", watched);
                read(engine, "SELECT * FROM rows LIMIT 3");
                assertEquals(0, watched.open.get());
                try (Query query = engine.query("SELECT * FROM rows"); ArrowReader reader = query.run()) {
                    assertTrue(reader.loadNextBatch());
                }
                try (Query query = engine.query("SELECT * FROM rows"); ArrowReader reader = query.run()) {
                    assertFalse(reader.getVectorSchemaRoot().getFieldVectors().isEmpty());
                }
                assertEquals(0, watched.open.get());
                assertEquals(0, engine.allocatedBytes());
            }
        }
    }
}
