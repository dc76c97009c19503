package dev.graticule.exec.scan;

import dev.graticule.batch.Box;
import dev.graticule.batch.IndexSet;
import java.util.ArrayList;
import java.util.List;

/** The parts of a box that result from cutting every axis at multiples of a length, in C order. */
final class Parts {
    private final List<GridAxis> axes = new ArrayList<>();

    /** Cuts a box whose axes all have at least one index; axis {@code a} is cut at multiples of {@code lengths[a]}. */
    Parts(Box box, int[] lengths) {
        for (int axis = 0; axis < lengths.length; axis++) {
            axes.add(GridAxis.of(box.axes().get(axis), lengths[axis]));
        }
    }

    interface Action {
        /**
         * @param positions where the part begins in the box, along each axis; not kept
         * @return false to end
         */
        boolean take(Box part, int[] positions);
    }

    /** Calls the action with each part until it says false; returns whether it never did. */
    boolean forEach(Action action) {
        int[] at = new int[axes.size()];
        int[] positions = new int[axes.size()];
        while (true) {
            List<IndexSet> part = new ArrayList<>();
            for (int axis = 0; axis < at.length; axis++) {
                part.add(axes.get(axis).block(at[axis]));
                positions[axis] = axes.get(axis).position(at[axis]);
            }
            if (!action.take(new Box(part), positions)) {
                return false;
            }
            int axis = at.length - 1;
            while (axis >= 0 && ++at[axis] == axes.get(axis).blocks()) {
                at[axis--] = 0;
            }
            if (axis < 0) {
                return true;
            }
        }
    }
}
