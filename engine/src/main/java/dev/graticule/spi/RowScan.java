package dev.graticule.spi;

import java.util.List;
import org.apache.arrow.memory.BufferAllocator;

/** A planned scan of a row table. Thread-safe. */
public interface RowScan {
    /** What the source does with a predicate. */
    enum FilterAnswer {
        /** Only rows that fulfil it come: the engine drops the filter. */
        EXACT,
        /** Some rows that do not fulfil it are left out: the engine checks again. */
        PRUNES,
        /** Nothing. */
        IGNORED
    }

    /** One answer per predicate that was asked for. */
    List<FilterAnswer> answers();

    /** How many splits there are; they are opened in order of their number and may be read in parallel. */
    int splits();

    /** Opens a split; the caller closes the reader. */
    RowReader openSplit(int split, BufferAllocator allocator);
}
