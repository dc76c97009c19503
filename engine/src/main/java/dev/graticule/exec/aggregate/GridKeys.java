package dev.graticule.exec.aggregate;

import dev.graticule.ErrorKind;
import dev.graticule.GraticuleException;
import dev.graticule.aggregate.KeyTable;
import dev.graticule.batch.Batch;
import dev.graticule.batch.Box;
import dev.graticule.batch.Column;
import dev.graticule.batch.IndexSet;
import dev.graticule.batch.Layout;
import dev.graticule.batch.NullForm;
import dev.graticule.batch.Selection;
import dev.graticule.batch.ToArrow;
import dev.graticule.batch.Values;
import dev.graticule.exec.Worker;
import dev.graticule.exec.scan.Footprint;
import dev.graticule.exec.scan.GridScanSource;
import dev.graticule.expression.Expression;
import dev.graticule.expression.ExpressionTree;
import dev.graticule.kernel.CompareLoop;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.arrow.vector.FieldVector;

/**
 * The keys of a GROUP BY over a grid. Those that vary along one axis at most are dense integer codes per axis, made once, over the whole
 * axis; the others are listed as {@link #dataKeys}, to be coded batch by batch.
 *
 * <p>Keys that share an axis form one component; the group of a cell is the sum over components of {@code code * stride}.
 * Components are in the order of the grid's axes, so that groups are in axis order. Immutable after {@link #prepare}; read by
 * all workers.
 */
final class GridKeys {
    private final List<Expression> keys;
    private final List<Component> components;
    private final Component[] byAxis;
    private final List<Column.Strided> constants;
    private final List<Integer> dataKeys;

    /** The keys on one axis. */
    static final class Component {
        private final int axis;
        private final List<Integer> keyNumbers = new ArrayList<>();
        private final List<Column.Strided> keyColumns = new ArrayList<>();
        private int[] codeOfIndex;
        private int[] positionOfCode;
        private int size;

        private Component(int axis) {
            this.axis = axis;
        }

        int axis() {
            return axis;
        }

        /** The numbers of its keys. */
        List<Integer> keyNumbers() {
            return List.copyOf(keyNumbers);
        }

        /** How many different codes there are. */
        int codes() {
            return positionOfCode.length;
        }

        /** The code of an index of the axis; undefined for indices that are not selected. */
        int code(long index) {
            return codeOfIndex[(int) index];
        }
    }

    private GridKeys(List<Expression> keys, int axes) {
        this.keys = keys;
        this.components = new ArrayList<>();
        this.byAxis = new Component[axes];
        this.constants = new ArrayList<>();
        this.dataKeys = new ArrayList<>();
    }

    /**
     * The keys over a scan, or nothing where one of them cannot be computed along its whole axis: the error counts only if a row that
     * is selected reaches it, which only rows can tell.
     *
     * @param keys over the scan's columns
     */
    static Optional<GridKeys> prepare(GridScanSource scan, List<Expression> keys, Worker worker) {
        GridKeys prepared = new GridKeys(keys, scan.axisCount());
        for (int k = 0; k < keys.size(); k++) {
            BitSet axes = Footprint.of(scan.scan(), keys.get(k));
            if (scan.axisCount() == 0) {
                return Optional.empty();
            }
            if (axes.cardinality() > 1) {
                prepared.dataKeys.add(k);
                continue;
            }
            int axis = axes.nextSetBit(0);
            if (axis < 0 && !ExpressionTree.columns(keys.get(k)).isEmpty()) {
                // A scalar variable: the same along whichever axis it is read.
                axis = 0;
            }
            if (axis >= 0) {
                if (prepared.byAxis[axis] == null) {
                    prepared.byAxis[axis] = new Component(axis);
                }
                prepared.byAxis[axis].keyNumbers.add(k);
            }
        }
        for (Component component : prepared.byAxis) {
            if (component != null) {
                prepared.components.add(component);
                try {
                    prepared.code(component, scan, worker);
                } catch (GraticuleException failed) {
                    if (failed.kind() != ErrorKind.DATA) {
                        throw failed;
                    }
                    return Optional.empty();
                }
            }
        }
        for (Expression key : keys) {
            prepared.constants.add(ExpressionTree.columns(key).isEmpty() ? constant(key, worker) : null);
        }
        return Optional.of(prepared);
    }

    /** No keys, over any source: one group. */
    static GridKeys none() {
        return new GridKeys(List.of(), 0);
    }

    private static Column.Strided constant(Expression key, Worker worker) {
        worker.scratch().mark();
        try {
            Batch one = Batch.of(new Box(List.of()), 0, List.of());
            return keep(worker.evaluator().evaluate(key, one), one.shape(), 1, worker);
        } finally {
            worker.scratch().release();
        }
    }

