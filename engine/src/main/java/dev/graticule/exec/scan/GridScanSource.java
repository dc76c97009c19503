package dev.graticule.exec.scan;

import dev.graticule.ErrorKind;
import dev.graticule.GraticuleException;
import dev.graticule.QueryOptions;
import dev.graticule.batch.Batch;
import dev.graticule.batch.Box;
import dev.graticule.batch.Column;
import dev.graticule.batch.IndexSet;
import dev.graticule.batch.Layout;
import dev.graticule.batch.NullForm;
import dev.graticule.batch.Selection;
import dev.graticule.batch.Slabs;
import dev.graticule.batch.Values;
import dev.graticule.exec.Morsel;
import dev.graticule.exec.Source;
import dev.graticule.exec.Stage;
import dev.graticule.exec.Worker;
import dev.graticule.expression.Expression;
import dev.graticule.expression.ExpressionText;
import dev.graticule.expression.ExpressionTree;
import dev.graticule.expression.Expressions;
import dev.graticule.batch.ValueOrder;
import dev.graticule.plan.LogicalPlan.GridScan;
import dev.graticule.spi.Axis;
import dev.graticule.spi.GridReader;
import dev.graticule.spi.GridVariable;
import dev.graticule.spi.GriddedTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/**
 * The cells of a grid as batches: cuts the selected part of the axes into blocks, reads the variables of each, and applies what
 * is left of the filter.
 *
 * <p>Axis predicates are evaluated once, over whole axes, when this is made; blocks without a selected index are never
 * visited. A morsel is a block of the table's own block grid (the chunk grid that holds the most bytes), and its batches are
 * slabs of it in C order. Variables that the filter needs are read first, the others only where a cell is left.
 */
public final class GridScanSource implements Source {
    /** Batches of axes alone: long ones, since most aggregates take whole runs of them, but no longer than arrays of rows may be. */
    private static final int LEAST_AXIS_ROWS = 1 << 20;
    private static final int MOST_AXIS_ROWS = 1 << 26;
    private static final int AXIS_BATCHES = 1 << 12;
    /** Blocks are joined where at least so many fit a batch, and so many are left for each worker. */
    private static final int SMALL_BLOCKS = 8;
    private static final int BLOCKS_PER_WORKER = 8;

    private final GridScan scan;
    private final GriddedTable table;
    private final Expression predicate;
    private final Set<Integer> predicateColumns;
    private final boolean ordered;
    private final List<GridAxis> axes = new ArrayList<>();
    private final AxisCoordinates coordinates;
    private final ChunkCache cache;
    private final int[] axisLengths;
    private final int[] blockShape;
    private final int[] pieceLengths;
    private final boolean readsNothing;
    /** The axes that are taken once: how many indices were selected. */
    private final Map<Integer, Integer> takenOnce = new HashMap<>();
    private final long repeats;
    private final long morsels;
    private final AtomicLong next = new AtomicLong();

    /** All selected cells of a grid, every one once. */
    public GridScanSource(GridScan scan, Expression predicate, ScanOrder order, Worker worker) {
        this(scan, predicate, order, false, worker);
    }

