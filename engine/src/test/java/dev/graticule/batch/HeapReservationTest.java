package dev.graticule.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.graticule.ErrorKind;
import dev.graticule.GraticuleException;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.Test;

class HeapReservationTest {
    @Test
    void what_is_on_the_heap_counts_in_the_limit_until_it_is_closed() {
        try (BufferAllocator allocator = new RootAllocator(1000);
                HeapReservation reservation = new HeapReservation(allocator)) {
            reservation.ensure(300);
            reservation.ensure(200);
            assertEquals(300, allocator.getAllocatedMemory());
            assertEquals(ErrorKind.RESOURCE,
                    assertThrows(GraticuleException.class, () -> reservation.ensure(2000)).kind());
            assertEquals(300, allocator.getAllocatedMemory());
            reservation.close();
            assertEquals(0, allocator.getAllocatedMemory());
        }
    }
}
