package dev.graticule.file;

import dev.graticule.batch.Column;
import dev.graticule.batch.Values;
import dev.graticule.spi.RowReader;
import dev.graticule.spi.RowScan;
import dev.graticule.spi.RowScan.FilterAnswer;
import dev.graticule.spi.RowTable;
import dev.graticule.spi.SimplePredicate;
import dev.graticule.type.SqlType;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.apache.arrow.vector.ipc.ArrowStreamWriter;

/** The rows of a root as a table; a split each {@code splitRows}. */
public record VectorTable(VectorSchemaRoot root, int splitRows) implements RowTable {
    @Override
    public String name() {
        return "vectors";
    }

    @Override
    public List<String> remarks() {
        return List.of();
    }

    @Override
    public List<RowColumn> columns() {
        return root.getSchema().getFields().stream()
                .map(field -> new RowColumn(field.getName(), SqlType.of(field), field.getMetadata())).toList();
    }

    @Override
    public OptionalLong rowCount() {
        return OptionalLong.of(root.getRowCount());
    }

    @Override
    public RowScan scan(List<Integer> columns, List<SimplePredicate> predicates, long limit) {
        return new RowScan() {
            @Override
            public List<FilterAnswer> answers() {
                return Collections.nCopies(predicates.size(), FilterAnswer.IGNORED);
            }

            @Override
            public int splits() {
                return (root.getRowCount() + splitRows - 1) / splitRows;
            }

            @Override
            public RowReader openSplit(int split, BufferAllocator allocator) {
                return new Slice(columns, split * splitRows,
                        Integer.min(splitRows, root.getRowCount() - split * splitRows), allocator);
            }
        };
    }

    /** Batches of another allocator: written and read as a stream. */
    private final class Slice implements RowReader {
        private final List<Integer> wanted;
        private final ArrowStreamReader reader;

        Slice(List<Integer> wanted, int from, int rows, BufferAllocator allocator) {
            this.wanted = wanted;
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            synchronized (root) {
                try (VectorSchemaRoot slice = root.slice(from, rows);
                        ArrowStreamWriter writer = new ArrowStreamWriter(slice, null, bytes)) {
                    writer.writeBatch();
                } catch (IOException impossible) {
                    throw new UncheckedIOException(impossible);
                }
            }
            this.reader = new ArrowStreamReader(new ByteArrayInputStream(bytes.toByteArray()), allocator);
        }

        @Override
        public boolean next() {
            try {
                return reader.loadNextBatch();
            } catch (IOException impossible) {
                throw new UncheckedIOException(impossible);
            }
        }

        private VectorSchemaRoot batch() {
            try {
                return reader.getVectorSchemaRoot();
            } catch (IOException impossible) {
                throw new UncheckedIOException(impossible);
            }
        }

        @Override
        public int rows() {
            return batch().getRowCount();
        }

        @Override
        public List<Column> columns() {
            return wanted.stream().<Column>map(
                    column -> Column.dense(Values.of(batch().getVector(column)), new int[]{rows()}, 0)).toList();
        }

        @Override
        public void close() {
            try {
                reader.close();
            } catch (IOException impossible) {
                throw new UncheckedIOException(impossible);
            }
        }
    }
}
