package dev.graticule.arrow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graticule.Engine;
import dev.graticule.Query;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.arrow.c.ArrowArray;
import org.apache.arrow.c.ArrowArrayStream;
import org.apache.arrow.c.Data;
import org.apache.arrow.c.NativeUtil;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.FixedSizeBinaryVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.LargeVarCharVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ViewVarCharVector;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.complex.LargeListVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.MapVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.complex.impl.UnionMapWriter;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.arrow.vector.util.TransferPair;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Large batches of a stream reach the consumer in the buffers in which they came, and stay there as long as it likes. */
final class ResultBuffersTest {
    private static final int ROWS = 1 << 15;

    private final RootAllocator outside = new RootAllocator();
    private final Engine engine = Engine.create();

    @AfterEach
    void nothing_is_left_over() {
        engine.close();
        assertEquals(0, engine.allocatedBytes());
        assertEquals(0, outside.getAllocatedMemory());
        outside.close();
    }

    /** Numbers and words; every batch in other vectors, or all in the same ones. */
    private static final class Producer extends ArrowReader {
        private final int batches;
        private final boolean reuses;
        private final Set<Long> addresses;
        private int next;

        Producer(BufferAllocator allocator, int batches, boolean reuses, Set<Long> addresses) {
            super(allocator);
            this.batches = batches;
            this.reuses = reuses;
            this.addresses = addresses;
        }

        @Override
        protected Schema readSchema() {
            return CountingProducer.SCHEMA;
        }

        @Override
        public boolean loadNextBatch() throws IOException {
            if (next == batches) {
                return false;
            }
            VectorSchemaRoot root = getVectorSchemaRoot();
            BigIntVector numbers = (BigIntVector) root.getVector(0);
            VarCharVector words = (VarCharVector) root.getVector(1);
            if (next == 0 || !reuses) {
                root.clear();
                numbers.allocateNew(ROWS);
                words.allocateNew(ROWS * 8L, ROWS);
            }
            for (int row = 0; row < ROWS; row++) {
                numbers.set(row, (long) next * ROWS + row);
                words.set(row, ("word " + (row % 10 + next)).getBytes(StandardCharsets.UTF_8));
            }
            root.setRowCount(ROWS);
            addresses.add(numbers.getDataBuffer().memoryAddress());
            next++;
            return true;
        }

        @Override
        public long bytesRead() {
            return 0;
        }

        @Override
        protected void closeReadSource() {
            // Nothing but the root is open.
        }
    }

    private static FieldVector take(ArrowReader reader, int column) throws IOException {
        FieldVector vector = reader.getVectorSchemaRoot().getVector(column);
        TransferPair pair = vector.getTransferPair(vector.getAllocator());
        pair.transfer();
        return (FieldVector) pair.getTo();
    }

    private static void check(List<FieldVector> numbers, List<FieldVector> words) {
        for (int batch = 0; batch < numbers.size(); batch++) {
            for (int row : List.of(0, 7, ROWS - 1)) {
                assertEquals((long) batch * ROWS + row, numbers.get(batch).getObject(row));
                assertEquals("word " + (row % 10 + batch), words.get(batch).getObject(row).toString());
            }
        }
    }

    @Test
    void the_producer_s_buffers_are_the_consumer_s_after_stream_query_and_engine_are_closed() throws IOException {
        Set<Long> addresses = new HashSet<>();
        engine.register("c", ArrowCData.table(CountingProducer.SCHEMA,
                address -> Data.exportArrayStream(outside, new Producer(outside, 3, false, addresses),
                        ArrowArrayStream.wrap(address))));
        List<FieldVector> numbers = new ArrayList<>();
        List<FieldVector> words = new ArrayList<>();
        try (engine; Query query = engine.query("SELECT n AS number, name FROM c"); ArrowReader reader = query.run()) {
            while (reader.loadNextBatch()) {
                numbers.add(take(reader, 0));
                words.add(take(reader, 1));
            }
        }
        assertEquals(3, numbers.size());
        check(numbers, words);
        numbers.forEach(vector -> assertTrue(addresses.contains(vector.getDataBuffer().memoryAddress())));
        assertTrue(outside.getAllocatedMemory() > 0);
        numbers.forEach(FieldVector::close);
        words.forEach(FieldVector::close);
    }

