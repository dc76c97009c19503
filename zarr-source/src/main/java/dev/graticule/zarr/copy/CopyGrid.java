package dev.graticule.zarr.copy;

import dev.graticule.GraticuleException;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;

/**
 * The shape of the written grid and of its chunks.
 *
 * @param chunkShape at least 1 along each dimension, at most the dimension's length (1 of an empty one)
 * @param strides how many cells apart neighbours along each dimension are in a chunk: C order
 */
record CopyGrid(int[] shape, int[] chunkShape, int[] strides) {
    private static final long USUAL_CELLS = 1 << 20;
    private static final long FEW_CELLS = 1 << 15;
    private static final long MOST_CELLS = (Integer.MAX_VALUE - 4096) / 8;

    /** The grid of these dimensions: with the chunks asked for, else those of the source, else of about a million cells. */
    static CopyGrid of(List<CopyDimension> dimensions, CopyOptions.Lengths wanted) {
        int count = dimensions.size();
        int[] shape = dimensions.stream().mapToInt(CopyDimension::length).toArray();
        int[] whole = Arrays.stream(shape).map(length -> Integer.max(1, length)).toArray();
        int[] chunks = usual(dimensions, whole);
        if (!wanted.inOrder().isEmpty() && wanted.inOrder().size() != count) {
            throw GraticuleException.binding("CHUNKS has " + wanted.inOrder().size() + " lengths for " + count
                    + " dimensions: " + names(dimensions) + ".");
        }
        for (String name : wanted.byName().keySet()) {
            if (dimensions.stream().noneMatch(dimension -> dimension.name().equals(name))) {
                throw GraticuleException.binding("CHUNKS names " + name + ", which is no dimension: these are "
                        + names(dimensions) + ".");
            }
        }
        for (int d = 0; d < count; d++) {
            int length = wanted.inOrder().isEmpty()
                    ? wanted.byName().getOrDefault(dimensions.get(d).name(), chunks[d])
                    : wanted.inOrder().get(d);
            chunks[d] = Integer.min(length, whole[d]);
        }
        int[] strides = new int[count];
        long cells = 1;
        for (int d = count - 1; d >= 0; d--) {
            strides[d] = (int) cells;
            cells *= chunks[d];
            if (cells > MOST_CELLS) {
                throw GraticuleException.binding("Chunks of " + Arrays.toString(chunks)
                        + " cells have 2 GiB or more: choose shorter ones with CHUNKS.");
            }
        }
        CopyGrid grid = new CopyGrid(shape, chunks, strides);
        if (grid.chunks() > Integer.MAX_VALUE) {
            throw GraticuleException.binding("That makes more than 2^31 chunks: choose longer ones with CHUNKS.");
        }
        return grid;
    }

    private static String names(List<CopyDimension> dimensions) {
        return String.join(", ", dimensions.stream().map(CopyDimension::name).toList());
    }

    private static int[] usual(List<CopyDimension> dimensions, int[] whole) {
        int[] chunks = new int[whole.length];
        long cells = 1;
        for (int d = 0; d < whole.length; d++) {
            OptionalInt source = dimensions.get(d).blockLength();
            chunks[d] = source.isPresent() ? Integer.min(source.getAsInt(), whole[d]) : whole[d];
            cells = Math.multiplyHigh(cells, chunks[d]) == 0 ? cells * chunks[d] : Long.MAX_VALUE;
        }
        // A source with whole arrays for chunks, or none at all: cut along the first dimensions.
        for (int d = 0; d < whole.length && (cells > 4 * USUAL_CELLS || cells < 0); d++) {
            long others = 1;
            for (int later = 0; later < whole.length; later++) {
                others = later == d ? others : Long.min(others * chunks[later], Long.MAX_VALUE >>> 32);
            }
            chunks[d] = (int) Long.max(1, USUAL_CELLS / others);
            cells = others * chunks[d];
        }
        // A source whose blocks lie along axes that are no longer there: a file for each few cells helps nobody.
        for (int d = whole.length - 1; d >= 0 && cells < FEW_CELLS; d--) {
            long others = cells / chunks[d];
            chunks[d] = (int) Long.min(whole[d], Long.max(chunks[d], USUAL_CELLS / others));
            cells = others * chunks[d];
        }
        return chunks;
    }

    int dimensions() {
        return shape.length;
    }

    /** How many chunks there are along a dimension. */
    int chunks(int dimension) {
        return (int) (((long) shape[dimension] + chunkShape[dimension] - 1) / chunkShape[dimension]);
    }

    /** How many chunks there are. */
    long chunks() {
        long count = 1;
        for (int d = 0; d < shape.length; d++) {
            count = Math.multiplyHigh(count, chunks(d)) == 0 ? count * chunks(d) : Long.MAX_VALUE;
        }
        return count;
    }

    /** How many cells a chunk has, those beyond the edge too. */
    int chunkCells() {
        return strides.length == 0 ? 1 : strides[0] * chunkShape[0];
    }

    /** The number of a chunk in C order of the chunks. */
    int number(int[] chunk) {
        int number = 0;
        for (int d = 0; d < chunk.length; d++) {
            number = number * chunks(d) + chunk[d];
        }
        return number;
    }

    /** How many cells of a chunk lie within the grid. */
    int cellsWithin(int[] chunk) {
        int cells = 1;
        for (int d = 0; d < chunk.length; d++) {
            cells *= (int) Long.min(chunkShape[d], shape[d] - (long) chunk[d] * chunkShape[d]);
        }
        return cells;
    }
}
