package dev.graticule.zarr.copy;

import dev.graticule.GraticuleException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/**
 * The tiles that rows were seen of and may still come. A tile goes to the writer when its last cell is filled or when no more rows of it
 * can come; where memory is full, all that nobody uses go to a file, part by part, and are put together then. Thread-safe.
 */
final class TilesInFlight implements AutoCloseable {
    private final CopyGrid grid;
    private final TileWriter writer;
    private final SpillFile file;
    private final BiFunction<int[], Integer, GraticuleException> duplicate;
    // Guarded by this
    private final Map<Integer, Tile> tiles = new HashMap<>();
    private final Map<Integer, List<SpillFile.Part>> parts = new HashMap<>();
    private final BitSet written = new BitSet();

    /** @param duplicate the error of a cell that two rows name, from its tile's place and its number in the tile */
    TilesInFlight(CopyGrid grid, TileWriter writer, SpillFile file,
            BiFunction<int[], Integer, GraticuleException> duplicate) {
        this.grid = grid;
        this.writer = writer;
        this.file = file;
        this.duplicate = duplicate;
        writer.onShortage(this::spill);
    }

    /**
     * The tile at a place, whose lock the caller holds until it gives it to {@link #release}.
     *
     * @param cell one of its cells, for the error where all of it was filled before
     */
    Tile acquire(int[] place, int cell) {
        Tile tile = find(place, false);
        if (tile == null) {
            throw duplicate.apply(place, cell);
        }
        return tile;
    }

    /** The tile at a place, locked; {@code null} where it is written or, where only one that was begun will do, has no row yet. */
    private Tile find(int[] place, boolean begun) {
        int number = grid.number(place);
        while (true) {
            Tile tile;
            boolean opened = false;
            synchronized (this) {
                if (written.get(number)) {
                    return null;
                }
                tile = tiles.get(number);
                if (tile == null && begun && !parts.containsKey(number)) {
                    return null;
                }
                if (tile == null) {
                    tile = writer.tile(place.clone());
                    tile.lock().lock();
                    tiles.put(number, tile);
                    opened = true;
                }
            }
            if (opened) {
                open(tile, number);
                return tile;
            }
            tile.lock().lock();
            if (!tile.isGone()) {
                return tile;
            }
            tile.lock().unlock();
        }
    }

    private void open(Tile tile, int number) {
        boolean done = false;
        try {
            writer.open(tile);
            done = true;
        } finally {
            if (!done) {
                synchronized (this) {
                    tiles.remove(number);
                }
                tile.leave();
                tile.close();
                tile.lock().unlock();
            }
        }
    }

    /** The error of a cell that two rows name. */
    GraticuleException duplicate(int[] place, int cell) {
        return duplicate.apply(place, cell);
    }

    /** Gives a tile back; where it is complete, it is written. */
    void release(Tile tile) {
        boolean complete;
        int number = grid.number(tile.place());
        synchronized (this) {
            complete = tile.filled() + filledBefore(number) >= tile.cells() && !tile.isGone();
            if (complete) {
                tiles.remove(number);
                tile.leave();
                written.set(number);
            }
        }
        tile.lock().unlock();
        if (complete) {
            write(tile, number);
        }
    }

    private int filledBefore(int number) {
        int filled = 0;
        for (SpillFile.Part part : parts.getOrDefault(number, List.of())) {
            filled += part.filled();
        }
        return filled;
    }

    /** Writes a tile that is no longer in flight. */
    private void write(Tile tile, int number) {
        List<SpillFile.Part> more;
        synchronized (this) {
            more = parts.remove(number);
        }
        if (more != null) {
            boolean done = false;
            try {
                for (SpillFile.Part part : more) {
                    int twice = file.read(part, tile, writer::take);
                    if (twice >= 0) {
                        throw duplicate.apply(tile.place(), twice);
                    }
                }
                done = true;
            } finally {
                if (!done) {
                    tile.close();
                }
            }
        }
        writer.write(tile);
    }

    /** Writes what lies before a position of a dimension: rows of that come no more. */
    void writeBefore(int dimension, int start) {
        finish(place -> (place[dimension] + 1L) * grid.tileShape()[dimension] <= start);
    }

    /** Writes what is left. Whether all tiles have a row. */
    boolean complete() {
        finish(place -> true);
        return written.cardinality() == grid.tiles();
    }

    private void finish(java.util.function.Predicate<int[]> which) {
        List<Integer> numbers = new ArrayList<>();
        synchronized (this) {
            for (int number : tiles.keySet()) {
                if (which.test(grid.place(number))) {
                    numbers.add(number);
                }
            }
            for (int number : parts.keySet()) {
                if (!tiles.containsKey(number) && which.test(grid.place(number))) {
                    numbers.add(number);
                }
            }
        }
        numbers.sort(null);
        for (int number : numbers) {
            Tile tile = find(grid.place(number), true);
            if (tile == null) {
                // Another worker has it.
                continue;
            }
            synchronized (this) {
                tiles.remove(number);
                tile.leave();
                written.set(number);
            }
            tile.lock().unlock();
            write(tile, number);
        }
    }

    /** Has all tiles that nobody uses give up their memory. */
    private void spill() {
        List<Tile> idle;
        synchronized (this) {
            idle = List.copyOf(tiles.values());
        }
        for (Tile tile : idle) {
            if (!tile.lock().isHeldByCurrentThread() && tile.lock().tryLock()) {
                try {
                    spill(tile);
                } finally {
                    tile.lock().unlock();
                }
            }
        }
    }

    private void spill(Tile tile) {
        if (tile.isGone()) {
            return;
        }
        int number = grid.number(tile.place());
        SpillFile.Part part = tile.filled() == 0 ? null : file.write(tile);
        synchronized (this) {
            tiles.remove(number);
            tile.leave();
            if (part != null) {
                parts.computeIfAbsent(number, unused -> new ArrayList<>()).add(part);
            }
        }
        tile.close();
    }

    @Override
    public synchronized void close() {
        tiles.values().forEach(Tile::close);
        tiles.clear();
    }
}
