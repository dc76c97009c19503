package dev.graticule.exec.aggregate;

import dev.graticule.GraticuleException;
import dev.graticule.aggregate.Accumulator;
import dev.graticule.aggregate.AggregateCall;
import dev.graticule.aggregate.AggregateFunction;
import dev.graticule.aggregate.GroupCodes;
import dev.graticule.batch.Batch;
import dev.graticule.batch.Box;
import dev.graticule.batch.Column;
import dev.graticule.batch.IndexSet;
import dev.graticule.batch.Layout;
import dev.graticule.batch.NullForm;
import dev.graticule.batch.Selection;
import dev.graticule.batch.Slabs;
import dev.graticule.batch.Values;
import dev.graticule.exec.Stage;
import dev.graticule.exec.Worker;
import dev.graticule.expression.Expression;
import dev.graticule.type.SqlType;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;

/**
 * The accumulators of a range of dense groups: batches of the grid are reduced into them in place.
 *
 * <p>The range is a box over the codes of the components: all codes, or those of a region. With data keys there are as many such boxes
 * as combinations of their values were met: the group is {@code data code * size of the box + dense group}, and the accumulators
 * grow. Where rows may be left out, the rows of each group are counted, since a group without rows does not exist. Used by one
 * thread at a time.
 */
final class GridAccumulation implements AutoCloseable {
    /** How many times less work makes a reduction on the footprint worth its while. */
    private static final int MUCH_LESS = 4;

    private final GridKeys keys;
    private final DataKeys data;
    private final List<AggregateCall> calls;
    private final List<Accumulator> accumulators = new ArrayList<>();
    /** Counts the rows of each group: an accumulator of a call that does so anyway, one more, or {@code null}. */
    private final Accumulator rowCounts;
    private final boolean ownRowCounts;
    private final BufferAllocator allocator;
    private final Box codes;
    private final int[] strides;
    private final int[][] localCodes;
    private final int denseGroups;
    private DataKeys.Coder coder;
    private int dataCodes;
    private int[] rowGroups;

    /**
     * @param data {@code null} where every key is on an axis
     * @param codes which codes of each component; one axis of length 1 where there is no component
     * @param countRows {@code count(*)}, or {@code null} where every group is known to have rows
     */
    GridAccumulation(GridKeys keys, DataKeys data, List<AggregateCall> calls, Box codes, AggregateFunction countRows,
            BufferAllocator allocator) {
        this.keys = keys;
        this.data = data;
        this.calls = calls;
        this.codes = codes;
        this.allocator = allocator;
        int[] shape = codes.shape();
        this.strides = new int[shape.length];
        int stride = 1;
        for (int c = shape.length - 1; c >= 0; c--) {
            strides[c] = stride;
            stride = Math.multiplyExact(stride, shape[c]);
        }
        this.denseGroups = stride;
        this.localCodes = new int[keys.components().size()][];
        for (int c = 0; c < localCodes.length; c++) {
            localCodes[c] = localCodes(keys.components().get(c), codes.axes().get(c));
        }
        try {
            for (AggregateCall call : calls) {
                accumulators.add(call.function().openAccumulator(allocator));
            }
            int counting = countRows == null ? -1 : calls.indexOf(calls.stream()
                    .filter(call -> call.function().equals(countRows)
                            && call.filter().equals(Expression.Literal.TRUE))
                    .findFirst().orElse(null));
            ownRowCounts = countRows != null && counting < 0;
            rowCounts = ownRowCounts ? countRows.openAccumulator(allocator)
                    : countRows == null ? null : accumulators.get(counting);
            if (data == null) {
                grow(1);
            }
        } catch (Throwable failure) {
            close();
            throw failure;
        }
    }

    /** The position in the range of every code, {@code null} where codes are positions. */
    private static int[] localCodes(GridKeys.Component component, IndexSet range) {
        if (range.size() == component.codes()) {
            return null;
        }
        int[] local = new int[component.codes()];
        for (int i = 0; i < range.size(); i++) {
            local[(int) range.at(i)] = i;
        }
        return local;
    }