    /**
     * @param predicate over the scan's columns; {@link Expression.Literal#TRUE} where there is none
     * @param once whether axes along which no column varies are taken once, as their first selected index: then each row stands for
     *            {@link #repeats}
     * @param worker on whose thread coordinates are read now, and who owns what this keeps
     */
    public GridScanSource(GridScan scan, Expression predicate, ScanOrder order, boolean once, Worker worker) {
        this.scan = scan;
        this.table = scan.table();
        this.predicate = predicate;
        this.predicateColumns = ExpressionTree.columns(predicate);
        this.ordered = order != ScanOrder.ANY;
        this.coordinates = worker.own(new AxisCoordinates(table, worker));
        this.cache = ChunkCache.of(worker.query());
        this.axisLengths = table.axes().stream().mapToInt(Axis::length).toArray();
        this.blockShape = ordered ? BlockShape.of(table) : BlockShape.of(table, variablesRead());
        if (order == ScanOrder.ARRAY && axisLengths.length > 1) {
            System.arraycopy(axisLengths, 1, blockShape, 1, axisLengths.length - 1);
        }
        BitSet varying = new BitSet();
        IntStream.range(0, scan.columns().size()).forEach(c -> varying.or(Footprint.ofColumn(scan, c)));
        long times = 1;
        for (int axis = 0; axis < axisLengths.length; axis++) {
            IndexSet selected = select(axis, worker);
            if (once && !varying.get(axis) && selected.size() > 1) {
                times = Math.multiplyExact(times, (long) selected.size());
                takenOnce.put(axis, selected.size());
                selected = selected.slice(0, 1);
            }
            axes.add(GridAxis.of(selected, blockShape[axis]));
        }
        this.repeats = times;
        // Workers only read what is here already.
        scan.columns().stream().filter(this::isOfAxis).forEach(this::ofAxis);
        this.readsNothing = scan.columns().stream().allMatch(this::isOfAxis);
        boolean joined = !ordered && !readsNothing && joinSmallBlocks(worker.query().options());
        this.pieceLengths = ordered || joined ? null : pieceLengths();
        long count = 1;
        for (GridAxis axis : axes) {
            count = Math.multiplyExact(count, axis.blocks());
        }
        this.morsels = count;
    }

    private IndexSet select(int axis, Worker worker) {
        int length = axisLengths[axis];
        List<Expression> predicates = scan.axisPredicates().isEmpty() ? List.of() : scan.axisPredicates().get(axis);
        if (predicates.isEmpty() || length == 0) {
            return new IndexSet.Range(0, length);
        }
        worker.scratch().mark();
        try {
            Box whole = new Box(List.of(new IndexSet.Range(0, length)));
            Batch batch = Batch.of(whole, 0, List.of(coordinates.of(axis)));
            Selection left = Selection.ALL;
            for (Expression each : predicates) {
                if (!Expressions.canFail(each)) {
                    left = worker.evaluator().filter(each, batch.withSelection(left));
                }
            }
            for (Expression each : predicates) {
                if (Expressions.canFail(each)) {
                    left = attempt(each, batch.withSelection(left), worker);
                }
            }
            if (left.count(length) == 0) {
                EmptyAxisNotice.of(table.axes().get(axis), coordinates.of(axis), predicates)
                        .ifPresent(worker.query()::notice);
            }
            return indices(left, length);
        } finally {
            worker.scratch().release();
        }
    }

    /** What a predicate leaves that a filter checks again; all of it where it raises an error, which is the filter's to report. */
    private static Selection attempt(Expression predicate, Batch batch, Worker worker) {
        try {
            return worker.evaluator().filter(predicate, batch);
        } catch (GraticuleException problem) {
            if (problem.kind() != ErrorKind.DATA) {
                throw problem;
            }
            return batch.selection();
        }
    }

    private static IndexSet indices(Selection selection, int length) {
        return switch (selection) {
            case Selection.All all -> new IndexSet.Range(0, length);
            case Selection.Bitmap bitmap -> {
                int[] indices = new int[bitmap.count()];
                int count = 0;
                for (int i = bitmap.next(0, length); i >= 0; i = bitmap.next(i + 1, length)) {
                    indices[count++] = i;
                }
                boolean range = count > 0 && indices[count - 1] - indices[0] == count - 1;
                yield range || count == 0 ? new IndexSet.Range(count == 0 ? 0 : indices[0], count)
                        : new IndexSet.Listed(indices, 0, count);
            }
        };
    }

    /**
     * Makes one block of several that follow each other where they have few rows, so that a batch costs little beside its cells: no
     * more rows than one batch has, and no fewer blocks than keep all workers busy. Returns whether blocks are small.
     */
    private boolean joinSmallBlocks(QueryOptions options) {
        long rows = 1;
        long blocks = 1;
        for (GridAxis axis : axes) {
            rows = Math.multiplyExact(rows, (long) axis.longest());
            blocks = Math.multiplyExact(blocks, (long) axis.blocks());
        }
        if (rows == 0 || rows > options.batchRows() / SMALL_BLOCKS) {
            return false;
        }
        long most = blocks / (BLOCKS_PER_WORKER * (long) options.threads());
        for (int axis = axes.size() - 1; axis >= 0; axis--) {
            GridAxis cut = axes.get(axis);
            int count = (int) Long.min(cut.blocks(), Long.min(most, options.batchRows() / rows));
            if (count > 1) {
                axes.set(axis, cut.joined(count));
                rows *= count;
                most /= count;
            }
        }
        return true;
    }

