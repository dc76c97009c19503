package dev.graticule.arrow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graticule.Engine;
import dev.graticule.ErrorKind;
import dev.graticule.GraticuleException;
import dev.graticule.Query;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.c.ArrowArray;
import org.apache.arrow.c.ArrowArrayStream;
import org.apache.arrow.c.Data;
import org.apache.arrow.c.NativeUtil;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.memory.util.MemoryUtil;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.TinyIntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.compression.CompressionUtil;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Streams through the C Data Interface, in and out: lazily, without leaks, each released exactly once. */
final class ArrowCDataTest {
    private final RootAllocator outside = new RootAllocator();
    private final Engine engine = Engine.create();

    @AfterEach
    void nothing_is_left_over() {
        assertEquals(0, engine.allocatedBytes());
        assertEquals(0, outside.getAllocatedMemory());
        engine.close();
        outside.close();
    }

    /** A table over a producer behind the C Data Interface. */
    private ArrowStreamTable table(CountingProducer producer) {
        return ArrowCData.table(CountingProducer.SCHEMA, address -> export(producer.openReader(outside), address));
    }

    private void export(ArrowReader reader, long address) {
        Data.exportArrayStream(outside, reader, ArrowArrayStream.wrap(address));
    }

    private static List<String> rows(Engine engine, String sql) {
        List<String> rows = new ArrayList<>();
        try (Query query = engine.query(sql); ArrowReader reader = query.run()) {
            while (reader.loadNextBatch()) {
                VectorSchemaRoot root = reader.getVectorSchemaRoot();
                for (int row = 0; row < root.getRowCount(); row++) {
                    int at = row;
                    rows.add(String.join("|", root.getFieldVectors().stream()
                            .map(vector -> String.valueOf(vector.getObject(at))).toList()));
                }
            }
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
        return rows;
    }

    private GraticuleException fails(String sql) {
        return assertThrows(GraticuleException.class, () -> rows(engine, sql));
    }

    @Test
    void offsets_that_are_damaged_are_an_error_of_the_source_27() throws IOException {
        for (String kind : List.of("text", "list", "large list of texts")) {
            for (int place : new int[]{2, 5}) {
                byte[] bytes = IpcColumns.written(kind, false, CompressionUtil.CodecType.NO_COMPRESSION);
                engine.register("damaged", ArrowCData.table(
                        ArrowIpc.schema(ArrowIpc.factory(() -> new ByteArrayInputStream(bytes))),
                        address -> export(new ArrowStreamReader(new ByteArrayInputStream(bytes), outside) {
                            @Override
                            public boolean loadNextBatch() throws IOException {
                                boolean more = super.loadNextBatch();
                                if (more) {
                                    getVectorSchemaRoot().getVector(0).getOffsetBuffer().setInt(place * 4L, 1 << 28);
                                }
                                return more;
                            }
                        }, address)));
                GraticuleException error = assertThrows(GraticuleException.class,
                        () -> rows(engine, "SELECT * FROM damaged"), kind + ", offset " + place);
                assertEquals(ErrorKind.SOURCE, error.kind(), kind + ": " + error.getMessage());
                assertTrue(error.getMessage().contains("damaged: column c of"), kind + ": " + error.getMessage());
                assertEquals(0, engine.allocatedBytes(), kind);
            }
        }
    }

    @Test
    void every_query_has_the_factory_export_again_and_planning_does_not_20() {
        CountingProducer producer = new CountingProducer(3, CountingProducer.NEVER);
        engine.register("numbers", table(producer));
        rows(engine, "EXPLAIN SELECT * FROM numbers");
        assertEquals(0, producer.opened);
        assertEquals(List.of("36|9|row 2"), rows(engine, "SELECT sum(n), count(*), max(name) FROM numbers"));
        assertEquals(List.of("7|row 1", "8|row 2"), rows(engine, "SELECT * FROM numbers WHERE n > 6"));
        assertEquals(2, producer.opened);
        assertEquals(2, producer.closed);
    }

    @Test
    void a_stream_at_an_address_is_read_by_one_query_and_a_second_one_is_told_so_20() throws IOException {
        CountingProducer producer = new CountingProducer(3, CountingProducer.NEVER);
        try (ArrowArrayStream stream = ArrowArrayStream.allocateNew(outside)) {
            export(producer.openReader(outside), stream.memoryAddress());
            engine.register("numbers", ArrowCData.stream(stream.memoryAddress()));
            assertEquals(0, producer.loaded);
            assertEquals(List.of("9"), rows(engine, "SELECT count(*) FROM numbers"));
            assertEquals(0, stream.snapshot().release);
        }
        GraticuleException error = fails("SELECT * FROM numbers");
        assertEquals(ErrorKind.SOURCE, error.kind());
        assertTrue(error.getMessage().contains("only once"), error.getMessage());
        assertEquals(1, producer.closed);
    }

    @Test
    void a_stream_that_no_query_reads_stays_its_owner_s() throws IOException {
        CountingProducer producer = new CountingProducer(3, CountingProducer.NEVER);
        try (ArrowArrayStream stream = ArrowArrayStream.allocateNew(outside)) {
            export(producer.openReader(outside), stream.memoryAddress());
            engine.register("numbers", ArrowCData.stream(stream.memoryAddress()));
            stream.release();
            assertEquals(1, producer.closed);
            assertTrue(fails("SELECT * FROM numbers").getMessage().contains("released"));
            assertThrows(GraticuleException.class, () -> ArrowCData.stream(stream.memoryAddress()));
        }
        assertThrows(GraticuleException.class, () -> ArrowCData.stream(0));
    }

    @Test
    void a_producer_s_failure_reaches_the_user_without_its_stack_21() {
        for (int batch : List.of(0, 1, 3)) {
            CountingProducer producer = new CountingProducer(3, batch);
            engine.register("numbers", table(producer));
            GraticuleException error = fails("SELECT * FROM numbers");
            assertEquals(ErrorKind.SOURCE, error.kind());
            assertTrue(error.getMessage().contains("the wire broke at " + batch), error.getMessage());
            assertFalse(error.getMessage().contains("\n"), error.getMessage());
            assertEquals(1, producer.closed);
        }
    }

    @Test
    void a_factory_that_fails_or_exports_nothing_fails_the_query_21() {
        engine.register("closed", table(new CountingProducer(3, -1)));
        assertTrue(fails("SELECT * FROM closed").getMessage().contains("the station is closed"));
        engine.register("none", ArrowCData.table(CountingProducer.SCHEMA, address -> {
        }));
        assertTrue(fails("SELECT * FROM none").getMessage().contains("exported none"));
        CountingProducer late = new CountingProducer(3, CountingProducer.NEVER);
        engine.register("late", ArrowCData.table(CountingProducer.SCHEMA, address -> {
            export(late.openReader(outside), address);
            throw new IOException("changed its mind");
        }));
        assertTrue(fails("SELECT * FROM late").getMessage().contains("changed its mind"));
        assertEquals(1, late.closed);
    }

    @Test
    void another_schema_than_declared_is_an_error_and_releases_the_stream_22() {
        CountingProducer producer = new CountingProducer(3, CountingProducer.NEVER);
        engine.register("numbers", ArrowCData.table(CountingProducer.otherSchema(),
                address -> export(producer.openReader(outside), address)));
        assertTrue(fails("SELECT * FROM numbers").getMessage().contains("another schema"));
        assertEquals(1, producer.closed);
    }

    @Test
    void an_early_stop_releases_the_stream_once_23() throws IOException {
        CountingProducer producer = new CountingProducer(100_000, CountingProducer.NEVER);
        engine.register("numbers", table(producer));
        assertEquals(2, rows(engine, "SELECT n FROM numbers LIMIT 2").size());
        try (Query query = engine.query("SELECT n FROM numbers")) {
            ArrowReader reader = query.run();
            assertTrue(reader.loadNextBatch());
            reader.close();
            reader.close();
        }
        assertEquals(2, producer.opened);
        assertEquals(2, producer.closed);
    }

    @Test
    void the_producer_s_memory_does_not_count_against_the_query_s_limit() {
        engine.register("numbers", table(new CountingProducer(2, CountingProducer.NEVER)));
        engine.set("memory_limit", "1MB");
        assertEquals(List.of("15"), rows(engine, "SELECT sum(n) FROM numbers"));
    }

    @Test
    void a_dictionary_stays_one_and_its_values_arrive_24() {
        DictionaryEncoding encoding = new DictionaryEncoding(5, false, new ArrowType.Int(8, true));
        Schema declared = new Schema(List.of(Field.nullable("w", ArrowType.Utf8.INSTANCE)));
        engine.register("words", ArrowCData.table(declared, address -> export(words(encoding), address)));
        assertEquals(List.of("b", "null", "a"), rows(engine, "SELECT w FROM words"));
        assertEquals(List.of("a|1", "b|1"),
                rows(engine, "SELECT w, count(*) FROM words WHERE w IS NOT NULL GROUP BY w ORDER BY w"));
    }

    private ArrowReader words(DictionaryEncoding encoding) {
        VarCharVector words = new VarCharVector("words", outside);
        words.setSafe(0, "a".getBytes(StandardCharsets.UTF_8));
        words.setSafe(1, "b".getBytes(StandardCharsets.UTF_8));
        words.setValueCount(2);
        TinyIntVector keys = new TinyIntVector("w", new FieldType(true, encoding.getIndexType(), encoding), outside);
        keys.setSafe(0, 1);
        keys.setNull(1);
        keys.setSafe(2, 0);
        keys.setValueCount(3);
        VectorSchemaRoot root = VectorSchemaRoot.of(keys);
        return new ArrowReader(outside) {
            private boolean given;

            @Override
            public VectorSchemaRoot getVectorSchemaRoot() {
                return root;
            }

            @Override
            public Dictionary lookup(long id) {
                return new Dictionary(words, encoding);
            }

            @Override
            public boolean loadNextBatch() {
                boolean more = !given;
                given = true;
                return more;
            }

            @Override
            public long bytesRead() {
                return 0;
            }

            @Override
            protected void closeReadSource() {
                root.close();
                words.close();
            }

            @Override
            protected Schema readSchema() {
                return root.getSchema();
            }
        };
    }

    @Test
    void a_result_is_a_table_of_another_engine() {
        engine.register("numbers", table(new CountingProducer(2_000, CountingProducer.NEVER)));
        try (Engine other = Engine.create(); Query query = engine.query(
                "SELECT n, n * 0.5 AS half, name, n % 7 = 0 AS seventh, nullif(n, 3) AS holes FROM numbers")) {
            Schema schema;
            try (ArrowReader reader = query.run()) {
                schema = reader.getVectorSchemaRoot().getSchema();
            } catch (IOException problem) {
                throw new UncheckedIOException(problem);
            }
            other.register("result", ArrowCData.table(schema, address -> query.export(address)));
            String totals = "SELECT sum(n), sum(half), min(name), max(name), count(*) FILTER (WHERE seventh), count(holes)"
                    + " FROM ";
            String direct = "(SELECT n, n * 0.5 AS half, name, n % 7 = 0 AS seventh, nullif(n, 3) AS holes FROM numbers)";
            assertEquals(rows(engine, totals + direct + " AS t"), rows(other, totals + "result"));
            assertEquals(rows(engine, "SELECT * FROM " + direct + " AS t LIMIT 1003"),
                    rows(other, "SELECT * FROM result LIMIT 1003"));
            assertEquals(0, other.allocatedBytes());
        }
    }

    @Test
    void a_consumer_keeps_batches_after_stream_and_query_are_closed_and_the_buffers_are_not_copied()
            throws IOException {
        engine.register("numbers", table(new CountingProducer(3, CountingProducer.NEVER)));
        try (ArrowArrayStream stream = ArrowArrayStream.allocateNew(outside);
                ArrowArray batch = ArrowArray.allocateNew(outside)) {
            try (Query query = engine.query("SELECT n FROM numbers ORDER BY n DESC")) {
                query.export(stream.memoryAddress());
                stream.getNext(batch);
            }
            stream.release();
            stream.release();
            assertTrue(engine.allocatedBytes() > 0);
            try (FieldVector kept = CountingProducer.SCHEMA.getFields().getFirst().createVector(outside)) {
                ArrowArray column = ArrowArray
                        .wrap(NativeUtil.toJavaArray(batch.snapshot().children, 1)[0]);
                long values = NativeUtil.toJavaArray(column.snapshot().buffers, 2)[1];
                assertEquals(8L, MemoryUtil.getLong(values));
                Data.importIntoVector(outside, column, kept, null, false);
                assertEquals(values, kept.getDataBuffer().memoryAddress());
                batch.release();
                assertEquals(8L, kept.getObject(0));
            }
        }
    }

    @Test
    void a_consumer_that_stops_early_stops_the_query() throws IOException {
        CountingProducer producer = new CountingProducer(100_000, CountingProducer.NEVER);
        engine.register("numbers", table(producer));
        for (int batches = 0; batches < 3; batches++) {
            try (ArrowArrayStream stream = ArrowArrayStream.allocateNew(outside);
                    Query query = engine.query("SELECT n FROM numbers")) {
                query.export(stream.memoryAddress());
                try (ArrowReader reader = Data.importArrayStream(outside, stream, false)) {
                    for (int i = 0; i < batches; i++) {
                        assertTrue(reader.loadNextBatch());
                    }
                }
            }
        }
        assertEquals(producer.opened, producer.closed);
    }

    @Test
    void an_error_of_the_query_is_the_stream_s_with_its_message_alone() throws IOException {
        engine.register("numbers", table(new CountingProducer(3, 1)));
        try (ArrowArrayStream stream = ArrowArrayStream.allocateNew(outside);
                Query query = engine.query("SELECT n FROM numbers ORDER BY n")) {
            assertThrows(GraticuleException.class,
                    () -> engine.query("SELECT x FROM numbers").export(stream.memoryAddress()));
            assertEquals(0, stream.snapshot().release);
            query.export(stream.memoryAddress());
            try (ArrowReader reader = Data.importArrayStream(outside, stream, false)) {
                IOException error = assertThrows(IOException.class, reader::loadNextBatch);
                assertTrue(error.getMessage().contains("the wire broke at 1"), error.getMessage());
                assertFalse(error.getMessage().contains("\n"), error.getMessage());
            }
        }
    }

    @Test
    void a_stream_whose_query_was_closed_says_so() throws IOException {
        engine.register("numbers", table(new CountingProducer(3, CountingProducer.NEVER)));
        try (ArrowArrayStream stream = ArrowArrayStream.allocateNew(outside)) {
            try (Query query = engine.query("SELECT n FROM numbers")) {
                query.export(stream.memoryAddress());
            }
            try (ArrowReader reader = Data.importArrayStream(outside, stream, false)) {
                IOException error = assertThrows(IOException.class, reader::loadNextBatch);
                assertTrue(error.getMessage().contains("This result was closed."), error.getMessage());
            }
        }
    }

    @Test
    void a_statement_without_rows_is_a_stream_without_columns() throws IOException {
        try (ArrowArrayStream stream = ArrowArrayStream.allocateNew(outside);
                Query query = engine.query("SET threads = 2")) {
            query.export(stream.memoryAddress());
            try (ArrowReader reader = Data.importArrayStream(outside, stream, false)) {
                assertEquals(0, reader.getVectorSchemaRoot().getFieldVectors().size());
                assertFalse(reader.loadNextBatch());
            }
        }
    }
}
