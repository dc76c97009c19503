package dev.graticule.aggregate;

import dev.graticule.batch.Batch;
import dev.graticule.batch.Column;
import dev.graticule.batch.Memory;
import dev.graticule.batch.NullForm;
import dev.graticule.batch.RowArrays;
import dev.graticule.kernel.FloatingReduction;
import dev.graticule.kernel.FloatingSum;
import dev.graticule.type.SqlType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;

/**
 * SUM or AVG of REAL or DOUBLE, in double precision; with a second argument, of the products of a REAL and a DOUBLE, which leaves the
 * sum of a run along which it is constant.
 */
final class FloatingSumAccumulator implements Accumulator {
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

    private final boolean average;
    private final CompensatedSums sums;
    private final GroupCounts counts;
    private int groups;
    private int[] codes;
    private double[] values;
    private double[] factors;

    FloatingSumAccumulator(boolean average, BufferAllocator allocator) {
        this.average = average;
        this.sums = new CompensatedSums(allocator);
        this.counts = new GroupCounts(allocator);
    }

    @Override
    public void resize(int count) {
        sums.resize(count);
        counts.resize(count);
        groups = count;
    }

    @Override
    public void add(Batch batch, List<Column> arguments, GroupCodes groupCodes) {
        if (arguments.size() == 2) {
            addProducts(batch, arguments, groupCodes);
        } else if (groupCodes instanceof GroupCodes.Gridded grid
                && arguments.getFirst() instanceof Column.Strided argument) {
            GridRuns.walk(batch.shape(), grid, argument.layout(),
                    new Runs(RunRows.of(batch, argument), argument.type()));
        } else {
            addRows(batch, arguments.getFirst(), groupCodes.perRow(batch.shape(), batch.rows(), codes));
        }
    }

    /** Adds runs of the grid: sums of runs, and runs vector to vector. */
    private final class Runs implements GridRuns.Action {
        private final RunRows rows;
        private final FloatingReduction loops;
        private final boolean single;
        private final FloatingSum sum = new FloatingSum();

        Runs(RunRows rows, SqlType type) {
            this.rows = rows;
            this.loops = FloatingReduction.of(type);
            this.single = type == SqlType.REAL;
        }

        private double value(int place) {
            return single ? rows.data().getAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, place)
                    : rows.data().getAtIndex(ValueLayout.JAVA_DOUBLE_UNALIGNED, place);
        }

        @Override
        public void one(int row, int place, int group) {
            if (rows.counts(row)) {
                add(group, value(place), 1);
            }
        }

        private void add(int group, double value, int times) {
            if (value == value || !rows.nanIsNull()) {
                sums.add(group, value * times);
                counts.add(group, times);
            }
        }

        /** Sums the numbers of a dense run; returns how many rows of it count that are not NULL. */
        private int sum(int row, int place, int count) {
            rows.sum(loops, row, place, count, sum);
            return rows.nanIsNull() ? (int) sum.count : rows.count(row, count);
        }

        @Override
        public void reduce(int row, int place, int stride, int count, int group) {
            if (stride == 0) {
                int times = rows.count(row, count);
                if (times > 0) {
                    add(group, value(place), times);
                }
            } else if (stride == 1) {
                int counted = sum(row, place, count);
                if (counted > 0) {
                    sums.add(group, counted > sum.count ? Double.NaN : sum.sum);
                    counts.add(group, counted);
                }
            } else {
                GridRuns.Action.super.reduce(row, place, stride, count, group);
            }
        }

