package dev.graticule.expression;

import dev.graticule.batch.Column;
import dev.graticule.batch.Layout;
import java.util.List;

/** The axes of a box along which values vary. */
public final class Footprint {
    private Footprint() {
    }

    /** The axes along which at least one of the columns varies. */
    public static boolean[] of(int[] shape, List<? extends Column> columns) {
        boolean[] varies = new boolean[shape.length];
        for (Column column : columns) {
            add(shape, column.layout(), varies);
        }
        return varies;
    }

    static void add(int[] shape, Layout layout, boolean[] varies) {
        for (int axis = 0; axis < shape.length; axis++) {
            varies[axis] |= shape[axis] != 1 && layout.varies(axis);
        }
    }

    /** How many cells the box has along those axes. */
    public static int cells(int[] shape, boolean[] varies) {
        int cells = 1;
        for (int axis = 0; axis < shape.length; axis++) {
            cells *= varies[axis] || shape[axis] == 0 ? shape[axis] : 1;
        }
        return cells;
    }

    /** The box's lengths along those axes, 1 along the others: the first indices of which stand for all. */
    public static int[] shape(int[] shape, boolean[] varies) {
        int[] compact = new int[shape.length];
        for (int axis = 0; axis < shape.length; axis++) {
            compact[axis] = varies[axis] ? shape[axis] : 1;
        }
        return compact;
    }

    /** The columns, which vary along those axes at most, over that shape. */
    public static List<Column> slice(List<Column> columns, int[] compact) {
        int[] start = new int[compact.length];
        return columns.stream().map(column -> column.slice(start, compact)).toList();
    }
}
