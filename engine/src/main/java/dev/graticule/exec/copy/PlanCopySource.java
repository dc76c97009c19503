package dev.graticule.exec.copy;

import dev.graticule.exec.Breaker;
import dev.graticule.exec.QueryContext;
import dev.graticule.expression.Expression;
import dev.graticule.expression.Expression.ColumnReference;
import dev.graticule.optimize.Optimizer;
import dev.graticule.plan.LogicalPlan;
import dev.graticule.plan.LogicalPlan.GridScan;
import dev.graticule.plan.LogicalPlan.OutputColumn;
import dev.graticule.plan.LogicalPlan.SortKey;
import dev.graticule.spi.Axis;
import dev.graticule.spi.AxisColumn;
import dev.graticule.spi.BoxSink;
import dev.graticule.spi.CopySource;
import dev.graticule.spi.GridVariable;
import dev.graticule.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;

/** The rows of a bound plan for a COPY. */
public final class PlanCopySource implements CopySource {
    private final LogicalPlan plan;
    private final LogicalPlan optimized;
    private final QueryContext context;
    private final Function<LogicalPlan, ArrowReader> open;
    private final BiConsumer<LogicalPlan, Breaker> runInto;

    /**
     * @param context the COPY's own, beside those of the runs: whom to cancel, where notices go, what the writer may hold
     * @param open begins a run of a plan
     * @param runInto runs an optimized plan, with {@code context}, into a breaker to its end
     */
    public PlanCopySource(LogicalPlan plan, QueryContext context, Function<LogicalPlan, ArrowReader> open,
            BiConsumer<LogicalPlan, Breaker> runInto) {
        this.plan = plan;
        // Whatever the options say: which coordinates a result has must not depend on them.
        this.optimized = Optimizer.optimize(plan, context.options().withOptimizer(true).withPruning(true));
        this.context = context;
        this.open = open;
        this.runInto = runInto;
    }

    @Override
    public Schema schema() {
        List<Field> fields = new ArrayList<>();
        for (OutputColumn column : plan.output()) {
            fields.add(column.field());
        }
        return new Schema(fields);
    }

    @Override
    public Optional<AxisColumn> axis(int column) {
        return AxisOfColumn.find(optimized, column).map(found -> found.column(optimized));
    }

    @Override
    public boolean isKey(int column) {
        return isKey(plan, column);
    }

    private static boolean isKey(LogicalPlan rows, int column) {
        return switch (rows) {
            case LogicalPlan.Aggregate aggregate ->
                column < aggregate.keys().size() && !aggregate.aggregates().isEmpty();
            case LogicalPlan.Project project -> project.expressions().get(column) instanceof ColumnReference reference
                    && isKey(project.input(), reference.index());
            case LogicalPlan.Filter filter -> isKey(filter.input(), column);
            case LogicalPlan.Sort sort -> isKey(sort.input(), column);
            case LogicalPlan.Limit limit -> isKey(limit.input(), column);
            case GridScan scan -> false;
            case LogicalPlan.RowScan scan -> false;
            case LogicalPlan.Values values -> false;
            case LogicalPlan.Fetch fetch -> false;
            case LogicalPlan.Union union -> false;
        };
    }

    @Override
    public List<String> axes() {
        return axes(plan);
    }

    private static List<String> axes(LogicalPlan rows) {
        if (rows instanceof GridScan scan) {
            return scan.table().axes().stream().map(Axis::name).toList();
        }
        return rows.inputs().stream().map(PlanCopySource::axes).filter(found -> !found.isEmpty()).findFirst()
                .orElse(List.of());
    }

    @Override
    public boolean isLimited() {
        return isLimited(plan);
    }

    private static boolean isLimited(LogicalPlan rows) {
        boolean here = switch (rows) {
            case LogicalPlan.Limit limit -> true;
            case LogicalPlan.Sort sort -> sort.limit() != Long.MAX_VALUE;
            case LogicalPlan.RowScan scan -> scan.limit() != Long.MAX_VALUE;
            case LogicalPlan.Aggregate aggregate -> false;
            case LogicalPlan.Project project -> false;
            case LogicalPlan.Filter filter -> false;
            case GridScan scan -> false;
            case LogicalPlan.Values values -> false;
            case LogicalPlan.Fetch fetch -> false;
            case LogicalPlan.Union union -> false;
        };
        return here || rows.inputs().stream().anyMatch(PlanCopySource::isLimited);
    }

    @Override
    public ArrowReader openCoordinates(int column) {
        context.checkRunning();
        return open.apply(AxisOfColumn.find(optimized, column)
                .map(found -> found.unchanged() ? alongAxis(found) : distinct(alongAxis(found), 0))
                .orElseGet(() -> distinct(plan, column)));
    }

    /** What the column is for each index of the axis that conditions on the axis leave, and that index. */
    private static LogicalPlan alongAxis(AxisOfColumn found) {
        AxisAlone axis = new AxisAlone(found.scan().table(), found.axis());
        String name = axis.axes().getFirst().name();
        OutputColumn index = new OutputColumn("index", SqlType.BIGINT);
        GridScan scan = new GridScan(name, axis, List.of(0, GridScan.indexColumn(axis, 0)),
                found.scan().axisPredicates().isEmpty() ? List.of()
                        : List.of(found.scan().axisPredicates().get(found.axis())),
                List.of(new OutputColumn(name, axis.axes().getFirst().coordinate().stored()), index));
        return new LogicalPlan.Project(scan,
                List.of(found.expression(), new ColumnReference(1, index.name(), index.type())),
                List.of(new OutputColumn(name, found.expression().type()), index));
    }

    private static LogicalPlan distinct(LogicalPlan rows, int column) {
        List<OutputColumn> output = List.of(rows.output().get(column));
        Expression key = reference(column, output.getFirst());
        return new LogicalPlan.Sort(new LogicalPlan.Aggregate(rows, List.of(key), List.of(), output),
                List.of(new SortKey(reference(0, output.getFirst()), false, false)), Long.MAX_VALUE);
    }

    private static Expression reference(int column, OutputColumn output) {
        return new ColumnReference(column, output.name(), output.type());
    }

    @Override
    public Optional<GridVariable> variable(int column) {
        return AxisOfColumn.variable(optimized, column);
    }

    @Override
    public Map<String, String> attributes() {
        return AxisOfColumn.scanBelow(optimized).map(scan -> scan.table().attributes()).orElse(Map.of());
    }

    @Override
    public boolean run(BoxSink sink) {
        LogicalPlan running = Optimizer.optimize(plan, context.options());
        if (!AxisOfColumn.givesCells(running)) {
            return false;
        }
        context.checkRunning();
        runInto.accept(running, new BoxEdge(sink));
        return true;
    }

    @Override
    public ArrowReader openReader() {
        context.checkRunning();
        return open.apply(plan);
    }

    @Override
    public ArrowReader openReader(List<Integer> orderBy) {
        context.checkRunning();
        List<SortKey> keys = new ArrayList<>();
        for (int column : orderBy) {
            OutputColumn output = plan.output().get(column);
            keys.add(new SortKey(new ColumnReference(column, output.name(), output.type()), false, false));
        }
        return open.apply(new LogicalPlan.Sort(plan, keys, Long.MAX_VALUE));
    }

    @Override
    public BufferAllocator allocator() {
        return context.allocator();
    }

    @Override
    public int threads() {
        return context.options().threads();
    }

    @Override
    public void notice(String text) {
        context.notice(text);
    }

    @Override
    public void checkRunning() {
        context.checkRunning();
    }
}
