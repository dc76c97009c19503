package dev.graticule.kernel;

import dev.graticule.type.SqlType;
import java.lang.foreign.MemorySegment;

/** Vector loops where they exist and are warm enough to pay, else their scalar twins. */
final class ChosenFloatingReduction implements FloatingReduction {
    private final FloatingReduction scalar;
    private final SqlType type;
    private FloatingReduction vector;

    ChosenFloatingReduction(SqlType type) {
        this.scalar = Kernels.specialise(ScalarFloatingReduction.class, type);
        this.type = type;
    }

    private FloatingReduction loops(int count) {
        if (!type.isFloating() || Kernels.preferScalar(count)) {
            return scalar;
        }
        if (vector == null) {
            vector = Kernels.specialise(VectorFloatingReduction.class, type);
        }
        return vector;
    }

    @Override
    public void sum(MemorySegment data, long start, int count, FloatingSum into) {
        loops(count).sum(data, start, count, into);
    }

    @Override
    public void sum(MemorySegment data, long start, int count, long[] words, long bit, FloatingSum into) {
        loops(count).sum(data, start, count, words, bit, into);
    }

    @Override
    public void extremes(MemorySegment data, long start, int count, Extremes into) {
        loops(count).extremes(data, start, count, into);
    }

    @Override
    public void extremes(MemorySegment data, long start, int count, long[] words, long bit, Extremes into) {
        loops(count).extremes(data, start, count, words, bit, into);
    }

    @Override
    public void moments(MemorySegment data, long start, int count, Moments into) {
        loops(count).moments(data, start, count, into);
    }

    @Override
    public void moments(MemorySegment data, long start, int count, long[] words, long bit, Moments into) {
        loops(count).moments(data, start, count, words, bit, into);
    }

    @Override
    public int accumulate(MemorySegment sums, long at, MemorySegment data, long start, int count) {
        return loops(count).accumulate(sums, at, data, start, count);
    }

    @Override
    public int accumulate(MemorySegment sums, long at, MemorySegment data, long start, int count, long[] words,
            long bit) {
        return loops(count).accumulate(sums, at, data, start, count, words, bit);
    }

    @Override
    public void countNumbers(MemorySegment counts, long at, MemorySegment data, long start, int count) {
        loops(count).countNumbers(counts, at, data, start, count);
    }

    @Override
    public void countNumbers(MemorySegment counts, long at, MemorySegment data, long start, int count, long[] words,
            long bit) {
        loops(count).countNumbers(counts, at, data, start, count, words, bit);
    }

    @Override
    public int accumulateLeast(MemorySegment least, long at, MemorySegment data, long start, int count) {
        return loops(count).accumulateLeast(least, at, data, start, count);
    }

    @Override
    public int accumulateGreatest(MemorySegment greatest, long at, MemorySegment data, long start, int count) {
        return loops(count).accumulateGreatest(greatest, at, data, start, count);
    }
}
