package dev.graticule.exec.copy;

import dev.graticule.exec.QueryContext;
import dev.graticule.expression.Expression.ColumnReference;
import dev.graticule.plan.LogicalPlan;
import dev.graticule.plan.LogicalPlan.OutputColumn;
import dev.graticule.plan.LogicalPlan.SortKey;
import dev.graticule.spi.Axis;
import dev.graticule.spi.CopySource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;

/** The rows of a bound plan for a COPY. */
public final class PlanCopySource implements CopySource {
    private final LogicalPlan plan;
    private final QueryContext context;
    private final Function<LogicalPlan, ArrowReader> open;

    /**
     * @param context the COPY's own, beside those of the runs: whom to cancel, where notices go, what the writer may hold
     * @param open begins a run of a plan
     */
    public PlanCopySource(LogicalPlan plan, QueryContext context, Function<LogicalPlan, ArrowReader> open) {
        this.plan = plan;
        this.context = context;
        this.open = open;
    }

    @Override
    public Schema schema() {
        List<Field> fields = new ArrayList<>();
        for (OutputColumn column : plan.output()) {
            fields.add(column.type().field(column.name(), column.metadata()));
        }
        return new Schema(fields);
    }

    @Override
    public Optional<Axis> axis(int column) {
        return AxisOfColumn.find(plan, column);
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
