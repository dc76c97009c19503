package dev.graticule.zarr.copy;

import org.apache.arrow.memory.ArrowBuf;

/** One chunk, or one shard, of every variable while it is filled. Used by one thread at a time. */
final class Tile implements AutoCloseable {
    private final int[] place;
    private final int cells;
    private final ArrowBuf[] values;
    private final int[] nulls;
    private final long[] present;
    private int filled;

    /**
     * @param place where it lies in the grid of tiles
     * @param cells how many of its cells lie within the grid
     * @param values a buffer for each variable, owned from here on
     * @param tileCells how many cells the buffers have
     */
    Tile(int[] place, int cells, ArrowBuf[] values, int tileCells) {
        this.place = place;
        this.cells = cells;
        this.values = values;
        this.nulls = new int[values.length];
        this.present = new long[tileCells + 63 >>> 6];
    }

    int[] place() {
        return place;
    }

    int cells() {
        return cells;
    }

    ArrowBuf values(int variable) {
        return values[variable];
    }

    /** Takes a buffer out, for who gives it back elsewhere. */
    ArrowBuf take(int variable) {
        ArrowBuf taken = values[variable];
        values[variable] = null;
        return taken;
    }

    int filled() {
        return filled;
    }

    boolean isComplete() {
        return filled == cells;
    }

    int nulls(int variable) {
        return nulls[variable];
    }

    void addNulls(int variable, int count) {
        nulls[variable] += count;
    }

    /** Marks cells {@code cell, cell + step, ...} as filled; gives the number of the first that was already, or -1. */
    int mark(int cell, int step, int count) {
        if (step == 1) {
            return markRange(cell, count);
        }
        for (int i = 0; i < count; i++) {
            int at = cell + i * step;
            if ((present[at >>> 6] >>> at & 1) != 0) {
                return i;
            }
            present[at >>> 6] |= 1L << at;
        }
        filled += count;
        return -1;
    }

    /** Whether none of {@code count} cells from {@code cell} on is filled. */
    boolean isEmpty(int cell, int count) {
        int at = cell;
        int end = cell + count;
        while (at < end) {
            int taken = Integer.min(64 - (at & 63), end - at);
            long mask = (taken == 64 ? -1L : (1L << taken) - 1) << at;
            if ((present[at >>> 6] & mask) != 0) {
                return false;
            }
            at += taken;
        }
        return true;
    }

    private int markRange(int cell, int count) {
        int at = cell;
        int end = cell + count;
        while (at < end) {
            int taken = Integer.min(64 - (at & 63), end - at);
            long mask = (taken == 64 ? -1L : (1L << taken) - 1) << at;
            long both = present[at >>> 6] & mask;
            if (both != 0) {
                return (at & ~63) + Long.numberOfTrailingZeros(both) - cell;
            }
            present[at >>> 6] |= mask;
            at += taken;
        }
        filled += count;
        return -1;
    }

    @Override
    public void close() {
        for (int v = 0; v < values.length; v++) {
            ArrowBuf buffer = take(v);
            if (buffer != null) {
                buffer.close();
            }
        }
    }
}
