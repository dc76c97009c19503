package dev.graticule;

/**
 * The values of one box that a {@link BlockReader} lends.
 *
 * <p>The value of cell (i, j, k) of the box is at {@code offset + i * strides[0] + j * strides[1] + k * strides[2]}.
 * Arrow vectors and native memory are read where they are; arrays are copied at once.
 *
 * @param values a primitive array, a {@code String[]}, an Arrow {@code FieldVector}, or a native {@code MemorySegment} of little-endian
 *            values without NULLs (not of BOOLEAN)
 * @param offset the place of the box's first cell, counted in values
 * @param strides for each of the variable's own axes how far apart neighbours are, counted in values; none
 *            for C order
 * @param release takes the values back; runs once, maybe on another thread than the one that asked
 */
public record LentBlock(Object values, int offset, int[] strides, Runnable release) {

    /** The cells of the box in C order, and nothing to take back. */
    public static LentBlock of(Object values) {
        return of(values, () -> {
        });
    }

    /** The cells of the box in C order. */
    public static LentBlock of(Object values, Runnable release) {
        return new LentBlock(values, 0, new int[0], release);
    }

    /** The cells of the box somewhere in larger, transposed or reversed memory: strides may be negative or 0. */
    public static LentBlock strided(Object values, int offset, int[] strides, Runnable release) {
        return new LentBlock(values, offset, strides.clone(), release);
    }
}
