package dev.graticule.zarr.copy;

import dev.graticule.GraticuleException;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;

/**
 * The shape of the written grid, of its tiles (what one value of the store holds: a chunk, or a shard of several) and of its chunks.
 *
 * @param tileShape a multiple of {@code chunkShape}
 * @param chunkShape at least 1 along each dimension, at most the dimension's length (1 of an empty one)
 * @param strides how many cells apart neighbours along each dimension are in a tile: C order
 */
record CopyGrid(int[] shape, int[] tileShape, int[] chunkShape, int[] strides) {
    private static final long USUAL_CELLS = 1 << 20;
    private static final long FEW_CELLS = 1 << 15;
    /** Of eight bytes; compressed they may be a 256th longer, and must be less than 2 GiB then too. */
    private static final long MOST_CELLS = (Integer.MAX_VALUE - (1 << 24)) / 8;

    /**
     * The grid of these dimensions: with the chunks asked for, else those of the source, else of about a million cells.
     *
     * @param shards how many cells a shard has; where nothing is said, chunks are no parts of shards
     * @param source the chunks that a variable has in its source, along each dimension; {@code null} where these are not known
     */
    static CopyGrid of(List<CopyDimension> dimensions, CopyOptions.Lengths wanted, CopyOptions.Lengths shards,
            int[] source) {
        int count = dimensions.size();
        int[] shape = dimensions.stream().mapToInt(CopyDimension::length).toArray();
        int[] whole = Arrays.stream(shape).map(length -> Integer.max(1, length)).toArray();
        int[] chunks = source != null && CopyDimension.areWholeGrid(dimensions) ? fit(source, whole)
                : usual(dimensions, whole);
        requireFit("CHUNKS", wanted, dimensions);
        requireFit("SHARDS", shards, dimensions);
        int[] tiles = new int[count];
        for (int d = 0; d < count; d++) {
            String name = dimensions.get(d).name();
            int asked = wanted.inOrder().isEmpty() ? wanted.byName().getOrDefault(name, chunks[d])
                    : wanted.inOrder().get(d);
            int shard = shards.inOrder().isEmpty() ? shards.byName().getOrDefault(name, asked)
                    : shards.inOrder().get(d);
            if (shard % asked != 0) {
                throw GraticuleException.binding("Shards of " + shard + " cells along " + name
                        + " are not filled by chunks of " + asked + ": SHARDS are multiples of CHUNKS.");
            }
            chunks[d] = Integer.min(asked, whole[d]);
            long needed = (whole[d] + (long) chunks[d] - 1) / chunks[d];
            tiles[d] = (int) Long.min(Integer.MAX_VALUE, Long.min(shard / asked, needed) * chunks[d]);
        }
        int[] strides = new int[count];
        long cells = 1;
        for (int d = count - 1; d >= 0; d--) {
            strides[d] = (int) cells;
            cells *= tiles[d];
            if (cells > MOST_CELLS) {
                throw GraticuleException.binding((shards.isEmpty() ? "Chunks of " : "Shards of ")
                        + Arrays.toString(tiles) + " cells have 2 GiB or more, or nearly so: choose shorter ones with "
                        + (shards.isEmpty() ? "CHUNKS." : "SHARDS."));
            }
        }
        CopyGrid grid = new CopyGrid(shape, tiles, chunks, strides);
        if (grid.tiles() > Integer.MAX_VALUE) {
            throw GraticuleException.binding("That makes more than 2^31 chunks: choose longer ones with CHUNKS.");
        }
        return grid;
    }

    /** The chunks of a source, unless they are so long that few of them fit into memory. */
    private static int[] fit(int[] source, int[] whole) {
        int[] chunks = new int[whole.length];
        long cells = 1;
        for (int d = 0; d < whole.length; d++) {
            chunks[d] = Integer.min(source[d], whole[d]);
            cells = product(cells, chunks[d]);
        }
        shorten(chunks, whole, cells);
        return chunks;
    }

