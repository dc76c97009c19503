package dev.graticule.aggregate;

import dev.graticule.batch.GrowableBuffer;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.apache.arrow.memory.BufferAllocator;

/** A sum of doubles a group, with the rounding errors beside it (Neumaier 1974): the same at any order to about one rounding. */
final class CompensatedSums implements AutoCloseable {
    private static final ValueLayout.OfDouble DOUBLE = ValueLayout.JAVA_DOUBLE_UNALIGNED;

    private final GrowableBuffer sums;
    private final GrowableBuffer errors;
    private int groups;

    CompensatedSums(BufferAllocator allocator) {
        this.sums = new GrowableBuffer(allocator);
        this.errors = new GrowableBuffer(allocator);
    }

    void resize(int count) {
        sums.ensure(count * 8L);
        groups = count;
    }

    /** The rounded sums, one double a group. */
    MemorySegment sums() {
        return sums.segment();
    }

    /** What rounding took from the sums, one double a group; there from the first call on. */
    MemorySegment errors() {
        return errors.ensure(groups * 8L);
    }

    void add(int group, double value) {
        add(sums.segment(), errors(), group, value);
    }

    static void add(MemorySegment sums, MemorySegment errors, int group, double value) {
        long at = group * 8L;
        double old = sums.get(DOUBLE, at);
        double sum = old + value;
        double part = sum - old;
        double error = old - (sum - part) + (value - part);
        sums.set(DOUBLE, at, sum);
        errors.set(DOUBLE, at, errors.get(DOUBLE, at) + error);
    }

    void add(int group, CompensatedSums other, int otherGroup) {
        add(group, other.sums.segment().get(DOUBLE, otherGroup * 8L));
        if (other.errors.segment().byteSize() > 0) {
            long at = group * 8L;
            MemorySegment state = errors();
            state.set(DOUBLE, at, state.get(DOUBLE, at) + other.errors().get(DOUBLE, otherGroup * 8L));
        }
    }

    double get(int group) {
        double sum = sums.segment().get(DOUBLE, group * 8L);
        // The error of an infinite sum is NaN.
        return errors.segment().byteSize() > 0 && Double.isFinite(sum) ? sum + errors().get(DOUBLE, group * 8L) : sum;
    }

    @Override
    public void close() {
        sums.close();
        errors.close();
    }
}
