package dev.graticule.zarr.copy;

import dev.graticule.ErrorKind;
import dev.graticule.GraticuleException;
import dev.graticule.batch.Batch;
import dev.graticule.batch.Box;
import dev.graticule.batch.Column;
import dev.graticule.batch.IndexSet;
import dev.graticule.batch.Layout;
import dev.graticule.batch.Selection;
import dev.graticule.spi.BoxSink;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Puts boxes of the source's grid into the tiles that they lie in: what a coordinate's index along its axis is in the written grid is
 * known from the axis alone, so no coordinate is looked at. Thread-safe.
 */
final class BoxScatter implements BoxSink {
    private final List<CopyDimension> dimensions;
    private final List<CopyVariable> variables;
    private final List<PartialArray> partial;
    private final CopyGrid grid;
    private final TilesInFlight tiles;
    private final int ordered;
    private final int orderedAxis;
    // Guarded by order
    private final Object order = new Object();
    private final TreeMap<Long, Integer> starts = new TreeMap<>();
    private final Set<Long> finished = new HashSet<>();
    private long nextUnfinished;
    private int reached;
    private long rows;

    BoxScatter(List<CopyDimension> dimensions, List<CopyVariable> variables, List<PartialArray> partial, CopyGrid grid,
            TilesInFlight tiles) {
        this.dimensions = dimensions;
        this.variables = variables;
        this.partial = partial;
        this.grid = grid;
        this.tiles = tiles;
        int found = -1;
        for (int d = 0; d < dimensions.size(); d++) {
            found = dimensions.get(d).isOrdered() ? d : found;
        }
        this.ordered = found;
        this.orderedAxis = found < 0 ? -1 : dimensions.get(found).axis();
    }

    /** How many rows were written. */
    long rows() {
        synchronized (order) {
            return rows;
        }
    }

    @Override
    public void write(Batch batch) {
        int selected = batch.selectedRows();
        if (selected == 0) {
            return;
        }
        synchronized (order) {
            rows += selected;
            if (ordered >= 0 && !starts.containsKey(batch.ordinal())) {
                int position = dimensions.get(ordered).positionOfIndex(batch.box().axes().get(orderedAxis).at(0));
                starts.put(batch.ordinal(), position < 0 ? 0 : dimensions.get(ordered).blockStart(position));
            }
        }
        int axes = batch.shape().length;
        int[] dimensionOf = new int[axes];
        Arrays.fill(dimensionOf, -1);
        for (int d = 0; d < dimensions.size(); d++) {
            dimensionOf[dimensions.get(d).axis()] = d;
        }
        List<List<Segment>> segments = new ArrayList<>();
        for (int axis = 0; axis < axes; axis++) {
            segments.add(segments(batch.box(), axis, dimensionOf[axis]));
        }
        new Placing(batch, dimensionOf).place(segments, new Segment[axes], 0);
    }

    /** Indices of a box along an axis that lie one after the other in one tile; {@code position} is -1 where they are no coordinates. */
    private record Segment(int start, int length, int position) {
    }

    private List<Segment> segments(Box box, int axis, int dimension) {
        IndexSet indices = box.axes().get(axis);
        if (dimension < 0) {
            return List.of(new Segment(0, indices.size(), 0));
        }
        CopyDimension along = dimensions.get(dimension);
        int tile = grid.tileShape()[dimension];
        List<Segment> result = new ArrayList<>();
        int start = 0;
        int position = along.positionOfIndex(indices.at(0));
        for (int i = 1; i <= indices.size(); i++) {
            int next = i == indices.size() ? Integer.MIN_VALUE : along.positionOfIndex(indices.at(i));
            boolean follows = position < 0 ? next == -1
                    : next == position + i - start && next / tile == position / tile;
            if (!follows) {
                result.add(new Segment(start, i - start, position));
                start = i;
                position = next;
            }
        }
        return result;
    }

    /** The work on one batch. */
    private final class Placing {
        private final Batch batch;
        private final int[] dimensionOf;
        private final int[] rowStrides;
        private final boolean all;

        Placing(Batch batch, int[] dimensionOf) {
            this.batch = batch;
            this.dimensionOf = dimensionOf;
            this.all = batch.selectedRows() == batch.rows();
            this.rowStrides = new int[batch.shape().length];
            int stride = 1;
            for (int axis = rowStrides.length - 1; axis >= 0; axis--) {
                rowStrides[axis] = stride;
                stride *= batch.shape()[axis];
            }
        }

        void place(List<List<Segment>> segments, Segment[] chosen, int axis) {
            if (axis < chosen.length) {
                for (Segment each : segments.get(axis)) {
                    chosen[axis] = each;
                    place(segments, chosen, axis + 1);
                }
                return;
            }
            Loops loops = new Loops(chosen);
            if (Arrays.stream(chosen).anyMatch(segment -> segment.position() < 0)) {
                loops.requireUnselected();
                return;
            }
            for (PartialArray array : partial) {
                array.lock().lock();
                try {
                    if (!array.isComplete()) {
                        loops.fill(array);
                    }
                } finally {
                    array.lock().unlock();
                }
            }
            loops.fillTile(chosen);
        }

