package dev.graticule.exec.scan;

import dev.graticule.GraticuleException;
import dev.graticule.batch.Box;
import dev.graticule.batch.Column;
import dev.graticule.batch.IndexSet;
import dev.graticule.batch.Layout;
import dev.graticule.batch.NullForm;
import dev.graticule.batch.Values;
import dev.graticule.exec.Worker;
import dev.graticule.expression.ColumnBuilder;
import dev.graticule.spi.Block;
import dev.graticule.spi.GridReader;
import dev.graticule.spi.GridVariable;
import dev.graticule.type.SqlType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Gives one variable's stored values over boxes of the table's grid, to one worker.
 *
 * <p>A box inside one chunk is a view of that chunk; a box that several chunks share is put together from them. A chunk that
 * only this worker's morsel needs is kept until another one is asked for; one that several morsels need comes from the query's
 * {@link ChunkCache}. Of sliceable chunks only the box is read, where that is not much more than its cells; of chunks that the table
 * cuts, what lies between the first and the last index that the scan selects along each axis.
 */
final class VariableReader implements AutoCloseable {
    /** A part of a sliceable chunk is read alone if the bytes from its first to its last cell are at most this many times its own. */
    private static final int MOST_OVERREAD = 2;

    private final GridVariable variable;
    private final int table;
    private final int number;
    private final int[] axisLengths;
    private final int gridAxes;
    private final boolean shared;
    private final GridReader reader;
    private final ChunkCache cache;
    private final Worker worker;
    private final List<IndexSet> selected;
    private final List<Block> batchBlocks = new ArrayList<>();
    private int[] heldChunk;
    private Block held;
    private ChunkCache.Key heldKey;

    /**
     * @param table the table's number in the cache
     * @param number the variable's number in the table
     * @param axisLengths the lengths of all axes of the grid
     * @param shared whether several morsels need the same chunk
     * @param selected all indices of each axis that will be asked for, where the table cuts chunks; else none
     */
    VariableReader(GridVariable variable, int table, int number, int[] axisLengths, boolean shared, GridReader reader,
            ChunkCache cache, Worker worker, List<IndexSet> selected) {
        this.variable = variable;
        this.table = table;
        this.number = number;
        this.gridAxes = axisLengths.length;
        this.axisLengths = axisLengths;
        this.shared = shared;
        this.reader = reader;
        this.cache = cache;
        this.worker = worker;
        this.selected = selected;
    }

    /** The column over a box of the grid, valid until {@link #endBatch}. */
    Column.Strided read(Box box) {
        int dimensions = variable.axes().size();
        int[] origin = new int[dimensions];
        int[] extent = new int[dimensions];
        boolean single = true;
        for (int d = 0; d < dimensions; d++) {
            IndexSet indices = box.axes().get(variable.axes().get(d));
            origin[d] = (int) indices.at(0);
            int last = (int) indices.at(indices.size() - 1);
            extent[d] = last - origin[d] + 1;
            int chunk = variable.chunkShape().get(d);
            single &= origin[d] / chunk == last / chunk;
        }
        if (!single) {
            return assemble(box);
        }
        if (variable.sliceable() && isCheapAlone(origin, extent)) {
            Block block = reader.openBlock(variable, origin, extent, worker.scratch());
            batchBlocks.add(block);
            return column(block, origin, box);
        }
        int[] chunk = new int[dimensions];
        int[] chunkOrigin = new int[dimensions];
        for (int d = 0; d < dimensions; d++) {
            chunk[d] = origin[d] / variable.chunkShape().get(d);
            chunkOrigin[d] = chunk[d] * variable.chunkShape().get(d);
        }
        int[] chunkExtent = chunkExtent(chunkOrigin);
        for (int d = 0; d < dimensions && !selected.isEmpty(); d++) {
            cut(d, chunkOrigin, chunkExtent);
        }
        return column(chunk(chunk, chunkOrigin, chunkExtent), chunkOrigin, box);
    }

