package dev.graticule.aggregate;

import dev.graticule.GraticuleException;
import dev.graticule.batch.Batch;
import dev.graticule.batch.Column;
import dev.graticule.batch.GrowableBuffer;
import dev.graticule.batch.Memory;
import dev.graticule.batch.RowArrays;
import dev.graticule.kernel.ExactSum;
import dev.graticule.kernel.IntegerReduction;
import dev.graticule.type.SqlType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;

/** SUM or AVG of integers or DECIMALs, exact in 128 bits. A state is the lower 64 bits, the upper 64 bits and the count. */
final class ExactSumAccumulator implements Accumulator {
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
    private static final long STATE = 24;
    private static final BigInteger MOST = BigInteger.TEN.pow(38);

    private final SqlType argument;
    private final boolean average;
    private final GrowableBuffer states;
    private int groups;
    private int[] codes;
    private long[] values;
    private int[] places;

    ExactSumAccumulator(SqlType argument, boolean average, BufferAllocator allocator) {
        this.argument = argument;
        this.average = average;
        this.states = new GrowableBuffer(allocator);
    }

    @Override
    public void resize(int count) {
        states.ensure(count * STATE);
        groups = count;
    }

    @Override
    public void add(Batch batch, List<Column> arguments, GroupCodes groupCodes) {
        if (groupCodes instanceof GroupCodes.Gridded grid && arguments.getFirst() instanceof Column.Strided column
                && argument.isInteger()) {
            GridRuns.walk(batch.shape(), grid, column.layout(), new Runs(RunRows.of(batch, column)));
        } else {
            addRows(batch, arguments.getFirst(), groupCodes.perRow(batch.shape(), batch.rows(), codes));
        }
    }

    /** Adds the sums of runs of the grid. */
    private final class Runs implements GridRuns.Action {
        private final RunRows rows;
        private final IntegerReduction loops = IntegerReduction.of(argument);
        private final ExactSum sum = new ExactSum();

        Runs(RunRows rows) {
            this.rows = rows;
        }

        @Override
        public void one(int row, int place, int group) {
            reduce(row, place, 1, 1, group);
        }

        @Override
        public void reduce(int row, int place, int stride, int count, int group) {
            if (stride == 0 && count > 1) {
                int times = rows.count(row, count);
                if (times > 0) {
                    sum.clear();
                    loops.sum(rows.data(), place, 1, sum);
                    ExactSumAccumulator.this.add(states.segment(), group, sum.low * times,
                            Math.unsignedMultiplyHigh(sum.low, times) + sum.high * times, times);
                }
                return;
            }
            if (stride != 1) {
                GridRuns.Action.super.reduce(row, place, stride, count, group);
                return;
            }
            rows.sum(loops, row, place, count, sum);
            if (sum.count > 0) {
                ExactSumAccumulator.this.add(states.segment(), group, sum.low, sum.high, sum.count);
            }
        }
    }

    private void addRows(Batch batch, Column column, int[] rowCodes) {
        codes = rowCodes;
        int rows = batch.rows();
        long[] live = RowArrays.live(column, batch.shape(), rows, batch.selection(), null);
        boolean wide = argument instanceof SqlType.Decimal;
        boolean signed = argument != SqlType.UBIGINT;
        MemorySegment data = RowArrays.values(column).data();
        if (wide) {
            places = RowArrays.places(column, batch.shape(), rows, places);
        } else {
            values = RowArrays.longs(column, batch.shape(), rows, values);
        }
        MemorySegment state = states.segment();
        for (int word = 0; word << 6 < rows; word++) {
            for (long left = live[word]; left != 0; left &= left - 1) {
                int row = (word << 6) + Long.numberOfTrailingZeros(left);
                long low = wide ? data.get(LONG, places[row] * 16L) : values[row];
                long high = wide ? data.get(LONG, places[row] * 16L + 8) : signed ? low >> 63 : 0;
                add(state, rowCodes[row], low, high, 1);
            }
        }
    }

    private void add(MemorySegment state, int group, long low, long high, long count) {
        long at = group * STATE;
        long old = state.get(LONG, at);
        long sum = old + low;
        long carry = Long.compareUnsigned(sum, old) < 0 ? 1 : 0;
        long oldHigh = state.get(LONG, at + 8);
        long newHigh = oldHigh + high + carry;
        if (((oldHigh ^ newHigh) & (high ^ newHigh)) < 0) {
            throw tooLarge(argument instanceof SqlType.Decimal);
        }
        state.set(LONG, at, sum);
        state.set(LONG, at + 8, newHigh);
        state.set(LONG, at + 16, state.get(LONG, at + 16) + count);
    }

    /** The sum, which a DECIMAL can hold. @throws GraticuleException of kind DATA where it cannot */
    static BigInteger requireDecimal(BigInteger unscaled) {
        if (unscaled.abs().compareTo(MOST) >= 0) {
            throw tooLarge(true);
        }
        return unscaled;
    }

    static GraticuleException tooLarge(boolean decimal) {
        return GraticuleException.data(null, decimal
                ? "The sum has more than 38 digits: sum CAST(... AS DOUBLE) instead."
                : "The sum is beyond BIGINT: sum CAST(... AS DOUBLE) instead.");
    }

    @Override
    public void merge(Accumulator other, int[] picked, int[] mapping, int count) {
        ExactSumAccumulator from = (ExactSumAccumulator) other;
        MemorySegment theirs = from.states.segment();
        for (int i = 0; i < count; i++) {
            int group = picked == null ? i : picked[i];
            long at = group * STATE;
            add(states.segment(), mapping == null ? group : mapping[i], theirs.get(LONG, at),
                    theirs.get(LONG, at + 8),
                    theirs.get(LONG, at + 16));
        }
    }

    @Override
    public void write(int[] picked, int from, int count, FieldVector target) {
        for (int i = 0; i < count; i++) {
            long at = (picked == null ? from + i : picked[from + i]) * STATE;
            long low = states.segment().get(LONG, at);
            long high = states.segment().get(LONG, at + 8);
            long values = states.segment().get(LONG, at + 16);
            boolean fits = high == low >> 63;
            if (average) {
                double sum = fits && !(argument instanceof SqlType.Decimal) ? low : exact(low, high).doubleValue();
                Results.writeDouble(target, i, values > 0, sum / values);
            } else if (argument instanceof SqlType.Decimal) {
                BigInteger unscaled = requireDecimal(exact(low, high).unscaledValue());
                Memory.setBit(Memory.segment(target.getValidityBuffer()), i, values > 0);
                Memory.setDecimal(Memory.segment(target.getDataBuffer()), i, unscaled);
            } else {
                if (!fits) {
                    throw tooLarge(false);
                }
                Results.writeLong(target, i, values > 0, low);
            }
        }
    }

    private BigDecimal exact(long low, long high) {
        BigInteger lower = BigInteger.valueOf(low);
        BigInteger sum = BigInteger.valueOf(high).shiftLeft(64)
                .add(low < 0 ? lower.add(BigInteger.ONE.shiftLeft(64)) : lower);
        return new BigDecimal(sum, argument instanceof SqlType.Decimal decimal ? decimal.scale() : 0);
    }

    @Override
    public long stateBytes() {
        return STATE;
    }

    @Override
    public void close() {
        states.close();
    }
}