    private List<GridVariable> variablesRead() {
        return scan.columns().stream().filter(column -> !isOfAxis(column)).map(this::variable).toList();
    }

    /** The variable that is column {@code number} of the table. */
    private GridVariable variable(int number) {
        return table.variables().get(number - axisLengths.length);
    }

    /** Along each axis the shortest chunk of the variables that are read: batches cut there are views of chunks. */
    private int[] pieceLengths() {
        int[] lengths = blockShape.clone();
        for (GridVariable variable : variablesRead()) {
            for (int d = 0; d < variable.axes().size(); d++) {
                int axis = variable.axes().get(d);
                lengths[axis] = Integer.min(lengths[axis], variable.chunkShape().get(d));
            }
        }
        return lengths;
    }

    @Override
    public long morsels() {
        return morsels;
    }

    /** Whether the selected coordinates of an axis ascend (descend) strictly; a missing one has no place in an order. */
    public boolean isSorted(int axis, boolean descending) {
        Column.Strided coordinate = coordinates.of(axis);
        if (!coordinate.type().isNumeric() && coordinate.type().bytes() == 0 || coordinate.type().isUnsigned()) {
            return false;
        }
        IndexSet selected = axes.get(axis).selected();
        Object before = null;
        for (int i = 0; i < selected.size(); i++) {
            Object value = coordinate.values().object((int) selected.at(i));
            if (value == null || value instanceof Float single && single.isNaN()
                    || value instanceof Double number && number.isNaN()) {
                return false;
            }
            if (before != null && ValueOrder.compare(before, value, coordinate.type()) * (descending ? -1 : 1) >= 0) {
                return false;
            }
            before = value;
        }
        return true;
    }

    /** For how many rows each one stands: 1 unless axes are taken once. */
    public long repeats() {
        return repeats;
    }

    /** How many rows there are: those that the axis predicates leave, each {@link #repeats} times. */
    public long rows() {
        long rows = 1;
        for (GridAxis axis : axes) {
            rows = Math.multiplyExact(rows, (long) axis.selected().size());
        }
        return rows;
    }

    /** The selected indices of an axis. */
    public IndexSet selected(int axis) {
        return axes.get(axis).selected();
    }

    /** How many indices of an axis the predicates leave, also where it is taken once. */
    public int selectedCount(int axis) {
        return takenOnce.getOrDefault(axis, axes.get(axis).selected().size());
    }

    /** How many blocks of an axis have a selected index. */
    public int blocks(int axis) {
        return axes.get(axis).blocks();
    }

    /** The selected indices of block {@code block} of an axis. */
    public IndexSet block(int axis, int block) {
        return axes.get(axis).block(block);
    }

    public int axisCount() {
        return axisLengths.length;
    }

    public GridScan scan() {
        return scan;
    }

    /**
     * The scan's columns over all selected indices of one axis, the first index of every other axis: what an expression on that
     * axis alone needs. Only columns that vary along no other axis may be asked for; the others are {@code null}. Valid for the
     * frame of the worker's scratch that is open.
     */
    public Batch along(int axis, Set<Integer> wanted, Worker worker) {
        List<IndexSet> sets = new ArrayList<>();
        for (int other = 0; other < axisLengths.length; other++) {
            sets.add(other == axis ? axes.get(other).selected()
                    : axes.get(other).selected().slice(0, Integer.min(1, axes.get(other).selected().size())));
        }
        Box box = new Box(sets);
        try (Readers readers = new Readers(worker)) {
            Column[] columns = new Column[scan.columns().size()];
            for (int c : wanted) {
                columns[c] = isAxis(c) ? coordinate(scan.columns().get(c), box) : readers.keep(c, box);
            }
            return Batch.of(box, 0, Arrays.asList(columns));
        }
    }

    private boolean isAxis(int column) {
        return isOfAxis(scan.columns().get(column));
    }

    /** Whether column {@code number} of the table is the coordinate of an axis or the index along it. */
    private boolean isOfAxis(int number) {
        return number < axisLengths.length || GridScan.axisOfIndex(table, number) >= 0;
    }

