package dev.graticule.aggregate;

import dev.graticule.batch.Batch;
import dev.graticule.batch.Column;
import dev.graticule.batch.RowArrays;
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
        codes = groupCodes.perRow(batch.shape(), batch.rows(), codes);
        values = RowArrays.doubles(arguments.get(0), batch.shape(), batch.rows(), values);
        factors = RowArrays.doubles(arguments.get(1), batch.shape(), batch.rows(), factors);
        LiveRows.forEach(LiveRows.live(batch, arguments), batch.rows(), row -> {
            products.add(codes[row], values[row] * factors[row]);
            weights.add(codes[row], factors[row]);
        });
    }

    @Override
    public void merge(Accumulator other, int[] mapping) {
        WeightedAverageAccumulator from = (WeightedAverageAccumulator) other;
        for (int group = 0; group < from.groups; group++) {
            int to = mapping == null ? group : mapping[group];
            products.add(to, from.products, group);
            weights.add(to, from.weights, group);
        }
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
