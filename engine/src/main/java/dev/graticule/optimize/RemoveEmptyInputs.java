package dev.graticule.optimize;

import dev.graticule.plan.LogicalPlan;
import java.util.List;

/**
 * What is made of no rows is no rows.
 *
 * <pre>
 * Sort: a                     Values: 0 rows
 *   Filter: a > 1      becomes
 *     Values: 0 rows
 * </pre>
 *
 * <p>An Aggregate without keys stays: it gives one row. Empty inputs of a Union fall away.
 */
final class RemoveEmptyInputs implements Rule {
    @Override
    public LogicalPlan apply(LogicalPlan plan) {
        return PlanTree.bottomUp(plan, RemoveEmptyInputs::remove);
    }

    private static LogicalPlan remove(LogicalPlan plan) {
        return switch (plan) {
            case LogicalPlan.Filter filter -> isEmpty(filter.input()) ? empty(plan) : plan;
            case LogicalPlan.Project project -> isEmpty(project.input()) ? empty(plan) : plan;
            case LogicalPlan.Sort sort -> isEmpty(sort.input()) ? empty(plan) : plan;
            case LogicalPlan.Fetch fetch -> isEmpty(fetch.input()) ? empty(plan) : plan;
            case LogicalPlan.Limit limit -> limit.limit() == 0 || isEmpty(limit.input()) ? empty(plan) : plan;
            case LogicalPlan.Aggregate aggregate ->
                isEmpty(aggregate.input()) && !aggregate.keys().isEmpty() ? empty(plan) : plan;
            case LogicalPlan.Union union -> {
                List<LogicalPlan> left = union.inputs().stream().filter(input -> !isEmpty(input)).toList();
                yield left.isEmpty() ? empty(plan)
                        : left.size() == union.inputs().size() ? plan : new LogicalPlan.Union(left, union.output());
            }
            case LogicalPlan.GridScan scan -> plan;
            case LogicalPlan.RowScan scan -> plan;
            case LogicalPlan.Values values -> plan;
        };
    }

    private static boolean isEmpty(LogicalPlan plan) {
        return plan instanceof LogicalPlan.Values values && values.rows().isEmpty();
    }

    private static LogicalPlan empty(LogicalPlan plan) {
        return new LogicalPlan.Values(List.of(), plan.output());
    }
}