        /** A box within one tile as nested loops, neighbours among which are joined where they can be one. */
        private final class Loops {
            private final Segment[] box;
            private int count;
            private final int[] length;
            private final int[] row;
            private final int[] cell;
            private final int[][] value;
            private final int[] at;
            private final int[][][] table;

            Loops(Segment[] box) {
                this.box = box;
                int axes = box.length;
                length = new int[axes];
                row = new int[axes];
                cell = new int[axes];
                value = new int[variables.size()][axes];
                table = new int[variables.size()][axes][];
                at = new int[variables.size()];
                for (int v = 0; v < at.length; v++) {
                    Layout layout = layout(variables.get(v));
                    at[v] = layout.offset();
                    for (int axis = 0; axis < axes; axis++) {
                        at[v] += layout.table(axis) == null ? layout.stride(axis) * box[axis].start() : 0;
                    }
                }
                for (int axis = 0; axis < axes; axis++) {
                    add(axis);
                }
            }

            private Layout layout(CopyVariable variable) {
                return batch.columns().get(variable.column()).layout();
            }

            private void add(int axis) {
                int steps = box[axis].length();
                boolean single = steps == 1;
                int cells = dimensionOf[axis] < 0 ? 0 : grid.strides()[dimensionOf[axis]];
                boolean joins = count > 0 && row[count - 1] == steps * rowStrides[axis]
                        && cell[count - 1] == steps * cells;
                for (int v = 0; v < at.length; v++) {
                    Layout layout = layout(variables.get(v));
                    if (layout.table(axis) != null && single) {
                        at[v] += layout.table(axis)[box[axis].start()];
                    }
                    joins &= count > 0 && layout.table(axis) == null && table[v][count - 1] == null
                            && value[v][count - 1] == steps * layout.stride(axis);
                }
                if (single) {
                    return;
                }
                int place = joins ? count - 1 : count++;
                length[place] = joins ? length[place] * steps : steps;
                row[place] = rowStrides[axis];
                cell[place] = cells;
                for (int v = 0; v < at.length; v++) {
                    Layout layout = layout(variables.get(v));
                    value[v][place] = layout.table(axis) == null ? layout.stride(axis) : 0;
                    table[v][place] = layout.table(axis) == null ? null
                            : box[axis].start() == 0 ? layout.table(axis)
                                    : Arrays.copyOfRange(layout.table(axis), box[axis].start(),
                                            box[axis].start() + steps);
                }
            }

            private int firstRow() {
                int first = 0;
                for (int axis = 0; axis < box.length; axis++) {
                    first += box[axis].start() * rowStrides[axis];
                }
                return first;
            }

            void requireUnselected() {
                walk(0, firstRow(), 0, at, (first, cells, places, steps) -> {
                    throw GraticuleException.of(ErrorKind.INTERNAL, null,
                            "A row lies where the axis has no coordinate.", null);
                });
            }

            void fillTile(Segment[] chosen) {
                int[] place = new int[dimensions.size()];
                int first = 0;
                for (int axis = 0; axis < chosen.length; axis++) {
                    int d = dimensionOf[axis];
                    if (d >= 0) {
                        place[d] = chosen[axis].position() / grid.tileShape()[d];
                        first += chosen[axis].position() % grid.tileShape()[d] * grid.strides()[d];
                    }
                }
                if (!all && !hasSelected()) {
                    return;
                }
                Tile tile = tiles.acquire(place, first);
                try {
                    walk(0, firstRow(), first, at, (selected, cells, places, steps) -> {
                        int apart = count == 0 ? 1 : cell[count - 1];
                        int twice = tile.mark(cells, apart, steps);
                        if (twice >= 0) {
                            throw tiles.duplicate(place, cells + twice * apart);
                        }
                        for (int v = 0; v < at.length; v++) {
                            tile.addNulls(v, variables.get(v).put(column(v), run(v, places, selected), tile.values(v),
                                    cells, apart, steps, tile.texts(v)));
                        }
                    });
                } finally {
                    tiles.release(tile);
                }
            }

            private boolean hasSelected() {
                boolean[] found = new boolean[1];
                walk(0, firstRow(), 0, at, (selected, cells, places, steps) -> found[0] = true);
                return found[0];
            }

            private Column column(int v) {
                return batch.columns().get(variables.get(v).column());
            }

            /** The values of a run that begins {@code from} steps behind where the innermost loop does. */
            private CopyVariable.Run run(int v, int[] places, int from) {
                if (count == 0) {
                    return new CopyVariable.Run(places[v], 0, null, 0);
                }
                int[] innermost = table[v][count - 1];
                return innermost == null
                        ? new CopyVariable.Run(places[v] + from * value[v][count - 1], value[v][count - 1], null, 0)
                        : new CopyVariable.Run(places[v], 0, innermost, from);
            }

