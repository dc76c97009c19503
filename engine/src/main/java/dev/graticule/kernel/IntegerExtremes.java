package dev.graticule.kernel;

/** The least and the greatest of whole numbers and how many there were; those of UBIGINT are ordered without sign. */
public final class IntegerExtremes {
    public long least;
    public long greatest;
    public long count;

    /** Begins anew. */
    public void clear() {
        count = 0;
    }
}
