package dev.graticule.optimize;

import dev.graticule.expression.Expression;
import dev.graticule.expression.ExpressionTree;
import dev.graticule.plan.LogicalPlan;
import dev.graticule.plan.LogicalPlan.OutputColumn;
import dev.graticule.plan.LogicalPlan.SortKey;
import dev.graticule.spi.GridVariable;
import dev.graticule.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A top-n over a grid keeps positions: variables that neither its keys nor its filter need are read for the winners only.
 *
 * <pre>
 * TopN 10: t2m DESC                            Project: time, t2m, rh
 *   Project: time, t2m, rh             becomes   Fetch: rh
 *     GridScan era5: time, t2m, rh                 TopN 10: t2m DESC
 *                                                    GridScan era5: time, t2m, cell of time
 * </pre>
 */
final class FetchLate implements Rule {
    /** With more winners than this, reading them cell by cell may cost more than reading the variables. */
    private static final long MOST_ROWS = 1000;

    @Override
    public LogicalPlan apply(LogicalPlan plan) {
        return PlanTree.bottomUp(plan, FetchLate::rewrite);
    }

    private static LogicalPlan rewrite(LogicalPlan plan) {
        if (!(plan instanceof LogicalPlan.Sort sort) || sort.limit() > MOST_ROWS
                || !(sort.input() instanceof LogicalPlan.Project project)) {
            return plan;
        }
        return switch (project.input()) {
            case LogicalPlan.GridScan scan -> rewrite(sort, project, Expression.Literal.TRUE, scan);
            case LogicalPlan.Filter(LogicalPlan.GridScan scan, Expression predicate) ->
                rewrite(sort, project, predicate, scan);
            default -> plan;
        };
    }

    private static LogicalPlan rewrite(LogicalPlan.Sort sort, LogicalPlan.Project project, Expression predicate,
            LogicalPlan.GridScan scan) {
        List<Expression> keys = sort.keys().stream()
                .map(key -> ExpressionTree.substitute(key.expression(), project.expressions())).toList();
        SortedSet<Integer> needed = new TreeSet<>(ExpressionTree.columns(predicate));
        keys.forEach(key -> needed.addAll(ExpressionTree.columns(key)));
        List<Integer> sources = new ArrayList<>();
        List<Integer> columns = new ArrayList<>();
        List<OutputColumn> output = new ArrayList<>();
        for (int c = 0; c < scan.columns().size(); c++) {
            if (needed.contains(c) || !isWorthWaiting(scan, scan.columns().get(c))) {
                sources.add(columns.size());
                columns.add(scan.columns().get(c));
                output.add(scan.output().get(c));
            } else {
                sources.add(-1);
            }
        }
        if (!sources.contains(-1)) {
            return sort;
        }
        int firstIndex = columns.size();
        for (int axis = 0; axis < scan.table().axes().size(); axis++) {
            columns.add(LogicalPlan.GridScan.indexColumn(scan.table(), axis));
            output.add(new OutputColumn("cell of " + scan.table().axes().get(axis).name(), SqlType.BIGINT));
        }
        LogicalPlan input = new LogicalPlan.GridScan(scan.name(), scan.table(), columns, scan.axisPredicates(), output);
        if (predicate != Expression.Literal.TRUE) {
            input = new LogicalPlan.Filter(input, ExpressionTree.renumber(predicate, sources::get));
        }
        List<SortKey> sortKeys = new ArrayList<>();
        for (int k = 0; k < keys.size(); k++) {
            SortKey key = sort.keys().get(k);
            sortKeys.add(new SortKey(ExpressionTree.renumber(keys.get(k), sources::get), key.descending(),
                    key.nullsFirst()));
        }
        LogicalPlan winners = new LogicalPlan.Sort(input, sortKeys, sort.limit());
        LogicalPlan fetch = new LogicalPlan.Fetch(winners, scan.table(), scan.columns(), sources, firstIndex,
                scan.output());
        return new LogicalPlan.Project(fetch, project.expressions(), project.output());
    }

    private static boolean isWorthWaiting(LogicalPlan.GridScan scan, int column) {
        int axes = scan.table().axes().size();
        if (column < axes) {
            return false;
        }
        GridVariable variable = scan.table().variables().get(column - axes);
        return variable.stored().bytes() > 0 || variable.stored() == SqlType.BOOLEAN;
    }
}
