package dev.graticule.file.parquet;

import dev.graticule.GraticuleException;
import dev.graticule.batch.Column;
import dev.graticule.batch.Values;
import dev.graticule.spi.RowReader;
import dev.hardwood.HardwoodContext;
import dev.hardwood.InputFile;
import dev.hardwood.metadata.ColumnChunk;
import dev.hardwood.metadata.RowGroup;
import dev.hardwood.reader.ColumnReader;
import dev.hardwood.reader.ColumnReaders;
import dev.hardwood.reader.ParquetFileReader;
import dev.hardwood.reader.RowGroupPredicate;
import dev.hardwood.schema.ColumnProjection;
import dev.hardwood.schema.SchemaNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.arrow.vector.FieldVector;

/** The rows of row groups that follow each other. */
final class ParquetRowReader implements RowReader {
    private static final int BATCH_ROWS = 1 << 16;

    private final ParquetScan.Part part;
    private final List<Integer> wanted;
    private final BufferAllocator allocator;
    private final List<FieldVector> vectors = new ArrayList<>();
    private HardwoodContext context;
    private ParquetFileReader file;
    private ColumnReaders readers;
    private long left;
    /** What the wanted columns have in the file. */
    private long bytes;
    private int rows;

    private ParquetRowReader(ParquetScan.Part part, List<Integer> wanted, BufferAllocator allocator) {
        this.part = part;
        this.wanted = wanted;
        this.allocator = allocator;
        this.left = part.rows();
    }

    /** Opens row groups; the caller closes the reader. Without columns nothing is read. */
    static ParquetRowReader open(ParquetScan.Part part, List<Integer> wanted, BufferAllocator allocator) {
        ParquetRowReader reader = new ParquetRowReader(part, wanted, allocator);
        if (wanted.isEmpty()) {
            return reader;
        }
        try {
            reader.start();
            return reader;
        } catch (IOException | RuntimeException failure) {
            reader.close();
            throw reader.failed(failure);
        }
    }

    private void start() throws IOException {
        context = HardwoodContext.create(1);
        file = ParquetFileReader.open(InputFile.of(part.file().path()), context);
        long start = Long.MAX_VALUE;
        long end = 0;
        List<SchemaNode> nodes = part.file().nodes();
        Set<Integer> leaves = new HashSet<>();
        wanted.forEach(column -> addLeaves(nodes.get(column), leaves));
        for (RowGroup group : part.file().rowGroups().subList(part.from(), part.to())) {
            for (ColumnChunk chunk : group.columns()) {
                start = Long.min(start, chunk.chunkStartOffset());
                end = Long.max(end, chunk.chunkStartOffset() + chunk.metaData().totalCompressedSize());
            }
            for (int leaf : leaves) {
                bytes += group.columns().get(leaf).metaData().totalCompressedSize();
            }
        }
        readers = file.buildColumnReaders(projection()).filter(RowGroupPredicate.byteRange(start, end))
                .batchSize(BATCH_ROWS).build();
    }

    private static void addLeaves(SchemaNode node, Set<Integer> leaves) {
        switch (node) {
            case SchemaNode.PrimitiveNode leaf -> leaves.add(leaf.columnIndex());
            case SchemaNode.GroupNode group -> group.children().forEach(child -> addLeaves(child, leaves));
        }
    }

    private ColumnProjection projection() {
        List<String> names = wanted.stream().distinct().map(column -> part.file().nodes().get(column).name()).toList();
        // A dot in a name would be read as a path.
        return names.stream().anyMatch(name -> name.contains(".")) ? ColumnProjection.all()
                : ColumnProjection.columns(names.toArray(String[]::new));
    }

    @Override
    public boolean next() {
        release();
        if (wanted.isEmpty()) {
            rows = (int) Long.min(left, BATCH_ROWS);
            left -= rows;
            return rows > 0;
        }
        try {
            if (!readers.nextBatch()) {
                if (left > 0) {
                    throw new IOException("it ends " + left + " rows early");
                }
                return false;
            }
            rows = readers.getRecordCount();
            left -= rows;
            Map<Integer, ColumnReader> leaves = new HashMap<>();
            for (int i = 0; i < readers.getColumnCount(); i++) {
                ColumnReader leaf = readers.getColumnReader(i);
                leaves.put(leaf.getColumnSchema().columnIndex(), leaf);
            }
            for (int column : wanted) {
                vectors.add(ColumnAssembly.openVector(part.file().fields().get(column),
                        part.file().nodes().get(column), leaves, rows, allocator));
            }
            return true;
        } catch (IOException | RuntimeException failure) {
            throw failed(failure);
        }
    }

    private RuntimeException failed(Exception failure) {
        if (failure instanceof GraticuleException || failure instanceof OutOfMemoryException) {
            return (RuntimeException) failure;
        }
        return ParquetFile.unreadable(part.file().path(), " in row group " + part.from()
                + (part.to() - part.from() > 1 ? " to " + (part.to() - 1) : ""), failure);
    }

    @Override
    public int rows() {
        return rows;
    }

    /** The wanted columns' bytes, as much of them as of the rows. */
    @Override
    public long bytesRead() {
        long all = part.rows();
        return all == 0 ? 0 : (long) ((double) bytes * (all - left) / all);
    }

    @Override
    public List<Column> columns() {
        return vectors.stream().<Column>map(vector -> Column.dense(Values.of(vector), new int[]{rows}, 0)).toList();
    }

    private void release() {
        vectors.forEach(FieldVector::close);
        vectors.clear();
    }

    @Override
    public void close() {
        release();
        try (HardwoodContext closing = context; ParquetFileReader closingFile = file;
                ColumnReaders closingReaders = readers) {
            readers = null;
        } catch (IOException | RuntimeException failure) {
            throw failed(failure);
        }
    }
}