    /** That column over its whole axis. */
    private Column.Strided ofAxis(int number) {
        return number < axisLengths.length ? coordinates.of(number)
                : coordinates.index(GridScan.axisOfIndex(table, number));
    }

    @Override
    public Morsel next() {
        long ordinal = next.getAndIncrement();
        return ordinal < morsels ? morsel(ordinal) : null;
    }

    /** The morsel of that number: of the blocks' C order. */
    public Morsel morsel(long ordinal) {
        int[] blocks = new int[axes.size()];
        long rest = ordinal;
        for (int axis = blocks.length - 1; axis >= 0; axis--) {
            blocks[axis] = (int) (rest % axes.get(axis).blocks());
            rest /= axes.get(axis).blocks();
        }
        return morsel(ordinal, blocks);
    }

    /** The morsel over one block per axis, under any number. */
    public Morsel morsel(long ordinal, int[] blocks) {
        List<IndexSet> sets = new ArrayList<>();
        for (int axis = 0; axis < blocks.length; axis++) {
            sets.add(axes.get(axis).block(blocks[axis]));
        }
        return new BlockMorsel(ordinal, new Box(sets));
    }

    @Override
    public String describe() {
        StringBuilder text = new StringBuilder("grid scan ").append(scan.name());
        text.append(String.format(Locale.ROOT, ": %,d rows", Math.multiplyExact(rows(), repeats)));
        if (predicate != Expression.Literal.TRUE) {
            text.append(" before filter ").append(ExpressionText.of(predicate));
        }
        for (int axis = 0; axis < axisLengths.length; axis++) {
            int size = selectedCount(axis);
            if (takenOnce.containsKey(axis)) {
                text.append(String.format(Locale.ROOT, "%n   %s: one index counts for %,d of %,d",
                        table.axes().get(axis).name(), size, axisLengths[axis]));
            } else if (size < axisLengths[axis]) {
                text.append(String.format(Locale.ROOT, "%n   %s: %,d of %,d indices", table.axes().get(axis).name(),
                        size, axisLengths[axis]));
            }
        }
        Map<List<Integer>, Integer> chunksAlong = new HashMap<>();
        for (int column : scan.columns()) {
            if (!isOfAxis(column)) {
                GridVariable variable = variable(column);
                long chunks = chunks(variable, chunksAlong);
                text.append(String.format(Locale.ROOT, "%n   %s: %,d chunks, %,d bytes", variable.name(), chunks,
                        chunks * chunkBytes(variable)));
            }
        }
        return text.toString();
    }

    /**
     * How many chunks of a variable hold a selected cell.
     *
     * @param chunksAlong those that were counted already: by axis and length
     */
    private long chunks(GridVariable variable, Map<List<Integer>, Integer> chunksAlong) {
        long chunks = rows() == 0 ? 0 : 1;
        for (int d = 0; d < variable.axes().size(); d++) {
            chunks *= chunksAlong.computeIfAbsent(List.of(variable.axes().get(d), variable.chunkShape().get(d)),
                    key -> GridAxis.of(axes.get(key.get(0)).selected(), key.get(1)).blocks());
        }
        return chunks;
    }

    private static long chunkBytes(GridVariable variable) {
        long bytes = Integer.max(1, variable.stored().bytes());
        for (int length : variable.chunkShape()) {
            bytes *= length;
        }
        return bytes;
    }

    private Column coordinate(int number, Box box) {
        Column.Strided whole = ofAxis(number);
        int axis = number < axisLengths.length ? number : GridScan.axisOfIndex(table, number);
        int[] strides = new int[axisLengths.length];
        int[][] tables = new int[axisLengths.length][];
        int offset = 0;
        switch (box.axes().get(axis)) {
            case IndexSet.Range range -> {
                strides[axis] = 1;
                offset = (int) range.start();
            }
            case IndexSet.Listed listed ->
                tables[axis] = Arrays.copyOfRange(listed.indices(), listed.from(), listed.from() + listed.size());
        }
        return new Column.Strided(whole.values(), Layout.of(offset, strides, tables), whole.nulls());
    }

    private final class BlockMorsel implements Morsel {
        private final long ordinal;
        private final Box block;

