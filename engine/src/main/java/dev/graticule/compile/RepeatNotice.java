package dev.graticule.compile;

import dev.graticule.aggregate.AggregateCall;
import dev.graticule.exec.scan.GridScanSource;
import dev.graticule.expression.Expression;
import dev.graticule.expression.ExpressionTree;
import dev.graticule.plan.LogicalPlan;
import dev.graticule.plan.LogicalPlan.GridScan;
import dev.graticule.spi.GridVariable;
import dev.graticule.spi.GriddedTable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Says so when an aggregate sees each value of a broadcast variable several times: {@code area repeats over time (x 240)}. What
 * the predicates on the axes leave is what counts.
 */
final class RepeatNotice {
    private static final Set<String> UNAFFECTED = Set.of("min", "max", "bool_and", "bool_or", "first", "last",
            "any_value");

    private final GridScanSource source;
    private final GridScan scan;
    private final GriddedTable table;
    private final List<Expression> columns;

    /** @param columns those of the aggregate's input, over the columns of the scan */
    RepeatNotice(GridScanSource source, List<Expression> columns) {
        this.source = source;
        this.scan = source.scan();
        this.table = scan.table();
        this.columns = columns;
    }

    /** The sentences, without repetition. */
    Set<String> of(LogicalPlan.Aggregate aggregate) {
        Set<Integer> grouped = new HashSet<>();
        for (Expression key : aggregate.keys()) {
            Set<Integer> axes = axes(key);
            if (axes.size() == 1 && isColumn(key)) {
                grouped.addAll(axes);
            }
        }
        Set<String> notices = new LinkedHashSet<>();
        for (AggregateCall call : aggregate.aggregates()) {
            if (!call.distinct() && !UNAFFECTED.contains(call.function().name())) {
                check(call, grouped, notices);
            }
        }
        return notices;
    }

    private void check(AggregateCall call, Set<Integer> grouped, Set<String> notices) {
        Set<Integer> varies = new HashSet<>(grouped);
        Set<String> broadcast = new LinkedHashSet<>();
        for (Expression argument : call.arguments()) {
            varies.addAll(axes(argument));
            for (int index : ExpressionTree.columns(overScan(argument))) {
                int variable = scan.columns().get(index) - table.axes().size();
                if (variable >= 0 && variable < table.variables().size() && !table.variables().get(variable).listed()) {
                    broadcast.add(table.variables().get(variable).name());
                }
            }
        }
        List<String> over = new ArrayList<>();
        long times = 1;
        for (int axis = 0; axis < table.axes().size(); axis++) {
            if (!varies.contains(axis) && source.selectedCount(axis) != 1) {
                over.add(table.axes().get(axis).name());
                times *= source.selectedCount(axis);
            }
        }
        if (!broadcast.isEmpty() && times > 1) {
            notices.add(String.join(", ", broadcast) + (broadcast.size() == 1 ? " repeats over " : " repeat over ")
                    + String.join(" and ", over) + String.format(Locale.ROOT, " (x %,d).", times));
        }
    }

    private Expression overScan(Expression expression) {
        return ExpressionTree.substitute(expression, columns);
    }

    private boolean isColumn(Expression expression) {
        Expression over = overScan(expression);
        return (over instanceof Expression.Unpack unpack ? unpack.stored()
                : over) instanceof Expression.ColumnReference;
    }

    private Set<Integer> axes(Expression expression) {
        Set<Integer> axes = new HashSet<>();
        for (int index : ExpressionTree.columns(overScan(expression))) {
            int number = scan.columns().get(index);
            int variable = number - table.axes().size();
            if (variable < 0) {
                axes.add(number);
            } else if (variable < table.variables().size()) {
                GridVariable column = table.variables().get(variable);
                axes.addAll(column.axes());
            } else {
                axes.add(GridScan.axisOfIndex(table, number));
            }
        }
        return axes;
    }
}
