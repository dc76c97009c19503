package dev.graticule.python;

/** The variables of an xarray Dataset that are not in memory; implemented in Python. Called from any thread of the engine. */
public interface BlockProducer {
    /**
     * Lends the values of a box of a variable.
     *
     * @return the address of the first cell, the number that {@link #release} takes, then for each axis how many bytes neighbours are
     *         apart
     */
    long[] read(String variable, int[] origin, int[] shape);

    /** The same for strings, in C order; {@code null} is NULL. */
    String[] readStrings(String variable, int[] origin, int[] shape);

    /** Takes back what {@link #read} lent. */
    void release(long number);
}
