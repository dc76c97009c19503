package dev.graticule.aggregate;

import dev.graticule.batch.Layout;
import dev.graticule.batch.RowArrays;

/** Which group each row of a batch belongs to. */
public sealed interface GroupCodes {

    /** The group of a row (C order of the batch's box), whether it is selected or not. */
    int group(int[] shape, int row);

    /** The group of every row of a box; what is returned must not be changed, and is {@code reuse} only if it is long enough. */
    int[] perRow(int[] shape, int rows, int[] reuse);

    /** Row {@code r} belongs to {@code codes[r]}; entries of rows that are not selected are undefined. */
    record PerRow(int[] codes) implements GroupCodes {
        @Override
        public int group(int[] shape, int row) {
            return codes[row];
        }

        @Override
        public int[] perRow(int[] shape, int rows, int[] reuse) {
            return codes;
        }
    }

    /**
     * The group of row {@code (i, j, k)} is {@code base + steps[0][i] + steps[1][j] + steps[2][k]}; an axis without steps
     * ({@code null}) is reduced.
     *
     * @param consecutive for each axis whether its steps are s, s+1, s+2, ...: then runs can be added vector to vector
     */
    record Gridded(int base, int[][] steps, boolean[] consecutive) implements GroupCodes {
        @Override
        public int group(int[] shape, int row) {
            int group = base;
            for (int axis = shape.length - 1; axis >= 0; axis--) {
                if (steps[axis] != null) {
                    group += steps[axis][row % shape[axis]];
                }
                row /= shape[axis];
            }
            return group;
        }

        @Override
        public int[] perRow(int[] shape, int rows, int[] reuse) {
            return RowArrays.places(Layout.of(base, new int[steps.length], steps), shape, rows, reuse);
        }
    }
}
