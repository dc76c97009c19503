package dev.graticule.kernel;

import java.math.BigInteger;

/** An exact running sum of whole numbers in 128 bits, and how many there were. */
public final class ExactSum {
    /** The lower 64 bits, without sign. */
    public long low;
    /** The upper 64 bits, with the sign. */
    public long high;
    public long count;

    /** Begins anew. */
    public void clear() {
        low = 0;
        high = 0;
        count = 0;
    }

    /** Adds a number to the sum, not to the count. */
    public void add(long value) {
        addWide(value, value >> 63);
    }

    /** Adds a 128-bit number to the sum, not to the count. */
    public void addWide(long otherLow, long otherHigh) {
        long sum = low + otherLow;
        high += otherHigh + (Long.compareUnsigned(sum, low) < 0 ? 1 : 0);
        low = sum;
    }

    /** Whether the sum is within BIGINT: then it is {@link #low}. */
    public boolean isLong() {
        return high == low >> 63;
    }

    public BigInteger toBigInteger() {
        BigInteger lower = BigInteger.valueOf(low & Long.MAX_VALUE)
                .add(low < 0 ? BigInteger.ONE.shiftLeft(63) : BigInteger.ZERO);
        return BigInteger.valueOf(high).shiftLeft(64).add(lower);
    }

    public double toDouble() {
        return isLong() ? low : toBigInteger().doubleValue();
    }
}
