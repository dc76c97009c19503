package dev.graticule.exec.scan;

import dev.graticule.expression.Expression;
import dev.graticule.expression.ExpressionTree;
import dev.graticule.plan.LogicalPlan.GridScan;
import dev.graticule.spi.GridVariable;
import java.util.BitSet;

/** Along which axes of a grid an expression over a scan's columns varies. */
public final class Footprint {
    private Footprint() {
    }

    /** The axes of one column of a scan. */
    public static BitSet ofColumn(GridScan scan, int column) {
        BitSet axes = new BitSet();
        int number = scan.columns().get(column);
        int axisCount = scan.table().axes().size();
        int index = GridScan.axisOfIndex(scan.table(), number);
        if (index >= 0) {
            axes.set(index);
        } else if (number < axisCount) {
            axes.set(number);
        } else {
            GridVariable variable = scan.table().variables().get(number - axisCount);
            variable.axes().forEach(axes::set);
        }
        return axes;
    }

    /** The axes of all columns that an expression refers to; none for a constant. */
    public static BitSet of(GridScan scan, Expression expression) {
        BitSet axes = new BitSet();
        ExpressionTree.columns(expression).forEach(column -> axes.or(ofColumn(scan, column)));
        return axes;
    }
}
