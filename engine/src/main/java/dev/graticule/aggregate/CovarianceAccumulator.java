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
    private final GrowableBuffer states;
    private int groups;
    private int[] codes;

    CovarianceAccumulator(Result result, BufferAllocator allocator) {
        this.result = result;
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
        double differenceX = meanX - state.get(DOUBLE, at + MEAN_X);
        double differenceY = meanY - state.get(DOUBLE, at + MEAN_Y);
        double share = old * count / total;
        state.set(DOUBLE, at + COUNT, total);
        if (old == 0) {
            state.set(DOUBLE, at + MEAN_X, meanX);
            state.set(DOUBLE, at + MEAN_Y, meanY);
            share = 0;
            differenceX = 0;
            differenceY = 0;
        } else {
            state.set(DOUBLE, at + MEAN_X, state.get(DOUBLE, at + MEAN_X) + differenceX * count / total);
            state.set(DOUBLE, at + MEAN_Y, state.get(DOUBLE, at + MEAN_Y) + differenceY * count / total);
        }
        state.set(DOUBLE, at + SQUARES_X,
                state.get(DOUBLE, at + SQUARES_X) + squaresX + differenceX * differenceX * share);
        state.set(DOUBLE, at + SQUARES_Y,
                state.get(DOUBLE, at + SQUARES_Y) + squaresY + differenceY * differenceY * share);
        state.set(DOUBLE, at + PRODUCTS,
                state.get(DOUBLE, at + PRODUCTS) + products + differenceX * differenceY * share);
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
                case SAMPLE -> Results.writeDouble(target, i, rows > 1, products / (rows - 1));
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
