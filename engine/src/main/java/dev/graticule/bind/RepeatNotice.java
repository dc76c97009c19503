package dev.graticule.bind;

import dev.graticule.aggregate.AggregateCall;
import dev.graticule.expression.Expression;
import dev.graticule.expression.Expression.ColumnReference;
import dev.graticule.expression.ExpressionTree;
import dev.graticule.spi.Axis;
import dev.graticule.spi.GriddedTable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Says so when an aggregate sees each value of a broadcast variable several times: {@code area repeats over time (x 240)}. */
final class RepeatNotice {
    private static final Set<String> UNAFFECTED = Set.of("min", "max", "bool_and", "bool_or", "first", "last",
            "any_value");

    private final BindContext context;
    private final Scope scope;

    RepeatNotice(BindContext context, Scope scope) {
        this.context = context;
        this.scope = scope;
    }

    void check(Aggregation aggregation) {
        if (scope.relations().size() != 1 || scope.relations().getFirst().table() == null) {
            return;
        }
        GriddedTable table = scope.relations().getFirst().table();
        Set<Integer> grouped = new HashSet<>();
        for (Expression key : aggregation.keys()) {
            if (key instanceof ColumnReference column && scope.at(column.index()).column().axes().size() == 1) {
                grouped.addAll(scope.at(column.index()).column().axes());
            }
        }
        for (AggregateCall call : aggregation.calls()) {
            if (!call.distinct() && !UNAFFECTED.contains(call.function().name())) {
                check(call, table, grouped);
            }
        }
    }

    private void check(AggregateCall call, GriddedTable table, Set<Integer> grouped) {
        Set<Integer> varies = new HashSet<>(grouped);
        List<String> broadcast = new ArrayList<>();
        for (Expression argument : call.arguments()) {
            for (int index : ExpressionTree.columns(argument)) {
                Scope.ScopeColumn column = scope.at(index).column();
                varies.addAll(column.axes());
                if (!column.listed()) {
                    broadcast.add(column.name());
                }
            }
        }
        List<String> over = new ArrayList<>();
        long times = 1;
        for (int axis = 0; axis < table.axes().size(); axis++) {
            if (!varies.contains(axis)) {
                Axis repeated = table.axes().get(axis);
                over.add(repeated.name());
                times *= repeated.length();
            }
        }
        if (!broadcast.isEmpty() && !over.isEmpty() && times > 1) {
            context.notice(String.join(", ", broadcast) + (broadcast.size() == 1 ? " repeats over " : " repeat over ")
                    + String.join(" and ", over)
                    + String.format(Locale.ROOT, " (x %,d).", times));
        }
    }
}
