package dev.graticule.optimize;

import dev.graticule.plan.LogicalPlan;

/**
 * Lets a limit stop what is below it: a Sort keeps only so many rows, a row scan is told how many are wanted.
 *
 * <pre>
 * Project: a                        Project: a
 *   Limit: 10            becomes      TopN 10: b
 *     Project: a, b                     Project: a, b
 *       Sort: b                           ...
 * </pre>
 *
 * <p>A Limit with OFFSET stays, above: it is the last step wherever only Projects are above it, because the result's edge stops the
 * query there.
 */
final class PushDownLimit implements Rule {
    @Override
    public LogicalPlan apply(LogicalPlan plan) {
        return PlanTree.bottomUp(plan, PushDownLimit::push);
    }

    private static LogicalPlan push(LogicalPlan plan) {
        return switch (plan) {
            case LogicalPlan.Limit limit -> limit(limit);
            case LogicalPlan.Project(LogicalPlan.Limit limit, var expressions, var output) ->
                new LogicalPlan.Limit(new LogicalPlan.Project(limit.input(), expressions, output), limit.limit(),
                        limit.offset());
            case LogicalPlan.Project project -> plan;
            case LogicalPlan.GridScan scan -> plan;
            case LogicalPlan.RowScan scan -> plan;
            case LogicalPlan.Values values -> plan;
            case LogicalPlan.Filter filter -> plan;
            case LogicalPlan.Aggregate aggregate -> plan;
            case LogicalPlan.Sort sort -> plan;
            case LogicalPlan.Fetch fetch -> plan;
            case LogicalPlan.Union union -> plan;
        };
    }

    private static LogicalPlan limit(LogicalPlan.Limit limit) {
        if (limit.input() instanceof LogicalPlan.Limit inner) {
            long left = inner.limit() == Long.MAX_VALUE ? Long.MAX_VALUE : Math.max(0, inner.limit() - limit.offset());
            return limit(new LogicalPlan.Limit(inner.input(), Math.min(limit.limit(), left),
                    saturated(inner.offset(), limit.offset())));
        }
        if (limit.limit() == Long.MAX_VALUE) {
            return limit;
        }
        long wanted = saturated(limit.limit(), limit.offset());
        LogicalPlan limited = wanted(limit.input(), wanted);
        if (endsInSort(limited) && limit.offset() == 0) {
            return limited;
        }
        return limited == limit.input() ? limit : new LogicalPlan.Limit(limited, limit.limit(), limit.offset());
    }

    private static boolean endsInSort(LogicalPlan plan) {
        return plan instanceof LogicalPlan.Sort
                || plan instanceof LogicalPlan.Project project && endsInSort(project.input());
    }

    private static LogicalPlan wanted(LogicalPlan plan, long rows) {
        return switch (plan) {
            case LogicalPlan.Project project -> {
                LogicalPlan input = wanted(project.input(), rows);
                yield input == project.input() ? plan
                        : new LogicalPlan.Project(input, project.expressions(), project.output());
            }
            case LogicalPlan.Sort sort ->
                sort.limit() <= rows ? plan : new LogicalPlan.Sort(sort.input(), sort.keys(), rows);
            case LogicalPlan.RowScan scan -> scan.limit() <= rows ? plan
                    : new LogicalPlan.RowScan(scan.name(), scan.table(), scan.columns(), scan.predicates(), rows,
                            scan.output());
            case LogicalPlan.GridScan scan -> plan;
            case LogicalPlan.Values values -> plan;
            case LogicalPlan.Filter filter -> plan;
            case LogicalPlan.Aggregate aggregate -> plan;
            case LogicalPlan.Fetch fetch -> plan;
            case LogicalPlan.Limit limit -> plan;
            case LogicalPlan.Union union -> plan;
        };
    }

    private static long saturated(long a, long b) {
        long sum = a + b;
        return sum < 0 ? Long.MAX_VALUE : sum;
    }
}