    /** Makes room for the groups of so many data codes. */
    private void grow(int boxes) {
        if (boxes > dataCodes) {
            int groups = Math.multiplyExact(boxes, denseGroups);
            if (ownRowCounts) {
                rowCounts.resize(groups);
            }
            accumulators.forEach(accumulator -> accumulator.resize(groups));
            dataCodes = boxes;
        }
    }

    /** The step that adds batches of the scan's grid to these groups. */
    Stage stage(Worker worker) {
        return new Stage() {
            @Override
            public boolean push(Batch batch) {
                if (data == null) {
                    add(GridInput.of(batch, calls, worker));
                } else if (batch.selectedRows() > 0) {
                    addCoded(batch, worker);
                }
                return data == null || !data.overflowed();
            }

            @Override
            public void finish() {
                // The groups are taken from outside when the input has ended.
            }
        };
    }

    /** Adds a batch whose groups are dense. */
    void add(GridInput input) {
        accumulate(input, input.batch(), codesOf(input.batch(), 0));
    }

    private void addCoded(Batch batch, Worker worker) {
        if (coder == null) {
            coder = data.new Coder();
        }
        switch (coder.code(batch, worker)) {
            case null -> {
                // Too many: what is here will be thrown away.
            }
            case DataKeys.Coded.Parts(List<DataKeys.Part> parts) -> {
                GridInput input = GridInput.of(batch, calls, worker);
                parts.forEach(part -> grow(part.code() + 1));
                GroupCodes.Gridded dense = codesOf(batch, 0);
                for (DataKeys.Part part : parts) {
                    accumulate(input.restrictedTo(part.rows()), batch.withSelection(part.rows()),
                            new GroupCodes.Gridded(part.code() * denseGroups, dense.steps(), dense.consecutive()));
                }
            }
            case DataKeys.Coded.Rows(int[] rowCodes, int greatest) -> {
                GridInput input = GridInput.of(batch, calls, worker);
                grow(greatest + 1);
                rowGroups = codesOf(batch, 0).perRow(batch.shape(), batch.rows(), rowGroups);
                for (int row = 0; row < batch.rows(); row++) {
                    rowGroups[row] += rowCodes[row] * denseGroups;
                }
                accumulate(input, batch, new GroupCodes.PerRow(rowGroups));
            }
        }
    }

    private void accumulate(GridInput input, Batch batch, GroupCodes group) {
        if (ownRowCounts) {
            rowCounts.add(batch, List.of(), group);
        }
        for (int a = 0; a < calls.size(); a++) {
            GridInput.Arguments arguments = input.arguments().get(a);
            if (arguments == null) {
                continue;
            }
            try {
                if (!(arguments.selection() instanceof Selection.All && group instanceof GroupCodes.Gridded grid
                        && addOnFootprint(a, batch, arguments.columns(), grid))) {
                    accumulators.get(a).add(batch.withSelection(arguments.selection()), arguments.columns(), group);
                }
            } catch (GraticuleException problem) {
                throw problem.at(calls.get(a).position());
            }
        }
    }

