package dev.graticule;

import dev.graticule.batch.Buffers;
import dev.graticule.batch.Layout;
import dev.graticule.batch.Values;
import dev.graticule.exec.Permit;
import dev.graticule.spi.Block;
import dev.graticule.spi.GridReader;
import dev.graticule.spi.GridVariable;
import dev.graticule.type.SqlType;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Reads boxes of a {@link GridTable}: views of vectors and native memory, copies of arrays, and what a
 * {@link BlockReader} lends.
 */
final class GridTableReader implements GridReader {
    /** Where the cells of a variable are. */
    sealed interface Cells {
        /** An array, in C order. */
        record InArray(Object array, int[] strides) implements Cells {
        }

        /** Memory that is read where it is, in C order; {@code owner} keeps it reachable. */
        record InMemory(Values values, int[] strides, Object owner) implements Cells {
        }

        /** Somewhere: who is asked knows. */
        record Asked(BlockReader reader) implements Cells {
        }
    }

    private final Map<String, Cells> cells;
    private long bytesRead;
    private long chunksRead;

    GridTableReader(Map<String, Cells> cells) {
        this.cells = cells;
    }

    @Override
    public Block openBlock(GridVariable variable, int[] origin, int[] shape, Buffers buffers) {
        long size = variable.stored() == SqlType.BOOLEAN ? 1 : variable.stored().bytes();
        for (int length : shape) {
            size *= length;
        }
        Block block = switch (cells.get(variable.name())) {
            case Cells.InArray held -> CellMemory.openCopy(held.array(), variable.stored(),
                    place(origin, held.strides()), held.strides(), shape, "'" + variable.name() + "'", buffers);
            case Cells.InMemory held -> new Block(held.values(),
                    Layout.strided(place(origin, held.strides()), held.strides()), () -> {
                    });
            case Cells.Asked asked -> ask(asked.reader(), variable, origin, shape, buffers);
        };
        bytesRead += size;
        chunksRead++;
        return block;
    }

    private static int place(int[] indices, int[] strides) {
        int place = 0;
        for (int axis = 0; axis < indices.length; axis++) {
            place += indices[axis] * strides[axis];
        }
        return place;
    }

    private static Block ask(BlockReader reader, GridVariable variable, int[] origin, int[] shape, Buffers buffers) {
        String box = "'" + variable.name() + "' at " + Arrays.toString(origin) + ", " + Arrays.toString(shape)
                + " cells";
        LentBlock lent;
        try {
            lent = Permit.without(() -> reader.read(variable.name(), origin.clone(), shape.clone()));
        } catch (GraticuleException failure) {
            throw failure;
        } catch (Exception failure) {
            if (failure instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            String message = failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
            throw GraticuleException.source("The block reader failed for " + box + ": " + message, failure);
        }
        if (lent == null) {
            throw GraticuleException.source("The block reader gave nothing for " + box + ".", null);
        }
        boolean opened = false;
        try {
            Block block = open(lent, variable.stored(), box, shape, buffers);
            opened = true;
            return block;
        } finally {
            if (!opened) {
                lent.release().run();
            }
        }
    }

    private static Block open(LentBlock lent, SqlType type, String box, int[] shape, Buffers buffers) {
        if (lent.values() == null || !CellMemory.fits(lent.values(), type)) {
            throw GraticuleException.source("The block reader gave " + CellMemory.describe(lent.values()) + " for "
                    + box + "; expected " + type + ".", null);
        }
        int[] strides = lent.strides().length == 0 ? CellMemory.strides(shape) : lent.strides();
        if (strides.length != shape.length) {
            throw GraticuleException.source("The block reader gave " + strides.length + " strides for " + box + ".",
                    null);
        }
        long first = lent.offset();
        long last = lent.offset();
        for (int axis = 0; axis < shape.length; axis++) {
            long step = (long) strides[axis] * (shape[axis] - 1);
            first += Long.min(0, step);
            last += Long.max(0, step);
        }
        long count = CellMemory.count(lent.values(), type);
        if (first < 0 || last >= count) {
            throw GraticuleException.source("The block reader gave " + count + " values for " + box
                    + "; expected values " + first + " to " + last + ".", null);
        }
        Values view = CellMemory.view(lent.values(), type);
        if (view == null) {
            Block copy = CellMemory.openCopy(lent.values(), type, lent.offset(), strides, shape, box, buffers);
            lent.release().run();
            return copy;
        }
        AtomicBoolean released = new AtomicBoolean();
        return new Block(view, Layout.strided(lent.offset(), strides), () -> {
            if (released.compareAndSet(false, true)) {
                lent.release().run();
            }
        });
    }

    @Override
    public long bytesRead() {
        return bytesRead;
    }

    @Override
    public long chunksRead() {
        return chunksRead;
    }

    @Override
    public void close() {
        // Nothing is open between two blocks.
    }
}
