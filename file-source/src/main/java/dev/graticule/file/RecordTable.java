package dev.graticule.file;

import dev.graticule.GraticuleException;
import dev.graticule.batch.Column;
import dev.graticule.batch.Values;
import dev.graticule.file.text.TextColumn;
import dev.graticule.spi.RowReader;
import dev.graticule.spi.RowScan;
import dev.graticule.spi.RowTable;
import dev.graticule.spi.SimplePredicate;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import org.apache.arrow.memory.BufferAllocator;

/**
 * Files of records as one table: a file is a split and is read from its beginning, as far as rows are wanted. Only wanted columns are
 * made values of.
 *
 * @param open starts reading a file
 */
public record RecordTable(String name, List<Path> files, List<RowColumn> columns, List<String> remarks,
        Opener open) implements RowTable {
    private static final int BATCH_ROWS = 1 << 14;

    /** Opens a file. */
    @FunctionalInterface
    public interface Opener {
        /** @return the records, which the caller closes */
        Records open(Path file) throws IOException;
    }

    /** The records of a file, in order. */
    public interface Records extends AutoCloseable {
        /**
         * Sets one more row of the columns.
         *
         * @param columns for each column of the table where its value goes, {@code null} where it is not wanted
         * @return false at the end, when nothing was set
         */
        boolean next(TextColumn[] columns, int row) throws IOException;

        /** How many bytes of the file were read so far. */
        long bytesRead();

        @Override
        void close() throws IOException;
    }

    public RecordTable {
        files = List.copyOf(files);
        columns = List.copyOf(columns);
        remarks = List.copyOf(remarks);
    }

    @Override
    public OptionalLong rowCount() {
        return OptionalLong.empty();
    }

    @Override
    public RowScan scan(List<Integer> wanted, List<SimplePredicate> predicates, long limit) {
        return new RowScan() {
            @Override
            public List<FilterAnswer> answers() {
                return Collections.nCopies(predicates.size(), FilterAnswer.IGNORED);
            }

            @Override
            public int splits() {
                return files.size();
            }

            @Override
            public RowReader openSplit(int split, BufferAllocator allocator) {
                return new FileReader(files.get(split), wanted, limit, allocator);
            }
        };
    }

    private final class FileReader implements RowReader {
        private final Path file;
        private final List<Integer> wanted;
        private final TextColumn[] values = new TextColumn[columns.size()];
        private final Records records;
        private long left;
        private int rows;

        FileReader(Path file, List<Integer> wanted, long limit, BufferAllocator allocator) {
            this.file = file;
            this.wanted = wanted;
            this.left = limit;
            try {
                this.records = open.open(file);
            } catch (IOException failure) {
                throw failed(file, failure);
            }
            for (int column : wanted) {
                if (values[column] == null) {
                    values[column] = new TextColumn(columns.get(column).name(), columns.get(column).type(), allocator);
                }
            }
        }

        @Override
        public boolean next() {
            for (TextColumn column : values) {
                if (column != null) {
                    column.clear();
                }
            }
            int most = (int) Long.min(BATCH_ROWS, left);
            rows = 0;
            try {
                while (rows < most && records.next(values, rows)) {
                    rows++;
                }
            } catch (IOException failure) {
                throw failed(file, failure);
            }
            left -= rows;
            return rows > 0;
        }

        @Override
        public int rows() {
            return rows;
        }

        @Override
        public long bytesRead() {
            return records.bytesRead();
        }

        @Override
        public List<Column> columns() {
            List<Column> batch = new ArrayList<>();
            for (int column : wanted) {
                batch.add(Column.dense(Values.of(values[column].vector(rows)), new int[]{rows}, 0));
            }
            return batch;
        }

        @Override
        public void close() {
            for (TextColumn column : values) {
                if (column != null) {
                    column.close();
                }
            }
            try {
                records.close();
            } catch (IOException failure) {
                throw failed(file, failure);
            }
        }
    }

    /** What a user is told of a file that cannot be read. */
    public static GraticuleException failed(Path file, IOException failure) {
        String message = failure instanceof EOFException ? "it is cut off"
                : failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
        return GraticuleException.source("'" + file + "' cannot be read: " + message + ".", failure);
    }

    /** A name for the table of a file: its own without endings. */
    public static String nameOf(Path file) {
        String name = String.valueOf(file.getFileName());
        int dot = name.indexOf('.');
        return dot > 0 ? name.substring(0, dot) : name;
    }
}