        BlockMorsel(long ordinal, Box block) {
            this.ordinal = ordinal;
            this.block = block;
        }

        @Override
        public long ordinal() {
            return ordinal;
        }

        @Override
        public void run(Worker worker, Stage stage) {
            Readers readers = worker.resource(GridScanSource.this, () -> new Readers(worker));
            if (pieceLengths == null) {
                readers.push(block, ordinal, stage);
            } else {
                new Parts(block, pieceLengths).forEach((piece, positions) -> readers.push(piece, ordinal, stage));
            }
        }
    }

    /** One worker's readers of the scan's variables. */
    private final class Readers implements AutoCloseable {
        private final Worker worker;
        private final GridReader reader;
        private final VariableReader[] variables = new VariableReader[scan.columns().size()];
        private long bytesCounted;
        private long chunksCounted;

        Readers(Worker worker) {
            this.worker = worker;
            this.reader = table.openReader();
            for (int c = 0; c < variables.length; c++) {
                if (!isAxis(c)) {
                    int number = scan.columns().get(c) - axisLengths.length;
                    GridVariable variable = table.variables().get(number);
                    variables[c] = new VariableReader(variable, cache.numberOf(table), number, axisLengths,
                            isShared(variable), reader, cache, worker,
                            table.cutsChunks() ? axes.stream().map(GridAxis::selected).toList() : List.of());
                }
            }
        }

        private boolean isShared(GridVariable variable) {
            for (int axis = 0; axis < axisLengths.length; axis++) {
                int d = variable.axes().indexOf(axis);
                boolean same = d < 0 ? axes.get(axis).blocks() <= 1
                        : variable.chunkShape().get(d) == blockShape[axis]
                                || variable.chunkShape().get(d) >= axisLengths[axis]
                                        && blockShape[axis] >= axisLengths[axis];
                if (!same) {
                    return true;
                }
            }
            return false;
        }

        /** A column whose values stay valid until the worker's scratch frame ends. */
        Column keep(int column, Box box) {
            Column.Strided copy = variables[column].copy(box);
            variables[column].endBatch();
            return copy;
        }

        /** Pushes the rows of a box in C order, slab by slab; false if the stage wants no more. */
        boolean push(Box box, long ordinal, Stage stage) {
            int rows = readsNothing && !ordered && predicate == Expression.Literal.TRUE
                    ? (int) Math.clamp(rows() / AXIS_BATCHES, LEAST_AXIS_ROWS, MOST_AXIS_ROWS)
                    : worker.query().options().batchRows();
            return Slabs.forEach(box, rows, (slab, first) -> pushSlab(slab, ordinal, stage));
        }

        private boolean pushSlab(Box slab, long ordinal, Stage stage) {
            worker.query().checkRunning();
            worker.scratch().mark();
            try {
                Column[] columns = new Column[variables.length];
                Batch batch = Batch.of(slab, ordinal, Arrays.asList(columns));
                if (predicate != Expression.Literal.TRUE) {
                    read(columns, slab, true);
                    Selection left = worker.evaluator().filter(predicate, batch);
                    if (left.count(batch.rows()) == 0) {
                        return true;
                    }
                    batch = batch.withSelection(left);
                }
                read(columns, slab, false);
                return stage.push(batch);
            } finally {
                endBatch();
                worker.scratch().release();
            }
        }

        private void read(Column[] columns, Box slab, boolean forPredicate) {
            for (int c = 0; c < columns.length; c++) {
                if (columns[c] == null && (!forPredicate || predicateColumns.contains(c))) {
                    columns[c] = isAxis(c) ? coordinate(scan.columns().get(c), slab) : variables[c].read(slab);
                }
            }
        }

        private void endBatch() {
            for (VariableReader variable : variables) {
                if (variable != null) {
                    variable.endBatch();
                }
            }
            worker.query().bytesRead().add(reader.bytesRead() - bytesCounted);
            bytesCounted = reader.bytesRead();
            worker.query().chunksRead().add(reader.chunksRead() - chunksCounted);
            chunksCounted = reader.chunksRead();
        }

        @Override
        public void close() {
            for (VariableReader variable : variables) {
                if (variable != null) {
                    variable.close();
                }
            }
            reader.close();
        }
    }
}
