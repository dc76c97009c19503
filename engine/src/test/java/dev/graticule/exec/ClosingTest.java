package dev.graticule.exec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.graticule.QueryOptions;
import dev.graticule.spi.Closing;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.Test;

class ClosingTest {

    @Test
    void everythingIsClosedAndEveryFailureIsTold() {
        IOException first = new IOException("first");
        IllegalStateException second = new IllegalStateException("second");
        List<String> closed = new ArrayList<>();
        IllegalStateException thrown = assertThrows(IllegalStateException.class, () -> Closing.all(List.of(() -> {
            throw first;
        }, () -> closed.add("a"), () -> {
            throw second;
        }, () -> closed.add("b"))));
        assertSame(first, thrown.getCause());
        assertEquals(List.of(second), List.of(thrown.getSuppressed()));
        assertEquals(List.of("a", "b"), closed);
    }

    @Test
    void aWorkerGivesItsMemoryBackThoughWhatItOwnsFails() {
        try (BufferAllocator memory = new RootAllocator()) {
            Worker worker = new Worker(0, new QueryContext(QueryOptions.defaults(), memory));
            worker.own(worker.allocator().buffer(100));
            worker.own(() -> {
                throw new IOException("gone");
            });
            worker.own(worker.allocator().buffer(100));
            assertEquals("gone", assertThrows(IllegalStateException.class, worker::close).getCause().getMessage());
            assertEquals(0, memory.getAllocatedMemory());
            assertEquals(0, memory.getChildAllocators().size());
        }
    }
}
