package dev.graticule.batch;

import dev.graticule.type.SqlType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * Reads a column into primitive arrays with one entry per row of its box (C order): for operators that work row by row.
 *
 * <p>Every method takes an array to reuse ({@code null}, or too short: a new one is made) and returns the array it filled, which may be
 * longer than the box. Entries of NULL rows are undefined.
 */
public final class RowArrays {
    private RowArrays() {
    }

    /** The place of every row in the values of the layout. */
    public static int[] places(Layout layout, int[] shape, int rows, int[] reuse) {
        int[] places = reuse == null || reuse.length < rows ? new int[rows] : reuse;
        if (rows == 0) {
            return places;
        }
        places[0] = layout.offset();
        int filled = 1;
        // Axis by axis from the fastest: the block that is filled already repeats at the steps of the next slower axis.
        for (int axis = shape.length - 1; axis >= 0; axis--) {
            int block = filled;
            int first = layout.step(axis, 0);
            for (int i = shape[axis] - 1; i >= 0; i--) {
                int step = layout.step(axis, i);
                int at = i * block;
                if (i == 0) {
                    if (first != 0) {
                        for (int j = 0; j < block; j++) {
                            places[j] += first;
                        }
                    }
                } else if (block == 1) {
                    places[at] = places[0] + step;
                } else {
                    for (int j = 0; j < block; j++) {
                        places[at + j] = places[j] + step;
                    }
                }
            }
            filled *= shape[axis];
        }
        return places;
    }

    /** For every row the place of its value in {@link #values}, -1 where a dictionary index is NULL. */
    public static int[] places(Column column, int[] shape, int rows, int[] reuse) {
        return switch (column) {
            case Column.Strided strided -> places(strided.layout(), shape, rows, reuse);
            case Column.Dictionary dictionary -> {
                int[] places = places(dictionary.layout(), shape, rows, reuse);
                Values indices = dictionary.indices();
                MemorySegment data = indices.data();
                for (int row = 0; row < rows; row++) {
                    int place = places[row];
                    places[row] = indices.isValid(place) ? data.get(ValueLayout.JAVA_INT_UNALIGNED, place * 4L) : -1;
                }
                yield places;
            }
        };
    }

    /** What the places of {@link #places(Column, int[], int, int[])} refer to. */
    public static Values values(Column column) {
        return switch (column) {
            case Column.Strided strided -> strided.values();
            case Column.Dictionary dictionary -> dictionary.dictionary();
        };
    }

    /**
     * Whole numbers, dates, times, timestamps and BOOLEANs (0 or 1) of every row as 64 bits: unsigned ones zero-extended. REAL and DOUBLE
     * as the bits of the double.
     */
    public static long[] longs(Column column, int[] shape, int rows, long[] reuse) {
        long[] result = reuse == null || reuse.length < rows ? new long[rows] : reuse;
        SqlType type = column.type();
        MemorySegment data = values(column).data();
        Layout layout = column.layout();
        if (column instanceof Column.Strided && layout.isConstant(shape)) {
            if (rows > 0) {
                Arrays.fill(result, 0, rows, number(type, data, layout.offset() + origin(layout)));
            }
            return result;
        }
        boolean dense = column instanceof Column.Strided && layout.isDense(shape);
        if (dense && type.bytes() == 8 && type != SqlType.DOUBLE) {
            MemorySegment.copy(data, ValueLayout.JAVA_LONG_UNALIGNED, layout.offset() * 8L, result, 0, rows);
            return result;
        }
        int[] places = dense ? null : places(column, shape, rows, null);
        int offset = layout.offset();
        if (type == SqlType.BOOLEAN) {
            for (int row = 0; row < rows; row++) {
                int place = dense ? offset + row : Integer.max(0, places[row]);
                result[row] = Memory.bit(data, place) ? 1 : 0;
            }
        } else if (type == SqlType.REAL) {
            for (int row = 0; row < rows; row++) {
                int place = dense ? offset + row : Integer.max(0, places[row]);
                result[row] = Double.doubleToRawLongBits(data.get(ValueLayout.JAVA_FLOAT_UNALIGNED, place * 4L));
            }
        } else {
            switch (type.bytes()) {
                case 1 -> {
                    long mask = type.isUnsigned() ? 0xffL : -1L;
                    for (int row = 0; row < rows; row++) {
                        int place = dense ? offset + row : Integer.max(0, places[row]);
                        result[row] = data.get(ValueLayout.JAVA_BYTE, place) & mask;
                    }
                }
                case 2 -> {
                    long mask = type.isUnsigned() ? 0xffffL : -1L;
                    for (int row = 0; row < rows; row++) {
                        int place = dense ? offset + row : Integer.max(0, places[row]);
                        result[row] = data.get(ValueLayout.JAVA_SHORT_UNALIGNED, place * 2L) & mask;
                    }
                }
                case 4 -> {
                    long mask = type.isUnsigned() ? 0xffffffffL : -1L;
                    for (int row = 0; row < rows; row++) {
                        int place = dense ? offset + row : Integer.max(0, places[row]);
                        result[row] = data.get(ValueLayout.JAVA_INT_UNALIGNED, place * 4L) & mask;
                    }
                }
                case 8 -> {
                    for (int row = 0; row < rows; row++) {
                        int place = dense ? offset + row : Integer.max(0, places[row]);
                        result[row] = data.get(ValueLayout.JAVA_LONG_UNALIGNED, place * 8L);
                    }
                }
                default -> throw new IllegalArgumentException("Not a number of up to 64 bits: " + type);
            }
        }
        return result;
    }

