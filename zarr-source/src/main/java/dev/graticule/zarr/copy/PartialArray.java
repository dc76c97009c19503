package dev.graticule.zarr.copy;

import dev.graticule.batch.Column;
import java.util.concurrent.locks.Lock;

/**
 * A variable that varies along some of the dimensions only, while its column repeats its values along the others: an array of its own
 * over those, written as one chunk. Who uses it holds the {@link #lock}.
 *
 * @param dimensions the numbers of its dimensions among those of the grid, ascending
 * @param tile all of its cells
 */
record PartialArray(CopyVariable variable, int[] dimensions, CopyGrid grid, TileWriter writer, Tile tile) {
    /** What is held while cells are put, for as many of them as are at hand. */
    Lock lock() {
        return tile.lock();
    }

    /** Puts a run of values to where they belong; those that are there already stay, since they are the same. */
    void put(Column column, CopyVariable.Run run, int cell, int apart, int count) {
        int wanted = apart == 0 ? Integer.min(count, 1) : count;
        for (int i = 0; i < wanted; i++) {
            int at = cell + i * apart;
            if (!tile.isFilled(at)) {
                tile.mark(at, 1, 1);
                tile.addNulls(0, variable.put(column, run.from(i), tile.values(0), at, 1, 1, tile.texts(0)));
            }
        }
    }

    /** Whether a cell has its value. */
    boolean isFilled(int cell) {
        return tile.isFilled(cell);
    }

    /** Whether nothing is left to be put. */
    boolean isComplete() {
        return tile.isComplete();
    }

    /** How many cells apart neighbours along a dimension of the grid are; 0 where it does not vary along it. */
    int stride(int dimension) {
        for (int d = 0; d < dimensions.length; d++) {
            if (dimensions[d] == dimension) {
                return grid.strides()[d];
            }
        }
        return 0;
    }
}
