package dev.graticule.exec.copy;

import dev.graticule.exec.scan.BlockShape;
import dev.graticule.expression.Expression;
import dev.graticule.expression.Expression.ColumnReference;
import dev.graticule.expression.Expression.KeepNulls;
import dev.graticule.expression.Expression.Unpack;
import dev.graticule.expression.ExpressionTree;
import dev.graticule.expression.Expressions;
import dev.graticule.plan.LogicalPlan;
import dev.graticule.plan.LogicalPlan.GridScan;
import dev.graticule.spi.AxisColumn;
import dev.graticule.spi.GridVariable;
import java.util.List;
import java.util.Optional;

/**
 * Where a column of a plan comes from a single axis of a grid: which, and how.
 *
 * @param expression the column's values over the axis' stored coordinate, which is column 0
 * @param unchanged whether these are the coordinates themselves
 * @param key whether a GROUP BY has the column as a key
 */
record AxisOfColumn(GridScan scan, int axis, Expression expression, boolean unchanged, boolean key) {

    /** The axis that decides a column's values: by being it, or as a key of a GROUP BY; empty where it is anything else. */
    static Optional<AxisOfColumn> find(LogicalPlan plan, int column) {
        return follow(plan, column).filter(found -> found.unchanged || found.key);
    }

    private static Optional<AxisOfColumn> follow(LogicalPlan plan, int column) {
        return switch (plan) {
            case GridScan scan -> of(scan, scan.columns().get(column));
            case LogicalPlan.RowScan scan -> Optional.empty();
            case LogicalPlan.Values values -> Optional.empty();
            case LogicalPlan.Filter filter -> follow(filter.input(), column);
            case LogicalPlan.Project project -> follow(project.input(), project.expressions().get(column));
            case LogicalPlan.Aggregate aggregate -> column < aggregate.keys().size()
                    ? follow(aggregate.input(), aggregate.keys().get(column)).map(AxisOfColumn::asKey)
                    : Optional.empty();
            case LogicalPlan.Sort sort -> follow(sort.input(), column);
            case LogicalPlan.Fetch fetch -> fetch.sources().get(column) >= 0
                    ? follow(fetch.input(), fetch.sources().get(column))
                    : scanBelow(fetch.input()).flatMap(scan -> of(scan, fetch.columns().get(column)));
            case LogicalPlan.Limit limit -> follow(limit.input(), column);
            case LogicalPlan.Union union -> Optional.empty();
        };
    }

    private static Optional<AxisOfColumn> of(GridScan scan, int number) {
        if (number >= scan.table().axes().size()) {
            return Optional.empty();
        }
        var coordinate = scan.table().axes().get(number).coordinate();
        return Optional.of(new AxisOfColumn(scan, number,
                new ColumnReference(0, coordinate.name(), coordinate.stored()), true, false));
    }

    private static Optional<AxisOfColumn> follow(LogicalPlan input, Expression expression) {
        var columns = ExpressionTree.columns(expression);
        if (columns.size() != 1 || Expressions.canFail(expression) && !isUnchanged(expression)) {
            return Optional.empty();
        }
        return follow(input, columns.first()).map(found -> new AxisOfColumn(found.scan, found.axis,
                ExpressionTree.substitute(ExpressionTree.renumber(expression, unused -> 0), List.of(found.expression)),
                found.unchanged && isUnchanged(expression), found.key && isUnchanged(expression)));
    }

    private static boolean isUnchanged(Expression expression) {
        return switch (expression) {
            case ColumnReference reference -> true;
            case Unpack unpack -> unpack.stored() instanceof ColumnReference;
            case KeepNulls keep -> isUnchanged(keep.operand());
            default -> false;
        };
    }

    private AxisOfColumn asKey() {
        return new AxisOfColumn(scan, axis, expression, unchanged, true);
    }

    /** The scan that all rows come from, where there is only one source of them. */
    static Optional<GridScan> scanBelow(LogicalPlan plan) {
        return plan instanceof GridScan scan ? Optional.of(scan)
                : plan.inputs().size() == 1 ? scanBelow(plan.inputs().getFirst()) : Optional.empty();
    }

    /** The same for those who write the rows of {@code plan}, in which this was found. */
    AxisColumn column(LogicalPlan plan) {
        return new AxisColumn(scan.table().axes().get(axis), axis, scan.table().axes().size(),
                !unchanged, BlockShape.of(scan.table())[axis],
                axis == 0 && comesInStorageOrder(plan));
    }

    private static boolean comesInStorageOrder(LogicalPlan plan) {
        return switch (plan) {
            case GridScan scan -> true;
            case LogicalPlan.Filter filter -> comesInStorageOrder(filter.input());
            case LogicalPlan.Project project -> comesInStorageOrder(project.input());
            case LogicalPlan.Limit limit -> comesInStorageOrder(limit.input());
            case LogicalPlan.RowScan scan -> false;
            case LogicalPlan.Values values -> false;
            case LogicalPlan.Aggregate aggregate -> false;
            case LogicalPlan.Sort sort -> false;
            case LogicalPlan.Fetch fetch -> false;
            case LogicalPlan.Union union -> false;
        };
    }

    /** Whether the rows of a plan are cells of a grid, pushed as the boxes that its scan makes. */
    static boolean givesCells(LogicalPlan plan) {
        return switch (plan) {
            case GridScan scan -> true;
            case LogicalPlan.Filter filter -> givesCells(filter.input());
            case LogicalPlan.Project project -> givesCells(project.input());
            case LogicalPlan.RowScan scan -> false;
            case LogicalPlan.Values values -> false;
            case LogicalPlan.Aggregate aggregate -> false;
            case LogicalPlan.Sort sort -> false;
            case LogicalPlan.Fetch fetch -> false;
            case LogicalPlan.Limit limit -> false;
            case LogicalPlan.Union union -> false;
        };
    }

    /** The variable of a grid that a column is, unchanged, in rows that are cells of the grid in any order. */
    static Optional<GridVariable> variable(LogicalPlan plan, int column) {
        return switch (plan) {
            case GridScan scan -> variable(scan, scan.columns().get(column));
            case LogicalPlan.Filter filter -> variable(filter.input(), column);
            case LogicalPlan.Project project -> isUnchanged(project.expressions().get(column))
                    ? variable(project.input(), ExpressionTree.columns(project.expressions().get(column)).first())
                    : Optional.empty();
            case LogicalPlan.Sort sort -> variable(sort.input(), column);
            case LogicalPlan.Limit limit -> variable(limit.input(), column);
            case LogicalPlan.Fetch fetch -> fetch.sources().get(column) >= 0
                    ? variable(fetch.input(), fetch.sources().get(column))
                    : scanBelow(fetch.input()).flatMap(scan -> variable(scan, fetch.columns().get(column)));
            case LogicalPlan.RowScan scan -> Optional.empty();
            case LogicalPlan.Values values -> Optional.empty();
            case LogicalPlan.Aggregate aggregate -> Optional.empty();
            case LogicalPlan.Union union -> Optional.empty();
        };
    }

    private static Optional<GridVariable> variable(GridScan scan, int number) {
        int variable = number - scan.table().axes().size();
        return variable >= 0 && variable < scan.table().variables().size()
                ? Optional.of(scan.table().variables().get(variable)) : Optional.empty();
    }
}