    private static Column.Strided keep(Column column, int[] shape, int rows, Worker worker) {
        FieldVector vector = worker
                .own(new ToArrow(CompareLoop::numbers).openVector(column, shape, rows, Selection.ALL, "key", Map.of(),
                        worker.allocator()));
        Values values = Values.of(vector);
        return new Column.Strided(values, Layout.strided(0, 1),
                values.validity() == null ? NullForm.NONE : NullForm.BITMAP);
    }

    private void code(Component component, GridScanSource scan, Worker worker) {
        IndexSet selected = scan.selected(component.axis);
        int size = selected.size();
        component.size = size;
        component.codeOfIndex = new int[size == 0 ? 0 : (int) selected.at(size - 1) + 1];
        component.positionOfCode = new int[0];
        if (scan.rows() == 0) {
            return;
        }
        worker.scratch().mark();
        try {
            Set<Integer> wanted = new TreeSet<>();
            component.keyNumbers.forEach(k -> wanted.addAll(ExpressionTree.columns(keys.get(k))));
            Batch along = scan.along(component.axis, wanted, worker);
            for (int k : component.keyNumbers) {
                component.keyColumns
                        .add(keep(worker.evaluator().evaluate(keys.get(k), along), along.shape(), size, worker));
            }
        } finally {
            worker.scratch().release();
        }
        int[] codes = new int[size];
        try (KeyTable table = openTable(component, codes, worker)) {
            component.positionOfCode = new int[table.size()];
            for (int position = size - 1; position >= 0; position--) {
                component.codeOfIndex[(int) selected.at(position)] = codes[position];
                component.positionOfCode[codes[position]] = position;
            }
        }
    }

    /** A table that gives the keys of a component their codes. */
    KeyTable openTable(Component component, Worker worker) {
        return openTable(component, new int[component.size], worker);
    }

    /** The same; fills {@code codes} with those of the selected indices, one after the other. */
    private KeyTable openTable(Component component, int[] codes, Worker worker) {
        KeyTable table = new KeyTable(component.keyNumbers.stream().map(k -> keys.get(k).type()).toList(),
                worker.allocator());
        try {
            table.codes(List.copyOf(component.keyColumns), new int[]{component.size}, component.size, Selection.ALL,
                    codes);
            return table;
        } catch (Throwable failure) {
            table.close();
            throw failure;
        }
    }

    List<Component> components() {
        return components;
    }

    /** The numbers of the keys that vary along several axes: what this cannot code. */
    List<Integer> dataKeys() {
        return dataKeys;
    }

    /** How many groups there can be of the keys on axes; {@link Long#MAX_VALUE} where they are more. */
    long groups() {
        long groups = 1;
        for (Component component : components) {
            long codes = component.codes();
            groups = codes != 0 && groups > Long.MAX_VALUE / codes ? Long.MAX_VALUE : groups * codes;
        }
        return groups;
    }

    /** All codes of every component, an axis each; one axis of length 1 where there is no component. */
    Box allCodes() {
        if (components.isEmpty()) {
            return Box.rows(0, 1);
        }
        List<IndexSet> sets = new ArrayList<>();
        for (Component component : components) {
            sets.add(new IndexSet.Range(0, component.codes()));
        }
        return new Box(sets);
    }

    /**
     * The key columns over a box that has one axis a component, whose indices are codes; one axis of length 1 where there is no
     * component. More axes may follow; the columns of data keys are {@code null}.
     */
    Column[] columns(Box codes) {
        int axes = codes.axes().size();
        Column[] columns = new Column[keys.size()];
        for (int c = 0; c < components.size(); c++) {
            Component component = components.get(c);
            IndexSet wanted = codes.axes().get(c);
            int[] positions = new int[wanted.size()];
            for (int i = 0; i < positions.length; i++) {
                positions[i] = component.positionOfCode[(int) wanted.at(i)];
            }
            int[][] tables = new int[axes][];
            tables[c] = positions;
            Layout layout = Layout.of(0, new int[axes], tables);
            for (int k = 0; k < component.keyColumns.size(); k++) {
                Column.Strided kept = component.keyColumns.get(k);
                columns[component.keyNumbers.get(k)] = new Column.Strided(kept.values(), layout, kept.nulls());
            }
        }
        for (int k = 0; k < columns.length; k++) {
            if (columns[k] == null && constants.get(k) != null) {
                Column.Strided constant = constants.get(k);
                columns[k] = new Column.Strided(constant.values(), Layout.constant(axes, 0), constant.nulls());
            }
        }
        return columns;
    }
}
