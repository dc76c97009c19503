package dev.graticule.arrow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graticule.Engine;
import dev.graticule.GraticuleException;
import dev.graticule.Query;
import dev.graticule.spi.RowBatch;
import dev.graticule.spi.RowReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.arrow.c.ArrowArrayStream;
import org.apache.arrow.c.Data;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.apache.arrow.vector.ipc.ArrowStreamWriter;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One stream whose batches are spread over workers: SEMANTICS 19 and 21 to 24 hold as with one. */
@Timeout(60)
final class SpreadStreamTest {
    private static final int BATCHES = 40;
    private static final int ROWS = 3000;
    private static final DictionaryEncoding ENCODING = new DictionaryEncoding(7, false, new ArrowType.Int(32, true));
    /** n counts up; word has another dictionary in every batch: "batch/0" to "batch/9". */
    private static final Schema SCHEMA = new Schema(List.of(Field.nullable("n", new ArrowType.Int(64, true)),
            new Field("word", new FieldType(true, ArrowType.Utf8.INSTANCE, ENCODING), null)));

    /** Where the batches come from. */
    private enum Producer {
        /** Writes every batch over the one before. */
        REFILLS,
        /** Allocates every batch anew, from another root, and says so. */
        GIVES,
        /** Another root, and does not say what it does with its buffers. */
        UNKNOWN,
        IPC,
        C_DATA
    }

    private final RootAllocator foreign = new RootAllocator();
    private final Engine engine = Engine.create();
    private final AtomicInteger opened = new AtomicInteger();
    private final AtomicInteger closed = new AtomicInteger();
    private final AtomicInteger loaded = new AtomicInteger();
    private final List<Thread> loaders = Collections.synchronizedList(new ArrayList<>());
    private volatile int failing = Integer.MAX_VALUE;

    @AfterEach
    void every_reader_was_closed_once_and_all_memory_is_free_23() {
        assertEquals(opened.get(), closed.get());
        assertEquals(0, engine.allocatedBytes());
        engine.close();
        assertEquals(0, foreign.getAllocatedMemory());
        foreign.close();
    }

    private class Words extends ArrowReader {
        final boolean refills;
        int next;

        Words(BufferAllocator allocator, boolean refills) {
            super(allocator);
            this.refills = refills;
            opened.incrementAndGet();
        }

        @Override
        public boolean loadNextBatch() throws IOException {
            if (next == failing) {
                throw new IOException("the wire broke at " + next);
            }
            if (next == BATCHES) {
                return false;
            }
            prepareLoadNextBatch();
            BigIntVector n = (BigIntVector) getVectorSchemaRoot().getVector(0);
            IntVector word = (IntVector) getVectorSchemaRoot().getVector(1);
            Dictionary dictionary = getDictionaryVectors().get(ENCODING.getId());
            VarCharVector words = (VarCharVector) dictionary.getVector();
            if (next == 0 || !refills) {
                List.of(n, word).forEach(vector -> vector.allocateNew(ROWS));
                words.allocateNew(1000, 10);
            }
            for (int row = 0; row < ROWS; row++) {
                n.set(row, (long) next * ROWS + row);
                word.set(row, row % 10);
            }
            for (int i = 0; i < 10; i++) {
                words.setSafe(i, (next + "/" + i).getBytes());
            }
            words.setValueCount(10);
            getVectorSchemaRoot().setRowCount(ROWS);
            loaded.incrementAndGet();
            loaders.add(Thread.currentThread());
            next++;
            return true;
        }

        @Override
        public long bytesRead() {
            return 0;
        }

        @Override
        protected void closeReadSource() {
            closed.incrementAndGet();
        }

        @Override
        protected Schema readSchema() {
            return SCHEMA;
        }
    }

    private final class Giving extends Words implements GivesBuffersAway {
        Giving() {
            super(foreign, false);
        }
    }

    private ArrowStreamTable table(Producer producer) throws IOException {
        return switch (producer) {
            case REFILLS -> ArrowStreamTable.of(SCHEMA, allocator -> new Words(allocator, true));
            case GIVES -> ArrowStreamTable.of(SCHEMA, allocator -> new Giving());
            case UNKNOWN -> ArrowStreamTable.of(SCHEMA, allocator -> new Words(foreign, false));
            case C_DATA -> ArrowCData.table(SCHEMA, address -> Data.exportArrayStream(foreign, new Giving(),
                    ArrowArrayStream.wrap(address)));
            case IPC -> {
                byte[] bytes = ipc();
                yield ArrowStreamTable.of(SCHEMA,
                        allocator -> new ArrowStreamReader(new ByteArrayInputStream(bytes), allocator));
            }
        };
    }

