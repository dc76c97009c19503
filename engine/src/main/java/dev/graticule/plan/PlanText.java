package dev.graticule.plan;

import dev.graticule.aggregate.AggregateCall;
import dev.graticule.expression.Expression;
import dev.graticule.expression.ExpressionText;
import dev.graticule.expression.ExpressionTree;
import dev.graticule.plan.LogicalPlan.OutputColumn;
import dev.graticule.spi.Axis;
import dev.graticule.spi.RowTable;
import dev.graticule.spi.SimplePredicate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Logical plans as a tree of lines, the last step first, each input two blanks further in. */
public final class PlanText {
    private static final String STEP = "  ";

    private PlanText() {
    }

    /** The whole tree, lines ended by line feeds. */
    public static String of(LogicalPlan plan) {
        StringBuilder text = new StringBuilder();
        append(plan, "", text);
        return text.toString();
    }

    private static void append(LogicalPlan plan, String indent, StringBuilder text) {
        text.append(indent).append(line(plan)).append('\n');
        plan.inputs().forEach(input -> append(input, indent + STEP, text));
    }

    /** One node without its inputs. */
    public static String line(LogicalPlan plan) {
        return switch (plan) {
            case LogicalPlan.GridScan scan -> gridScan(scan);
            case LogicalPlan.RowScan scan -> "RowScan " + scan.name() + ": " + names(scan.output())
                    + (scan.predicates().isEmpty() ? ""
                            : " where " + scan.predicates().stream().map(each -> predicate(each, scan.table()))
                                    .collect(Collectors.joining(" AND ")))
                    + (scan.limit() == Long.MAX_VALUE ? "" : " limit " + scan.limit());
            case LogicalPlan.Values values ->
                "Values: " + values.rows().size() + (values.rows().size() == 1 ? " row" : " rows")
                        + (values.output().isEmpty() ? "" : " of " + names(values.output()));
            case LogicalPlan.Filter filter -> "Filter: " + ExpressionText.of(filter.predicate());
            case LogicalPlan.Project project -> "Project: " + expressions(project.expressions(), project.output());
            case LogicalPlan.Aggregate aggregate -> aggregate(aggregate);
            case LogicalPlan.Sort sort -> (sort.limit() == Long.MAX_VALUE ? "Sort: " : "TopN " + sort.limit() + ": ")
                    + sort.keys().stream().map(PlanText::key).collect(Collectors.joining(", "));
            case LogicalPlan.Fetch fetch -> "Fetch: " + fetched(fetch);
            case LogicalPlan.Limit limit ->
                "Limit: " + (limit.limit() == Long.MAX_VALUE ? "all" : String.valueOf(limit.limit()))
                        + (limit.offset() == 0 ? "" : " from " + limit.offset());
            case LogicalPlan.Union union -> "Union: " + names(union.output());
        };
    }

    private static String fetched(LogicalPlan.Fetch fetch) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < fetch.sources().size(); i++) {
            if (fetch.sources().get(i) < 0) {
                names.add(fetch.output().get(i).name());
            }
        }
        return String.join(", ", names);
    }

    private static String gridScan(LogicalPlan.GridScan scan) {
        List<Axis> axes = scan.table().axes();
        String grid = axes.stream().map(axis -> axis.name() + " " + axis.length()).collect(Collectors.joining(" x "));
        List<Expression> predicates = scan.axisPredicates().stream().flatMap(List::stream).toList();
        return "GridScan " + scan.name() + " [" + grid + "]: " + names(scan.output())
                + (predicates.isEmpty() ? "" : " where " + ExpressionText.of(ExpressionTree.conjunction(predicates)));
    }

    private static String predicate(SimplePredicate predicate, RowTable table) {
        RowTable.RowColumn column = table.columns().get(predicate.column());
        String name = column.name();
        return switch (predicate) {
            case SimplePredicate.Range range -> {
                String lower = range.lower() == null ? ""
                        : name + (range.lowerOpen() ? " > " : " >= ") + value(range.lower(), column);
                String upper = range.upper() == null ? ""
                        : name + (range.upperOpen() ? " < " : " <= ") + value(range.upper(), column);
                yield lower + (lower.isEmpty() || upper.isEmpty() ? "" : " AND ") + upper;
            }
            case SimplePredicate.OneOf one when one.values().size() == 1 ->
                name + " = " + value(one.values().getFirst(), column);
            case SimplePredicate.OneOf one -> name + " IN (" + one.values().stream().map(each -> value(each, column))
                    .collect(Collectors.joining(", ")) + ")";
            case SimplePredicate.NullCheck check -> name + (check.isNull() ? " IS NULL" : " IS NOT NULL");
        };
    }

    private static String value(Object value, RowTable.RowColumn column) {
        return ExpressionText.of(new Expression.Literal(value, column.type()));
    }

    private static String aggregate(LogicalPlan.Aggregate aggregate) {
        String keys = aggregate.keys().stream().map(ExpressionText::of).collect(Collectors.joining(", "));
        String calls = aggregate.aggregates().stream().map(PlanText::call).collect(Collectors.joining(", "));
        if (aggregate.aggregates().isEmpty()) {
            return "Aggregate: distinct " + keys;
        }
        return "Aggregate: " + calls + (keys.isEmpty() ? "" : " by " + keys);
    }

    /** An aggregate with its DISTINCT and FILTER. */
    private static String call(AggregateCall call) {
        String arguments = call.arguments().isEmpty() ? "*"
                : call.arguments().stream().map(ExpressionText::of).collect(Collectors.joining(", "));
        String filter = call.filter().equals(Expression.Literal.TRUE) ? ""
                : " FILTER (WHERE " + ExpressionText.of(call.filter()) + ")";
        return call.function().name() + "(" + (call.distinct() ? "DISTINCT " : "") + arguments + ")" + filter;
    }

    private static String key(LogicalPlan.SortKey key) {
        return ExpressionText.of(key.expression()) + (key.descending() ? " DESC" : "")
                + (key.nullsFirst() ? " NULLS FIRST" : "");
    }

    private static String expressions(List<Expression> expressions, List<OutputColumn> output) {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < expressions.size(); i++) {
            String text = ExpressionText.of(expressions.get(i));
            texts.add(text.toLowerCase(Locale.ROOT).equals(output.get(i).name().toLowerCase(Locale.ROOT)) ? text
                    : text + " AS " + output.get(i).name());
        }
        return texts.isEmpty() ? "nothing" : String.join(", ", texts);
    }

    private static String names(List<OutputColumn> columns) {
        return columns.isEmpty() ? "no columns"
                : columns.stream().map(OutputColumn::name).collect(Collectors.joining(", "));
    }
}
