package dev.graticule.optimize;

import dev.graticule.expression.Expression;
import dev.graticule.expression.ExpressionTree;
import dev.graticule.expression.Expressions;
import dev.graticule.plan.LogicalPlan;
import java.util.ArrayList;
import java.util.List;

/**
 * Moves conditions towards the scans, each conjunct as far as it can go.
 *
 * <pre>
 * Filter: a > 1 AND mean > 2          Filter: mean > 2
 *   Aggregate: avg(b) by a     becomes  Aggregate: avg(b) by x + 1
 *     Project: x + 1 AS a, b              Filter: x + 1 > 1
 *                                           Project: ...
 * </pre>
 *
 * <p>Through Project by putting its expressions in the place of its columns, into every input of a Union, below a Sort that
 * keeps all rows, and into an Aggregate where only keys are meant. Not below a Limit.
 */
final class PushDownFilter implements Rule {
    @Override
    public LogicalPlan apply(LogicalPlan plan) {
        return PlanTree.topDown(plan, PushDownFilter::push);
    }

    private static LogicalPlan push(LogicalPlan plan) {
        if (!(plan instanceof LogicalPlan.Filter(LogicalPlan input, Expression predicate))) {
            return plan;
        }
        return switch (input) {
            case LogicalPlan.Filter inner -> {
                List<Expression> all = new ArrayList<>(ExpressionTree.conjuncts(inner.predicate()));
                all.addAll(ExpressionTree.conjuncts(predicate));
                yield new LogicalPlan.Filter(inner.input(), ExpressionTree.conjunction(all));
            }
            case LogicalPlan.Project project -> new LogicalPlan.Project(
                    new LogicalPlan.Filter(project.input(),
                            ExpressionTree.substitute(predicate, project.expressions())),
                    project.expressions(),
                    project.output());
            case LogicalPlan.Union union -> new LogicalPlan.Union(
                    union.inputs().stream().<LogicalPlan>map(each -> new LogicalPlan.Filter(each, predicate)).toList(),
                    union.output());
            case LogicalPlan.Sort sort when sort.limit() == Long.MAX_VALUE ->
                new LogicalPlan.Sort(new LogicalPlan.Filter(sort.input(), predicate), sort.keys(), sort.limit());
            case LogicalPlan.Aggregate aggregate -> intoAggregate(plan, predicate, aggregate);
            case LogicalPlan.Sort sort -> plan;
            case LogicalPlan.Fetch fetch -> plan;
            case LogicalPlan.Limit limit -> plan;
            case LogicalPlan.Values values -> plan;
            case LogicalPlan.GridScan scan -> plan;
            case LogicalPlan.RowScan scan -> plan;
        };
    }

    private static LogicalPlan intoAggregate(LogicalPlan plan, Expression predicate, LogicalPlan.Aggregate aggregate) {
        List<Expression> below = new ArrayList<>();
        List<Expression> above = new ArrayList<>();
        for (Expression conjunct : ExpressionTree.conjuncts(predicate)) {
            var columns = ExpressionTree.columns(conjunct);
            boolean keysOnly = !columns.isEmpty() && columns.last() < aggregate.keys().size();
            // What may fail waits for the conditions before it: they may leave nothing that reaches it.
            if (keysOnly && (above.isEmpty() || !Expressions.canFail(conjunct))) {
                below.add(ExpressionTree.substitute(conjunct, aggregate.keys()));
            } else {
                above.add(conjunct);
            }
        }
        if (below.isEmpty()) {
            return plan;
        }
        LogicalPlan pushed = new LogicalPlan.Aggregate(
                new LogicalPlan.Filter(aggregate.input(), ExpressionTree.conjunction(below)), aggregate.keys(),
                aggregate.aggregates(), aggregate.output());
        return above.isEmpty() ? pushed : new LogicalPlan.Filter(pushed, ExpressionTree.conjunction(above));
    }
}