    /**
     * Reduces arguments that do not vary along some of the groups' axes once for all groups along these, where that is much less work
     * than all rows are; otherwise false.
     */
    private boolean addOnFootprint(int a, Batch batch, List<Column> arguments, GroupCodes.Gridded grid) {
        if (arguments.isEmpty() || calls.get(a).distinct()) {
            return false;
        }
        int[] shape = batch.shape();
        int[] reducedShape = shape.clone();
        int[] strides = new int[shape.length];
        int[][] steps = new int[shape.length][];
        int reducedGroups = 1;
        long reducedRows = 1;
        long groups = 1;
        for (int axis = shape.length - 1; axis >= 0; axis--) {
            if (grid.steps()[axis] != null) {
                int along = axis;
                groups *= shape[axis];
                if (arguments.stream().anyMatch(argument -> argument.layout().varies(along))) {
                    strides[axis] = reducedGroups;
                    steps[axis] = new int[shape[axis]];
                    Arrays.setAll(steps[axis], i -> i * strides[along]);
                    reducedGroups *= shape[axis];
                } else {
                    reducedShape[axis] = 1;
                }
            }
            reducedRows *= reducedShape[axis];
        }
        if ((reducedRows + groups) * MUCH_LESS > batch.rows()) {
            return false;
        }
        int[] picked = new int[(int) groups];
        int[] mapping = new int[(int) groups];
        int filled = 1;
        mapping[0] = grid.base();
        for (int axis = 0; axis < shape.length; axis++) {
            int[] step = grid.steps()[axis];
            if (step != null) {
                // From the last on, so that what is read is still what it was.
                for (int i = filled * step.length - 1; i >= 0; i--) {
                    mapping[i] = mapping[i / step.length] + step[i % step.length];
                    picked[i] = picked[i / step.length] + i % step.length * strides[axis];
                }
                filled *= step.length;
            }
        }
        int[] start = new int[shape.length];
        List<Column> reduced = arguments.stream().map(argument -> argument.slice(start, reducedShape)).toList();
        Box box = new Box(
                Arrays.stream(reducedShape).<IndexSet>mapToObj(size -> new IndexSet.Range(0, size)).toList());
        try (Accumulator footprint = calls.get(a).function().openAccumulator(allocator)) {
            footprint.resize(reducedGroups);
            footprint.add(new Batch(box, reducedShape, (int) reducedRows, batch.ordinal(), List.of(), Selection.ALL),
                    reduced, new GroupCodes.Gridded(0, steps, new boolean[shape.length]));
            accumulators.get(a).merge(footprint, picked, mapping, filled);
        }
        return true;
    }

    private GroupCodes.Gridded codesOf(Batch batch, int base) {
        int axes = batch.shape().length;
        int[][] steps = new int[axes][];
        boolean[] consecutive = new boolean[axes];
        for (int c = 0; c < localCodes.length; c++) {
            GridKeys.Component component = keys.components().get(c);
            IndexSet indices = batch.box().axes().get(component.axis());
            int[] step = new int[indices.size()];
            boolean follows = strides[c] == 1;
            for (int i = 0; i < step.length; i++) {
                int code = component.code(indices.at(i));
                step[i] = (localCodes[c] == null ? code : localCodes[c][code]) * strides[c];
                follows &= step[i] == step[0] + i;
            }
            steps[component.axis()] = step;
            consecutive[component.axis()] = follows;
        }
        return new GroupCodes.Gridded(base, steps, consecutive);
    }

    /** Adds the groups of another accumulation over the same codes. */
    void merge(GridAccumulation other) {
        grow(other.dataCodes);
        int groups = other.dataCodes * denseGroups;
        if (ownRowCounts) {
            rowCounts.merge(other.rowCounts, null, null, groups);
        }
        for (int a = 0; a < calls.size(); a++) {
            try {
                accumulators.get(a).merge(other.accumulators.get(a), null, null, groups);
            } catch (GraticuleException problem) {
                throw problem.at(calls.get(a).position());
            }
        }
    }

    /** Pushes the groups that have rows, as batches of a grid whose axes are the components; false if no more are wanted. */
    boolean emit(Worker worker, long ordinal, Stage downstream) {
        return data == null ? emit(codes, 0, worker, ordinal, downstream) : emitCoded(worker, ordinal, downstream);
    }

    /**
     * Pushes some of the groups.
     *
     * @param part a box of codes whose groups follow each other from group {@code first}
     */
    boolean emit(Box part, int first, Worker worker, long ordinal, Stage downstream) {
        return Slabs.forEach(part, worker.query().options().batchRows(),
                (slab, at) -> emitSlab(slab, keys.columns(slab), null, first + (int) at, worker, ordinal, downstream));
    }

