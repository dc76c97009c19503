package dev.graticule.zarr.copy;

import dev.graticule.ErrorKind;
import dev.graticule.GraticuleException;
import dev.graticule.batch.Column;
import dev.graticule.batch.Values;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;

/**
 * Puts rows in any order into the cells that their dimensions name, run by run: rows along which one dimension follows its
 * coordinates and the others stay are compared and copied at once. Used by one thread.
 */
final class CellScatter {
    private final List<CopyDimension> dimensions;
    private final List<CopyVariable> variables;
    private final List<PartialArray> partial;
    private final CopyGrid grid;
    private final TilesInFlight tiles;
    private final int ordered;
    private final int[] position;
    private final int[] until;
    private final int[] place;
    private final Values[] values;
    private final Column[] data;
    private final Column[] partialData;
    private int blockStart;
    private Tile held;

    CellScatter(List<CopyDimension> dimensions, List<CopyVariable> variables, List<PartialArray> partial,
            CopyGrid grid, TilesInFlight tiles) {
        this.dimensions = dimensions;
        this.variables = variables;
        this.partial = partial;
        this.grid = grid;
        this.tiles = tiles;
        int count = dimensions.size();
        this.position = new int[count];
        this.until = new int[count];
        this.place = new int[count];
        this.values = new Values[count];
        this.data = new Column[variables.size()];
        this.partialData = new Column[partial.size()];
        int found = -1;
        for (int d = 0; d < count; d++) {
            found = dimensions.get(d).isOrdered() ? d : found;
        }
        this.ordered = found;
    }

    /** Takes the rows of a batch. */
    void add(VectorSchemaRoot batch) {
        int rows = batch.getRowCount();
        if (rows == 0) {
            return;
        }
        for (int d = 0; d < values.length; d++) {
            FieldVector vector = batch.getVector(dimensions.get(d).column());
            if (vector.getNullCount() > 0) {
                String name = dimensions.get(d).name();
                throw GraticuleException.data(null,
                        name + " is NULL in a row, and a dimension needs a value: add WHERE "
                                + name + " IS NOT NULL.");
            }
            values[d] = Values.of(vector);
        }
        int[] shape = {rows};
        for (int v = 0; v < data.length; v++) {
            data[v] = Column.dense(Values.of(batch.getVector(variables.get(v).column())), shape, 0);
        }
        for (int p = 0; p < partialData.length; p++) {
            partialData[p] = Column.dense(Values.of(batch.getVector(partial.get(p).variable().column())), shape, 0);
        }
        Arrays.fill(until, 0);
        partial.forEach(array -> array.lock().lock());
        try {
            int row = 0;
            while (row < rows) {
                row += run(row, rows);
            }
        } finally {
            partial.forEach(array -> array.lock().unlock());
            release();
        }
    }

    /** The tile at the place, which stays this thread's for the runs that follow each other in it. */
    private Tile acquire(int cell) {
        if (held == null || !Arrays.equals(held.place(), place)) {
            release();
            held = tiles.acquire(place, cell);
        }
        return held;
    }

    private void release() {
        if (held != null) {
            Tile tile = held;
            held = null;
            tiles.release(tile);
        }
    }

    /** Puts the longest run of rows from {@code row} on; gives how many there were. */
    private int run(int row, int rows) {
        int varying = position.length - 1;
        int changing = 0;
        for (int d = 0; d < position.length; d++) {
            if (until[d] <= row) {
                locate(d, row);
                until[d] = row + dimensions.get(d).constant(values[d], row, rows);
            }
            if (until[d] == row + 1) {
                varying = d;
                changing++;
            }
        }
        if (changing == 0) {
            throw duplicate();
        }
        int length = rows - row;
        for (int d = 0; d < position.length; d++) {
            length = d == varying ? length : Integer.min(length, until[d] - row);
        }
        length = dimensions.get(varying).consecutive(values[varying], row, position[varying], length);
        put(row, varying, length);
        until[varying] = 0;
        return length;
    }

    private void locate(int dimension, int row) {
        CopyDimension along = dimensions.get(dimension);
        int found = along.position(values[dimension], row, position[dimension] + 1);
        if (found < 0) {
            throw GraticuleException.of(ErrorKind.INTERNAL, null,
                    "A row has a value of " + along.name() + " that its coordinates do not have.", null);
        }
        position[dimension] = found;
        if (dimension == ordered) {
            int start = along.blockStart(found);
            if (start > blockStart) {
                blockStart = start;
                release();
                tiles.writeBefore(ordered, start);
            }
        }
    }

    private void put(int row, int varying, int length) {
        int first = position[varying];
        int tileLength = grid.tileShape()[varying];
        int done = 0;
        while (done < length) {
            position[varying] = first + done;
            int count = Integer.min(length - done, tileLength - position[varying] % tileLength);
            int cell = cell();
            int step = grid.strides()[varying];
            Tile tile = acquire(cell);
            int twice = tile.mark(cell, step, count);
            if (twice >= 0) {
                throw tiles.duplicate(place, cell + twice * step);
            }
            for (int v = 0; v < data.length; v++) {
                tile.addNulls(v, variables.get(v).put(data[v], new CopyVariable.Run(row + done, 1, null, 0),
                        tile.values(v), cell, step, count, tile.texts(v)));
            }
            for (int p = 0; p < partialData.length; p++) {
                put(partial.get(p), partialData[p], row + done, varying, count);
            }
            done += count;
        }
        position[varying] = first + length - 1;
    }

    private void put(PartialArray array, Column column, int row, int varying, int count) {
        int cell = 0;
        for (int d = 0; d < position.length; d++) {
            cell += position[d] * array.stride(d);
        }
        array.put(column, new CopyVariable.Run(row, 1, null, 0), cell, array.stride(varying), count);
    }

    /** The cell of the position in its tile, whose place is noted. */
    private int cell() {
        int cell = 0;
        for (int d = 0; d < position.length; d++) {
            place[d] = position[d] / grid.tileShape()[d];
            cell += position[d] % grid.tileShape()[d] * grid.strides()[d];
        }
        return cell;
    }

    private GraticuleException duplicate() {
        int cell = cell();
        return tiles.duplicate(place, cell);
    }
}