    @Test
    void an_exported_result_is_in_the_producer_s_buffers_too() throws IOException {
        Set<Long> addresses = new HashSet<>();
        engine.register("c", ArrowCData.table(CountingProducer.SCHEMA,
                address -> Data.exportArrayStream(outside, new Producer(outside, 3, false, addresses),
                        ArrowArrayStream.wrap(address))));
        try (ArrowArray batch = ArrowArray.allocateNew(outside)) {
            try (engine; ArrowArrayStream stream = ArrowArrayStream.allocateNew(outside)) {
                engine.query("SELECT * FROM c").export(stream.memoryAddress());
                stream.getNext(batch);
                stream.release();
            }
            long[] columns = NativeUtil.toJavaArray(batch.snapshot().children, 2);
            ArrowArray numbers = ArrowArray.wrap(columns[0]);
            assertTrue(addresses.contains(NativeUtil.toJavaArray(numbers.snapshot().buffers, 2)[1]));
            assertTrue(engine.allocatedBytes() > 0);
            batch.release();
        }
    }

    @Test
    void a_reader_that_fills_its_vectors_again_does_not_change_what_the_consumer_has() throws IOException {
        Set<Long> addresses = new HashSet<>();
        engine.register("r", ArrowStreamTable.of(CountingProducer.SCHEMA,
                allocator -> new Producer(allocator, 3, true, addresses)));
        List<FieldVector> numbers = new ArrayList<>();
        List<FieldVector> words = new ArrayList<>();
        try (Query query = engine.query("SELECT n, name FROM r"); ArrowReader reader = query.run()) {
            while (reader.loadNextBatch()) {
                numbers.add(take(reader, 0));
                words.add(take(reader, 1));
            }
        }
        assertEquals(1, addresses.size());
        check(numbers, words);
        numbers.forEach(FieldVector::close);
        words.forEach(FieldVector::close);
    }

    @Test
    void few_columns_of_wide_batches_are_copied_so_that_they_do_not_keep_the_others() throws IOException {
        Set<Long> addresses = new HashSet<>();
        engine.register("c", ArrowCData.table(CountingProducer.SCHEMA,
                address -> Data.exportArrayStream(outside, new Producer(outside, 1, false, addresses),
                        ArrowArrayStream.wrap(address))));
        try (Query query = engine.query("SELECT n FROM c"); ArrowReader reader = query.run()) {
            assertTrue(reader.loadNextBatch());
            assertNotEquals(addresses,
                    Set.of(reader.getVectorSchemaRoot().getVector(0).getDataBuffer().memoryAddress()));
        }
    }

    /** Every layout that is handed over, in batches that the engine cuts at rows that are no multiple of eight. */
    @Test
    void cut_batches_of_every_layout_have_the_rows_of_the_stream() throws IOException {
        try (VectorSchemaRoot all = everyLayout()) {
            engine.register("c", ArrowCData.table(all.getSchema(), address -> Data.exportArrayStream(outside,
                    new OneBatch(all), ArrowArrayStream.wrap(address))));
            for (int batchRows : List.of(ROWS, (1 << 14) + 1, 5000)) {
                int row = 0;
                try (Query query = engine.query("SELECT * FROM c")) {
                    query.options(engine.options().withBatchRows(batchRows));
                    try (ArrowReader reader = query.run()) {
                        while (reader.loadNextBatch()) {
                            VectorSchemaRoot root = reader.getVectorSchemaRoot();
                            for (int i = 0; i < root.getRowCount(); i += 13) {
                                for (int c = 0; c < root.getFieldVectors().size(); c++) {
                                    assertEquals(Truth.text(all.getVector(c), row + i, null),
                                            Truth.text(root.getVector(c), i, null),
                                            all.getVector(c).getName() + " in row " + (row + i));
                                }
                            }
                            row += root.getRowCount();
                        }
                    }
                }
                assertEquals(ROWS, row);
            }
        }
    }

