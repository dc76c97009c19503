package dev.graticule.bind;

import dev.graticule.batch.Scratch;
import dev.graticule.spi.Axis;
import dev.graticule.spi.Block;
import dev.graticule.spi.GridReader;
import dev.graticule.spi.GridVariable;
import dev.graticule.spi.GriddedTable;
import dev.graticule.type.SqlType;
import org.apache.arrow.memory.BufferAllocator;

/** Reads the coordinate of an axis as objects, while a query is bound. */
final class CoordinateValues {
    private CoordinateValues() {
    }

    /**
     * The column's values along the axis, objects as {@code Values.object} gives them, {@code null} for NULL.
     *
     * @param allocator for what is read; it holds nothing afterwards
     */
    static Object[] read(GriddedTable table, int number, BufferAllocator allocator) {
        Axis axis = table.axes().get(number);
        GridVariable coordinate = axis.coordinate();
        Object[] values = new Object[axis.length()];
        if (coordinate.role() == GridVariable.Role.INDEX) {
            for (int i = 0; i < values.length; i++) {
                values[i] = (long) i;
            }
            return values;
        }
        int chunk = coordinate.chunkShape().getFirst();
        try (Scratch scratch = new Scratch(allocator); GridReader reader = table.openReader()) {
            for (int start = 0; start < values.length; start += chunk) {
                int[] shape = {Math.min(chunk, values.length - start)};
                try (Block block = reader.openBlock(coordinate, new int[]{start}, shape, scratch)) {
                    for (int i = 0; i < shape[0]; i++) {
                        values[start + i] = unpack(block.values().object(block.layout().place(shape, i)), coordinate);
                    }
                }
            }
        }
        return values;
    }

    private static Object unpack(Object stored, GridVariable variable) {
        GridVariable.Unpacking unpacking = variable.unpacking();
        if (!(stored instanceof Number number)) {
            return stored;
        }
        for (Number sentinel : unpacking.sentinels()) {
            if (variable.stored().isFloating() ? Double.compare(number.doubleValue(), sentinel.doubleValue()) == 0
                    : whole(number, variable.stored()) == sentinel.longValue()) {
                return null;
            }
        }
        if (unpacking.nanIsNull() && variable.stored().isFloating() && Double.isNaN(number.doubleValue())) {
            return null;
        }
        return unpacking.scaled() ? (Object) (real(number, variable.stored()) * unpacking.scale() + unpacking.offset())
                : stored;
    }

    private static double real(Number number, SqlType type) {
        if (type.isFloating()) {
            return number.doubleValue();
        }
        long value = whole(number, type);
        return type == SqlType.UBIGINT && value < 0 ? (value >>> 1) * 2.0 + (value & 1) : value;
    }

    private static long whole(Number number, SqlType type) {
        if (!type.isUnsigned()) {
            return number.longValue();
        }
        return switch (number) {
            case Byte small -> Byte.toUnsignedLong(small);
            case Short small -> Short.toUnsignedLong(small);
            case Integer middle -> Integer.toUnsignedLong(middle);
            default -> number.longValue();
        };
    }

    /** A value of a column of numbers or times as a double, for distances; times count their units. */
    static double number(Object value, SqlType type) {
        return real((Number) value, type);
    }
}