    private static void requireFit(String option, CopyOptions.Lengths lengths, List<CopyDimension> dimensions) {
        if (!lengths.inOrder().isEmpty() && lengths.inOrder().size() != dimensions.size()) {
            throw GraticuleException.binding(option + " has " + lengths.inOrder().size() + " lengths, there are "
                    + dimensions.size() + " dimensions: " + names(dimensions) + ".");
        }
        for (String name : lengths.byName().keySet()) {
            if (dimensions.stream().noneMatch(dimension -> dimension.name().equals(name))) {
                throw GraticuleException.binding(option + " names " + name + ", which is no dimension: these are "
                        + names(dimensions) + ".");
            }
        }
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
            cells = product(cells, chunks[d]);
        }
        cells = shorten(chunks, whole, cells);
        // A source whose blocks lie along axes that are no longer there: a file for each few cells helps nobody.
        for (int d = whole.length - 1; d >= 0 && cells < FEW_CELLS; d--) {
            long others = cells / chunks[d];
            chunks[d] = (int) Long.min(whole[d], Long.max(chunks[d], USUAL_CELLS / others));
            cells = others * chunks[d];
        }
        return chunks;
    }

    /** Of a source with whole arrays for chunks, or none at all: cuts along the first dimensions; gives the cells of a chunk. */
    private static long shorten(int[] chunks, int[] whole, long all) {
        long cells = all;
        for (int d = 0; d < whole.length && cells > 4 * USUAL_CELLS; d++) {
            long others = 1;
            for (int later = 0; later < whole.length; later++) {
                others = later == d ? others : Long.min(others * chunks[later], Long.MAX_VALUE >>> 32);
            }
            chunks[d] = (int) Long.max(1, USUAL_CELLS / others);
            cells = others * chunks[d];
        }
        return cells;
    }

    /** The product of two numbers that are not negative, or the largest number. */
    private static long product(long count, int times) {
        return times > 0 && count > Long.MAX_VALUE / times ? Long.MAX_VALUE : count * times;
    }

    int dimensions() {
        return shape.length;
    }

    /** Whether tiles are shards of several chunks. */
    boolean isSharded() {
        return !Arrays.equals(tileShape, chunkShape);
    }

    /** How many tiles there are along a dimension. */
    int tiles(int dimension) {
        return (int) (((long) shape[dimension] + tileShape[dimension] - 1) / tileShape[dimension]);
    }

    /** How many tiles there are. */
    long tiles() {
        long count = 1;
        for (int d = 0; d < shape.length; d++) {
            count = product(count, tiles(d));
        }
        return count;
    }

    /** How many cells a tile has, those beyond the edge too. */
    int tileCells() {
        return strides.length == 0 ? 1 : strides[0] * tileShape[0];
    }

    /** The number of a tile in C order of the tiles. */
    int number(int[] tile) {
        int number = 0;
        for (int d = 0; d < tile.length; d++) {
            number = number * tiles(d) + tile[d];
        }
        return number;
    }

    /** The place of the tile of that number. */
    int[] place(int number) {
        int[] place = new int[shape.length];
        int rest = number;
        for (int d = shape.length - 1; d >= 0; d--) {
            place[d] = rest % tiles(d);
            rest /= tiles(d);
        }
        return place;
    }

    /** Where a cell of a tile lies along each dimension. */
    int[] positions(int[] tile, int cell) {
        int[] positions = new int[shape.length];
        for (int d = 0; d < positions.length; d++) {
            positions[d] = tile[d] * tileShape[d] + cell / strides[d] % tileShape[d];
        }
        return positions;
    }

    /** The grid of these lengths in a single chunk. */
    static CopyGrid single(int[] shape) {
        int[] whole = Arrays.stream(shape).map(length -> Integer.max(1, length)).toArray();
        int[] strides = new int[shape.length];
        long cells = 1;
        for (int d = shape.length - 1; d >= 0; d--) {
            strides[d] = (int) cells;
            cells *= whole[d];
            if (cells > MOST_CELLS) {
                throw GraticuleException.binding("An array of " + Arrays.toString(shape)
                        + " cells that does not vary along all dimensions is written as one chunk, and this has 2 GiB or"
                        + " more: leave it out.");
            }
        }
        return new CopyGrid(shape, whole, whole, strides);
    }

    /** How many cells of a tile lie within the grid. */
    int cellsWithin(int[] tile) {
        int cells = 1;
        for (int d = 0; d < tile.length; d++) {
            cells *= (int) Long.min(tileShape[d], shape[d] - (long) tile[d] * tileShape[d]);
        }
        return cells;
    }
}
