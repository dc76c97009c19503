package dev.graticule.arrow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graticule.Engine;
import dev.graticule.ErrorKind;
import dev.graticule.GraticuleException;
import dev.graticule.Query;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** SEMANTICS 20 to 26 as queries see them: whatever a producer does, the answer is right or an error, and nothing is left behind. */
@Timeout(60)
final class StreamQueriesTest {
    private final Engine engine = Engine.create();
    private final List<CountingProducer> producers = new ArrayList<>();

    private CountingProducer producer(int batches, CountingProducer.Hook hook) {
        CountingProducer producer = new CountingProducer(batches, hook);
        producers.add(producer);
        return producer;
    }

    private CountingProducer weather(int batches, CountingProducer.Hook hook) {
        CountingProducer producer = producer(batches, hook);
        engine.register("weather", ArrowStreamTable.of(CountingProducer.SCHEMA, producer));
        return producer;
    }

    private static CountingProducer.Hook failing(int when) {
        return moment -> {
            if (moment == when) {
                throw new IOException("the wire broke at " + moment);
            }
        };
    }

    /** SEMANTICS 23 and 25, after every test. */
    @AfterEach
    void every_reader_was_closed_once_and_all_memory_is_free() {
        for (CountingProducer producer : producers) {
            assertTrue(producer.closed <= producer.opened, "closed more often than opened");
        }
        assertEquals(0, engine.allocatedBytes());
        engine.close();
    }

    private List<Object> all(String sql) {
        return Rows.firstColumn(engine.query(sql));
    }

    @ParameterizedTest
    @ValueSource(strings = {"EXPLAIN SELECT sum(n) FROM weather WHERE n > 1", "DESCRIBE weather",
            "SELECT * FROM weather LIMIT 0", "SELECT * FROM weather WHERE 1 > 2",
            "SELECT * FROM (SELECT * FROM weather LIMIT 0)"})
    void what_needs_no_rows_opens_nothing_20(String sql) {
        CountingProducer producer = weather(3, moment -> {
        });
        all(sql);
        assertEquals(0, producer.opened);
    }

    @Test
    void each_query_calls_the_factory_again_20() {
        CountingProducer producer = weather(3, moment -> {
        });
        Query query = engine.query("SELECT sum(n) FROM weather");
        assertEquals(List.of(36L), Rows.firstColumn(query));
        assertEquals(List.of(36L), Rows.firstColumn(query));
        assertEquals(List.of(9L), all("SELECT count(*) FROM weather"));
        assertEquals(3, producer.opened);
        assertEquals(3, producer.closed);
    }

    @Test
    void a_stream_that_stands_twice_in_a_query_is_opened_twice_20() {
        CountingProducer producer = weather(3, moment -> {
        });
        assertEquals(List.of(18L), all("SELECT count(*) FROM (SELECT n FROM weather UNION ALL SELECT n FROM weather)"));
        assertEquals(2, producer.opened);
        assertEquals(2, producer.closed);
    }

    @Test
    void a_stream_that_can_be_read_once_says_so_at_the_second_query_20() {
        CountingProducer producer = producer(3, moment -> {
        });
        engine.register("weather", ArrowStreamTable.of(CountingProducer.SCHEMA, ArrowStreamFactory.once(producer)));
        all("EXPLAIN SELECT n FROM weather");
        assertEquals(List.of(9L), all("SELECT count(*) FROM weather"));
        assertFails("SELECT count(*) FROM weather", "can be read only once, and a query has read it already");
        assertEquals(1, producer.opened);
    }

    private GraticuleException assertFails(String sql, String message) {
        GraticuleException error = assertThrows(GraticuleException.class, () -> all(sql), sql);
        assertEquals(ErrorKind.SOURCE, error.kind(), error.getMessage());
        assertTrue(error.getMessage().contains(message), error.getMessage());
        // SEMANTICS 26: whose error it is.
        assertTrue(error.getMessage().contains("weather"), error.getMessage());
        return error;
    }

    @ParameterizedTest
    @ValueSource(ints = {CountingProducer.OPENING, 0, 1, 2, 3, CountingProducer.CLOSING})
    void an_error_of_the_producer_at_any_moment_fails_every_query_with_its_message_21(int when) {
        CountingProducer producer = weather(3, failing(when));
        int queries = 0;
        for (String sql : List.of("SELECT * FROM weather", "SELECT count(*) FROM weather",
                "SELECT name, sum(n) FROM weather GROUP BY name", "SELECT n FROM weather ORDER BY n DESC LIMIT 1",
                "SELECT n FROM weather ORDER BY name", "SELECT DISTINCT name FROM weather",
                "SELECT n FROM weather WHERE n < 0", "SELECT max(n) FROM weather UNION ALL SELECT 1")) {
            assertFails(sql, "the wire broke at " + when);
            queries++;
        }
        assertEquals(queries, producer.opened);
        assertEquals(when == CountingProducer.OPENING ? 0 : queries, producer.closed);
    }

