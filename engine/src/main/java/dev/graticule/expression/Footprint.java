package dev.graticule.expression;

import dev.graticule.batch.Column;
import dev.graticule.batch.Layout;
import java.util.List;

/** The axes of a box along which values vary. */
final class Footprint {
    private Footprint() {
    }

    /** The axes along which at least one of the columns varies. */
    static boolean[] of(int[] shape, List<? extends Column> columns) {
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

    static int cells(int[] shape, boolean[] varies) {
        int cells = 1;
        for (int axis = 0; axis < shape.length; axis++) {
            cells *= varies[axis] || shape[axis] == 0 ? shape[axis] : 1;
        }
        return cells;
    }
}
