package dev.graticule.arrow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.graticule.ErrorKind;
import dev.graticule.GraticuleException;
import dev.graticule.spi.RowReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.arrow.memory.AllocationListener;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Each allocation fails once: the error is one of memory, and no byte stays behind. */
final class FailingAllocationTest {
    private static final Path GOLDEN = Path.of(System.getProperty("graticule.shared", "../shared"), "arrow",
            "cpp-21.0.0");

    @TestFactory
    Stream<DynamicTest> no_byte_stays_behind_whichever_allocation_fails() throws IOException {
        assumeTrue(Files.isDirectory(GOLDEN), "no golden files at " + GOLDEN);
        return Stream
                .of("primitive", "binary", "binary_view", "large_binary", "decimal256", "interval", "datetime",
                        "dictionary",
                        "dictionary_unsigned", "run_end_encoded", "list_view", "nested_dictionary",
                        "nested_large_offsets", "map", "union")
                .map(name -> DynamicTest.dynamicTest(name,
                        () -> check(ArrowIpc.open(GOLDEN.resolve("generated_" + name + ".stream")))));
    }

    private static void check(ArrowStreamTable table) {
        int number = 0;
        while (fails(table, number)) {
            number++;
        }
        assertTrue(number > 0);
    }

    /** Whether the query had an allocation of that number, which failed. */
    private static boolean fails(ArrowStreamTable table, int number) {
        FailingListener listener = new FailingListener(number);
        boolean failed = false;
        try (RootAllocator allocator = new RootAllocator(listener, Long.MAX_VALUE)) {
            List<Integer> columns = IntStream.range(0, table.columns().size()).boxed().toList();
            try (RowReader reader = table.scan(columns, List.of(), Long.MAX_VALUE).openSplit(0, allocator)) {
                while (reader.next()) {
                    reader.columns();
                }
            } catch (GraticuleException error) {
                assertEquals(ErrorKind.RESOURCE, error.kind(), error.getMessage());
                failed = true;
            }
            assertEquals(0, allocator.getAllocatedMemory(), "after allocation " + number + " failed");
        }
        assertEquals(listener.count > number, failed);
        return failed;
    }

    private static final class FailingListener implements AllocationListener {
        private final int failing;
        private int count;

        FailingListener(int failing) {
            this.failing = failing;
        }

        @Override
        public void onPreAllocation(long size) {
            if (count++ == failing) {
                throw new OutOfMemoryException("refused");
            }
        }
    }
}
