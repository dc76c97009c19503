package dev.graticule.exec.scan;

import dev.graticule.spi.GridVariable;
import dev.graticule.spi.GriddedTable;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The block grid in which a table's rows come: the chunk grid that holds the most bytes, whatever a query projects (SEMANTICS 19). */
public final class BlockShape {
    private BlockShape() {
    }

    /** How many indices a block of the table has along each axis; a table without data is one block. */
    public static int[] of(GriddedTable table) {
        return of(table, table.variables().stream().filter(GridVariable::listed).toList());
    }

    /**
     * The chunk grid that holds the most bytes of these variables, as far as they lie on all axes of the table; where two hold the
     * same, the one whose blocks reach further along the last axes. One block where there is none.
     */
    static int[] of(GriddedTable table, List<GridVariable> variables) {
        int[] lengths = table.axes().stream().mapToInt(axis -> Integer.max(1, axis.length())).toArray();
        Map<List<Integer>, Long> bytes = new LinkedHashMap<>();
        for (GridVariable variable : variables) {
            if (variable.axes().size() == lengths.length) {
                Integer[] shape = new Integer[lengths.length];
                for (int d = 0; d < lengths.length; d++) {
                    int axis = variable.axes().get(d);
                    shape[axis] = Integer.min(variable.chunkShape().get(d), lengths[axis]);
                }
                bytes.merge(Arrays.asList(shape), (long) Integer.max(1, variable.stored().bytes()), Long::sum);
            }
        }
        int[] block = lengths;
        long most = 0;
        for (Map.Entry<List<Integer>, Long> grid : bytes.entrySet()) {
            int[] shape = grid.getKey().stream().mapToInt(Integer::intValue).toArray();
            if (grid.getValue() > most || grid.getValue() == most && reachesFurther(shape, block)) {
                most = grid.getValue();
                block = shape;
            }
        }
        return block;
    }

    private static boolean reachesFurther(int[] shape, int[] other) {
        for (int axis = shape.length - 1; axis > 0; axis--) {
            if (shape[axis] != other[axis]) {
                return shape[axis] > other[axis];
            }
        }
        return false;
    }
}
