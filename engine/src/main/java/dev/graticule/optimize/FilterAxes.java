package dev.graticule.optimize;

import dev.graticule.expression.Expression;
import dev.graticule.expression.ExpressionTree;
import dev.graticule.expression.Expressions;
import dev.graticule.plan.LogicalPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Gives conditions on a single axis to the grid scan, which evaluates them once over the axis and leaves chunks unread.
 *
 * <pre>
 * Filter: latitude > 40 AND t2m > 300          Filter: t2m > 300
 *   GridScan era5: latitude, t2m        becomes  GridScan era5: latitude, t2m where latitude > 40
 * </pre>
 *
 * <p>A condition belongs to an axis if all columns in it are the axis' own coordinate, whatever functions are around them. One that
 * may raise an error stays: on a coordinate that no other condition leaves over, the error must not count.
 */
final class FilterAxes implements Rule {
    @Override
    public LogicalPlan apply(LogicalPlan plan) {
        return PlanTree.bottomUp(plan, FilterAxes::push);
    }

    private static LogicalPlan push(LogicalPlan plan) {
        if (!(plan instanceof LogicalPlan.Filter(LogicalPlan.GridScan scan, Expression predicate))) {
            return plan;
        }
        List<List<Expression>> axes = new ArrayList<>();
        scan.axisPredicates().forEach(known -> axes.add(new ArrayList<>(known)));
        List<Expression> left = new ArrayList<>();
        for (Expression conjunct : ExpressionTree.conjuncts(predicate)) {
            Set<Integer> columns = ExpressionTree.columns(conjunct);
            int axis = columns.size() == 1 ? scan.columns().get(columns.iterator().next()) : Integer.MAX_VALUE;
            if (axis < scan.table().axes().size() && !Expressions.canFail(conjunct)) {
                axes.get(axis).add(ExpressionTree.renumber(conjunct, column -> 0));
            } else {
                left.add(conjunct);
            }
        }
        if (left.size() == ExpressionTree.conjuncts(predicate).size()) {
            return plan;
        }
        LogicalPlan filtered = new LogicalPlan.GridScan(scan.name(), scan.table(), scan.columns(), axes, scan.output());
        return left.isEmpty() ? filtered : new LogicalPlan.Filter(filtered, ExpressionTree.conjunction(left));
    }
}
