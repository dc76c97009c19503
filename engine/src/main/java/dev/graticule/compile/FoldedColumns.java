package dev.graticule.compile;

import dev.graticule.expression.Expression;
import dev.graticule.expression.ExpressionTree;
import dev.graticule.expression.ScalarFunction;
import dev.graticule.plan.LogicalPlan;
import java.util.BitSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * Of which columns of row scans it pays to look whether they repeat as the coordinates of a grid do: those that a GROUP BY looks up, and
 * those that a function is called for value by value. Comparing and adding numbers row by row is as cheap as looking.
 */
final class FoldedColumns {
    private FoldedColumns() {
    }

    /** For the row scans of a plan, which are looked up by identity, the numbers of such columns among the scan's. */
    static Map<LogicalPlan.RowScan, BitSet> of(LogicalPlan plan) {
        Map<LogicalPlan.RowScan, BitSet> found = new IdentityHashMap<>();
        visit(plan, new BitSet(), found);
        return found;
    }

    /** @param wanted the columns of the node's output that pay */
    private static void visit(LogicalPlan plan, BitSet wanted, Map<LogicalPlan.RowScan, BitSet> found) {
        switch (plan) {
            case LogicalPlan.RowScan scan -> found.put(scan, wanted);
            case LogicalPlan.Filter filter -> {
                BitSet input = (BitSet) wanted.clone();
                addArguments(filter.predicate(), input);
                visit(filter.input(), input, found);
            }
            case LogicalPlan.Project project -> {
                BitSet input = new BitSet();
                for (int i = 0; i < project.expressions().size(); i++) {
                    if (wanted.get(i)) {
                        addColumns(project.expressions().get(i), input);
                    }
                    addArguments(project.expressions().get(i), input);
                }
                visit(project.input(), input, found);
            }
            case LogicalPlan.Aggregate aggregate -> {
                BitSet input = new BitSet();
                aggregate.keys().forEach(key -> addColumns(key, input));
                aggregate.aggregates().forEach(call -> {
                    call.arguments().forEach(argument -> addArguments(argument, input));
                    addArguments(call.filter(), input);
                });
                visit(aggregate.input(), input, found);
            }
            case LogicalPlan.Union union -> inputs(union.inputs(), wanted, found);
            case LogicalPlan.Sort sort -> inputs(sort.inputs(), new BitSet(), found);
            case LogicalPlan.Limit limit -> inputs(limit.inputs(), new BitSet(), found);
            case LogicalPlan.Fetch fetch -> inputs(fetch.inputs(), new BitSet(), found);
            case LogicalPlan.GridScan scan -> {
                // Its coordinates are those of a grid.
            }
            case LogicalPlan.Values values -> {
                // Nothing repeats.
            }
        }
    }

    private static void inputs(List<LogicalPlan> inputs, BitSet wanted, Map<LogicalPlan.RowScan, BitSet> found) {
        inputs.forEach(input -> visit(input, (BitSet) wanted.clone(), found));
    }

    private static void addColumns(Expression expression, BitSet columns) {
        ExpressionTree.columns(expression).forEach(columns::set);
    }

    private static void addArguments(Expression expression, BitSet columns) {
        ExpressionTree.walk(expression, each -> {
            if (each instanceof Expression.Call call && call.function() instanceof ScalarFunction.OfRows) {
                addColumns(call, columns);
            }
        });
    }
}
