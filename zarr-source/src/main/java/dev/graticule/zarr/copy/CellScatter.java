package dev.graticule.zarr.copy;

import dev.graticule.ErrorKind;
import dev.graticule.GraticuleException;
import dev.graticule.batch.Memory;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;

/**
 * Puts rows in any order into the cells that their dimensions name, run by run: rows along which one dimension follows its
 * coordinates and the others stay are compared and copied at once. A tile goes to the writer when its last cell is filled or when no
 * more rows of it can come. Used by one thread.
 */
final class CellScatter implements AutoCloseable {
    private final List<CopyDimension> dimensions;
    private final List<CopyVariable> variables;
    private final CopyGrid grid;
    private final TileWriter writer;
    private final Function<String, GraticuleException> duplicate;
    private final Map<Integer, Tile> tiles = new HashMap<>();
    private final BitSet written = new BitSet();
    private final int ordered;
    private final int[] position;
    private final int[] until;
    private final int[] place;
    private final MemorySegment[] values;
    private final MemorySegment[] data;
    private final MemorySegment[] validity;
    private int blockStart;

    /** @param duplicate the error of a cell that two rows name, from the cell's coordinates as text */
    CellScatter(List<CopyDimension> dimensions, List<CopyVariable> variables, CopyGrid grid, TileWriter writer,
            Function<String, GraticuleException> duplicate) {
        this.dimensions = dimensions;
        this.variables = variables;
        this.grid = grid;
        this.writer = writer;
        this.duplicate = duplicate;
        int count = dimensions.size();
        this.position = new int[count];
        this.until = new int[count];
        this.place = new int[count];
        this.values = new MemorySegment[count];
        this.data = new MemorySegment[variables.size()];
        this.validity = new MemorySegment[variables.size()];
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
            values[d] = Memory.segment(vector.getDataBuffer());
        }
        for (int v = 0; v < data.length; v++) {
            FieldVector vector = batch.getVector(variables.get(v).column());
            data[v] = Memory.segment(vector.getDataBuffer());
            validity[v] = vector.getNullCount() == 0 ? null : Memory.segment(vector.getValidityBuffer());
        }
        Arrays.fill(until, 0);
        int row = 0;
        while (row < rows) {
            row += run(row, rows);
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
            throw duplicate.apply(text());
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
                writeBefore(start);
            }
        }
    }

    /** Writes what lies before a position of the ordered dimension: rows of that come no more. */
    private void writeBefore(int start) {
        for (Iterator<Tile> left = tiles.values().iterator(); left.hasNext();) {
            Tile tile = left.next();
            if ((tile.place()[ordered] + 1L) * grid.tileShape()[ordered] <= start) {
                left.remove();
                write(tile);
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
            Tile tile = tile();
            int cell = 0;
            for (int d = 0; d < position.length; d++) {
                cell += position[d] % grid.tileShape()[d] * grid.strides()[d];
            }
            int step = grid.strides()[varying];
            int twice = tile.mark(cell, step, count);
            if (twice >= 0) {
                position[varying] += twice;
                throw duplicate.apply(text());
            }
            for (int v = 0; v < data.length; v++) {
                tile.addNulls(v, variables.get(v).copy(data[v], validity[v], row + done,
                        writer.segment(tile.values(v), v), cell, step, count));
            }
            if (tile.isComplete()) {
                tiles.remove(grid.number(tile.place()));
                write(tile);
            }
            done += count;
        }
        position[varying] = first + length - 1;
    }

    private Tile tile() {
        for (int d = 0; d < position.length; d++) {
            place[d] = position[d] / grid.tileShape()[d];
        }
        int number = grid.number(place);
        Tile tile = tiles.get(number);
        if (tile == null) {
            if (written.get(number)) {
                throw duplicate.apply(text());
            }
            tile = writer.openTile(place.clone());
            tiles.put(number, tile);
        }
        return tile;
    }

    private void write(Tile tile) {
        written.set(grid.number(tile.place()));
        writer.write(tile);
    }

    private String text() {
        List<String> parts = new ArrayList<>();
        for (int d = 0; d < position.length; d++) {
            parts.add(dimensions.get(d).name() + " = " + dimensions.get(d).text(position[d]));
        }
        return String.join(", ", parts);
    }

    /** Writes what is left. Afterwards all chunks are given to the writer, but those without a row. */
    void complete() {
        for (Iterator<Tile> left = tiles.values().iterator(); left.hasNext();) {
            Tile tile = left.next();
            left.remove();
            write(tile);
        }
        if (written.cardinality() < grid.tiles()) {
            variables.forEach(CopyVariable::someMiss);
        }
    }

    @Override
    public void close() {
        tiles.values().forEach(Tile::close);
        tiles.clear();
    }
}
