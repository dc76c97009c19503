package dev.graticule.exec.aggregate;

import dev.graticule.aggregate.AggregateCall;
import dev.graticule.aggregate.Aggregates;
import dev.graticule.exec.scan.Footprint;
import dev.graticule.expression.Expression;
import dev.graticule.expression.ExpressionTree;
import dev.graticule.expression.ScalarFunction;
import dev.graticule.kernel.ArithmeticOperation;
import dev.graticule.plan.LogicalPlan.GridScan;
import dev.graticule.type.SqlType;
import java.util.List;

/**
 * Takes a factor that is constant along the reduced last axis out of a sum: {@code sum(CAST(x AS DOUBLE) * w)} is run as the sum of runs of
 * {@code x}, each times its {@code w}.
 *
 * <p>Only for a REAL {@code x} and a DOUBLE {@code w}: no product of theirs rounds more than the sum does. The product of two REALs is
 * rounded to REAL before it is summed, which a factor outside would not be.
 */
final class FactorOut {
    private FactorOut() {
    }

    /**
     * The calls over a scan whose last axis no group depends on.
     *
     * @param columns what the columns that the calls refer to are over the scan's columns
     */
    static List<AggregateCall> of(List<AggregateCall> calls, GridScan scan, List<Expression> columns) {
        return calls.stream().map(call -> factored(call, scan, columns)).toList();
    }

    private static AggregateCall factored(AggregateCall call, GridScan scan, List<Expression> columns) {
        boolean sums = call.function().name().equals("sum") || call.function().name().equals("avg");
        if (sums && call.arguments().size() == 1 && call.arguments().getFirst() instanceof Expression.Call product
                && product.function() instanceof ScalarFunction.Arithmetic arithmetic
                && arithmetic.operation() == ArithmeticOperation.MULTIPLY && arithmetic.type() == SqlType.DOUBLE) {
            Expression left = product.arguments().get(0);
            Expression right = product.arguments().get(1);
            if (isReal(left) && isConstantAlongLastAxis(right, scan, columns)) {
                return Aggregates.ofProducts(call, ((Expression.Cast) left).operand(), right);
            }
            if (isReal(right) && isConstantAlongLastAxis(left, scan, columns)) {
                return Aggregates.ofProducts(call, ((Expression.Cast) right).operand(), left);
            }
        }
        return call;
    }

    private static boolean isReal(Expression expression) {
        return expression instanceof Expression.Cast cast && cast.operand().type() == SqlType.REAL;
    }

    private static boolean isConstantAlongLastAxis(Expression expression, GridScan scan, List<Expression> columns) {
        int last = scan.table().axes().size() - 1;
        return !Footprint.of(scan, ExpressionTree.substitute(expression, columns)).get(last);
    }
}
