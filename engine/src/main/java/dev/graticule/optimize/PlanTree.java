package dev.graticule.optimize;

import dev.graticule.aggregate.AggregateCall;
import dev.graticule.expression.Expression;
import dev.graticule.plan.LogicalPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Rewrites plan trees. */
final class PlanTree {
    private PlanTree() {
    }

    /** The same node over other inputs; the node itself where none has changed. */
    static LogicalPlan withInputs(LogicalPlan plan, List<LogicalPlan> inputs) {
        boolean same = true;
        for (int i = 0; i < inputs.size(); i++) {
            same &= inputs.get(i) == plan.inputs().get(i);
        }
        if (same) {
            return plan;
        }
        return switch (plan) {
            case LogicalPlan.GridScan scan -> scan;
            case LogicalPlan.RowScan scan -> scan;
            case LogicalPlan.Values values -> values;
            case LogicalPlan.Filter filter -> new LogicalPlan.Filter(inputs.getFirst(), filter.predicate());
            case LogicalPlan.Project project ->
                new LogicalPlan.Project(inputs.getFirst(), project.expressions(), project.output());
            case LogicalPlan.Aggregate aggregate ->
                new LogicalPlan.Aggregate(inputs.getFirst(), aggregate.keys(), aggregate.aggregates(),
                        aggregate.output());
            case LogicalPlan.Sort sort -> new LogicalPlan.Sort(inputs.getFirst(), sort.keys(), sort.limit());
            case LogicalPlan.Fetch fetch -> new LogicalPlan.Fetch(inputs.getFirst(), fetch.table(), fetch.columns(),
                    fetch.sources(), fetch.firstIndex(), fetch.output());
            case LogicalPlan.Limit limit -> new LogicalPlan.Limit(inputs.getFirst(), limit.limit(), limit.offset());
            case LogicalPlan.Union union -> new LogicalPlan.Union(inputs, union.output());
        };
    }

    /** Rewrites inputs first, then the node over them. */
    static LogicalPlan bottomUp(LogicalPlan plan, UnaryOperator<LogicalPlan> rule) {
        List<LogicalPlan> inputs = new ArrayList<>();
        for (LogicalPlan input : plan.inputs()) {
            inputs.add(bottomUp(input, rule));
        }
        return rule.apply(withInputs(plan, inputs));
    }

    /** Rewrites the node, again and again until the rule gives it back, then its inputs. */
    static LogicalPlan topDown(LogicalPlan plan, UnaryOperator<LogicalPlan> rule) {
        LogicalPlan current = plan;
        for (LogicalPlan next = rule.apply(current); next != current; next = rule.apply(current)) {
            current = next;
        }
        List<LogicalPlan> inputs = new ArrayList<>();
        for (LogicalPlan input : current.inputs()) {
            inputs.add(topDown(input, rule));
        }
        return withInputs(current, inputs);
    }

    /** The same node with every expression in it rewritten; axis predicates too. */
    static LogicalPlan mapExpressions(LogicalPlan plan, UnaryOperator<Expression> mapping) {
        return switch (plan) {
            case LogicalPlan.GridScan scan -> scan;
            case LogicalPlan.RowScan scan -> scan;
            case LogicalPlan.Values values -> {
                List<List<Expression>> rows = new ArrayList<>();
                for (List<Expression> row : values.rows()) {
                    rows.add(row.stream().map(mapping).toList());
                }
                yield new LogicalPlan.Values(rows, values.output());
            }
            case LogicalPlan.Filter filter -> new LogicalPlan.Filter(filter.input(), mapping.apply(filter.predicate()));
            case LogicalPlan.Project project ->
                new LogicalPlan.Project(project.input(), project.expressions().stream().map(mapping).toList(),
                        project.output());
            case LogicalPlan.Aggregate aggregate ->
                new LogicalPlan.Aggregate(aggregate.input(), aggregate.keys().stream().map(mapping).toList(),
                        aggregate.aggregates().stream().map(call -> new AggregateCall(call.function(),
                                call.arguments().stream().map(mapping).toList(), call.distinct(),
                                mapping.apply(call.filter()), call.position())).toList(),
                        aggregate.output());
            case LogicalPlan.Sort sort -> new LogicalPlan.Sort(sort.input(),
                    sort.keys().stream()
                            .map(key -> new LogicalPlan.SortKey(mapping.apply(key.expression()), key.descending(),
                                    key.nullsFirst()))
                            .toList(),
                    sort.limit());
            case LogicalPlan.Fetch fetch -> fetch;
            case LogicalPlan.Limit limit -> limit;
            case LogicalPlan.Union union -> union;
        };
    }
}
