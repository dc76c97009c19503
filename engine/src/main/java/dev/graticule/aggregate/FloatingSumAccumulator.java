package dev.graticule.aggregate;

import dev.graticule.batch.Batch;
import dev.graticule.batch.Column;
import dev.graticule.batch.GrowableBuffer;
import dev.graticule.batch.RowArrays;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;

/** SUM or AVG of REAL or DOUBLE, in double precision. */
final class FloatingSumAccumulator implements Accumulator {
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

    private final boolean average;
    private final CompensatedSums sums;
    private final GrowableBuffer counts;
    private int groups;
    private int[] codes;
    private double[] values;

    FloatingSumAccumulator(boolean average, BufferAllocator allocator) {
        this.average = average;
        this.sums = new CompensatedSums(allocator);
        this.counts = new GrowableBuffer(allocator);
    }

    @Override
    public void resize(int count) {
        sums.resize(count);
        counts.ensure(count * 8L);
        groups = count;
    }

    @Override
    public void add(Batch batch, List<Column> arguments, GroupCodes groupCodes) {
        addRows(batch, arguments.getFirst(), groupCodes.perRow(batch.shape(), batch.rows(), codes));
    }

    private void addRows(Batch batch, Column argument, int[] rowCodes) {
        codes = rowCodes;
        int rows = batch.rows();
        long[] live = RowArrays.live(argument, batch.shape(), rows, batch.selection(), null);
        values = RowArrays.doubles(argument, batch.shape(), rows, values);
        MemorySegment sum = sums.sums();
        MemorySegment error = sums.errors();
        MemorySegment count = counts.segment();
        for (int word = 0; word << 6 < rows; word++) {
            for (long left = live[word]; left != 0; left &= left - 1) {
                int row = (word << 6) + Long.numberOfTrailingZeros(left);
                int group = rowCodes[row];
                CompensatedSums.add(sum, error, group, values[row]);
                count.set(LONG, group * 8L, count.get(LONG, group * 8L) + 1);
            }
        }
    }

    @Override
    public void merge(Accumulator other, int[] mapping) {
        FloatingSumAccumulator from = (FloatingSumAccumulator) other;
        MemorySegment count = counts.segment();
        for (int group = 0; group < from.groups; group++) {
            int to = mapping == null ? group : mapping[group];
            sums.add(to, from.sums, group);
            count.set(LONG, to * 8L, count.get(LONG, to * 8L) + from.counts.segment().get(LONG, group * 8L));
        }
    }

    @Override
    public void write(int[] picked, int from, int count, FieldVector target) {
        for (int i = 0; i < count; i++) {
            int group = picked == null ? from + i : picked[from + i];
            long values = counts.segment().get(LONG, group * 8L);
            double sum = sums.get(group);
            Results.writeDouble(target, i, values > 0, average ? sum / values : sum);
        }
    }

    @Override
    public void close() {
        sums.close();
        counts.close();
    }
}
