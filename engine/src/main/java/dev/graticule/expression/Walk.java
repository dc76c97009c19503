package dev.graticule.expression;

import dev.graticule.batch.Layout;

/**
 * Goes over the cells of a footprint in C order, in runs as long as the layouts of all operands allow: axes that every operand
 * has one after the other are merged. Call {@link #next} before each run.
 */
final class Walk {
    private final int[] sizes;
    private final int[][] strides;
    private final int[][][] tables;
    private final int[] index;
    private final int[] at;
    private final int operands;
    private final int outer;
    private final int length;
    private int outAt;
    private boolean begun;
    private boolean ended;

    /** A walk over the axes of {@code shape} that vary; the operands vary along no other axis. */
    Walk(int[] shape, boolean[] varies, Layout... layouts) {
        operands = layouts.length;
        int[] merged = new int[shape.length];
        int[][] steps = new int[operands][shape.length];
        int[][][] places = new int[operands][shape.length][];
        int count = 0;
        for (int axis = 0; axis < shape.length; axis++) {
            if (shape[axis] == 0) {
                ended = true;
            }
            if (!varies[axis] || shape[axis] == 1) {
                continue;
            }
            boolean joins = count > 0;
            for (int operand = 0; operand < operands && joins; operand++) {
                Layout layout = layouts[operand];
                joins = layout.table(axis) == null && places[operand][count - 1] == null
                        && steps[operand][count - 1] == layout.stride(axis) * shape[axis];
            }
            int place = joins ? count - 1 : count++;
            merged[place] = joins ? merged[place] * shape[axis] : shape[axis];
            for (int operand = 0; operand < operands; operand++) {
                places[operand][place] = layouts[operand].table(axis);
                steps[operand][place] = layouts[operand].table(axis) == null ? layouts[operand].stride(axis) : 0;
            }
        }
        at = new int[operands];
        for (int operand = 0; operand < operands; operand++) {
            at[operand] = layouts[operand].offset();
            for (int axis = 0; axis < shape.length; axis++) {
                if (layouts[operand].table(axis) != null && (!varies[axis] || shape[axis] == 1) && shape[axis] > 0) {
                    at[operand] += layouts[operand].table(axis)[0];
                }
            }
        }
        sizes = merged;
        strides = steps;
        tables = places;
        outer = Math.max(0, count - 1);
        length = count == 0 ? 1 : merged[count - 1];
        if (count == 0) {
            for (int operand = 0; operand < operands; operand++) {
                strides[operand] = new int[1];
                tables[operand] = new int[1][];
            }
        }
        index = new int[outer];
        for (int operand = 0; operand < operands; operand++) {
            for (int axis = 0; axis < outer; axis++) {
                at[operand] += step(operand, axis, 0);
            }
        }
    }

    private int step(int operand, int axis, int i) {
        int[] table = tables[operand][axis];
        return table != null ? table[i] : strides[operand][axis] * i;
    }

    /** Goes to the next run; false after the last. */
    boolean next() {
        if (!begun) {
            begun = true;
            return !ended;
        }
        outAt += length;
        for (int axis = outer - 1; axis >= 0; axis--) {
            int old = index[axis];
            int now = old + 1 == sizes[axis] ? 0 : old + 1;
            index[axis] = now;
            for (int operand = 0; operand < operands; operand++) {
                at[operand] += step(operand, axis, now) - step(operand, axis, old);
            }
            if (now != 0) {
                return true;
            }
        }
        return false;
    }

    /** The cells of a run; all runs are equally long. */
    int length() {
        return length;
    }

    /** How many runs there are. */
    int runs() {
        int runs = ended ? 0 : 1;
        for (int axis = 0; axis < outer; axis++) {
            runs *= sizes[axis];
        }
        return runs;
    }

    /** The number of the first cell of the run. */
    int outAt() {
        return outAt;
    }

    /** The place of the operand's value for the run's first cell; to be added to {@link #table} entries where there is one. */
    int at(int operand) {
        return at[operand];
    }

    /** From cell to cell of the run the operand's place changes by this, if there is no {@link #table}. */
    int step(int operand) {
        return strides[operand][outer];
    }

    /** The places of the run's cells relative to {@link #at}, or {@code null}. */
    int[] table(int operand) {
        return tables[operand][outer];
    }

    /** The place of the operand's value for cell {@code i} of the run. */
    int place(int operand, int i) {
        int[] table = tables[operand][outer];
        return at[operand] + (table != null ? table[i] : strides[operand][outer] * i);
    }

    /** Whether along a run every operand is constant or one after the other. */
    boolean isRegular() {
        for (int operand = 0; operand < operands; operand++) {
            int step = step(operand);
            if (table(operand) != null || step != 0 && step != 1) {
                return false;
            }
        }
        return true;
    }
}
