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
 * <p>The range is a box over the codes of the components: all codes, or those of a region. Where rows may be left out (by a
 * bitmap), the rows of each group are counted, since a group without rows does not exist. Used by one thread at a time.
 */
final class GridAccumulation implements AutoCloseable {
    private final GridKeys keys;
    private final List<AggregateCall> calls;
    private final List<Accumulator> accumulators = new ArrayList<>();
    private final Accumulator rowCounts;
    private final Box codes;
    private final int[] shape;
    private final int[] strides;
    private final int groups;
    private final int[][] localCodes;

    /**
     * @param codes which codes of each component; one axis of length 1 where there is no component
     * @param countRows {@code count(*)}, or {@code null} where every group is known to have rows
     */
    GridAccumulation(GridKeys keys, List<AggregateCall> calls, Box codes, AggregateFunction countRows,
            BufferAllocator allocator) {
        this.keys = keys;
        this.calls = calls;
        this.codes = codes;
        this.rowCounts = countRows == null ? null : countRows.openAccumulator(allocator);
        this.shape = codes.shape();
        this.strides = new int[shape.length];
        int stride = 1;
        for (int c = shape.length - 1; c >= 0; c--) {
            strides[c] = stride;
            stride = Math.multiplyExact(stride, shape[c]);
        }
        this.groups = stride;
        this.localCodes = new int[keys.components().size()][];
        for (int c = 0; c < localCodes.length; c++) {
            localCodes[c] = localCodes(keys.components().get(c), codes.axes().get(c));
        }
        try {
            if (rowCounts != null) {
                rowCounts.resize(groups);
            }
            for (AggregateCall call : calls) {
                accumulators.add(call.function().openAccumulator(allocator));
                accumulators.getLast().resize(groups);
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

    /** The step that adds batches of the scan's grid to these groups. */
    Stage stage(Worker worker) {
        return new Stage() {
            @Override
            public boolean push(Batch batch) {
                add(batch, worker);
                return true;
            }

            @Override
            public void finish() {
                // The groups are taken from outside when the input has ended.
            }
        };
    }

    private void add(Batch batch, Worker worker) {
        GroupCodes.Gridded group = codesOf(batch);
        if (rowCounts != null) {
            rowCounts.add(batch, List.of(), group);
        }
        for (int a = 0; a < calls.size(); a++) {
            AggregateCall call = calls.get(a);
            Batch counted = batch;
            if (call.filter() != Expression.Literal.TRUE) {
                Selection left = worker.evaluator().filter(call.filter(), batch);
                if (left.count(batch.rows()) == 0) {
                    continue;
                }
                counted = batch.withSelection(left);
            }
            Column[] arguments = new Column[call.arguments().size()];
            for (int i = 0; i < arguments.length; i++) {
                arguments[i] = worker.evaluator().evaluate(call.arguments().get(i), counted);
            }
            try {
                accumulators.get(a).add(counted, Arrays.asList(arguments), group);
            } catch (GraticuleException problem) {
                throw problem.at(call.position());
            }
        }
    }

    private GroupCodes.Gridded codesOf(Batch batch) {
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
        return new GroupCodes.Gridded(0, steps, consecutive);
    }

    /** Adds the groups of another accumulation over the same codes. */
    void merge(GridAccumulation other) {
        if (rowCounts != null) {
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
        return Slabs.forEach(codes, worker.query().options().batchRows(),
                (slab, first) -> emitSlab(slab, (int) first, worker, ordinal, downstream));
    }

    private boolean emitSlab(Box slab, int first, Worker worker, long ordinal, Stage downstream) {
        worker.query().checkRunning();
        worker.scratch().mark();
        List<FieldVector> vectors = new ArrayList<>();
        try {
            List<Column> columns = new ArrayList<>(keys.columns(slab));
            int[] slabShape = slab.shape();
            int rows = Batch.of(slab, ordinal, List.of()).rows();
            for (int a = 0; a < calls.size(); a++) {
                try {
                    columns.add(
                            result(accumulators.get(a), calls.get(a).type(), first, rows, slabShape, vectors, worker));
                } catch (GraticuleException problem) {
                    throw problem.at(calls.get(a).position());
                }
            }
            Batch batch = Batch.of(slab, ordinal, columns);
            if (rowCounts != null && !keys.components().isEmpty()) {
                Column.Strided counts = result(rowCounts, SqlType.BIGINT, first, rows, slabShape, vectors, worker);
                batch = batch.withSelection(present(counts.values(), rows, worker));
            }
            return batch.selectedRows() == 0 || downstream.push(batch);
        } finally {
            vectors.forEach(FieldVector::close);
            worker.scratch().release();
        }
    }

    private static Column.Strided result(Accumulator accumulator, SqlType type, int first, int rows, int[] shape,
            List<FieldVector> vectors,
            Worker worker) {
        FieldVector vector = type.field("aggregate", Map.of()).createVector(worker.allocator());
        vectors.add(vector);
        vector.setInitialCapacity(rows);
        vector.allocateNew();
        accumulator.write(null, first, rows, vector);
        vector.setValueCount(rows);
        Values values = Values.of(vector);
        return new Column.Strided(values, Layout.dense(shape, 0),
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
        if (rowCounts != null) {
            rowCounts.close();
        }
        accumulators.forEach(Accumulator::close);
    }
}
