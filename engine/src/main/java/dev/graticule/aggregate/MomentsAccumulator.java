package dev.graticule.aggregate;

import dev.graticule.batch.Batch;
import dev.graticule.batch.Column;
import dev.graticule.batch.GrowableBuffer;
import dev.graticule.batch.NullForm;
import dev.graticule.batch.RowArrays;
import dev.graticule.kernel.FloatingReduction;
import dev.graticule.kernel.Moments;
import dev.graticule.type.SqlType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;

/** Variance or standard deviation of REAL or DOUBLE, of a sample or a population (Welford 1962; merged as Chan et al. 1979). */
final class MomentsAccumulator implements Accumulator {
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
    private static final ValueLayout.OfDouble DOUBLE = ValueLayout.JAVA_DOUBLE_UNALIGNED;

    private static final int SHORTEST_RUN = 16;

    private final boolean sample;
    private final boolean root;
    private final long times;
    private final GrowableBuffer counts;
    private final GrowableBuffer means;
    private final GrowableBuffer squares;
    private int groups;
    private int[] codes;
    private double[] values;

    /** @param times how many rows each row stands for */
    MomentsAccumulator(boolean sample, boolean root, long times, BufferAllocator allocator) {
        this.sample = sample;
        this.root = root;
        this.times = times;
        this.counts = new GrowableBuffer(allocator);
        this.means = new GrowableBuffer(allocator);
        this.squares = new GrowableBuffer(allocator);
    }

    @Override
    public void resize(int count) {
        counts.ensure(count * 8L);
        means.ensure(count * 8L);
        squares.ensure(count * 8L);
        groups = count;
    }

    @Override
    public void add(Batch batch, List<Column> arguments, GroupCodes groupCodes) {
        if (groupCodes instanceof GroupCodes.Gridded grid && arguments.getFirst() instanceof Column.Strided argument
                && Runs.pay(batch.shape(), grid, argument)) {
            GridRuns.walk(batch.shape(), grid, argument.layout(),
                    new Runs(RunRows.of(batch, argument), argument.type()));
        } else {
            addRows(batch, arguments.getFirst(), groupCodes.perRow(batch.shape(), batch.rows(), codes));
        }
    }

    /** Adds the moments of dense runs of the grid that belong to one group. */
    private final class Runs implements GridRuns.Action {
        private final RunRows rows;
        private final FloatingReduction loops;
        private final Moments moments = new Moments();

        Runs(RunRows rows, SqlType type) {
            this.rows = rows;
            this.loops = FloatingReduction.of(type);
        }

        /** Whether the runs along the last axis are long, dense and of one group each. */
        static boolean pay(int[] shape, GroupCodes.Gridded grid, Column.Strided argument) {
            int last = shape.length - 1;
            return argument.nulls() == NullForm.NAN && last >= 0 && grid.steps()[last] == null
                    && argument.layout().table(last) == null
                    && argument.layout().stride(last) == 1 && shape[last] >= SHORTEST_RUN;
        }

        @Override
        public void one(int row, int place, int group) {
            reduce(row, place, 1, 1, group);
        }

        @Override
        public void reduce(int row, int place, int stride, int count, int group) {
            rows.moments(loops, row, place, count, moments);
            if (moments.count > 0) {
                MomentsAccumulator.this.add(group, moments.count, moments.mean, moments.squares);
            }
        }
    }

    private void addRows(Batch batch, Column argument, int[] rowCodes) {
        codes = rowCodes;
        int rows = batch.rows();
        long[] live = RowArrays.live(argument, batch.shape(), rows, batch.selection(), null);
        values = RowArrays.doubles(argument, batch.shape(), rows, values);
        MemorySegment count = counts.segment();
        MemorySegment mean = means.segment();
        MemorySegment square = squares.segment();
        for (int word = 0; word << 6 < rows; word++) {
            for (long left = live[word]; left != 0; left &= left - 1) {
                int row = (word << 6) + Long.numberOfTrailingZeros(left);
                long at = rowCodes[row] * 8L;
                long n = count.get(LONG, at) + 1;
                double old = mean.get(DOUBLE, at);
                double difference = values[row] - old;
                double next = old + difference / n;
                count.set(LONG, at, n);
                mean.set(DOUBLE, at, next);
                square.set(DOUBLE, at, square.get(DOUBLE, at) + difference * (values[row] - next));
            }
        }
    }

    @Override
    public void merge(Accumulator other, int[] picked, int[] mapping, int count) {
        MomentsAccumulator from = (MomentsAccumulator) other;
        for (int i = 0; i < count; i++) {
            int group = picked == null ? i : picked[i];
            long at = group * 8L;
            add(mapping == null ? group : mapping[i], from.counts.segment().get(LONG, at),
                    from.means.segment().get(DOUBLE, at),
                    from.squares.segment().get(DOUBLE, at));
        }
    }

    /** Adds the moments of other values to a group. */
    private void add(int group, long otherCount, double otherMean, double otherSquares) {
        if (otherCount == 0) {
            return;
        }
        long at = group * 8L;
        long count = counts.segment().get(LONG, at);
        long total = count + otherCount;
        double mean = means.segment().get(DOUBLE, at);
        double difference = otherMean - mean;
        counts.segment().set(LONG, at, total);
        means.segment().set(DOUBLE, at, count == 0 ? otherMean : mean + difference * otherCount / total);
        squares.segment().set(DOUBLE, at, count == 0
                ? otherSquares
                : squares.segment().get(DOUBLE, at) + otherSquares
                        + difference * difference * ((double) count * otherCount / total));
    }

    @Override
    public void write(int[] picked, int from, int count, FieldVector target) {
        for (int i = 0; i < count; i++) {
            long at = (picked == null ? from + i : picked[from + i]) * 8L;
            long divisor = counts.segment().get(LONG, at) * times - (sample ? 1 : 0);
            double variance = squares.segment().get(DOUBLE, at) * times / divisor;
            Results.writeDouble(target, i, divisor > 0, root ? Math.sqrt(variance) : variance);
        }
    }

    @Override
    public long stateBytes() {
        return 24;
    }

    @Override
    public void close() {
        counts.close();
        means.close();
        squares.close();
    }
}
