package dev.graticule.kernel;

import dev.graticule.type.SqlType;
import java.lang.foreign.MemorySegment;

/**
 * Exact reductions of a run of whole numbers of one type. Stateless and thread-safe; the conventions are those of
 * {@link FloatingReduction}.
 */
public interface IntegerReduction {

    /** The reductions over values of an integer type, DATE, TIME or a timestamp. */
    static IntegerReduction of(SqlType type) {
        return Kernels.specialise(ScalarIntegerReduction.class, Element.storage(type));
    }

    void sum(MemorySegment data, long start, int count, ExactSum into);

    void sum(MemorySegment data, long start, int count, long[] words, long bit, ExactSum into);

    void extremes(MemorySegment data, long start, int count, IntegerExtremes into);

    void extremes(MemorySegment data, long start, int count, long[] words, long bit, IntegerExtremes into);
}
