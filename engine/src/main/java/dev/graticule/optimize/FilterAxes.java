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
 * may raise an error stays in the filter too: the scan drops what it rejects if no coordinate raises the error, and otherwise leaves it to
 * the filter, because on a coordinate that no other condition leaves over the error must not count.
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
        boolean given = false;
        for (Expression conjunct : ExpressionTree.conjuncts(predicate)) {
            Set<Integer> columns = ExpressionTree.columns(conjunct);
            int axis = columns.size() == 1 ? scan.columns().get(columns.iterator().next()) : Integer.MAX_VALUE;
            boolean certain = true;
            if (axis < scan.table().axes().size()) {
                Expression ofAxis = ExpressionTree.renumber(conjunct, column -> 0);
                certain = !Expressions.canFail(conjunct);
                if (certain || !axes.get(axis).contains(ofAxis)) {
                    axes.get(axis).add(ofAxis);
                    given = true;
                }
            }
            if (!certain || axis >= scan.table().axes().size()) {
                left.add(conjunct);
            }
        }
        if (!given) {
            return plan;
        }
        LogicalPlan filtered = new LogicalPlan.GridScan(scan.name(), scan.table(), scan.columns(), axes, scan.output());
        return left.isEmpty() ? filtered : new LogicalPlan.Filter(filtered, ExpressionTree.conjunction(left));
    }
}