    /** The groups of data keys: the last axis of their grid is that of the combinations, in the order of their values. */
    private boolean emitCoded(Worker worker, long ordinal, Stage downstream) {
        int[] order = data.order();
        if (order.length == 0) {
            return true;
        }
        grow(order.length);
        List<FieldVector> values = new ArrayList<>();
        try {
            for (int k = 0; k < data.count(); k++) {
                values.add(data.openValues(k, order, worker.allocator()));
            }
            List<IndexSet> sets = new ArrayList<>(codes.axes());
            sets.add(new IndexSet.Range(0, order.length));
            return Slabs.forEach(new Box(sets), worker.query().options().batchRows(), (slab, first) -> {
                Column[] columns = keys.columns(slab);
                for (int k = 0; k < data.count(); k++) {
                    columns[data.keyNumber(k)] = along(values.get(k), slab);
                }
                int rows = Batch.of(slab, ordinal, List.of()).rows();
                int[] picked = new int[rows];
                for (int i = 0; i < rows; i++) {
                    long row = first + i;
                    picked[i] = order[(int) (row % order.length)] * denseGroups + (int) (row / order.length);
                }
                return emitSlab(slab, columns, picked, 0, worker, ordinal, downstream);
            });
        } finally {
            values.forEach(FieldVector::close);
        }
    }

    /** Values by the index along the last axis of a box. */
    private static Column along(FieldVector vector, Box box) {
        int last = box.axes().size() - 1;
        int[] strides = new int[last + 1];
        strides[last] = 1;
        Values values = Values.of(vector);
        return new Column.Strided(values, Layout.strided((int) box.axes().get(last).at(0), strides),
                values.validity() == null ? NullForm.NONE : NullForm.BITMAP);
    }

    /** @param picked the groups of the slab's rows, or {@code null}: from {@code first} on */
    private boolean emitSlab(Box slab, Column[] keyColumns, int[] picked, int first, Worker worker, long ordinal,
            Stage downstream) {
        worker.query().checkRunning();
        worker.scratch().mark();
        List<FieldVector> vectors = new ArrayList<>();
        try {
            List<Column> columns = new ArrayList<>(Arrays.asList(keyColumns));
            Batch empty = Batch.of(slab, ordinal, List.of());
            for (int a = 0; a < calls.size(); a++) {
                try {
                    columns.add(
                            result(accumulators.get(a), calls.get(a).type(), picked, first, empty, vectors, worker));
                } catch (GraticuleException problem) {
                    throw problem.at(calls.get(a).position());
                }
            }
            Batch batch = empty.withColumns(columns);
            if (rowCounts != null && (data != null || !keys.components().isEmpty())) {
                Column.Strided counts = result(rowCounts, SqlType.BIGINT, picked, first, empty, vectors, worker);
                batch = batch.withSelection(present(counts.values(), batch.rows(), worker));
            }
            return batch.selectedRows() == 0 || downstream.push(batch);
        } finally {
            vectors.forEach(FieldVector::close);
            worker.scratch().release();
        }
    }

    private static Column.Strided result(Accumulator accumulator, SqlType type, int[] picked, int first, Batch slab,
            List<FieldVector> vectors, Worker worker) {
        FieldVector vector = type.field("aggregate", Map.of()).createVector(worker.allocator());
        vectors.add(vector);
        vector.setInitialCapacity(slab.rows());
        vector.allocateNew();
        accumulator.write(picked, first, slab.rows(), vector);
        vector.setValueCount(slab.rows());
        Values values = Values.of(vector);
        return new Column.Strided(values, Layout.dense(slab.shape(), 0),
                values.validity() == null ? NullForm.NONE : NullForm.BITMAP);
    }

    private static Selection present(Values counts, int rows, Worker worker) {
        long[] words = worker.scratch().words(rows);
        Arrays.fill(words, 0, rows + 63 >>> 6, 0);
        int present = 0;
        for (int row = 0; row < rows; row++) {
            if (counts.data().getAtIndex(ValueLayout.JAVA_LONG_UNALIGNED, row) > 0) {
                words[row >>> 6] |= 1L << row;
                present++;
            }
        }
        return present == rows ? Selection.ALL : new Selection.Bitmap(words, present);
    }

    @Override
    public void close() {
        if (ownRowCounts && rowCounts != null) {
            rowCounts.close();
        }
        accumulators.forEach(Accumulator::close);
    }
}
