package dev.graticule.optimize;

import dev.graticule.expression.Expression;
import dev.graticule.expression.Expression.ColumnReference;
import dev.graticule.expression.Expression.Literal;
import dev.graticule.expression.ExpressionTree;
import dev.graticule.plan.LogicalPlan;
import dev.graticule.plan.LogicalPlan.OutputColumn;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes one Project of two, and none of one that changes nothing.
 *
 * <pre>
 * Project: a * 2 AS b          Project: (x + 1) * 2 AS b
 *   Project: x + 1 AS a   becomes  ...
 *     ...
 * </pre>
 *
 * <p>Not where an expression would be computed more than once. A Project under an Aggregate is put into it in the same way.
 */
final class MergeProjects implements Rule {
    @Override
    public LogicalPlan apply(LogicalPlan plan) {
        return PlanTree.bottomUp(plan, MergeProjects::merge);
    }

    private static LogicalPlan merge(LogicalPlan plan) {
        if (plan instanceof LogicalPlan.Project outer && outer.input() instanceof LogicalPlan.Project inner
                && usedOnce(inner.expressions(), outer.expressions())) {
            List<Expression> merged = outer.expressions().stream()
                    .map(each -> ExpressionTree.substitute(each, inner.expressions())).toList();
            return merge(new LogicalPlan.Project(inner.input(), merged, outer.output()));
        }
        if (plan instanceof LogicalPlan.Project project && isIdentity(project)) {
            return project.input();
        }
        if (plan instanceof LogicalPlan.Aggregate aggregate && aggregate.input() instanceof LogicalPlan.Project inner) {
            List<Expression> used = new ArrayList<>(aggregate.keys());
            aggregate.aggregates().forEach(call -> {
                used.addAll(call.arguments());
                used.add(call.filter());
            });
            if (usedOnce(inner.expressions(), used)) {
                LogicalPlan rewritten = PlanTree.mapExpressions(aggregate,
                        each -> ExpressionTree.substitute(each, inner.expressions()));
                return PlanTree.withInputs(rewritten, List.of(inner.input()));
            }
        }
        return plan;
    }

    /** Whether every inner expression that costs something is used at most once. */
    private static boolean usedOnce(List<Expression> inner, List<Expression> outer) {
        int[] uses = new int[inner.size()];
        for (Expression expression : outer) {
            ExpressionTree.walk(expression, each -> {
                if (each instanceof ColumnReference column) {
                    uses[column.index()]++;
                }
            });
        }
        for (int i = 0; i < uses.length; i++) {
            if (uses[i] > 1 && !isCheap(inner.get(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isCheap(Expression expression) {
        return expression instanceof ColumnReference || expression instanceof Literal
                || expression instanceof Expression.KeepNulls keep && isCheap(keep.operand())
                || expression instanceof Expression.Unpack unpack && unpack.stored() instanceof ColumnReference;
    }

    private static boolean isIdentity(LogicalPlan.Project project) {
        List<OutputColumn> input = project.input().output();
        if (project.output().size() != input.size()) {
            return false;
        }
        for (int i = 0; i < input.size(); i++) {
            if (!(project.expressions().get(i) instanceof ColumnReference column) || column.index() != i
                    || !project.output().get(i).equals(input.get(i))) {
                return false;
            }
        }
        return true;
    }
}
