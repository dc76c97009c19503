package dev.graticule.batch;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Cuts a box into slabs of about so many rows that follow each other in the box's C order: one batch each. */
public final class Slabs {
    private Slabs() {
    }

    /** What is done with a slab. */
    public interface Action {
        /**
         * @param first the number of the slab's first row in the box
         * @return false to end
         */
        boolean take(Box slab, long first);
    }

    /**
     * Calls the action with each slab in order until it says false; returns whether it never did. A box without rows has no slab.
     *
     * @param rows the most rows of a slab, unless a single one has more; at least 1
     */
    public static boolean forEach(Box box, int rows, Action action) {
        int[] shape = box.shape();
        int split = shape.length - 1;
        long trailing = 1;
        while (split > 0 && trailing * shape[split] <= rows) {
            trailing *= shape[split--];
        }
        int[] slab = new int[shape.length];
        Arrays.fill(slab, 1);
        for (int axis = split + 1; axis < shape.length; axis++) {
            slab[axis] = shape[axis];
        }
        if (split >= 0) {
            slab[split] = (int) Long.min(shape[split], Long.max(1, rows / Long.max(1, trailing)));
        }
        for (int size : shape) {
            if (size == 0) {
                return true;
            }
        }
        int[] start = new int[shape.length];
        long first = 0;
        while (true) {
            List<IndexSet> sets = new ArrayList<>(shape.length);
            long count = 1;
            for (int axis = 0; axis < shape.length; axis++) {
                int size = Integer.min(slab[axis], shape[axis] - start[axis]);
                sets.add(box.axes().get(axis).slice(start[axis], size));
                count *= size;
            }
            if (!action.take(new Box(sets), first)) {
                return false;
            }
            first += count;
            int axis = split;
            while (axis >= 0 && (start[axis] += slab[axis]) >= shape[axis]) {
                start[axis--] = 0;
            }
            if (axis < 0) {
                return true;
            }
        }
    }
}
