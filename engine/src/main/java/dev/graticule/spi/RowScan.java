package dev.graticule.spi;

import java.util.List;
import org.apache.arrow.memory.BufferAllocator;

/** A planned scan of a row table. Thread-safe. */
public interface RowScan {
    /** What the source does with a predicate. */
    enum FilterAnswer {
        /** Only rows that fulfil it come, and all of them: the engine drops the filter. */
        EXACT,
        /** Some rows that do not fulfil it are left out: the engine checks again. */
        PRUNES,
        /** Nothing. */
        IGNORED
    }

    /**
     * One answer per predicate that was asked for, in their order. Every plan of a table answers the same predicate the same way,
     * whatever else is asked for: the engine asks once to know, and plans again without those that are IGNORED.
     */
    List<FilterAnswer> answers();

    /** How many splits there are; they are opened in order of their number and may be read in parallel. */
    int splits();

    /**
     * Opens a split; the caller closes the reader.
     *
     * @throws dev.graticule.GraticuleException of kind SOURCE with the producer's message where it fails
     */
    RowReader openSplit(int split, BufferAllocator allocator);
}