    /** Leaves of a chunk what lies between its first and its last selected index along one of the variable's axes. */
    private void cut(int d, int[] origin, int[] extent) {
        IndexSet indices = selected.get(variable.axes().get(d));
        int first = firstFrom(indices, origin[d]);
        int last = firstFrom(indices, origin[d] + extent[d]) - 1;
        origin[d] = (int) indices.at(first);
        extent[d] = (int) indices.at(last) - origin[d] + 1;
    }

    /** The place of the first index that is at least so large. */
    private static int firstFrom(IndexSet indices, long least) {
        int low = 0;
        int high = indices.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (indices.at(middle) < least) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** The batch was pushed: what was read for it alone may go. */
    void endBatch() {
        batchBlocks.forEach(Block::close);
        batchBlocks.clear();
    }

    @Override
    public void close() {
        endBatch();
        dropHeld();
    }

    private void dropHeld() {
        if (heldKey != null) {
            cache.release(heldKey);
            heldKey = null;
        } else if (held != null) {
            held.close();
        }
        held = null;
        heldChunk = null;
    }

    /** Whether reading the box alone costs little more than its cells: the span of its rows in a C-order chunk is mostly cells. */
    private boolean isCheapAlone(int[] origin, int[] extent) {
        long cells = 1;
        long span = 1;
        boolean covers = true;
        for (int d = 0; d < extent.length; d++) {
            cells *= extent[d];
            int chunk = variable.chunkShape().get(d);
            span = (span - 1) * chunk + extent[d];
            covers &= extent[d] == Integer.min(chunk, axisLengths[variable.axes().get(d)] - origin[d] / chunk * chunk);
        }
        return covers && !shared || span <= cells * MOST_OVERREAD || span * variable.stored().bytes() <= 4096
                || cells * 64 < wholeChunk();
    }

    private long wholeChunk() {
        long cells = 1;
        for (int length : variable.chunkShape()) {
            cells *= length;
        }
        return cells;
    }

    private Block chunk(int[] chunk, int[] origin, int[] extent) {
        if (held != null && Arrays.equals(heldChunk, chunk)) {
            return held;
        }
        dropHeld();
        if (shared) {
            ChunkCache.Key key = key(chunk, origin, extent);
            held = cache.acquire(key, worker, buffers -> reader.openBlock(variable, origin, extent, buffers));
            heldKey = key;
        } else {
            held = reader.openBlock(variable, origin, extent, worker.scratch().keeping());
        }
        heldChunk = chunk;
        return held;
    }

    private ChunkCache.Key key(int[] chunk, int[] origin, int[] extent) {
        IntStream whole = Arrays.stream(chunk);
        IntStream parts = selected.isEmpty() ? IntStream.empty()
                : IntStream.concat(Arrays.stream(origin), Arrays.stream(extent));
        return new ChunkCache.Key(table, number, IntStream.concat(whole, parts).boxed().toList());
    }

    private int[] chunkExtent(int[] chunkOrigin) {
        int[] extent = new int[chunkOrigin.length];
        for (int d = 0; d < extent.length; d++) {
            extent[d] = Integer.min(variable.chunkShape().get(d), axisLengths[variable.axes().get(d)] - chunkOrigin[d]);
        }
        return extent;
    }

    /** The block's cells as a column over a box of the grid that lies inside the block. */
    private Column.Strided column(Block block, int[] blockOrigin, Box box) {
        Layout own = block.layout();
        int offset = own.offset();
        int[] strides = new int[gridAxes];
        int[][] tables = new int[gridAxes][];
        for (int d = 0; d < blockOrigin.length; d++) {
            int axis = variable.axes().get(d);
            IndexSet indices = box.axes().get(axis);
            if (own.table(d) == null && indices instanceof IndexSet.Range range) {
                strides[axis] = own.stride(d);
                offset += own.stride(d) * ((int) range.start() - blockOrigin[d]);
            } else {
                tables[axis] = new int[indices.size()];
                for (int i = 0; i < indices.size(); i++) {
                    tables[axis][i] = own.step(d, (int) indices.at(i) - blockOrigin[d]);
                }
            }
        }
        return new Column.Strided(block.values(), Layout.of(offset, strides, tables), nulls(block.values()));
    }

    private static NullForm nulls(Values values) {
        return values.validity() == null ? NullForm.NONE : NullForm.BITMAP;
    }

    /** The column over a box of the grid in the worker's scratch: valid until its frame ends. */
    Column.Strided copy(Box box) {
        return assemble(box);
    }

    /** Puts a box together from the chunks that hold parts of it, dense in the order of the grid's axes. */
    private Column.Strided assemble(Box box) {
        boolean[] varies = new boolean[gridAxes];
        variable.axes().forEach(axis -> varies[axis] = true);
        int[] shape = box.shape();
        Layout target = Layout.compact(shape, varies);
        int cells = 1;
        for (int axis = 0; axis < gridAxes; axis++) {
            cells *= varies[axis] ? shape[axis] : 1;
        }
        int[] lengths = new int[gridAxes];
        Arrays.fill(lengths, Integer.MAX_VALUE);
        for (int d = 0; d < variable.axes().size(); d++) {
            lengths[variable.axes().get(d)] = variable.chunkShape().get(d);
        }
        if (variable.stored().isVariableWidth()) {
            return assembleText(new Parts(box, lengths), target, varies, cells);
        }
        if (variable.stored().bytes() == 0 && variable.stored() != SqlType.BOOLEAN) {
            throw GraticuleException.unsupported(null,
                    variable.stored() + " variable '" + variable.name() + "' in chunks other than its table's");
        }
        Values values = worker.scratch().values(variable.stored(), cells, false);
        boolean[] nullable = new boolean[1];
        Values validity = worker.scratch().values(SqlType.BOOLEAN, cells, false);
        int blocksBefore = batchBlocks.size();
        new Parts(box, lengths).forEach((part, positions) -> {
            int[] partShape = ownShape(part, varies);
            Column.Strided from = read(part);
            Layout place = target.slice(positions, partShape);
            StridedCopy.copy(from.values(), from.layout(), values, place, partShape);
            if (from.nulls() == NullForm.BITMAP) {
                if (!nullable[0]) {
                    validity.data().fill((byte) -1);
                    nullable[0] = true;
                }
                StridedCopy.copy(from.values().validityBits(), from.layout(), validity, place, partShape);
            }
            while (batchBlocks.size() > blocksBefore) {
                batchBlocks.removeLast().close();
            }
            return true;
        });
        return nullable[0] ? new Column.Strided(values.withValidityOf(validity), target, NullForm.BITMAP)
                : new Column.Strided(values, target, NullForm.NONE);
    }

    /** The lengths of a box along the variable's own axes, 1 along the others. */
    private static int[] ownShape(Box box, boolean[] varies) {
        int[] shape = box.shape();
        for (int axis = 0; axis < shape.length; axis++) {
            shape[axis] = varies[axis] ? shape[axis] : 1;
        }
        return shape;
    }

    private Column.Strided assembleText(Parts parts, Layout target, boolean[] varies, int cells) {
        byte[][] texts = new byte[cells][];
        parts.forEach((part, positions) -> {
            int[] partShape = ownShape(part, varies);
            Column.Strided from = read(part);
            Layout place = target.slice(positions, partShape);
            int partCells = Arrays.stream(partShape).reduce(1, (a, b) -> a * b);
            for (int cell = 0; cell < partCells; cell++) {
                int at = from.layout().place(partShape, cell);
                if (from.values().isValid(at)) {
                    texts[place.place(partShape, cell)] = from.values().bytes(at);
                }
            }
            return true;
        });
        ColumnBuilder builder = new ColumnBuilder(variable.stored(), cells, worker.scratch());
        for (int cell = 0; cell < cells; cell++) {
            builder.set(cell, texts[cell]);
        }
        return new Column.Strided(builder.finish(), target, builder.nulls());
    }
}
