package dev.graticule.batch;

import java.util.List;

/** Which part of a grid a batch is: an index set per axis. Its rows are in C order, the last axis fastest. */
public record Box(List<IndexSet> axes) {
    public Box {
        axes = List.copyOf(axes);
    }

    /** Rows {@code [start, start + count)} of a table without axes. */
    public static Box rows(long start, int count) {
        return new Box(List.of(new IndexSet.Range(start, count)));
    }

    /** How many indices each axis has; a new array. */
    public int[] shape() {
        int[] shape = new int[axes.size()];
        for (int axis = 0; axis < shape.length; axis++) {
            shape[axis] = axes.get(axis).size();
        }
        return shape;
    }
}
