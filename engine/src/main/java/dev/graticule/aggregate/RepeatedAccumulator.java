package dev.graticule.aggregate;

import dev.graticule.batch.Batch;
import dev.graticule.batch.Column;
import dev.graticule.batch.Memory;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigInteger;
import java.util.List;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float8Vector;

/** A count or a sum, BIGINT, DOUBLE or DECIMAL, of rows each of which stands for {@code times}. */
final class RepeatedAccumulator implements Accumulator {
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
    private static final ValueLayout.OfDouble DOUBLE = ValueLayout.JAVA_DOUBLE_UNALIGNED;

    private final Accumulator once;
    private final long times;

    RepeatedAccumulator(Accumulator once, long times) {
        this.once = once;
        this.times = times;
    }

    @Override
    public void resize(int groups) {
        once.resize(groups);
    }

    @Override
    public void add(Batch batch, List<Column> arguments, GroupCodes groups) {
        once.add(batch, arguments, groups);
    }

    @Override
    public void merge(Accumulator other, int[] picked, int[] mapping, int count) {
        once.merge(((RepeatedAccumulator) other).once, picked, mapping, count);
    }

    @Override
    public void write(int[] picked, int from, int count, FieldVector target) {
        once.write(picked, from, count, target);
        MemorySegment data = Memory.segment(target.getDataBuffer());
        MemorySegment validity = Memory.segment(target.getValidityBuffer());
        for (int i = 0; i < count; i++) {
            if (!Memory.bit(validity, i)) {
                continue;
            }
            switch (target) {
                case Float8Vector _ -> data.setAtIndex(DOUBLE, i, data.getAtIndex(DOUBLE, i) * times);
                case DecimalVector decimals -> Memory.setDecimal(data, i,
                        ExactSumAccumulator.requireDecimal(
                                decimals.getObject(i).unscaledValue().multiply(BigInteger.valueOf(times))));
                default -> data.setAtIndex(LONG, i, product(data.getAtIndex(LONG, i)));
            }
        }
    }

    private long product(long sum) {
        long product = sum * times;
        if (Math.multiplyHigh(sum, times) != product >> 63) {
            throw ExactSumAccumulator.tooLarge(false);
        }
        return product;
    }

    @Override
    public void follow(Accumulator before) {
        once.follow(((RepeatedAccumulator) before).once);
    }

    @Override
    public long stateBytes() {
        return once.stateBytes();
    }

    @Override
    public void close() {
        once.close();
    }
}