    private byte[] ipc() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (Words words = new Words(foreign, false);
                ArrowStreamWriter writer = new ArrowStreamWriter(words.getVectorSchemaRoot(), words, bytes)) {
            while (words.loadNextBatch()) {
                writer.writeBatch();
            }
            writer.end();
        }
        return bytes.toByteArray();
    }

    private List<List<Object>> rows(Query query) {
        List<List<Object>> rows = new ArrayList<>();
        try (query; ArrowReader reader = query.run()) {
            while (reader.loadNextBatch()) {
                List<FieldVector> vectors = reader.getVectorSchemaRoot().getFieldVectors();
                for (int row = 0; row < reader.getVectorSchemaRoot().getRowCount(); row++) {
                    int at = row;
                    rows.add(vectors.stream()
                            .map(vector -> vector.getObject(at) instanceof Number number ? number
                                    : (Object) String.valueOf(vector.getObject(at)))
                            .toList());
                }
            }
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
        return rows;
    }

    private static List<Object> row(long n) {
        return List.of(n, n / ROWS + "/" + n % ROWS % 10);
    }

    @ParameterizedTest
    @EnumSource
    void rows_come_in_the_stream_s_order_with_their_own_dictionary_at_any_thread_count_19_24(Producer producer)
            throws IOException {
        engine.register("words", table(producer));
        for (int threads : new int[]{1, 2, 4}) {
            List<List<Object>> rows = rows(engine.query("SELECT n, word FROM words").threads(threads));
            assertEquals((long) BATCHES * ROWS, rows.size());
            for (int i = 0; i < rows.size(); i++) {
                assertEquals(row(i), rows.get(i), producer + " with " + threads);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void groups_are_those_of_one_worker_24(Producer producer) throws IOException {
        engine.register("words", table(producer));
        Map<Object, Long> counts = new TreeMap<>();
        for (List<Object> row : rows(
                engine.query("SELECT word, count(*) AS c, min(n) FROM words GROUP BY word").threads(4))) {
            counts.put(row.getFirst(), (Long) row.get(1));
        }
        assertEquals(BATCHES * 10, counts.size());
        assertTrue(counts.values().stream().allMatch(count -> count == ROWS / 10));
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "IPC")
    void a_limit_reads_few_batches_more_than_it_needs_19(Producer producer) throws IOException {
        engine.register("words", table(producer));
        List<List<Object>> rows = rows(
                engine.query("SELECT n, word FROM words WHERE n >= 10 LIMIT 5").threads(4));
        assertEquals(List.of(row(10), row(11), row(12), row(13), row(14)), rows);
        assertTrue(loaded.get() <= 2, loaded + " batches were read for five rows");
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "IPC")
    void an_error_between_batches_fails_the_query_at_any_thread_count_21(Producer producer) throws IOException {
        engine.register("words", table(producer));
        for (int when : new int[]{0, 1, 17, BATCHES}) {
            failing = when;
            for (String sql : List.of("SELECT sum(n) FROM words", "SELECT n FROM words",
                    "SELECT word, count(*) FROM words GROUP BY word")) {
                GraticuleException error = assertThrows(GraticuleException.class,
                        () -> rows(engine.query(sql).threads(4)));
                assertTrue(error.getMessage().contains("the wire broke at " + when), error.getMessage());
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_consumer_that_leaves_releases_the_producer_once_23(Producer producer) throws IOException {
        engine.register("words", table(producer));
        for (int i = 0; i < 20; i++) {
            try (ArrowReader reader = engine.query("SELECT n, word FROM words").threads(4).run()) {
                assertTrue(reader.loadNextBatch());
            }
        }
    }

    @Test
    void two_workers_take_turns() throws IOException {
        engine.register("words", table(Producer.GIVES));
        assertEquals(1, rows(engine.query("SELECT sum(n) FROM words").threads(2)).size());
        assertNotEquals(loaders.get(0), loaders.get(1));
    }

    @Test
    void streams_in_a_union_follow_each_other_19() throws IOException {
        engine.register("words", table(Producer.GIVES));
        engine.register("others", table(Producer.REFILLS));
        List<Object> numbers = rows(
                engine.query("SELECT n FROM words UNION ALL SELECT n FROM others").threads(4)).stream()
                .map(List::getFirst).toList();
        Object[] expected = new Object[2 * BATCHES * ROWS];
        Arrays.setAll(expected, i -> (long) (i % (BATCHES * ROWS)));
        assertEquals(List.of(expected), numbers);
    }

    @Test
    void a_long_batch_comes_in_parts_that_workers_share() throws IOException {
        int rows = (2 << 20) + 100;
        Schema schema = new Schema(List.of(SCHEMA.getFields().getFirst()));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (BigIntVector n = new BigIntVector("n", foreign);
                VectorSchemaRoot root = VectorSchemaRoot.of(n);
                ArrowStreamWriter writer = new ArrowStreamWriter(root, null, bytes)) {
            n.allocateNew(rows);
            for (int row = 0; row < rows; row++) {
                if (row % 1000 == 999) {
                    n.setNull(row);
                } else {
                    n.set(row, row);
                }
            }
            root.setRowCount(rows);
            writer.writeBatch();
            writer.writeBatch();
        }
        ArrowStreamTable table = ArrowStreamTable.of(schema,
                allocator -> new ArrowStreamReader(new ByteArrayInputStream(bytes.toByteArray()), allocator));
        List<Integer> parts = new ArrayList<>();
        try (BufferAllocator allocator = new RootAllocator();
                RowReader reader = table.scan(List.of(0), List.of(), 3L << 20).openSplit(0, allocator)) {
            while (reader.next()) {
                parts.add(reader.rows());
                try (RowBatch taken = reader.openBatch(allocator)) {
                    assertEquals(reader.rows(), taken.rows());
                }
            }
        }
        assertEquals(List.of(1 << 20, 1 << 20, 100, 1 << 20), parts);
        engine.register("t", table);
        for (int threads : List.of(1, 4)) {
            long next = 0;
            try (Query query = engine.query("SELECT n FROM t").threads(threads); ArrowReader reader = query.run()) {
                while (reader.loadNextBatch()) {
                    BigIntVector n = (BigIntVector) reader.getVectorSchemaRoot().getVector(0);
                    for (int row = 0; row < n.getValueCount(); row++, next++) {
                        Long expected = next % rows % 1000 == 999 ? null : (Long) (next % rows);
                        assertEquals(expected, n.getObject(row));
                    }
                }
            }
            assertEquals(2L * rows, next);
        }
    }
}
