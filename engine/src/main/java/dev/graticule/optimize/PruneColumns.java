package dev.graticule.optimize;

import dev.graticule.aggregate.AggregateCall;
import dev.graticule.expression.Expression;
import dev.graticule.expression.ExpressionTree;
import dev.graticule.plan.LogicalPlan;
import dev.graticule.plan.LogicalPlan.OutputColumn;
import dev.graticule.plan.LogicalPlan.SortKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * Drops columns that nothing above uses, so that they are never read.
 *
 * <pre>
 * Project: t2m                              Project: t2m
 *   GridScan era5: time, latitude, t2m, rh    becomes   GridScan era5: t2m
 * </pre>
 *
 * <p>The rows stay as many as they were, even without any column. The columns of the result stay all.
 */
final class PruneColumns implements Rule {
    /** A plan with fewer columns: {@code kept} are the old numbers of the columns that are left, ascending. */
    private record Pruned(LogicalPlan plan, List<Integer> kept) {
        Expression rewrite(Expression expression) {
            return ExpressionTree.renumber(expression, kept::indexOf);
        }
    }

    @Override
    public LogicalPlan apply(LogicalPlan plan) {
        return prune(plan, all(plan)).plan;
    }

    private static SortedSet<Integer> all(LogicalPlan plan) {
        SortedSet<Integer> all = new TreeSet<>();
        for (int i = 0; i < plan.output().size(); i++) {
            all.add(i);
        }
        return all;
    }

    private static <T> List<T> pick(List<T> list, Collection<Integer> numbers) {
        return numbers.stream().map(list::get).toList();
    }

    private static Pruned prune(LogicalPlan plan, SortedSet<Integer> used) {
        List<Integer> kept = List.copyOf(used);
        boolean same = kept.size() == plan.output().size();
        List<OutputColumn> output = same ? plan.output() : pick(plan.output(), kept);
        return switch (plan) {
            case LogicalPlan.GridScan scan -> new Pruned(
                    same ? scan : new LogicalPlan.GridScan(scan.name(), scan.table(), pick(scan.columns(), kept),
                            scan.axisPredicates(), output),
                    kept);
            case LogicalPlan.RowScan scan -> new Pruned(
                    same ? scan : new LogicalPlan.RowScan(scan.name(), scan.table(), pick(scan.columns(), kept),
                            scan.predicates(), scan.limit(), output),
                    kept);
            case LogicalPlan.Values values -> new Pruned(
                    same ? values : new LogicalPlan.Values(values.rows().stream().map(row -> pick(row, kept)).toList(),
                            output),
                    kept);
            case LogicalPlan.Filter filter -> {
                SortedSet<Integer> wanted = new TreeSet<>(used);
                wanted.addAll(ExpressionTree.columns(filter.predicate()));
                Pruned input = prune(filter.input(), wanted);
                yield new Pruned(new LogicalPlan.Filter(input.plan, input.rewrite(filter.predicate())), input.kept);
            }
            case LogicalPlan.Project project -> {
                List<Expression> expressions = pick(project.expressions(), kept);
                Pruned input = prune(project.input(), columns(expressions));
                yield new Pruned(
                        new LogicalPlan.Project(input.plan, expressions.stream().map(input::rewrite).toList(), output),
                        kept);
            }
            case LogicalPlan.Aggregate aggregate -> aggregate(aggregate, used);
            case LogicalPlan.Sort sort -> {
                SortedSet<Integer> wanted = new TreeSet<>(used);
                sort.keys().forEach(key -> wanted.addAll(ExpressionTree.columns(key.expression())));
                Pruned input = prune(sort.input(), wanted);
                yield new Pruned(new LogicalPlan.Sort(input.plan,
                        sort.keys().stream()
                                .map(key -> new SortKey(input.rewrite(key.expression()), key.descending(),
                                        key.nullsFirst()))
                                .toList(),
                        sort.limit()),
                        input.kept);
            }
            case LogicalPlan.Fetch fetch ->
                new Pruned(fetch, IntStream.range(0, fetch.output().size()).boxed().toList());
            case LogicalPlan.Limit limit -> {
                Pruned input = prune(limit.input(), used);
                yield new Pruned(new LogicalPlan.Limit(input.plan, limit.limit(), limit.offset()), input.kept);
            }
            case LogicalPlan.Union union ->
                new Pruned(new LogicalPlan.Union(union.inputs().stream().map(input -> exactly(input, used)).toList(),
                        output), kept);
        };
    }

    /** Pruned to exactly these columns. */
    private static LogicalPlan exactly(LogicalPlan plan, SortedSet<Integer> used) {
        Pruned pruned = prune(plan, used);
        if (pruned.kept.size() == used.size()) {
            return pruned.plan;
        }
        List<Expression> expressions = new ArrayList<>();
        for (int column : used) {
            OutputColumn output = plan.output().get(column);
            expressions.add(new Expression.ColumnReference(pruned.kept.indexOf(column), output.name(), output.type()));
        }
        return new LogicalPlan.Project(pruned.plan, expressions, pick(plan.output(), used));
    }

    /** Keys stay: they make the groups. Aggregates that nobody uses fall away, unless nothing at all would be left. */
    private static Pruned aggregate(LogicalPlan.Aggregate aggregate, SortedSet<Integer> used) {
        int keys = aggregate.keys().size();
        SortedSet<Integer> kept = new TreeSet<>(used);
        for (int i = 0; i < keys; i++) {
            kept.add(i);
        }
        if (kept.isEmpty()) {
            kept.add(0);
        }
        List<AggregateCall> calls = kept.tailSet(keys).stream().map(column -> aggregate.aggregates().get(column - keys))
                .toList();
        List<Expression> expressions = new ArrayList<>(aggregate.keys());
        calls.forEach(call -> {
            expressions.addAll(call.arguments());
            expressions.add(call.filter());
        });
        Pruned input = prune(aggregate.input(), columns(expressions));
        LogicalPlan pruned = new LogicalPlan.Aggregate(input.plan, aggregate.keys(), calls,
                pick(aggregate.output(), kept));
        return new Pruned(PlanTree.mapExpressions(pruned, input::rewrite), List.copyOf(kept));
    }

    private static SortedSet<Integer> columns(Collection<Expression> expressions) {
        SortedSet<Integer> columns = new TreeSet<>();
        expressions.forEach(expression -> columns.addAll(ExpressionTree.columns(expression)));
        return columns;
    }
}
