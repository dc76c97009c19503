package dev.graticule.batch;

import java.util.Arrays;

/**
 * Where the values of a box's rows are: row {@code (i, j, k)} is at {@code offset + i*s0 + table1[j] + k*s2}.
 *
 * <p>Each axis has either a stride (0: the column does not vary along it; it may be negative) or an offset table with one
 * non-negative entry per index of the box. Immutable; the arrays are not copied and must not be changed.
 */
public final class Layout {
    private final int offset;
    private final int[] strides;
    private final int[][] tables;

    private Layout(int offset, int[] strides, int[][] tables) {
        this.offset = offset;
        this.strides = strides;
        this.tables = tables;
    }

    /** A layout of strides only. */
    public static Layout strided(int offset, int... strides) {
        return new Layout(offset, strides, new int[strides.length][]);
    }

    /** A layout where an axis with a table (not {@code null}) ignores its stride; a table of one entry becomes part of the offset. */
    public static Layout of(int offset, int[] strides, int[][] tables) {
        return normal(offset, strides, tables);
    }

    /** A table of one entry is part of the offset, so that an axis with one index never has one. */
    private static Layout normal(int offset, int[] strides, int[][] tables) {
        int first = offset;
        int[] newStrides = strides;
        int[][] newTables = tables;
        for (int axis = 0; axis < tables.length; axis++) {
            if (tables[axis] != null && tables[axis].length == 1) {
                first += tables[axis][0];
                newStrides = newStrides == strides ? strides.clone() : newStrides;
                newTables = newTables == tables ? tables.clone() : newTables;
                newStrides[axis] = 0;
                newTables[axis] = null;
            }
        }
        return new Layout(first, newStrides, newTables);
    }

    /** The same value for every row of a box with that many axes. */
    public static Layout constant(int axes, int offset) {
        return strided(offset, new int[axes]);
    }

    /** Rows in C order, one after the other, from value {@code offset}. */
    public static Layout dense(int[] shape, int offset) {
        return strided(offset, denseStrides(shape, null));
    }

    /** C order over the axes that vary, stride 0 along the others. */
    public static Layout compact(int[] shape, boolean[] varies) {
        return strided(0, denseStrides(shape, varies));
    }

    private static int[] denseStrides(int[] shape, boolean[] varies) {
        int[] strides = new int[shape.length];
        int stride = 1;
        for (int axis = shape.length - 1; axis >= 0; axis--) {
            if (varies == null || varies[axis]) {
                strides[axis] = stride;
                stride *= shape[axis];
            }
        }
        return strides;
    }

    public int offset() {
        return offset;
    }

    public int axes() {
        return strides.length;
    }

    /** The stride along an axis; meaningless where there is a {@link #table}. */
    public int stride(int axis) {
        return strides[axis];
    }

    /** The offset table of an axis, or {@code null}. */
    public int[] table(int axis) {
        return tables[axis];
    }

    /** Whether rows that differ along the axis alone may be at different places. */
    public boolean varies(int axis) {
        return tables[axis] != null || strides[axis] != 0;
    }

    /** What index {@code i} of an axis adds to the place of a row. */
    public int step(int axis, int i) {
        return tables[axis] != null ? tables[axis][i] : strides[axis] * i;
    }

    /** The place of row {@code row} (C order) of a box of this shape. */
    public int place(int[] shape, int row) {
        int place = offset;
        for (int axis = shape.length - 1; axis >= 0; axis--) {
            place += step(axis, row % shape[axis]);
            row /= shape[axis];
        }
        return place;
    }

    /** Whether the rows of a box of this shape are one after the other in C order, and each has its own value. */
    public boolean isDense(int[] shape) {
        int stride = 1;
        for (int axis = shape.length - 1; axis >= 0; axis--) {
            if (shape[axis] != 1 && (tables[axis] != null || strides[axis] != stride)) {
                return false;
            }
            stride *= shape[axis];
        }
        return true;
    }

    /** Whether all rows of a box of this shape share one value. */
    public boolean isConstant(int[] shape) {
        for (int axis = 0; axis < shape.length; axis++) {
            if (shape[axis] != 1 && varies(axis)) {
                return false;
            }
        }
        return true;
    }

    /** The layout of the part of the box that begins at {@code start} and has {@code length} indices per axis. */
    public Layout slice(int[] start, int[] length) {
        int first = offset;
        int[][] sliced = new int[tables.length][];
        for (int axis = 0; axis < strides.length; axis++) {
            if (tables[axis] == null) {
                first += strides[axis] * start[axis];
            } else if (start[axis] == 0 && length[axis] == tables[axis].length) {
                sliced[axis] = tables[axis];
            } else {
                sliced[axis] = Arrays.copyOfRange(tables[axis], start[axis], start[axis] + length[axis]);
            }
        }
        return normal(first, strides, sliced);
    }

    @Override
    public String toString() {
        return offset + "+" + Arrays.toString(strides)
                + (Arrays.stream(tables).allMatch(t -> t == null) ? "" : Arrays.deepToString(tables));
    }
}