            /** Finds the selected runs of the innermost loop. {@code places}: where each variable's values are at its begin. */
            private void walk(int loop, int firstRow, int firstCell, int[] places, Action action) {
                if (count == 0 || loop == count - 1) {
                    runs(firstRow, firstCell, places, action);
                    return;
                }
                int[] inner = new int[places.length];
                for (int i = 0; i < length[loop]; i++) {
                    for (int v = 0; v < inner.length; v++) {
                        inner[v] = places[v] + (table[v][loop] == null ? i * value[v][loop] : table[v][loop][i]);
                    }
                    walk(loop + 1, firstRow + i * row[loop], firstCell + i * cell[loop], inner, action);
                }
            }

            private void runs(int firstRow, int firstCell, int[] places, Action action) {
                int steps = count == 0 ? 1 : length[count - 1];
                if (all) {
                    action.take(0, firstCell, places, steps);
                    return;
                }
                Selection selection = batch.selection();
                int rowStep = count == 0 ? 1 : row[count - 1];
                int cellStep = count == 0 ? 1 : cell[count - 1];
                int i = 0;
                while (i < steps) {
                    if (rowStep == 1 && selection instanceof Selection.Bitmap bitmap) {
                        int next = bitmap.next(firstRow + i, Integer.min(batch.rows(), firstRow + steps));
                        if (next < 0 || next >= firstRow + steps) {
                            return;
                        }
                        i = next - firstRow;
                    } else if (!selection.contains(firstRow + i * rowStep)) {
                        i++;
                        continue;
                    }
                    int end = i + 1;
                    while (end < steps && selection.contains(firstRow + end * rowStep)) {
                        end++;
                    }
                    action.take(i, firstCell + i * cellStep, places, end - i);
                    i = end;
                }
            }

            /** Fills an array that varies along some of the axes, from the first selected row of each of its cells. */
            void fill(PartialArray array) {
                Column column = batch.columns().get(array.variable().column());
                Layout layout = column.layout();
                boolean[] varies = new boolean[box.length];
                for (int axis = 0; axis < varies.length; axis++) {
                    varies[axis] = dimensionOf[axis] >= 0 && array.stride(dimensionOf[axis]) != 0;
                }
                fillCells(array, column, layout, varies, 0, layout.offset(), firstRow(), 0);
            }

            /** Goes through the array's cells; {@code place}, {@code first} and {@code to} are of what is chosen so far. */
            private void fillCells(PartialArray array, Column column, Layout layout, boolean[] varies, int axis,
                    int place, int first, int to) {
                if (axis == box.length) {
                    if (!array.isFilled(to)) {
                        int found = selected(layout, varies, 0, place, first);
                        if (found >= 0) {
                            array.put(column, new CopyVariable.Run(found, 0, null, 0), to, 0, 1);
                        }
                    }
                    return;
                }
                int steps = varies[axis] ? box[axis].length() : 1;
                for (int i = 0; i < steps; i++) {
                    int value = varies[axis] ? layout.step(axis, box[axis].start() + i) : 0;
                    int cell = varies[axis] ? (box[axis].position() + i) * array.stride(dimensionOf[axis]) : 0;
                    fillCells(array, column, layout, varies, axis + 1, place + value, first + i * rowStrides[axis],
                            to + cell);
                }
            }

            /** Where the value of a selected row is among those that differ along the other axes; -1 where none is selected. */
            private int selected(Layout layout, boolean[] varies, int axis, int place, int first) {
                if (axis == box.length) {
                    return all || batch.selection().contains(first) ? place : -1;
                }
                int steps = varies[axis] ? 1 : box[axis].length();
                for (int i = 0; i < steps; i++) {
                    int value = varies[axis] ? 0 : layout.step(axis, box[axis].start() + i);
                    int found = selected(layout, varies, axis + 1, place + value, first + i * rowStrides[axis]);
                    if (found >= 0) {
                        return found;
                    }
                }
                return -1;
            }
        }
    }

    /** What is done with a run of selected rows. */
    private interface Action {
        /**
         * Takes it.
         *
         * @param first how many steps behind the begin of the innermost loop the run begins
         * @param cell its first cell
         * @param places where the values of each variable are at the begin of the innermost loop
         * @param steps how many rows it has
         */
        void take(int first, int cell, int[] places, int steps);
    }

    @Override
    public void finishMorsel(long ordinal) {
        int start;
        synchronized (order) {
            finished.add(ordinal);
            while (finished.remove(nextUnfinished)) {
                nextUnfinished++;
            }
            Map.Entry<Long, Integer> low = starts.floorEntry(nextUnfinished);
            if (low == null || low.getValue() <= reached) {
                return;
            }
            // Rows that come later are of this morsel or a later one, whose blocks are not before its block.
            starts.headMap(low.getKey()).clear();
            reached = low.getValue();
            start = reached;
        }
        tiles.writeBefore(ordered, start);
    }
}
