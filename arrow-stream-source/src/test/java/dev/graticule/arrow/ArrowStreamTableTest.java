package dev.graticule.arrow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graticule.ErrorKind;
import dev.graticule.GraticuleException;
import dev.graticule.spi.RowReader;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.Test;

/** SEMANTICS 20 to 23: what a table over a stream promises. */
final class ArrowStreamTableTest {
    private final CountingProducer producer = new CountingProducer(3, CountingProducer.NEVER);
    private final ArrowStreamTable table = ArrowStreamTable.of(CountingProducer.SCHEMA, producer);

    @Test
    void making_and_planning_open_nothing_20() {
        assertEquals(2, table.columns().size());
        assertEquals(1, table.scan(List.of(0), List.of(), 10).splits());
        assertEquals(0, producer.opened);
    }

    @Test
    void every_query_calls_the_factory_again_20() {
        assertEquals(9, Rows.all(table).size());
        assertEquals(9, Rows.all(table).size());
        assertEquals(2, producer.opened);
        assertEquals(2, producer.closed);
    }

    @Test
    void a_stream_that_can_be_read_once_says_so_at_the_second_query_20() throws Exception {
        try (BufferAllocator allocator = new RootAllocator()) {
            ArrowStreamTable once = ArrowStreamTable.of(CountingProducer.SCHEMA,
                    ArrowStreamFactory.once(producer.openReader(allocator)));
            assertEquals(9, Rows.all(once).size());
            GraticuleException error = assertThrows(GraticuleException.class, () -> Rows.all(once));
            assertEquals(ErrorKind.SOURCE, error.kind());
            assertTrue(error.getMessage().contains("only once"), error.getMessage());
        }
    }

    @Test
    void an_error_while_opening_fails_the_query_with_the_producer_s_message_21() {
        assertFails(new CountingProducer(3, -1), "the station is closed", 0);
    }

    @Test
    void an_error_before_the_first_batch_fails_the_query_21() {
        assertFails(new CountingProducer(3, 0), "the wire broke at 0", 1);
    }

    @Test
    void an_error_between_batches_fails_the_query_21() {
        assertFails(new CountingProducer(3, 2), "the wire broke at 2", 1);
    }

    @Test
    void an_error_after_the_last_batch_fails_the_query_21() {
        assertFails(new CountingProducer(3, 3), "the wire broke at 3", 1);
    }

    private static void assertFails(CountingProducer producer, String message, int closed) {
        GraticuleException error = assertThrows(GraticuleException.class,
                () -> Rows.all(ArrowStreamTable.of(CountingProducer.SCHEMA, producer)));
        assertEquals(ErrorKind.SOURCE, error.kind());
        assertTrue(error.getMessage().contains(message), error.getMessage());
        assertEquals(closed, producer.closed);
    }

    @Test
    void a_stream_of_another_schema_is_an_error_that_names_both_22() {
        GraticuleException error = assertThrows(GraticuleException.class,
                () -> Rows.all(ArrowStreamTable.of(CountingProducer.otherSchema(), producer)));
        assertEquals(ErrorKind.SOURCE, error.kind());
        assertTrue(error.getMessage().contains("<n: Int(64, true), name: Utf8>"), error.getMessage());
        assertTrue(error.getMessage().contains("<n: Int(32, true), name: Utf8>"), error.getMessage());
        assertEquals(1, producer.closed);
    }

    @Test
    void an_early_stop_releases_the_producer_once_23() {
        try (BufferAllocator allocator = new RootAllocator()) {
            RowReader reader = table.scan(List.of(1), List.of(), Long.MAX_VALUE).openSplit(0, allocator);
            assertTrue(reader.next());
            reader.columns();
            reader.close();
            reader.close();
            assertEquals(1, producer.closed);
            assertEquals(1, producer.loaded);
        }
    }

    @Test
    void a_limit_stops_reading() {
        assertEquals(6, Rows.read(table, List.of(0), 4).size());
        assertEquals(2, producer.loaded);
        assertEquals(0, Rows.read(table, List.of(0), 0).size());
        assertEquals(2, producer.loaded);
    }

    @Test
    void columns_come_as_they_are_wanted() {
        assertEquals(List.of("row 0", "0"), Rows.read(table, List.of(1, 0), 1).getFirst());
        assertEquals(9, Rows.read(table, List.of(), Long.MAX_VALUE).size());
    }

    @Test
    void partitions_are_splits_in_their_order() {
        CountingProducer second = new CountingProducer(1, CountingProducer.NEVER);
        ArrowStreamTable both = ArrowStreamTable.partitioned(CountingProducer.SCHEMA, List.of(producer, second));
        assertEquals(2, both.scan(List.of(0), List.of(), 100).splits());
        assertEquals(12, Rows.all(both).size());
        assertEquals(1, second.opened);
        assertFalse(both.rowCount().isPresent());
    }

    @Test
    void exhausted_memory_is_an_error_of_that_kind() {
        try (BufferAllocator small = new RootAllocator(16)) {
            GraticuleException error = assertThrows(GraticuleException.class, () -> {
                try (RowReader reader = table.scan(List.of(0), List.of(), 100).openSplit(0, small)) {
                    reader.next();
                }
            });
            assertEquals(ErrorKind.RESOURCE, error.kind());
        }
    }
}
