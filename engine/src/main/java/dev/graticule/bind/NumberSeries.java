package dev.graticule.bind;

import dev.graticule.batch.Column;
import dev.graticule.batch.Values;
import dev.graticule.spi.RowReader;
import dev.graticule.spi.RowScan;
import dev.graticule.spi.RowTable;
import dev.graticule.spi.SimplePredicate;
import dev.graticule.type.SqlType;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;

/** The rows of {@code range(start, stop, step)} and {@code generate_series(start, stop, step)}: one BIGINT column. */
record NumberSeries(String name, long start, long step, long count) implements RowTable {
    private static final int BATCH = 1 << 15;
    private static final long SPLIT = 1 << 20;

    /** {@code start, start + step, ...} up to {@code stop}, which is left out unless {@code inclusive}. */
    static NumberSeries of(String name, long start, long stop, long step, boolean inclusive) {
        boolean empty = step > 0 ? inclusive ? start > stop : start >= stop : inclusive ? start < stop : start <= stop;
        if (empty) {
            return new NumberSeries(name, start, step, 0);
        }
        long last = inclusive ? stop : step > 0 ? stop - 1 : stop + 1;
        return new NumberSeries(name, start, step, Math.subtractExact(last, start) / step + 1);
    }

    @Override
    public List<String> remarks() {
        return List.of();
    }

    @Override
    public List<RowColumn> columns() {
        return List.of(new RowColumn(name, SqlType.BIGINT, Map.of()));
    }

    @Override
    public OptionalLong rowCount() {
        return OptionalLong.of(count);
    }

    @Override
    public RowScan scan(List<Integer> columns, List<SimplePredicate> predicates, long limit) {
        long rows = Math.min(count, limit);
        return new RowScan() {
            @Override
            public List<FilterAnswer> answers() {
                return Collections.nCopies(predicates.size(), FilterAnswer.IGNORED);
            }

            @Override
            public int splits() {
                return Math.toIntExact((rows + SPLIT - 1) / SPLIT);
            }

            @Override
            public RowReader openSplit(int split, BufferAllocator allocator) {
                return new Reader(split * SPLIT, Math.min(rows, (split + 1) * SPLIT), columns.size(), allocator);
            }
        };
    }

    private final class Reader implements RowReader {
        private final long end;
        private final int width;
        private final BufferAllocator allocator;
        private long next;
        private int rows;
        private ArrowBuf buffer;

        private Reader(long from, long end, int width, BufferAllocator allocator) {
            this.next = from;
            this.end = end;
            this.width = width;
            this.allocator = allocator;
        }

        @Override
        public boolean next() {
            if (next >= end) {
                rows = 0;
                return false;
            }
            if (buffer == null) {
                buffer = allocator.buffer(8L * BATCH);
            }
            rows = (int) Math.min(BATCH, end - next);
            for (int i = 0; i < rows; i++) {
                buffer.setLong(8L * i, start + step * (next + i));
            }
            next += rows;
            return true;
        }

        @Override
        public int rows() {
            return rows;
        }

        @Override
        public List<Column> columns() {
            Column column = Column.dense(Values.of(SqlType.BIGINT, rows, buffer, null), new int[]{rows}, 0);
            return Collections.nCopies(width, column);
        }

        @Override
        public void close() {
            if (buffer != null) {
                buffer.close();
                buffer = null;
            }
        }
    }
}
