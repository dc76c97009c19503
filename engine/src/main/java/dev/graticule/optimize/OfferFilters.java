package dev.graticule.optimize;

import dev.graticule.expression.Expression;
import dev.graticule.expression.ExpressionTree;
import dev.graticule.plan.LogicalPlan;
import dev.graticule.spi.RowScan.FilterAnswer;
import dev.graticule.spi.SimplePredicate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Gives the simple conditions right above a row scan to its source, if it does something with them. Those that it does not promise
 * to heed exactly are checked again.
 *
 * <pre>
 * Filter: a > 1 AND b = 'x' AND f(c)          Filter: b = 'x' AND f(c)
 *   RowScan t: a, b, c               becomes    RowScan t: a, b, c where a > 1 AND b = 'x'
 * </pre>
 */
final class OfferFilters implements Rule {
    @Override
    public LogicalPlan apply(LogicalPlan plan) {
        return PlanTree.bottomUp(plan, OfferFilters::offer);
    }

    private static LogicalPlan offer(LogicalPlan plan) {
        if (!(plan instanceof LogicalPlan.Filter(LogicalPlan.RowScan scan, Expression predicate))
                || scan.limit() != Long.MAX_VALUE || !scan.predicates().isEmpty()) {
            return plan;
        }
        Map<Expression, SimplePredicate> offered = new LinkedHashMap<>();
        for (Expression conjunct : ExpressionTree.conjuncts(predicate)) {
            SimpleConditions.of(conjunct, scan.columns()).ifPresent(simple -> offered.put(conjunct, simple));
        }
        if (offered.isEmpty()) {
            return plan;
        }
        List<FilterAnswer> answers = scan.table()
                .scan(scan.columns(), List.copyOf(offered.values()), Long.MAX_VALUE).answers();
        List<SimplePredicate> heeded = new ArrayList<>();
        List<Expression> checked = new ArrayList<>(ExpressionTree.conjuncts(predicate));
        int next = 0;
        for (Map.Entry<Expression, SimplePredicate> each : offered.entrySet()) {
            FilterAnswer answer = answers.get(next++);
            if (answer != FilterAnswer.IGNORED) {
                heeded.add(each.getValue());
            }
            if (answer == FilterAnswer.EXACT) {
                checked.removeIf(each.getKey()::equals);
            }
        }
        if (heeded.isEmpty()) {
            return plan;
        }
        LogicalPlan told = new LogicalPlan.RowScan(scan.name(), scan.table(), scan.columns(), heeded, scan.limit(),
                scan.output());
        return checked.isEmpty() ? told : new LogicalPlan.Filter(told, ExpressionTree.conjunction(checked));
    }
}
