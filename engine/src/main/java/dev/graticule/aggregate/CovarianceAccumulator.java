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

/**
 * COVAR_SAMP, COVAR_POP, CORR and the REGR functions of two DOUBLEs, of which the first is called y and the second x, over the rows where
 * neither is NULL. A state is six doubles.
 */
final class CovarianceAccumulator implements Accumulator {
    enum Result {
        SAMPLE,
        POPULATION,
        CORRELATION,
        REGR_COUNT,
        REGR_AVGX,
        REGR_AVGY,
        REGR_SXX,
        REGR_SYY,
        REGR_SXY,
        REGR_SLOPE,
        REGR_INTERCEPT,
        REGR_R2
    }

    private static final ValueLayout.OfDouble DOUBLE = ValueLayout.JAVA_DOUBLE_UNALIGNED;
    private static final int COUNT = 0;
    private static final int MEAN_X = 8;
    private static final int MEAN_Y = 16;
    private static final int SQUARES_X = 24;
    private static final int SQUARES_Y = 32;
    private static final int PRODUCTS = 40;
    private static final long STATE = 48;

    private final Result result;
    private final long times;
    private final GrowableBuffer states;
    private int groups;
    private int[] codes;

    /** @param times how many rows each row stands for; only {@link Result#SAMPLE} depends on it */
    CovarianceAccumulator(Result result, long times, BufferAllocator allocator) {
        this.result = result;
        this.times = times;
        this.states = new GrowableBuffer(allocator);
    }

    @Override
    public void resize(int count) {
        states.ensure(count * STATE);
        groups = count;
    }

    @Override
    public void add(Batch batch, List<Column> arguments, GroupCodes groupCodes) {
        codes = groupCodes.perRow(batch.shape(), batch.rows(), codes);
        double[] y = RowArrays.doubles(arguments.get(0), batch.shape(), batch.rows(), null);
        double[] x = RowArrays.doubles(arguments.get(1), batch.shape(), batch.rows(), null);
        LiveRows.forEach(LiveRows.live(batch, arguments), batch.rows(),
                row -> add(codes[row], 1, x[row], y[row], 0, 0, 0));
    }

    private void add(int group, double count, double meanX, double meanY, double squaresX, double squaresY,
            double products) {
        if (count == 0) {
            return;
        }
        MemorySegment state = states.segment();
        long at = group * STATE;
        double old = state.get(DOUBLE, at + COUNT);
        double total = old + count;
        double differenceX = old == 0 ? 0 : meanX - state.get(DOUBLE, at + MEAN_X);
        double differenceY = old == 0 ? 0 : meanY - state.get(DOUBLE, at + MEAN_Y);
        double share = old * count / total;
        // 0, or NaN where there is an Infinity or NaN: nothing has a deviation from those, not even a value alone.
        double wrongX = meanX - meanX;
        double wrongY = meanY - meanY;
        state.set(DOUBLE, at + COUNT, total);
        state.set(DOUBLE, at + MEAN_X, mean(old, state.get(DOUBLE, at + MEAN_X), count, meanX));
        state.set(DOUBLE, at + MEAN_Y, mean(old, state.get(DOUBLE, at + MEAN_Y), count, meanY));
        state.set(DOUBLE, at + SQUARES_X,
                state.get(DOUBLE, at + SQUARES_X) + squaresX + wrongX + differenceX * differenceX * share);
        state.set(DOUBLE, at + SQUARES_Y,
                state.get(DOUBLE, at + SQUARES_Y) + squaresY + wrongY + differenceY * differenceY * share);
        state.set(DOUBLE, at + PRODUCTS, state.get(DOUBLE, at + PRODUCTS) + products + wrongX + wrongY
                + differenceX * differenceY * share);
    }

    private static double mean(double count, double mean, double otherCount, double otherMean) {
        if (count == 0) {
            return otherMean;
        }
        double total = count + otherCount;
        double both = mean + (otherMean - mean) * otherCount / total;
        // The mean of an Infinity and a number is the Infinity.
        return Double.isFinite(both) ? both : mean * (count / total) + otherMean * (otherCount / total);
    }

    @Override
    public void merge(Accumulator other, int[] picked, int[] mapping, int count) {
        CovarianceAccumulator from = (CovarianceAccumulator) other;
        MemorySegment state = from.states.segment();
        for (int i = 0; i < count; i++) {
            int group = picked == null ? i : picked[i];
            long at = group * STATE;
            add(mapping == null ? group : mapping[i], state.get(DOUBLE, at + COUNT), state.get(DOUBLE, at + MEAN_X),
                    state.get(DOUBLE, at + MEAN_Y), state.get(DOUBLE, at + SQUARES_X),
                    state.get(DOUBLE, at + SQUARES_Y),
                    state.get(DOUBLE, at + PRODUCTS));
        }
    }

    @Override
    public void write(int[] picked, int from, int count, FieldVector target) {
        MemorySegment state = states.segment();
        for (int i = 0; i < count; i++) {
            long at = (picked == null ? from + i : picked[from + i]) * STATE;
            double rows = state.get(DOUBLE, at + COUNT);
            double products = state.get(DOUBLE, at + PRODUCTS);
            double meanY = state.get(DOUBLE, at + MEAN_Y);
            double meanX = state.get(DOUBLE, at + MEAN_X);
            double squaresX = state.get(DOUBLE, at + SQUARES_X);
            double squaresY = state.get(DOUBLE, at + SQUARES_Y);
            boolean any = rows > 0;
            // As in PostgreSQL there is no correlation with a constant, and no slope over one x.
            switch (result) {
                case SAMPLE -> Results.writeDouble(target, i, rows * times > 1,
                        products * times / (rows * times - 1));
                case POPULATION -> Results.writeDouble(target, i, any, products / rows);
                case CORRELATION -> Results.writeDouble(target, i, any && squaresX != 0 && squaresY != 0,
                        products / Math.sqrt(squaresX) / Math.sqrt(squaresY));
                case REGR_COUNT -> Results.writeLong(target, i, true, (long) rows);
                case REGR_AVGX -> Results.writeDouble(target, i, any, meanX);
                case REGR_AVGY -> Results.writeDouble(target, i, any, meanY);
                case REGR_SXX -> Results.writeDouble(target, i, any, squaresX);
                case REGR_SYY -> Results.writeDouble(target, i, any, squaresY);
                case REGR_SXY -> Results.writeDouble(target, i, any, products);
                case REGR_SLOPE -> Results.writeDouble(target, i, any && squaresX != 0, products / squaresX);
                case REGR_INTERCEPT ->
                    Results.writeDouble(target, i, any && squaresX != 0, meanY - products / squaresX * meanX);
                case REGR_R2 -> Results.writeDouble(target, i, any && squaresX != 0,
                        squaresY == 0 ? 1 : products * products / squaresX / squaresY);
            }
        }
    }

    @Override
    public void close() {
        states.close();
    }
}
