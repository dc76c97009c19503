package dev.graticule.kernel;

/** The least and the greatest of numbers and how many there were; NaNs are in none of these. */
public final class Extremes {
    public double least = Double.POSITIVE_INFINITY;
    public double greatest = Double.NEGATIVE_INFINITY;
    public long count;

    /** Begins anew. */
    public void clear() {
        least = Double.POSITIVE_INFINITY;
        greatest = Double.NEGATIVE_INFINITY;
        count = 0;
    }
}
