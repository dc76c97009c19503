package dev.graticule.aggregate;

import dev.graticule.batch.Batch;
import dev.graticule.batch.Column;
import dev.graticule.batch.GrowableBuffer;
import dev.graticule.batch.RowArrays;
import dev.graticule.kernel.IntegerExtremes;
import dev.graticule.kernel.IntegerReduction;
import dev.graticule.type.SqlType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;

/** MIN or MAX of what is kept as a whole number of up to 64 bits: integers, BOOLEAN, dates, times and timestamps. */
final class IntegerMinMaxAccumulator implements Accumulator {
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

    private final SqlType type;
    private final boolean greatest;
    private final GrowableBuffer extremes;
    private final GrowableBuffer counts;
    private int groups;
    private int[] codes;
    private long[] values;

    IntegerMinMaxAccumulator(SqlType type, boolean greatest, BufferAllocator allocator) {
        this.type = type;
        this.greatest = greatest;
        this.extremes = new GrowableBuffer(allocator);
        this.counts = new GrowableBuffer(allocator);
    }

    /** Values are kept so that they compare as signed numbers. */
    private long signed(long value) {
        return type == SqlType.UBIGINT ? value ^ Long.MIN_VALUE : value;
    }

    @Override
    public void resize(int count) {
        MemorySegment state = extremes.ensure(count * 8L);
        counts.ensure(count * 8L);
        for (int group = groups; group < count; group++) {
            state.set(LONG, group * 8L, greatest ? Long.MIN_VALUE : Long.MAX_VALUE);
        }
        groups = count;
    }

    @Override
    public void add(Batch batch, List<Column> arguments, GroupCodes groupCodes) {
        if (groupCodes instanceof GroupCodes.Gridded grid && arguments.getFirst() instanceof Column.Strided argument
                && type != SqlType.BOOLEAN) {
            GridRuns.walk(batch.shape(), grid, argument.layout(), new Runs(RunRows.of(batch, argument)));
        } else {
            addRows(batch, arguments.getFirst(), groupCodes.perRow(batch.shape(), batch.rows(), codes));
        }
    }

    /** Takes the extremes of runs of the grid. */
    private final class Runs implements GridRuns.Action {
        private final RunRows rows;
        private final IntegerReduction loops = IntegerReduction.of(type);
        private final IntegerExtremes run = new IntegerExtremes();

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
                if (run.count > 0) {
                    add(group, signed(greatest ? run.greatest : run.least), run.count);
                }
            } else {
                GridRuns.Action.super.reduce(row, place, stride, count, group);
            }
        }

    }

    private void addRows(Batch batch, Column argument, int[] rowCodes) {
        codes = rowCodes;
        int rows = batch.rows();
        long[] live = RowArrays.live(argument, batch.shape(), rows, batch.selection(), null);
        values = RowArrays.longs(argument, batch.shape(), rows, values);
        for (int word = 0; word << 6 < rows; word++) {
            for (long left = live[word]; left != 0; left &= left - 1) {
                int row = (word << 6) + Long.numberOfTrailingZeros(left);
                add(rowCodes[row], signed(values[row]), 1);
            }
        }
    }

    private void add(int group, long value, long count) {
        long at = group * 8L;
        MemorySegment state = extremes.segment();
        if (greatest ? value > state.get(LONG, at) : value < state.get(LONG, at)) {
            state.set(LONG, at, value);
        }
        counts.segment().set(LONG, at, counts.segment().get(LONG, at) + count);
    }

    @Override
    public void merge(Accumulator other, int[] picked, int[] mapping, int count) {
        IntegerMinMaxAccumulator from = (IntegerMinMaxAccumulator) other;
        for (int i = 0; i < count; i++) {
            int group = picked == null ? i : picked[i];
            add(mapping == null ? group : mapping[i], from.extremes.segment().get(LONG, group * 8L),
                    from.counts.segment().get(LONG, group * 8L));
        }
    }

    @Override
    public void write(int[] picked, int from, int count, FieldVector target) {
        for (int i = 0; i < count; i++) {
            long at = (picked == null ? from + i : picked[from + i]) * 8L;
            if (counts.segment().get(LONG, at) == 0) {
                Results.writeNull(target, i);
            } else {
                Results.writeNumber(target, i, type.bytes(), signed(extremes.segment().get(LONG, at)));
            }
        }
    }

    @Override
    public long stateBytes() {
        return 16;
    }

    @Override
    public void close() {
        extremes.close();
        counts.close();
    }
}
