package dev.graticule.aggregate;

import dev.graticule.type.SqlType;
import org.apache.arrow.memory.BufferAllocator;

/** An aggregate function for fixed argument types. Stateless and thread-safe. */
public interface AggregateFunction {
    /** The SQL name. */
    String name();

    /** The type of the result. */
    SqlType type();

    /** A new accumulator without groups, whose memory comes from the allocator; the caller closes it. */
    Accumulator openAccumulator(BufferAllocator allocator);

    /** Whether the result depends on the order in which rows come: then they come by (morsel ordinal, row). */
    default boolean dependsOnOrder() {
        return false;
    }
}
