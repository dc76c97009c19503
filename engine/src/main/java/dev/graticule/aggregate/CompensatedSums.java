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

    /** Adds other sums: that of group {@code picked[i]} ({@code null}: {@code i}) to {@code mapping[i]} ({@code null}: the same). */
    void merge(CompensatedSums other, int[] picked, int[] mapping, int count) {
        MemorySegment sum = sums.segment();
        MemorySegment error = errors();
        MemorySegment otherSum = other.sums.segment();
        MemorySegment otherError = other.errors.segment();
        boolean hasErrors = otherError.byteSize() > 0;
        if (hasErrors) {
            otherError = other.errors();
        }
        for (int i = 0; i < count; i++) {
            int group = picked == null ? i : picked[i];
            int target = mapping == null ? group : mapping[i];
            add(sum, error, target, otherSum.get(DOUBLE, group * 8L));
            if (hasErrors) {
                long at = target * 8L;
                error.set(DOUBLE, at, error.get(DOUBLE, at) + otherError.get(DOUBLE, group * 8L));
            }
        }
    }

    double get(int group) {
        double sum = sums.segment().get(DOUBLE, group * 8L);
        // The error of an infinite sum is NaN.
        return errors.segment().byteSize() > 0 && Double.isFinite(sum) ? sum + errors().get(DOUBLE, group * 8L) : sum;
    }

    /** Writes the sums of groups that follow each other, divided by a number: {@code count} doubles from a place on. */
    void divide(int group, int count, double divisor, MemorySegment into, long at) {
        if (errors.segment().byteSize() > 0) {
            for (int i = 0; i < count; i++) {
                into.set(DOUBLE, (at + i) * 8L, get(group + i) / divisor);
            }
            return;
        }
        MemorySegment sum = sums.segment();
        for (int i = 0; i < count; i++) {
            into.set(DOUBLE, (at + i) * 8L, sum.get(DOUBLE, (group + i) * 8L) / divisor);
        }
    }

    @Override
    public void close() {
        sums.close();
        errors.close();
    }
}
