package dev.graticule.bind;

import dev.graticule.aggregate.AggregateCall;
import dev.graticule.expression.Expression;
import dev.graticule.expression.Expression.ColumnReference;
import dev.graticule.expression.Expression.KeepNulls;
import dev.graticule.expression.NaNMeaning;
import dev.graticule.plan.LogicalPlan;
import dev.graticule.plan.LogicalPlan.OutputColumn;
import dev.graticule.plan.LogicalPlan.SortKey;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Fixes for a whole plan how each floating column keeps its NULLs, by the rule of {@link NaNMeaning}: the parts of every choice and of
 * every UNION are brought to one meaning of NaN, and the results of an aggregation to that of its arguments.
 */
final class BindNulls {
    private BindNulls() {
    }

    /** A plan with the meanings of NaN in its output. */
    private record Fixed(LogicalPlan plan, List<NaNMeaning> columns) {
    }

    /** The plan with {@link KeepNulls} where meanings meet. */
    static LogicalPlan fix(LogicalPlan plan) {
        return fixed(plan).plan();
    }

    private static Fixed fixed(LogicalPlan plan) {
        return switch (plan) {
            case LogicalPlan.GridScan scan -> new Fixed(scan, values(scan.output()));
            case LogicalPlan.RowScan scan -> new Fixed(scan, values(scan.output()));
            case LogicalPlan.Values values -> values(values);
            case LogicalPlan.Filter filter -> {
                Fixed input = fixed(filter.input());
                yield new Fixed(
                        new LogicalPlan.Filter(input.plan(), NaNMeaning.agreed(filter.predicate(), input.columns())),
                        input.columns());
            }
            case LogicalPlan.Project project -> {
                Fixed input = fixed(project.input());
                List<Expression> expressions = fix(project.expressions(), input.columns());
                yield new Fixed(new LogicalPlan.Project(input.plan(), expressions, project.output()),
                        expressions.stream().map(each -> NaNMeaning.of(each, input.columns())).toList());
            }
            case LogicalPlan.Aggregate aggregate -> aggregate(aggregate);
            case LogicalPlan.Sort sort -> {
                Fixed input = fixed(sort.input());
                List<SortKey> keys = sort.keys().stream()
                        .map(key -> new SortKey(NaNMeaning.agreed(key.expression(), input.columns()),
                                key.descending(), key.nullsFirst()))
                        .toList();
                yield new Fixed(new LogicalPlan.Sort(input.plan(), keys, sort.limit()), input.columns());
            }
            case LogicalPlan.Fetch fetch -> {
                Fixed input = fixed(fetch.input());
                yield new Fixed(new LogicalPlan.Fetch(input.plan(), fetch.table(), fetch.columns(), fetch.sources(),
                        fetch.firstIndex(), fetch.output()), values(fetch.output()));
            }
            case LogicalPlan.Limit limit -> {
                Fixed input = fixed(limit.input());
                yield new Fixed(new LogicalPlan.Limit(input.plan(), limit.limit(), limit.offset()), input.columns());
            }
            case LogicalPlan.Union union -> union(union);
        };
    }

    /** The meanings in columns as they are stored. */
    private static List<NaNMeaning> values(List<OutputColumn> columns) {
        return columns.stream().map(column -> column.type().isFloating() ? NaNMeaning.VALUE : NaNMeaning.NONE).toList();
    }

    private static Fixed values(LogicalPlan.Values values) {
        List<List<Expression>> rows = values.rows().stream().map(row -> fix(row, List.of())).toList();
        List<NaNMeaning> meanings = new ArrayList<>();
        for (int i = 0; i < values.output().size(); i++) {
            int column = i;
            meanings.add(NaNMeaning
                    .together(rows.stream().map(row -> NaNMeaning.of(row.get(column), List.of())).toList()));
        }
        return new Fixed(new LogicalPlan.Values(rows, values.output()), meanings);
    }

    private static Fixed aggregate(LogicalPlan.Aggregate aggregate) {
        Fixed input = fixed(aggregate.input());
        List<Expression> keys = fix(aggregate.keys(), input.columns());
        List<AggregateCall> calls = aggregate.aggregates().stream()
                .map(call -> new AggregateCall(call.function(), fix(call.arguments(), input.columns()), call.distinct(),
                        NaNMeaning.agreed(call.filter(), input.columns()), call.position()))
                .toList();
        List<NaNMeaning> meanings = new ArrayList<>();
        keys.forEach(key -> meanings.add(NaNMeaning.of(key, input.columns())));
        calls.forEach(call -> meanings.add(call.type().isFloating()
                ? NaNMeaning.ofOperands(call.arguments(), input.columns()) : NaNMeaning.NONE));
        LogicalPlan groups = new LogicalPlan.Aggregate(input.plan(), keys, calls, aggregate.output());
        List<NaNMeaning> kept = meanings.stream()
                .map(meaning -> meaning == NaNMeaning.NULL ? NaNMeaning.VALUE : meaning).toList();
        return new Fixed(brought(groups, kept, meanings), meanings);
    }

    private static Fixed union(LogicalPlan.Union union) {
        List<Fixed> inputs = union.inputs().stream().map(BindNulls::fixed).toList();
        List<NaNMeaning> meanings = new ArrayList<>();
        for (int i = 0; i < union.output().size(); i++) {
            int column = i;
            meanings.add(NaNMeaning.together(inputs.stream().map(input -> input.columns().get(column)).toList()));
        }
        List<LogicalPlan> brought = inputs.stream().map(input -> brought(input.plan(), input.columns(), meanings))
                .toList();
        return new Fixed(new LogicalPlan.Union(brought, union.output()), meanings);
    }

    /** The plan with columns of the wanted meanings. */
    private static LogicalPlan brought(LogicalPlan plan, List<NaNMeaning> from, List<NaNMeaning> to) {
        List<Expression> columns = IntStream.range(0, from.size()).mapToObj(i -> {
            OutputColumn column = plan.output().get(i);
            return NaNMeaning.brought(new ColumnReference(i, column.name(), column.type()), from.get(i),
                    to.get(i));
        }).toList();
        return columns.stream().allMatch(ColumnReference.class::isInstance) ? plan
                : new LogicalPlan.Project(plan, columns, plan.output());
    }

    private static List<Expression> fix(List<Expression> expressions, List<NaNMeaning> columns) {
        return expressions.stream().map(each -> NaNMeaning.agreed(each, columns)).toList();
    }
}
