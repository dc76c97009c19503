package dev.graticule.kernel;

import dev.graticule.type.SqlType;
import java.lang.foreign.MemorySegment;

/**
 * Reductions in double precision of a run of numbers of one type, skipping NaN. Stateless and thread-safe.
 *
 * <p>{@code data} holds values of the type, {@code start} and {@code count} are in values. In the masked forms value
 * {@code start + i} counts where bit {@code bit + i} of {@code words} is set. Results are added to what {@code into} holds.
 * With a NULL form of NaN the skipped values are the NULLs; where NaN is a value, the caller sees by the count that some were
 * met: then the sum and the greatest are NaN.
 */
public interface FloatingReduction {

    /** The reductions over values of REAL or DOUBLE, or of any integer type (which is widened to double). */
    static FloatingReduction of(SqlType type) {
        return new ChosenFloatingReduction(type);
    }

    void sum(MemorySegment data, long start, int count, FloatingSum into);

    void sum(MemorySegment data, long start, int count, long[] words, long bit, FloatingSum into);

    void extremes(MemorySegment data, long start, int count, Extremes into);

    void extremes(MemorySegment data, long start, int count, long[] words, long bit, Extremes into);

    void moments(MemorySegment data, long start, int count, Moments into);

    void moments(MemorySegment data, long start, int count, long[] words, long bit, Moments into);

    /**
     * Adds run to run: {@code sums[at + i] += data[start + i]}, except NaN.
     *
     * @param sums doubles
     * @return how many NaNs were met
     */
    int accumulate(MemorySegment sums, long at, MemorySegment data, long start, int count);

    /** The same for values whose bit is set; the result counts the NaNs among these. */
    int accumulate(MemorySegment sums, long at, MemorySegment data, long start, int count, long[] words, long bit);

    /** Adds 1 to the 64-bit integer {@code counts[at + i]} where {@code data[start + i]} is not NaN. */
    void countNumbers(MemorySegment counts, long at, MemorySegment data, long start, int count);

    /** The same for values whose bit is set. */
    void countNumbers(MemorySegment counts, long at, MemorySegment data, long start, int count, long[] words, long bit);

    /** {@code least[at + i] = min(least[at + i], data[start + i])} in doubles, except NaN; returns how many NaNs were met. */
    int accumulateLeast(MemorySegment least, long at, MemorySegment data, long start, int count);

    /** {@code greatest[at + i] = max(greatest[at + i], data[start + i])} in doubles, except NaN; returns how many NaNs were met. */
    int accumulateGreatest(MemorySegment greatest, long at, MemorySegment data, long start, int count);
}
