package dev.graticule.optimize;

import dev.graticule.expression.Expression;
import dev.graticule.expression.ExpressionTree;
import dev.graticule.plan.LogicalPlan;

/**
 * Offers the conditions right above a row scan to its source, which may leave rows out by them. They are checked again.
 *
 * <pre>
 * Filter: a > 1              Filter: a > 1
 *   RowScan t: a     becomes   RowScan t: a where a > 1
 * </pre>
 */
final class OfferFilters implements Rule {
    @Override
    public LogicalPlan apply(LogicalPlan plan) {
        return PlanTree.bottomUp(plan,
                node -> node instanceof LogicalPlan.Filter(LogicalPlan.RowScan scan, Expression predicate)
                        && scan.filters().isEmpty()
                        && scan.limit() == Long.MAX_VALUE
                                ? new LogicalPlan.Filter(new LogicalPlan.RowScan(scan.name(), scan.table(),
                                        scan.columns(), ExpressionTree.conjuncts(predicate),
                                        scan.limit(), scan.output()), predicate)
                                : node);
    }
}