    @Test
    void an_error_after_the_rows_that_were_wanted_is_not_met_21() {
        weather(3, failing(2));
        assertEquals(List.of(0L, 1L, 2L), all("SELECT n FROM weather LIMIT 3"));
    }

    @Test
    void an_error_in_one_partition_fails_the_query_21() {
        CountingProducer good = producer(3, moment -> {
        });
        engine.register("weather",
                ArrowStreamTable.partitioned(CountingProducer.SCHEMA, List.of(good, producer(3, failing(1)), good)));
        assertFails("SELECT count(*) FROM weather", "the wire broke at 1");
        assertFails("SELECT * FROM weather", "the wire broke at 1");
    }

    @Test
    void whatever_a_producer_throws_is_its_error_21() {
        for (Throwable thrown : List.of(new IllegalStateException("no such station"),
                new AssertionError("no such station"),
                new NoClassDefFoundError("no such station"), new IOException("no such station"))) {
            for (int when : List.of(CountingProducer.OPENING, 0, 1, 3)) {
                weather(3, moment -> {
                    if (moment == when) {
                        switch (thrown) {
                            case Exception exception -> throw exception;
                            case Error error -> throw error;
                            default -> throw new IllegalArgumentException(thrown);
                        }
                    }
                });
                assertFails("SELECT count(*) FROM weather", "no such station");
            }
        }
    }

    @Test
    void a_factory_that_gives_nothing_is_an_error_21() {
        engine.register("weather", ArrowStreamTable.of(CountingProducer.SCHEMA, allocator -> null));
        assertFails("SELECT count(*) FROM weather", "gave no reader");
    }

    @Test
    void a_stream_of_another_schema_is_an_error_that_names_both_22() {
        CountingProducer producer = producer(3, moment -> {
        });
        engine.register("weather", ArrowStreamTable.of(CountingProducer.otherSchema(), producer));
        GraticuleException error = assertFails("SELECT name FROM weather", "<n: Int(64, true), name: Utf8>");
        assertTrue(error.getMessage().contains("<n: Int(32, true), name: Utf8>"), error.getMessage());
        assertEquals(1, producer.closed);
    }

    @Test
    void a_consumer_that_stops_early_releases_the_producer_once_23() throws IOException {
        for (String sql : List.of("SELECT * FROM weather", "SELECT name, sum(n) FROM weather GROUP BY name",
                "SELECT n FROM weather ORDER BY n", "SELECT n FROM weather LIMIT 5")) {
            CountingProducer producer = weather(20_000, moment -> {
            });
            try (ArrowReader reader = engine.query(sql).threads(2).run()) {
                assertTrue(reader.loadNextBatch());
            }
            assertEquals(1, producer.opened, sql);
            assertEquals(1, producer.closed, sql);
        }
    }

    @Test
    void a_query_that_is_never_asked_for_rows_opens_nothing_23() throws IOException {
        CountingProducer producer = weather(3, moment -> {
        });
        try (ArrowReader reader = engine.query("SELECT * FROM weather").run()) {
            assertEquals(2, reader.getVectorSchemaRoot().getFieldVectors().size());
        }
        assertEquals(0, producer.opened);
    }

    @Test
    void a_limit_stops_the_producer_as_soon_as_it_can_23() {
        CountingProducer producer = weather(1000, moment -> {
        });
        assertEquals(5, all("SELECT n FROM weather LIMIT 5").size());
        assertEquals(2, producer.loaded);
        assertEquals(List.of(4L, 5L), all("SELECT n FROM weather WHERE n > 3 LIMIT 2"));
        assertTrue(producer.loaded < 10, producer.loaded + " batches for two rows");
        assertEquals(2, producer.closed);
    }

