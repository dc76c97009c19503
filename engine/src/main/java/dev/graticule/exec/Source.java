package dev.graticule.exec;

/** Where a pipeline's morsels come from. Thread-safe. */
public interface Source {
    /** The next morsel in order of ordinals 0, 1, 2, ...; {@code null} when there are no more. */
    Morsel next();

    /** How many morsels there will be, -1 where that is not known; for progress. */
    default long morsels() {
        return -1;
    }

    /** Closes what its morsels shared, once, after all that were handed out have run or failed; no morsel is asked for any more. */
    default void end() {
        // Most sources keep nothing.
    }

    /** One line for EXPLAIN. */
    String describe();
}
