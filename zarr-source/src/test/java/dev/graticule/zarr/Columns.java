package dev.graticule.zarr;

import dev.graticule.spi.Block;
import dev.graticule.spi.GridReader;
import dev.graticule.spi.GridVariable;
import dev.graticule.spi.GriddedTable;
import java.util.ArrayList;
import java.util.List;

/** A column read the slow way: chunk by chunk, value by value, unpacked as {@link GridVariable.Unpacking} says. */
final class Columns {
    private Columns() {
    }

    static GridVariable variable(GriddedTable table, String name) {
        for (var axis : table.axes()) {
            if (axis.name().equals(name)) {
                return axis.coordinate();
            }
        }
        return table.variables().stream().filter(variable -> variable.name().equals(name)).findFirst()
                .orElseThrow(() -> new AssertionError("no column " + name + " in " + table.name()));
    }

    static List<Object> read(GriddedTable table, String name) {
        return read(table, variable(table, name), null);
    }

    /** All cells in C order of the variable's own dimensions; {@code piece} cuts chunks further, {@code null} reads them whole. */
    static List<Object> read(GriddedTable table, GridVariable variable, int[] piece) {
        int axes = variable.axes().size();
        int[] shape = new int[axes];
        int[] step = new int[axes];
        int cells = 1;
        for (int axis = 0; axis < axes; axis++) {
            shape[axis] = table.axes().get(variable.axes().get(axis)).length();
            step[axis] = Math.min(variable.chunkShape().get(axis), piece == null ? Integer.MAX_VALUE : piece[axis]);
            cells *= shape[axis];
        }
        Object[] result = new Object[cells];
        try (CountingBuffers buffers = new CountingBuffers(); GridReader reader = table.openReader()) {
            int[] origin = new int[axes];
            do {
                int[] length = new int[axes];
                boolean empty = false;
                for (int axis = 0; axis < axes; axis++) {
                    int chunk = variable.chunkShape().get(axis);
                    int end = Math.min(shape[axis], (origin[axis] / chunk + 1) * chunk);
                    length[axis] = Math.min(step[axis], end - origin[axis]);
                    empty |= length[axis] <= 0;
                }
                if (empty) {
                    break;
                }
                try (Block block = reader.openBlock(variable, origin, length, buffers)) {
                    scatter(block, variable, origin, length, shape, result);
                }
                for (int axis = 0; axis < axes; axis++) {
                    step[axis] = length[axis];
                }
            } while (advance(origin, step, shape, variable, piece));
        }
        return new ArrayList<>(java.util.Arrays.asList(result));
    }

    private static boolean advance(int[] origin, int[] step, int[] shape, GridVariable variable, int[] piece) {
        for (int axis = origin.length - 1; axis >= 0; axis--) {
            origin[axis] += step[axis];
            if (origin[axis] < shape[axis]) {
                for (int later = axis; later < origin.length; later++) {
                    step[later] = Math.min(variable.chunkShape().get(later),
                            piece == null ? Integer.MAX_VALUE : piece[later]);
                }
                return true;
            }
            origin[axis] = 0;
            step[axis] = Math.min(variable.chunkShape().get(axis), piece == null ? Integer.MAX_VALUE : piece[axis]);
        }
        return false;
    }

    private static void scatter(Block block, GridVariable variable, int[] origin, int[] length, int[] shape,
            Object[] result) {
        int rows = 1;
        for (int count : length) {
            rows *= count;
        }
        for (int row = 0; row < rows; row++) {
            int rest = row;
            int to = 0;
            int stride = 1;
            for (int axis = shape.length - 1; axis >= 0; axis--) {
                to += (origin[axis] + rest % length[axis]) * stride;
                rest /= length[axis];
                stride *= shape[axis];
            }
            result[to] = unpacked(block.values().object(block.layout().place(length, row)), variable);
        }
    }

    private static Object unpacked(Object value, GridVariable variable) {
        GridVariable.Unpacking unpacking = variable.unpacking();
        if (!(value instanceof Number stored)) {
            return value;
        }
        Number number = variable.stored().isUnsigned() && variable.stored().bytes() < 8
                ? (Number) (stored.longValue() & (1L << 8 * variable.stored().bytes()) - 1) : stored;
        boolean floating = number instanceof Float || number instanceof Double;
        if (floating && unpacking.nanIsNull() && Double.isNaN(number.doubleValue())) {
            return null;
        }
        for (Number sentinel : unpacking.sentinels()) {
            if (floating ? sentinel.doubleValue() == number.doubleValue()
                    : sentinel.longValue() == number.longValue()) {
                return null;
            }
        }
        return unpacking.scaled() ? (Object) (number.doubleValue() * unpacking.scale() + unpacking.offset()) : value;
    }
}