    /** REAL and DOUBLE values of every row as doubles. */
    public static double[] doubles(Column column, int[] shape, int rows, double[] reuse) {
        double[] result = reuse == null || reuse.length < rows ? new double[rows] : reuse;
        boolean real = column.type() == SqlType.REAL;
        if (!real && column.type() != SqlType.DOUBLE) {
            throw new IllegalArgumentException("Neither REAL nor DOUBLE: " + column.type());
        }
        MemorySegment data = values(column).data();
        Layout layout = column.layout();
        if (column instanceof Column.Strided && layout.isConstant(shape)) {
            if (rows > 0) {
                Arrays.fill(result, 0, rows,
                        Double.longBitsToDouble(number(column.type(), data, layout.offset() + origin(layout))));
            }
        } else if (column instanceof Column.Strided && layout.isDense(shape)) {
            int offset = layout.offset();
            if (real) {
                for (int row = 0; row < rows; row++) {
                    result[row] = data.get(ValueLayout.JAVA_FLOAT_UNALIGNED, (offset + row) * 4L);
                }
            } else {
                MemorySegment.copy(data, ValueLayout.JAVA_DOUBLE_UNALIGNED, offset * 8L, result, 0, rows);
            }
        } else {
            int[] places = places(column, shape, rows, null);
            if (real) {
                for (int row = 0; row < rows; row++) {
                    result[row] = data.get(ValueLayout.JAVA_FLOAT_UNALIGNED, Integer.max(0, places[row]) * 4L);
                }
            } else {
                for (int row = 0; row < rows; row++) {
                    result[row] = data.get(ValueLayout.JAVA_DOUBLE_UNALIGNED, Integer.max(0, places[row]) * 8L);
                }
            }
        }
        return result;
    }

    /**
     * The bitmap (as {@link Selection.Bitmap} keeps it) of the rows that are selected and where the column is not NULL. What is returned
     * may be the selection's own words: it must not be changed.
     */
    public static long[] live(Column column, int[] shape, int rows, Selection selection, long[] reuse) {
        int words = rows + 63 >>> 6;
        boolean free = column.nulls() == NullForm.NONE && column.type() != SqlType.NULL;
        if (free && selection instanceof Selection.Bitmap bitmap) {
            return bitmap.words();
        }
        long[] result = reuse == null || reuse.length < words ? new long[words] : reuse;
        if (selection instanceof Selection.Bitmap bitmap) {
            System.arraycopy(bitmap.words(), 0, result, 0, words);
        } else {
            Arrays.fill(result, 0, words, -1L);
            if ((rows & 63) != 0) {
                result[words - 1] = (1L << rows) - 1;
            }
        }
        if (free || rows == 0) {
            return result;
        }
        Layout layout = column.layout();
        if (column instanceof Column.Strided && layout.isConstant(shape)) {
            if (isNull(column, layout.offset() + origin(layout))) {
                Arrays.fill(result, 0, words, 0L);
            }
            return result;
        }
        boolean dense = column instanceof Column.Strided && layout.isDense(shape);
        MemorySegment validity = values(column).validity();
        if (dense && column.nulls() == NullForm.BITMAP && validity != null) {
            for (int word = 0; word < words; word++) {
                result[word] &= Memory.bits(validity, layout.offset() + (word << 6));
            }
            return result;
        }
        int[] places = dense ? null : places(column, shape, rows, null);
        int offset = layout.offset();
        for (int word = 0; word < words; word++) {
            long bits = result[word];
            for (long left = bits; left != 0; left &= left - 1) {
                int bit = Long.numberOfTrailingZeros(left);
                int row = (word << 6) + bit;
                if (isNull(column, dense ? offset + row : places[row])) {
                    bits &= ~(1L << bit);
                }
            }
            result[word] = bits;
        }
        return result;
    }

    /** Whether the value at a place (-1: a NULL index) is NULL by the column's form. */
    public static boolean isNull(Column column, int place) {
        Values values = values(column);
        if (place < 0) {
            return true;
        }
        return switch (column.nulls()) {
            case NONE -> column.type() == SqlType.NULL;
            case BITMAP -> !values.isValid(place);
            case NAN -> column.type() == SqlType.REAL
                    ? Float.isNaN(values.data().get(ValueLayout.JAVA_FLOAT_UNALIGNED, place * 4L))
                    : Double.isNaN(values.data().get(ValueLayout.JAVA_DOUBLE_UNALIGNED, place * 8L));
        };
    }

    /** What the tables of a layout that does not vary add to its offset (axes of length one may still have a table). */
    static int origin(Layout layout) {
        int sum = 0;
        for (int axis = 0; axis < layout.axes(); axis++) {
            sum += layout.step(axis, 0);
        }
        return sum;
    }

    private static long number(SqlType type, MemorySegment data, int place) {
        if (type == SqlType.BOOLEAN) {
            return Memory.bit(data, place) ? 1 : 0;
        }
        if (type == SqlType.REAL) {
            return Double.doubleToRawLongBits(data.get(ValueLayout.JAVA_FLOAT_UNALIGNED, place * 4L));
        }
        return switch (type.bytes()) {
            case 1 -> data.get(ValueLayout.JAVA_BYTE, place) & (type.isUnsigned() ? 0xffL : -1L);
            case 2 -> data.get(ValueLayout.JAVA_SHORT_UNALIGNED, place * 2L) & (type.isUnsigned() ? 0xffffL : -1L);
            case 4 -> data.get(ValueLayout.JAVA_INT_UNALIGNED, place * 4L) & (type.isUnsigned() ? 0xffffffffL : -1L);
            case 8 -> data.get(ValueLayout.JAVA_LONG_UNALIGNED, place * 8L);
            default -> throw new IllegalArgumentException("Not a number of up to 64 bits: " + type);
        };
    }
}
