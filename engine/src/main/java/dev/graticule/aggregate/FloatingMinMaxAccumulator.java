package dev.graticule.aggregate;

import dev.graticule.batch.Batch;
import dev.graticule.batch.Column;
import dev.graticule.batch.GrowableBuffer;
import dev.graticule.batch.RowArrays;
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
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
    private static final ValueLayout.OfDouble DOUBLE = ValueLayout.JAVA_DOUBLE_UNALIGNED;

    private final SqlType type;
    private final boolean greatest;
    private final GrowableBuffer extremes;
    private final GrowableBuffer numbers;
    private final GrowableBuffer nans;
    private int groups;
    private int[] codes;
    private double[] values;

    FloatingMinMaxAccumulator(SqlType type, boolean greatest, BufferAllocator allocator) {
        this.type = type;
        this.greatest = greatest;
        this.extremes = new GrowableBuffer(allocator);
        this.numbers = new GrowableBuffer(allocator);
        this.nans = new GrowableBuffer(allocator);
    }

    @Override
    public void resize(int count) {
        MemorySegment state = extremes.ensure(count * 8L);
        numbers.ensure(count * 8L);
        nans.ensure(count * 8L);
        for (int group = groups; group < count; group++) {
            state.set(DOUBLE, group * 8L, greatest ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY);
        }
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
        numbers.segment().set(LONG, at, numbers.segment().get(LONG, at) + newNumbers);
        if (newNans > 0) {
            nans.segment().set(LONG, at, nans.segment().get(LONG, at) + newNans);
        }
    }

    @Override
    public void merge(Accumulator other, int[] mapping) {
        FloatingMinMaxAccumulator from = (FloatingMinMaxAccumulator) other;
        for (int group = 0; group < from.groups; group++) {
            add(mapping == null ? group : mapping[group], from.extremes.segment().get(DOUBLE, group * 8L),
                    from.numbers.segment().get(LONG, group * 8L), from.nans.segment().get(LONG, group * 8L));
        }
    }

    @Override
    public void write(int[] picked, int from, int count, FieldVector target) {
        for (int i = 0; i < count; i++) {
            long at = (picked == null ? from + i : picked[from + i]) * 8L;
            boolean number = numbers.segment().get(LONG, at) > 0;
            boolean nan = nans.segment().get(LONG, at) > 0;
            if (!number && !nan) {
                Results.writeNull(target, i);
                continue;
            }
            double value = nan && (greatest || !number) ? Double.NaN : extremes.segment().get(DOUBLE, at);
            Results.writeNumber(target, i, type.bytes(),
                    type == SqlType.REAL ? Float.floatToRawIntBits((float) value) : Double.doubleToRawLongBits(value));
        }
    }

    @Override
    public void close() {
        extremes.close();
        numbers.close();
        nans.close();
    }
}