    private VectorSchemaRoot everyLayout() {
        BigIntVector numbers = new BigIntVector("number", outside);
        BitVector bits = new BitVector("bit", outside);
        Float8Vector whole = new Float8Vector("whole", outside);
        VarCharVector words = new VarCharVector("word", outside);
        LargeVarCharVector largeWords = new LargeVarCharVector("large_word", outside);
        ViewVarCharVector views = new ViewVarCharVector("view", outside);
        FixedSizeBinaryVector bytes = new FixedSizeBinaryVector("bytes", outside, 3);
        ListVector list = ListVector.empty("list", outside);
        IntVector listed = (IntVector) list
                .<IntVector>addOrGetVector(FieldType.nullable(new ArrowType.Int(32, true))).getVector();
        LargeListVector largeList = LargeListVector.empty("large_list", outside);
        IntVector largeListed = (IntVector) largeList
                .<IntVector>addOrGetVector(FieldType.nullable(new ArrowType.Int(32, true))).getVector();
        FixedSizeListVector pairs = FixedSizeListVector.empty("pair", 2, outside);
        IntVector paired = (IntVector) pairs
                .<IntVector>addOrGetVector(FieldType.nullable(new ArrowType.Int(32, true))).getVector();
        StructVector struct = StructVector.empty("struct", outside);
        IntVector x = struct.addOrGet("x", FieldType.nullable(new ArrowType.Int(32, true)), IntVector.class);
        VarCharVector name = struct.addOrGet("name", FieldType.nullable(ArrowType.Utf8.INSTANCE), VarCharVector.class);
        MapVector map = MapVector.empty("map", outside, false);
        UnionMapWriter entries = map.getWriter();
        for (int row = 0; row < ROWS; row++) {
            byte[] text = ("a word of row ".substring(row % 14) + row).getBytes(StandardCharsets.UTF_8);
            whole.setSafe(row, row / 2.0);
            x.setSafe(row, row);
            listed.setSafe(row, -row);
            largeListed.setSafe(row, row * 3);
            paired.setSafe(row * 2, row);
            paired.setSafe(row * 2 + 1, row + 1);
            entries.setPosition(row);
            entries.startMap();
            if (row % 3 == 0) {
                entries.startEntry();
                entries.key().integer().writeInt(row);
                entries.value().integer().writeInt(row * 2);
                entries.endEntry();
            }
            entries.endMap();
            if (row % 5 == 0) {
                continue;
            }
            numbers.setSafe(row, row * 11L);
            bits.setSafe(row, row % 3 == 0 ? 1 : 0);
            words.setSafe(row, text);
            largeWords.setSafe(row, text);
            views.setSafe(row, text);
            bytes.setSafe(row, new byte[]{(byte) row, (byte) (row >> 8), 1});
            list.startNewValue(row);
            list.endValue(row, row % 2);
            largeList.startNewValue(row);
            largeList.endValue(row, row % 2);
            pairs.setNotNull(row);
            struct.setIndexDefined(row);
            name.setSafe(row, text);
        }
        List<FieldVector> vectors = List.of(numbers, bits, whole, words, largeWords, views, bytes, list, largeList,
                pairs,
                struct, map);
        vectors.forEach(vector -> vector.setValueCount(ROWS));
        return new VectorSchemaRoot(vectors.stream().map(FieldVector::getField).toList(), vectors, ROWS);
    }

    /** The rows of a root, as one batch. */
    private static final class OneBatch extends ArrowReader {
        private final VectorSchemaRoot rows;
        private boolean given;

        OneBatch(VectorSchemaRoot rows) {
            super(rows.getVector(0).getAllocator());
            this.rows = rows;
        }

        @Override
        protected Schema readSchema() {
            return rows.getSchema();
        }

        @Override
        public VectorSchemaRoot getVectorSchemaRoot() {
            return rows;
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
            // The rows are their owner's.
        }
    }
}