    @Test
    void a_limit_does_not_open_partitions_that_it_does_not_need_23() {
        List<ArrowStreamFactory> parts = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            parts.add(producer(1, moment -> {
            }));
        }
        engine.register("weather", ArrowStreamTable.partitioned(CountingProducer.SCHEMA, parts));
        assertEquals(2, Rows.firstColumn(engine.query("SELECT n FROM weather LIMIT 2").threads(2)).size());
        assertTrue(producers.getLast().opened == 0, "the last partition was opened for two rows");
    }

    @Test
    void an_error_of_the_query_releases_the_producer_once_23() {
        CountingProducer producer = weather(3, moment -> {
        });
        GraticuleException error = assertThrows(GraticuleException.class,
                () -> all("SELECT 1 / (n - 4) FROM weather"));
        assertEquals(ErrorKind.DATA, error.kind());
        assertEquals(1, producer.closed);
    }

    @Test
    void a_producer_that_blocks_is_woken_by_a_cancelled_query_and_released_25() throws Exception {
        CountDownLatch blocked = new CountDownLatch(1);
        CountingProducer producer = weather(3, moment -> {
            if (moment == 1) {
                blocked.countDown();
                new CountDownLatch(1).await();
            }
        });
        Query query = engine.query("SELECT count(*) FROM weather");
        CompletableFuture<Throwable> answer = CompletableFuture
                .supplyAsync(() -> assertThrows(GraticuleException.class, () -> Rows.firstColumn(query)));
        assertTrue(blocked.await(10, TimeUnit.SECONDS));
        query.cancel();
        GraticuleException error = (GraticuleException) answer.get(10, TimeUnit.SECONDS);
        assertEquals(ErrorKind.CANCELLED, error.kind(), error.getMessage());
        assertEquals(1, producer.closed);
    }

    @Test
    void a_reader_is_closed_while_its_producer_blocks_25() throws Exception {
        CountDownLatch blocked = new CountDownLatch(1);
        CountingProducer first = producer(1, moment -> {
        });
        CountingProducer second = producer(1, moment -> {
            if (moment == 0) {
                blocked.countDown();
                new CountDownLatch(1).await();
            }
        });
        engine.register("weather", ArrowStreamTable.partitioned(CountingProducer.SCHEMA, List.of(first, second)));
        try (ArrowReader reader = engine.query("SELECT n FROM weather").threads(1).run()) {
            assertTrue(reader.loadNextBatch());
            assertTrue(blocked.await(10, TimeUnit.SECONDS));
        }
        assertEquals(1, first.closed);
        assertEquals(1, second.closed);
    }

    @Test
    void a_consumer_s_thread_is_not_interrupted_by_a_cancelled_query_25() {
        CountingProducer producer = weather(3, moment -> {
        });
        Query query = engine.query("SELECT count(*) FROM weather");
        assertEquals(List.of(9L), Rows.firstColumn(query));
        query.cancel();
        assertFalse(Thread.currentThread().isInterrupted());
        assertEquals(1, producer.closed);
    }

    @Test
    void two_readers_of_one_stream_do_not_disturb_each_other_25() throws IOException {
        weather(30_000, moment -> {
        });
        try (ArrowReader one = engine.query("SELECT n FROM weather").run();
                ArrowReader other = engine.query("SELECT n FROM weather").run()) {
            long rows = 0;
            boolean oneHasMore = true;
            boolean otherHasMore = true;
            while (oneHasMore || otherHasMore) {
                oneHasMore = oneHasMore && one.loadNextBatch();
                otherHasMore = otherHasMore && other.loadNextBatch();
                if (oneHasMore) {
                    assertEquals(rows, ((BigIntVector) one.getVectorSchemaRoot().getVector(0)).get(0));
                    rows += one.getVectorSchemaRoot().getRowCount();
                }
            }
            assertEquals(90_000, rows);
        }
    }

    @Test
    void producers_that_run_queries_themselves_do_not_deadlock_25() {
        int cores = Runtime.getRuntime().availableProcessors();
        weather(3, moment -> {
        });
        List<ArrowStreamFactory> parts = new ArrayList<>();
        for (int i = 0; i < cores * 4; i++) {
            parts.add(producer(2, moment -> {
                if (moment == 1) {
                    assertEquals(List.of(36L), all("SELECT sum(n) FROM weather"));
                }
            }));
        }
        engine.register("outer_table", ArrowStreamTable.partitioned(CountingProducer.SCHEMA, parts));
        assertEquals(List.of(cores * 24L),
                Rows.firstColumn(engine.query("SELECT count(*) FROM outer_table").threads(cores + 2)));
    }

    @Test
    void names_of_the_schema_are_suggested_26() {
        weather(3, moment -> {
        });
        GraticuleException error = assertThrows(GraticuleException.class, () -> all("SELECT nam FROM weather"));
        assertEquals(ErrorKind.BINDING, error.kind());
        assertTrue(error.getMessage().contains("name"), error.getMessage());
        assertTrue(error.position().isPresent());
    }
}
