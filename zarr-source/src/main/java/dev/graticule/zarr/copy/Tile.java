package dev.graticule.zarr.copy;

import dev.graticule.batch.Memory;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongFunction;
import org.apache.arrow.memory.ArrowBuf;

/**
 * One chunk, or one shard, of every variable while it is filled. Used by one thread at a time: who holds its {@link #lock}, or who took
 * it out of the {@link TilesInFlight}.
 */
final class Tile implements AutoCloseable {
    private final int[] place;
    private final int cells;
    private final int tileCells;
    private final List<CopyVariable> variables;
    private final ArrowBuf[] values;
    private final Texts[] texts;
    private final int[] nulls;
    private final ReentrantLock lock = new ReentrantLock();
    private ArrowBuf marks;
    private MemorySegment present;
    private int filled;
    private int first = Integer.MAX_VALUE;
    private int last = -1;
    private boolean gone;

    /**
     * A tile without memory.
     *
     * @param place where it lies in the grid of tiles
     * @param cells how many of its cells lie within the grid
     * @param tileCells how many cells it has
     */
    Tile(int[] place, int cells, int tileCells, List<CopyVariable> variables) {
        this.place = place;
        this.cells = cells;
        this.tileCells = tileCells;
        this.variables = variables;
        this.values = new ArrowBuf[variables.size()];
        this.texts = new Texts[variables.size()];
        this.nulls = new int[variables.size()];
    }

    /** Takes its memory and makes every cell a missing one. Where that fails, closing it gives back what it got. */
    void open(LongFunction<ArrowBuf> allocate) {
        marks = allocate.apply(markBytes());
        present = Memory.segment(marks.memoryAddress(), markBytes());
        present.fill((byte) 0);
        for (int v = 0; v < values.length; v++) {
            values[v] = allocate.apply(bytes(v));
            variables.get(v).clear(values(v));
            if (variables.get(v).isText()) {
                texts[v] = new Texts(allocate);
            }
        }
    }

    private long markBytes() {
        return (tileCells + 63L >>> 6) * 8;
    }

    private long bytes(int variable) {
        return (long) tileCells * variables.get(variable).encoding().cellBytes();
    }

    ReentrantLock lock() {
        return lock;
    }

    /** Whether it is no longer in flight: who waited for its lock looks for another one. */
    boolean isGone() {
        return gone;
    }

    void leave() {
        gone = true;
    }

    int[] place() {
        return place;
    }

    /** How many of its cells lie within the grid. */
    int cells() {
        return cells;
    }

    int tileCells() {
        return tileCells;
    }

    List<CopyVariable> variables() {
        return variables;
    }

    /** The cells of a variable. */
    MemorySegment values(int variable) {
        return Memory.segment(values[variable].memoryAddress(), bytes(variable));
    }

    /** The bytes that the cells of a variable of texts refer to; {@code null} of others. */
    Texts texts(int variable) {
        return texts[variable];
    }

    int filled() {
        return filled;
    }

    boolean isComplete() {
        return filled == cells;
    }

    /** The first filled cell. */
    int first() {
        return first;
    }

    /** The last filled cell. */
    int last() {
        return last;
    }

    int nulls(int variable) {
        return nulls[variable];
    }

    void addNulls(int variable, int count) {
        nulls[variable] += count;
    }

    /** 64 bits that say which cells from {@code 64 * word} on are filled. */
    long marks(int word) {
        return present.get(CellEncoding.LONG, word * 8L);
    }

    /** Marks cells {@code cell, cell + step, ...} as filled; gives the number of the first that was already, or -1. */
    int mark(int cell, int step, int count) {
        first = Integer.min(first, cell);
        last = Integer.max(last, cell + (count - 1) * step);
        if (step == 1) {
            return markRange(cell, count);
        }
        for (int i = 0; i < count; i++) {
            int at = cell + i * step;
            long word = marks(at >>> 6);
            if ((word >>> at & 1) != 0) {
                return i;
            }
            present.set(CellEncoding.LONG, (at >>> 6) * 8L, word | 1L << at);
        }
        filled += count;
        return -1;
    }

    private int markRange(int cell, int count) {
        int at = cell;
        int end = cell + count;
        while (at < end) {
            int taken = Integer.min(64 - (at & 63), end - at);
            long mask = (taken == 64 ? -1L : (1L << taken) - 1) << at;
            long word = marks(at >>> 6);
            if ((word & mask) != 0) {
                return (at & ~63) + Long.numberOfTrailingZeros(word & mask) - cell;
            }
            present.set(CellEncoding.LONG, (at >>> 6) * 8L, word | mask);
            at += taken;
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
            if ((marks(at >>> 6) & mask) != 0) {
                return false;
            }
            at += taken;
        }
        return true;
    }

    /** Whether a cell is filled. */
    boolean isFilled(int cell) {
        return (marks(cell >>> 6) >>> cell & 1) != 0;
    }

    /** Gives away the buffer of a variable, which the caller closes; {@code null} where it was given away before. */
    ArrowBuf take(int variable) {
        ArrowBuf taken = values[variable];
        values[variable] = null;
        return taken;
    }

    @Override
    public void close() {
        for (int v = 0; v < values.length; v++) {
            ArrowBuf buffer = take(v);
            if (buffer != null) {
                buffer.close();
            }
            if (texts[v] != null) {
                texts[v].close();
            }
        }
        if (marks != null) {
            marks.close();
            marks = null;
        }
    }
}
