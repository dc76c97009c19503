package dev.graticule.file.parquet;

import dev.graticule.GraticuleException;
import dev.graticule.batch.HeapReservation;
import dev.graticule.spi.CopySource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.parquet.bytes.HeapByteBufferAllocator;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnWriteStore;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.hadoop.ColumnChunkPageWriteStore;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;

/**
 * Writes rows as one Parquet file: with statistics of row groups and pages, dictionaries where they pay, and the fields' metadata as the
 * file's key-value metadata ({@code column.key}), beside the Arrow schema as {@link StoredSchema} has it.
 *
 * <p>The columns of a batch are encoded and compressed on as many threads as the query has; the rows keep their order. A row group
 * is held encoded until it is complete.
 */
final class ParquetCopy {
    /** How many rows are written between two looks at a page's size. */
    private static final int PAGE_CHECK_ROWS = 4096;
    private static final int PAGE_BYTES = 1 << 20;
    private static final int TRUNCATE_STATISTICS = 64;
    /** A row group ends where it has this part of the memory that the query may use. */
    private static final int SHARE_OF_MEMORY = 8;

    private final ParquetOptions options;
    private final Compressors compressor;
    private final ParquetProperties properties;
    private final ParquetProperties withoutDictionary;

    ParquetCopy(ParquetOptions options) {
        this.options = options;
        this.compressor = new Compressors(options);
        this.properties = properties().withValuesWriterFactory(new TextDictionary.Factory()).build();
        this.withoutDictionary = properties().withDictionaryEncoding(false).build();
    }

    private static ParquetProperties.Builder properties() {
        return ParquetProperties.builder().withPageSize(PAGE_BYTES).withPageRowCountLimit(1 << 17)
                .withMinRowCountForPageSizeCheck(PAGE_CHECK_ROWS).withMaxRowCountForPageSizeCheck(PAGE_CHECK_ROWS)
                .estimateRowCountForPageSizeCheck(false).withAllocator(HeapByteBufferAllocator.getInstance())
                .withPageWriteChecksumEnabled(false).withColumnIndexTruncateLength(TRUNCATE_STATISTICS);
    }

    long write(CopySource source, Path path) throws IOException {
        // A column that cannot be written is told before the query runs.
        WrittenSchema.of(source.schema());
        try (ArrowReader reader = source.openReader()) {
            return write(reader, source.threads(), source.allocator(), path);
        }
    }

    /**
     * Writes what a reader gives, which stays open, on that many threads.
     *
     * @param allocator what a row group holds is counted there, until it is written
     */
    long write(ArrowReader reader, int most, BufferAllocator allocator, Path path) throws IOException {
        long rows = write(reader, most, allocator, new LocalOutputFile(path));
        if (WrittenSchema.hasIntervals(WrittenSchema.of(reader.getVectorSchemaRoot().getSchema()))) {
            IntervalFooter.rewrite(path);
        }
        return rows;
    }

    /** As above, but for the footer of INTERVAL columns, which {@link IntervalFooter} must repair. */
    long write(ArrowReader reader, int most, BufferAllocator allocator, OutputFile output) throws IOException {
        Schema arrow = reader.getVectorSchemaRoot().getSchema();
        MessageType schema = WrittenSchema.of(arrow);
        long rows;
        int threads = Integer.min(most, schema.getFieldCount());
        try (ParquetFileWriter file = new ParquetFileWriter(output, schema,
                ParquetFileWriter.Mode.OVERWRITE, options.rowGroupBytes(), 0, TRUNCATE_STATISTICS,
                Integer.MAX_VALUE, false);
                ExecutorService encoders = Executors.newFixedThreadPool(threads,
                        Thread.ofPlatform().daemon().name("graticule-parquet-", 0).factory())) {
            file.start();
            rows = write(reader, schema, file, encoders, allocator);
            file.end(metadata(arrow));
        }
        return rows;
    }

    private long write(ArrowReader reader, MessageType schema, ParquetFileWriter file, ExecutorService encoders,
            BufferAllocator allocator) throws IOException {
        long rows = 0;
        long most = Long.min(options.rowGroupBytes(), Long.max(allocator.getLimit() / SHARE_OF_MEMORY, 1));
        RowGroup group = null;
        try (HeapReservation heap = new HeapReservation(allocator)) {
            while (reader.loadNextBatch()) {
                VectorSchemaRoot root = reader.getVectorSchemaRoot();
                int from = 0;
                while (from < root.getRowCount()) {
                    group = group == null ? new RowGroup(schema, root, from) : group;
                    int to = Integer.min(root.getRowCount(), from + options.rowGroupRows() - group.rows);
                    group.append(root.getFieldVectors(), from, to, encoders);
                    from = to;
                    // Counted anew: both at once would be more than there is.
                    heap.close();
                    heap.ensure(group.allocatedBytes());
                    if (group.rows >= options.rowGroupRows() || group.bytes() >= most) {
                        group.end(file, encoders);
                        group.close();
                        group = null;
                        heap.close();
                    }
                }
                rows += root.getRowCount();
            }
            if (group != null) {
                group.end(file, encoders);
            }
        } finally {
            if (group != null) {
                group.close();
            }
        }
        return rows;
    }

    private static Map<String, String> metadata(Schema schema) {
        Map<String, String> metadata = new HashMap<>();
        if (schema.getCustomMetadata() != null) {
            metadata.putAll(schema.getCustomMetadata());
        }
        for (Field field : schema.getFields()) {
            field.getMetadata().forEach((key, value) -> metadata.put(field.getName() + "." + key, value));
        }
        StoredSchema.put(schema, metadata);
        return metadata;
    }

