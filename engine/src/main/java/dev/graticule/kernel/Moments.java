package dev.graticule.kernel;

/** Count, mean and sum of squared deviations from the mean of numbers; NaNs are in none of these. */
public final class Moments {
    public long count;
    public double mean;
    /** The sum of {@code (x - mean)^2}. */
    public double squares;

    /** Begins anew. */
    public void clear() {
        count = 0;
        mean = 0;
        squares = 0;
    }

    /** Adds the moments of other numbers (Chan, Golub and LeVeque 1979). */
    public void add(long otherCount, double otherMean, double otherSquares) {
        if (otherCount == 0) {
            return;
        }
        if (count == 0) {
            count = otherCount;
            mean = otherMean;
            squares = otherSquares;
            return;
        }
        double difference = otherMean - mean;
        long total = count + otherCount;
        mean += difference * otherCount / total;
        squares += otherSquares + difference * difference * ((double) count * otherCount / total);
        count = total;
    }
}
