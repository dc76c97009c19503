package dev.graticule.aggregate;

import dev.graticule.batch.Batch;
import dev.graticule.batch.Column;
import dev.graticule.batch.NullForm;
import dev.graticule.batch.RowArrays;
import dev.graticule.kernel.FloatingReduction;
import dev.graticule.kernel.FloatingSum;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;

/**
 * WEIGHTED_AVG(x, w) of DOUBLEs: the sum of x w over the sum of w, both over the rows where neither is NULL; NULL where the weights
 * sum to 0.
 */
final class WeightedAverageAccumulator implements Accumulator {
    private final CompensatedSums products;
    private final CompensatedSums weights;
    private int groups;
    private int[] codes;
    private double[] values;
    private double[] factors;

    WeightedAverageAccumulator(BufferAllocator allocator) {
        this.products = new CompensatedSums(allocator);
        this.weights = new CompensatedSums(allocator);
    }

    @Override
    public void resize(int count) {
        products.resize(count);
        weights.resize(count);
        groups = count;
    }

    @Override
    public void add(Batch batch, List<Column> arguments, GroupCodes groupCodes) {
        if (groupCodes instanceof GroupCodes.Gridded grid && arguments.get(0) instanceof Column.Strided value
                && arguments.get(1) instanceof Column.Strided weight && Runs.pay(batch.shape(), grid, value, weight)) {
            GridRuns.walk(batch.shape(), grid, value.layout(), weight.layout(), new Runs(batch, value, weight));
        } else {
            addRows(batch, arguments, groupCodes);
        }
    }

    /** Adds dense runs of one group along which the weight is constant: a run's sum, times the weight. */
    private final class Runs implements GridRuns.Action {
        private final int[] shape;
        private final RunRows rows;
        private final Column.Strided weight;
        private final FloatingReduction loops;
        private final FloatingSum sum = new FloatingSum();

        Runs(Batch batch, Column.Strided value, Column.Strided weight) {
            this.shape = batch.shape();
            this.rows = RunRows.of(batch, value);
            this.weight = weight;
            this.loops = FloatingReduction.of(value.type());
        }

        static boolean pay(int[] shape, GroupCodes.Gridded grid, Column.Strided value, Column.Strided weight) {
            int last = shape.length - 1;
            return last >= 0 && shape[last] > 1 && grid.steps()[last] == null && value.layout().table(last) == null
                    && value.layout().stride(last) == 1 && !weight.layout().varies(last)
                    && weight.nulls() != NullForm.BITMAP;
        }

        @Override
        public void one(int row, int place, int group) {
            reduce(row, place, 1, 1, group);
        }

        @Override
        public void reduce(int row, int place, int stride, int count, int group) {
            double factor = weight.values().data().getAtIndex(ValueLayout.JAVA_DOUBLE_UNALIGNED,
                    weight.layout().place(shape, row));
            if (weight.nulls() == NullForm.NAN && factor != factor) {
                return;
            }
            rows.sum(loops, row, place, count, sum);
            int counted = rows.nanIsNull() ? (int) sum.count : rows.count(row, count);
            if (counted > 0) {
                products.add(group, (counted > sum.count ? Double.NaN : sum.sum) * factor);
                weights.add(group, factor * counted);
            }
        }
    }

    private void addRows(Batch batch, List<Column> arguments, GroupCodes groupCodes) {
        codes = groupCodes.perRow(batch.shape(), batch.rows(), codes);
        values = RowArrays.doubles(arguments.get(0), batch.shape(), batch.rows(), values);
        factors = RowArrays.doubles(arguments.get(1), batch.shape(), batch.rows(), factors);
        LiveRows.forEach(LiveRows.live(batch, arguments), batch.rows(), row -> {
            products.add(codes[row], values[row] * factors[row]);
            weights.add(codes[row], factors[row]);
        });
    }

    @Override
    public void merge(Accumulator other, int[] picked, int[] mapping, int count) {
        WeightedAverageAccumulator from = (WeightedAverageAccumulator) other;
        products.merge(from.products, picked, mapping, count);
        weights.merge(from.weights, picked, mapping, count);
    }

    @Override
    public void write(int[] picked, int from, int count, FieldVector target) {
        for (int i = 0; i < count; i++) {
            int group = picked == null ? from + i : picked[from + i];
            double weight = weights.get(group);
            Results.writeDouble(target, i, weight != 0, products.get(group) / weight);
        }
    }

    @Override
    public void close() {
        products.close();
        weights.close();
    }
}