        @Override
        public void spread(int row, int place, int stride, int count, int group) {
            if (stride != 1 || !rows.nanIsNull() && sum(row, place, count) > sum.count) {
                GridRuns.Action.super.spread(row, place, stride, count, group);
            } else if (rows.words() != null) {
                loops.accumulate(sums.sums(), group, rows.data(), place, count, rows.words(), row);
                loops.countNumbers(counts.counters(), group, rows.data(), place, count, rows.words(), row);
            } else if (loops.accumulate(sums.sums(), group, rows.data(), place, count) == 0) {
                counts.addRun(group, count);
            } else {
                loops.countNumbers(counts.counters(), group, rows.data(), place, count);
            }
        }
    }

    private void addProducts(Batch batch, List<Column> arguments, GroupCodes groupCodes) {
        int[] shape = batch.shape();
        int last = shape.length - 1;
        if (groupCodes instanceof GroupCodes.Gridded grid && arguments.get(0) instanceof Column.Strided value
                && arguments.get(1) instanceof Column.Strided factor && last >= 0 && shape[last] > 1
                && !factor.layout().varies(last)) {
            GridRuns.walk(shape, grid, value.layout(), factor.layout(), new Products(batch, value, factor));
            return;
        }
        boolean nanIsNull = arguments.stream().anyMatch(argument -> argument.nulls() == NullForm.NAN);
        codes = groupCodes.perRow(shape, batch.rows(), codes);
        values = RowArrays.doubles(arguments.get(0), shape, batch.rows(), values);
        factors = RowArrays.doubles(arguments.get(1), shape, batch.rows(), factors);
        LiveRows.forEach(LiveRows.live(batch, arguments), batch.rows(), row -> {
            double product = values[row] * factors[row];
            if (product == product || !nanIsNull) {
                sums.add(codes[row], product);
                counts.add(codes[row], 1);
            }
        });
    }

    /** Adds the sums of runs of REALs along which the factor is constant. */
    private final class Products implements GridRuns.Action {
        /** Between these no product of a REAL is beyond the range of DOUBLE, or loses digits at its lower end. */
        private static final double LEAST_FACTOR = 1e-200;
        private static final double GREATEST_FACTOR = 1e200;

        private final int[] shape;
        private final RunRows rows;
        private final Column.Strided factor;
        private final boolean nanIsNull;
        private final FloatingReduction loops = FloatingReduction.of(SqlType.REAL);
        private final FloatingSum sum = new FloatingSum();

        Products(Batch batch, Column.Strided value, Column.Strided factor) {
            this.shape = batch.shape();
            this.rows = RunRows.of(batch, value);
            this.factor = factor;
            this.nanIsNull = value.nulls() == NullForm.NAN || factor.nulls() == NullForm.NAN;
        }

        private double factor(int place) {
            return factor.values().data().getAtIndex(ValueLayout.JAVA_DOUBLE_UNALIGNED, place);
        }

        @Override
        public void one(int row, int place, int group) {
            int at = factor.layout().place(shape, row);
            if (rows.counts(row) && !RowArrays.isNull(factor, at)) {
                double product = rows.data().getAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, place) * factor(at);
                if (product == product || !nanIsNull) {
                    sums.add(group, product);
                    counts.add(group, 1);
                }
            }
        }

        @Override
        public void reduce(int row, int place, int stride, int count, int group) {
            int at = factor.layout().place(shape, row);
            if (RowArrays.isNull(factor, at)) {
                return;
            }
            double constant = factor(at);
            double size = Math.abs(constant);
            if (stride == 1 && (size == 0 || size >= LEAST_FACTOR && size <= GREATEST_FACTOR)) {
                rows.sum(loops, row, place, count, sum);
                int counted = rows.nanIsNull() ? (int) sum.count : rows.count(row, count);
                if (counted == sum.count && Double.isFinite(sum.sum)) {
                    if (counted > 0) {
                        sums.add(group, sum.sum * constant);
                        counts.add(group, counted);
                    }
                    return;
                }
            }
            GridRuns.Action.super.reduce(row, place, stride, count, group);
        }
    }

    private void addRows(Batch batch, Column argument, int[] rowCodes) {
        codes = rowCodes;
        int rows = batch.rows();
        long[] live = RowArrays.live(argument, batch.shape(), rows, batch.selection(), null);
        values = RowArrays.doubles(argument, batch.shape(), rows, values);
        MemorySegment sum = sums.sums();
        MemorySegment error = sums.errors();
        MemorySegment count = counts.counters();
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
    public void merge(Accumulator other, int[] picked, int[] mapping, int count) {
        FloatingSumAccumulator from = (FloatingSumAccumulator) other;
        sums.merge(from.sums, picked, mapping, count);
        counts.merge(from.counts, picked, mapping, count);
    }

    @Override
    public void write(int[] picked, int from, int count, FieldVector target) {
        MemorySegment data = Memory.segment(target.getDataBuffer());
        MemorySegment validity = Memory.segment(target.getValidityBuffer());
        counts.forEachRun(picked, from, count, (first, length, rows) -> {
            double divisor = average ? rows : 1;
            if (picked == null) {
                sums.divide(from + first, length, divisor, data, first);
            } else {
                for (int i = first; i < first + length; i++) {
                    data.set(ValueLayout.JAVA_DOUBLE_UNALIGNED, i * 8L, sums.get(picked[from + i]) / divisor);
                }
            }
            Memory.fillBits(validity, first, length, rows > 0);
        });
    }

    @Override
    public long stateBytes() {
        return 24;
    }

    @Override
    public void close() {
        sums.close();
        counts.close();
    }
}
