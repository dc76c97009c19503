package dev.graticule.aggregate;

import dev.graticule.batch.Batch;
import dev.graticule.batch.Column;
import dev.graticule.batch.GrowableBuffer;
import dev.graticule.batch.RowArrays;
import dev.graticule.kernel.Extremes;
import dev.graticule.kernel.FloatingReduction;
import dev.graticule.type.SqlType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;

/**
 * MIN or MAX of REAL or DOUBLE: the extreme of the numbers (infinity where there is none), how many numbers there were, and how many
 * NaNs, which are greater than every number.
 */
final class FloatingMinMaxAccumulator implements Accumulator {
    private static final ValueLayout.OfDouble DOUBLE = ValueLayout.JAVA_DOUBLE_UNALIGNED;

    private final SqlType type;
    private final boolean greatest;
    private final GrowableBuffer extremes;
    private final GroupCounts numbers;
    private final GroupCounts nans;
    private int groups;
    private int[] codes;
    private double[] values;

    FloatingMinMaxAccumulator(SqlType type, boolean greatest, BufferAllocator allocator) {
        this.type = type;
        this.greatest = greatest;
        this.extremes = new GrowableBuffer(allocator);
        this.numbers = new GroupCounts(allocator);
        this.nans = new GroupCounts(allocator);
    }

    @Override
    public void resize(int count) {
        MemorySegment state = extremes.ensure(count * 8L);
        numbers.resize(count);
        nans.resize(count);
        for (int group = groups; group < count; group++) {
            state.set(DOUBLE, group * 8L, greatest ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY);
        }
        groups = count;
    }

    @Override
    public void add(Batch batch, List<Column> arguments, GroupCodes groupCodes) {
        if (groupCodes instanceof GroupCodes.Gridded grid && arguments.getFirst() instanceof Column.Strided argument) {
            GridRuns.walk(batch.shape(), grid, argument.layout(), new Runs(RunRows.of(batch, argument)));
        } else {
            addRows(batch, arguments.getFirst(), groupCodes.perRow(batch.shape(), batch.rows(), codes));
        }
    }

    /** Takes the extremes of runs of the grid, and of runs vector to vector. */
    private final class Runs implements GridRuns.Action {
        private final RunRows rows;
        private final FloatingReduction loops = FloatingReduction.of(type);
        private final Extremes run = new Extremes();

        Runs(RunRows rows) {
            this.rows = rows;
        }

        @Override
        public void one(int row, int place, int group) {
            reduce(row, place, 1, 1, group);
        }

        @Override
        public void reduce(int row, int place, int stride, int count, int group) {
            if (stride == 0) {
                int first = rows.next(row, count);
                if (first >= 0) {
                    one(first, place, group);
                }
            } else if (stride == 1) {
                rows.extremes(loops, row, place, count, run);
                long others = rows.nanIsNull() ? 0 : rows.count(row, count) - run.count;
                if (run.count > 0 || others > 0) {
                    add(group, greatest ? run.greatest : run.least, run.count, others);
                }
            } else {
                GridRuns.Action.super.reduce(row, place, stride, count, group);
            }
        }

        @Override
        public void spread(int row, int place, int stride, int count, int group) {
            if (stride != 1 || rows.words() != null || !rows.nanIsNull()) {
                GridRuns.Action.super.spread(row, place, stride, count, group);
                return;
            }
            int missing = greatest ? loops.accumulateGreatest(extremes.segment(), group, rows.data(), place, count)
                    : loops.accumulateLeast(extremes.segment(), group, rows.data(), place, count);
            if (missing == 0) {
                numbers.addRun(group, count);
            } else {
                loops.countNumbers(numbers.counters(), group, rows.data(), place, count);
            }
        }
    }

    private void addRows(Batch batch, Column argument, int[] rowCodes) {
        codes = rowCodes;
        int rows = batch.rows();
        long[] live = RowArrays.live(argument, batch.shape(), rows, batch.selection(), null);
        values = RowArrays.doubles(argument, batch.shape(), rows, values);
        for (int word = 0; word << 6 < rows; word++) {
            for (long left = live[word]; left != 0; left &= left - 1) {
                int row = (word << 6) + Long.numberOfTrailingZeros(left);
                boolean nan = Double.isNaN(values[row]);
                add(rowCodes[row], values[row], nan ? 0 : 1, nan ? 1 : 0);
            }
        }
    }

    private void add(int group, double value, long newNumbers, long newNans) {
        long at = group * 8L;
        MemorySegment state = extremes.segment();
        if (greatest ? value > state.get(DOUBLE, at) : value < state.get(DOUBLE, at)) {
            state.set(DOUBLE, at, value);
        }
        numbers.add(group, newNumbers);
        nans.add(group, newNans);
    }

    @Override
    public void merge(Accumulator other, int[] picked, int[] mapping, int count) {
        FloatingMinMaxAccumulator from = (FloatingMinMaxAccumulator) other;
        for (int i = 0; i < count; i++) {
            int group = picked == null ? i : picked[i];
            add(mapping == null ? group : mapping[i], from.extremes.segment().get(DOUBLE, group * 8L), 0, 0);
        }
        numbers.merge(from.numbers, picked, mapping, count);
        nans.merge(from.nans, picked, mapping, count);
    }

    @Override
    public void write(int[] picked, int from, int count, FieldVector target) {
        long[] numbersOf = numbers.copy(picked, from, count);
        long[] nansOf = nans.copy(picked, from, count);
        for (int i = 0; i < count; i++) {
            boolean nan = nansOf[i] > 0;
            if (numbersOf[i] == 0 && !nan) {
                Results.writeNull(target, i);
                continue;
            }
            long at = (picked == null ? from + i : picked[from + i]) * 8L;
            // Of -0.0 and 0.0, which are equal, it is 0.0 at any order.
            double value = nan && (greatest || numbersOf[i] == 0) ? Double.NaN
                    : extremes.segment().get(DOUBLE, at) + 0.0;
            Results.writeNumber(target, i, type.bytes(),
                    type == SqlType.REAL ? Float.floatToRawIntBits((float) value) : Double.doubleToRawLongBits(value));
        }
    }

    @Override
    public long stateBytes() {
        return 24;
    }

    @Override
    public void close() {
        extremes.close();
        numbers.close();
        nans.close();
    }
}