    /** A column of the result with what its leaves are written to: a unit of work for one thread at a time. */
    private record Shredded(ColumnShredder shredder, List<ColumnWriteStore> stores) implements EncodedColumn {
        @Override
        public void append(FieldVector vector, int from, int to, int rowsBefore) {
            shredder.load(vector);
            int start = from;
            while (start < to) {
                // Pages end where every value of their last row is written.
                int end = Integer.min(to,
                        start + PAGE_CHECK_ROWS - (rowsBefore + start - from) % PAGE_CHECK_ROWS);
                shredder.writeRows(start, end);
                for (ColumnWriteStore store : stores) {
                    for (int row = start; row < end; row++) {
                        store.endRecord();
                    }
                }
                start = end;
            }
        }

        @Override
        public long bytes() {
            return stores.stream().mapToLong(ColumnWriteStore::getBufferedSize).sum();
        }

        @Override
        public long allocatedBytes() {
            return stores.stream().mapToLong(ColumnWriteStore::getAllocatedSize).sum();
        }

        @Override
        public void flush() {
            stores.forEach(ColumnWriteStore::flush);
        }

        @Override
        public void close() {
            stores.forEach(ColumnWriteStore::close);
        }
    }

    /** What is encoded of a row group. Leaves have stores of their own, so that columns need not wait for each other. */
    private final class RowGroup implements AutoCloseable {
        private final ColumnChunkPageWriteStore pages;
        private final List<EncodedColumn> columns = new ArrayList<>();
        private int rows;

        /** A row group that begins with that row of a batch. */
        RowGroup(MessageType schema, VectorSchemaRoot root, int from) {
            pages = new ColumnChunkPageWriteStore(compressor, schema, HeapByteBufferAllocator.getInstance(),
                    TRUNCATE_STATISTICS, false);
            List<ColumnDescriptor> leaves = schema.getColumns();
            int[] next = new int[1];
            for (FieldVector vector : root.getFieldVectors()) {
                boolean dictionary = DictionaryTrial.mayPay(vector, from, root.getRowCount());
                if (!dictionary && PlainPages.canWrite(vector.getField(), leaves.get(next[0]))) {
                    ColumnDescriptor leaf = leaves.get(next[0]++);
                    columns.add(new PlainPages(pages.getPageWriter(leaf), leaf, PAGE_BYTES));
                    continue;
                }
                ParquetProperties chosen = dictionary ? properties : withoutDictionary;
                List<ColumnWriteStore> stores = new ArrayList<>();
                ColumnShredder shredder = ColumnShredder.of(vector.getField(), unused -> {
                    ColumnDescriptor leaf = leaves.get(next[0]++);
                    ColumnWriteStore store = chosen.newColumnWriteStore(onlyLeaf(schema, leaf), pages, pages);
                    stores.add(store);
                    return store.getColumnWriter(leaf);
                });
                columns.add(new Shredded(shredder, List.copyOf(stores)));
            }
        }

        private static MessageType onlyLeaf(MessageType schema, ColumnDescriptor leaf) {
            return new MessageType(schema.getName(), only(schema, leaf.getPath(), 0));
        }

        private static Type only(GroupType group, String[] path, int depth) {
            Type child = group.getType(path[depth]);
            return child.isPrimitive() ? child
                    : child.asGroupType().withNewFields(only(child.asGroupType(), path, depth + 1));
        }

        void append(List<FieldVector> vectors, int from, int to, ExecutorService encoders) throws IOException {
            List<Runnable> work = new ArrayList<>();
            for (int column = 0; column < columns.size(); column++) {
                EncodedColumn encoded = columns.get(column);
                FieldVector vector = vectors.get(column);
                work.add(() -> encoded.append(vector, from, to, rows));
            }
            runAll(work, encoders);
            rows += to - from;
        }

        /** What was encoded so far. */
        long bytes() {
            return columns.stream().mapToLong(EncodedColumn::bytes).sum();
        }

        /** What it takes to hold that. */
        long allocatedBytes() {
            return columns.stream().mapToLong(EncodedColumn::allocatedBytes).sum();
        }

        void end(ParquetFileWriter file, ExecutorService encoders) throws IOException {
            runAll(columns.stream().<Runnable>map(column -> column::flush).toList(), encoders);
            file.startBlock(rows);
            pages.flushToFileWriter(file);
            file.endBlock();
        }

        @Override
        public void close() {
            columns.forEach(EncodedColumn::close);
            pages.close();
        }
    }

    /** Runs all, in any order, and waits for the last also where one fails. */
    private static void runAll(List<Runnable> work, ExecutorService encoders) throws IOException {
        List<Future<?>> running = new ArrayList<>();
        work.forEach(each -> running.add(encoders.submit(each)));
        Throwable failure = null;
        for (Future<?> each : running) {
            try {
                each.get();
            } catch (ExecutionException failed) {
                failure = failure == null ? failed.getCause() : failure;
            } catch (InterruptedException interruption) {
                running.forEach(other -> other.cancel(false));
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", interruption);
            }
        }
        switch (failure) {
            case null -> {
                // All went well.
            }
            case GraticuleException known -> throw known;
            case Error error -> throw error;
            default -> throw new IOException(failure.getMessage(), failure);
        }
    }
}
