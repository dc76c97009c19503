package dev.graticule.kernel;

/** A running sum of numbers and how many there were; NaNs are in neither. */
public final class FloatingSum {
    public double sum;
    public long count;

    /** Begins anew. */
    public void clear() {
        sum = 0;
        count = 0;
    }
}
