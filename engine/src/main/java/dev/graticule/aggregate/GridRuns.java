package dev.graticule.aggregate;

import dev.graticule.batch.Layout;

/**
 * Walks a batch of a grid in runs, for accumulators: stretches of rows that follow each other in C order, whose argument lies at
 * one stride and whose groups are one, or follow each other too. Axes are merged into one run as far as the argument and the
 * groups allow.
 */
public final class GridRuns {
    /** What an accumulator does with a run of rows {@code [row, row + count)}, whose argument is at {@code place + i * stride}. */
    public interface Action {
        /** One row. What follows does this row by row, unless there is a faster way. */
        void one(int row, int place, int group);

        /** All rows belong to one group. */
        default void reduce(int row, int place, int stride, int count, int group) {
            for (int i = 0; i < count; i++) {
                one(row + i, place + i * stride, group);
            }
        }

        /** Row {@code row + i} belongs to {@code group + i}. */
        default void spread(int row, int place, int stride, int count, int group) {
            for (int i = 0; i < count; i++) {
                one(row + i, place + i * stride, group + i);
            }
        }

        /** Row {@code row + i} belongs to {@code group + steps[i]}. */
        default void scatter(int row, int place, int stride, int count, int group, int[] steps) {
            for (int i = 0; i < count; i++) {
                one(row + i, place + i * stride, group + steps[i]);
            }
        }
    }

    private enum Kind {
        REDUCE, SPREAD, SCATTER
    }

    private final int[] shape;
    private final int[][] steps;
    private final Layout argument;
    private final Layout factor;
    private final Action action;
    private int outerAxes;
    private int count = 1;
    private int stride;
    private Kind kind = Kind.REDUCE;
    private int[] scattered;
    private int[] table;

    private GridRuns(int[] shape, GroupCodes.Gridded codes, Layout argument, Layout factor, Action action) {
        this.shape = shape;
        this.steps = codes.steps();
        this.argument = argument;
        this.factor = factor;
        this.action = action;
    }

    /** Calls the action with the runs of all rows of a box, in C order. */
    public static void walk(int[] shape, GroupCodes.Gridded codes, Layout argument, Action action) {
        walk(shape, codes, argument, Layout.constant(shape.length, 0), action);
    }

    /** The same where a second argument, at {@code factor}, does not vary along a run, unless it varies along the innermost axis. */
    public static void walk(int[] shape, GroupCodes.Gridded codes, Layout argument, Layout factor, Action action) {
        GridRuns runs = new GridRuns(shape, codes, argument, factor, action);
        runs.mergeTrailingAxes(codes.consecutive());
        int place = argument.offset();
        int group = codes.base();
        for (int axis = runs.outerAxes; axis < shape.length; axis++) {
            if (shape[axis] == 0) {
                return;
            }
            place += runs.table != null && shape[axis] != 1 ? 0 : argument.step(axis, 0);
            group += codes.steps()[axis] == null || runs.kind == Kind.SCATTER && shape[axis] != 1 ? 0
                    : codes.steps()[axis][0];
        }
        runs.outer(0, 0, place, group);
    }

    private void mergeTrailingAxes(boolean[] consecutive) {
        outerAxes = shape.length;
        boolean begun = false;
        while (outerAxes > 0) {
            int axis = outerAxes - 1;
            if (shape[axis] != 1) {
                boolean joins = begun ? joins(axis) : begin(axis, consecutive[axis]);
                if (!joins) {
                    return;
                }
                begun = true;
                count *= shape[axis];
            }
            outerAxes--;
        }
    }

    /** The innermost axis that has more than one index sets the kind of the runs. */
    private boolean begin(int axis, boolean consecutive) {
        stride = argument.table(axis) == null ? argument.stride(axis) : 0;
        table = argument.table(axis);
        if (steps[axis] != null) {
            kind = consecutive ? Kind.SPREAD : Kind.SCATTER;
            scattered = steps[axis];
        }
        return true;
    }

    private boolean joins(int axis) {
        if (table != null || kind == Kind.SCATTER || factor.varies(axis) || argument.table(axis) != null
                || argument.stride(axis) != stride * count) {
            return false;
        }
        if (kind == Kind.REDUCE || steps[axis] == null) {
            return kind == Kind.REDUCE && steps[axis] == null;
        }
        for (int i = 0; i < shape[axis]; i++) {
            if (steps[axis][i] != steps[axis][0] + i * count) {
                return false;
            }
        }
        return true;
    }

    private void outer(int axis, int row, int place, int group) {
        if (axis == outerAxes) {
            run(row, place, group);
            return;
        }
        int rows = count;
        for (int inner = axis + 1; inner < outerAxes; inner++) {
            rows *= shape[inner];
        }
        int[] step = steps[axis];
        for (int i = 0; i < shape[axis]; i++) {
            outer(axis + 1, row + i * rows, place + argument.step(axis, i), step == null ? group : group + step[i]);
        }
    }

    private void run(int row, int place, int group) {
        if (table != null) {
            for (int i = 0; i < count; i++) {
                int own = switch (kind) {
                    case REDUCE -> group;
                    case SPREAD -> group + i;
                    case SCATTER -> group + scattered[i];
                };
                action.one(row + i, place + table[i], own);
            }
            return;
        }
        switch (kind) {
            case REDUCE -> action.reduce(row, place, stride, count, group);
            case SPREAD -> action.spread(row, place, stride, count, group);
            case SCATTER -> action.scatter(row, place, stride, count, group, scattered);
        }
    }
}
