package dev.graticule.batch;

import org.apache.arrow.memory.rounding.RoundingPolicy;

/**
 * Rounds the sizes of large buffers up by at most an eighth: a chunk, or the states of many groups, of a little more than a power of two
 * would else hold nearly twice its bytes. Small ones are powers of two, and all sizes few enough that buffers fit each other's
 * place.
 */
public final class FineRounding implements RoundingPolicy {
    /** Sizes up to this one are powers of two. */
    public static final long COARSE = 1 << 20;
    /** How many steps there are from a power of two to the next one. */
    private static final long STEPS = 8;

    @Override
    public long getRoundedSize(long requestSize) {
        if (requestSize <= COARSE) {
            return requestSize <= 1 ? requestSize : Long.highestOneBit(requestSize - 1) << 1;
        }
        long step = Long.highestOneBit(requestSize - 1) / STEPS;
        return (requestSize + step - 1) / step * step;
    }
}
