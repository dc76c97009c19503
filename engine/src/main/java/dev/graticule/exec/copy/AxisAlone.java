package dev.graticule.exec.copy;

import dev.graticule.batch.Buffers;
import dev.graticule.spi.Axis;
import dev.graticule.spi.Block;
import dev.graticule.spi.GridReader;
import dev.graticule.spi.GridVariable;
import dev.graticule.spi.GriddedTable;
import java.util.List;

/** One axis of a table as a table of its own: its rows are the coordinates. */
record AxisAlone(GriddedTable table, int number) implements GriddedTable {
    @Override
    public String name() {
        return table.name();
    }

    @Override
    public List<String> remarks() {
        return List.of();
    }

    @Override
    public List<Axis> axes() {
        Axis axis = table.axes().get(number);
        GridVariable coordinate = axis.coordinate();
        return List.of(new Axis(axis.name(), axis.length(),
                new GridVariable(coordinate.name(), coordinate.role(), coordinate.stored(), List.of(0),
                        coordinate.chunkShape(), coordinate.sliceable(), coordinate.unpacking(), coordinate.listed(),
                        coordinate.attributes())));
    }

    @Override
    public List<GridVariable> variables() {
        return List.of();
    }

    @Override
    public GridReader openReader() {
        GridReader reader = table.openReader();
        GridVariable coordinate = table.axes().get(number).coordinate();
        return new GridReader() {
            @Override
            public Block openBlock(GridVariable variable, int[] origin, int[] shape, Buffers buffers) {
                return reader.openBlock(coordinate, origin, shape, buffers);
            }

            @Override
            public long bytesRead() {
                return reader.bytesRead();
            }

            @Override
            public long chunksRead() {
                return reader.chunksRead();
            }

            @Override
            public void close() {
                reader.close();
            }
        };
    }
}
