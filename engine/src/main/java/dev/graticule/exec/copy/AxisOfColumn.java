package dev.graticule.exec.copy;

import dev.graticule.expression.Expression;
import dev.graticule.expression.Expression.ColumnReference;
import dev.graticule.expression.Expression.Unpack;
import dev.graticule.plan.LogicalPlan;
import dev.graticule.spi.Axis;
import java.util.List;
import java.util.Optional;

/** Follows a column of a plan down to the axis whose coordinate it is. */
final class AxisOfColumn {
    private AxisOfColumn() {
    }

    /** The axis whose coordinate values the column holds, unchanged; empty where it is anything else. */
    static Optional<Axis> find(LogicalPlan plan, int column) {
        return switch (plan) {
            case LogicalPlan.GridScan scan -> axis(scan.table().axes(), scan.columns().get(column));
            case LogicalPlan.RowScan scan -> Optional.empty();
            case LogicalPlan.Values values -> Optional.empty();
            case LogicalPlan.Filter filter -> find(filter.input(), column);
            case LogicalPlan.Project project -> find(project.input(), project.expressions().get(column));
            case LogicalPlan.Aggregate aggregate -> column < aggregate.keys().size()
                    ? find(aggregate.input(), aggregate.keys().get(column))
                    : Optional.empty();
            case LogicalPlan.Sort sort -> find(sort.input(), column);
            case LogicalPlan.Fetch fetch -> fetch.sources().get(column) >= 0
                    ? find(fetch.input(), fetch.sources().get(column))
                    : axis(fetch.table().axes(), fetch.columns().get(column));
            case LogicalPlan.Limit limit -> find(limit.input(), column);
            case LogicalPlan.Union union -> Optional.empty();
        };
    }

    private static Optional<Axis> axis(List<Axis> axes, int number) {
        return number < axes.size() ? Optional.of(axes.get(number)) : Optional.empty();
    }

    private static Optional<Axis> find(LogicalPlan input, Expression expression) {
        Expression stored = expression instanceof Unpack unpack ? unpack.stored() : expression;
        return stored instanceof ColumnReference reference ? find(input, reference.index()) : Optional.empty();
    }
}
