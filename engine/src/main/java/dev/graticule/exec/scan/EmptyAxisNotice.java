package dev.graticule.exec.scan;

import dev.graticule.batch.Column;
import dev.graticule.expression.Expression;
import dev.graticule.expression.ExpressionTree;
import dev.graticule.spi.Axis;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Says why a query has no rows where the predicates on one axis leave nothing of it, and what may have been meant (SEMANTICS 28). */
final class EmptyAxisNotice {
    private static final double TURN = 360;

    private double lower = Double.NEGATIVE_INFINITY;
    private double upper = Double.POSITIVE_INFINITY;
    private boolean lowerIsOut;
    private boolean upperIsOut;

    private EmptyAxisNotice() {
    }

    /** The notice for predicates over one column, the stored coordinate; nothing where they are not plain comparisons with numbers. */
    static Optional<String> of(Axis axis, Column.Strided coordinate, List<Expression> predicates) {
        if (!coordinate.type().isNumeric() || axis.length() == 0) {
            return Optional.empty();
        }
        EmptyAxisNotice range = new EmptyAxisNotice();
        for (Expression predicate : predicates) {
            for (Expression conjunct : ExpressionTree.conjuncts(predicate)) {
                if (!range.narrow(conjunct)) {
                    return Optional.empty();
                }
            }
        }
        double[] values = new double[axis.length()];
        for (int i = 0; i < values.length; i++) {
            Object value = coordinate.values().object(i);
            values[i] = value == null ? Double.NaN : asWritten((Number) value);
        }
        return Optional.of(
                range.lower == range.upper && !range.lowerIsOut && !range.upperIsOut
                        ? nearest(axis.name(), values, range.lower) : range.outside(axis, values));
    }

    private boolean narrow(Expression conjunct) {
        if (!(conjunct instanceof Expression.Comparison comparison)
                || !(comparison.right() instanceof Expression.Literal literal)
                || !(literal.value() instanceof Number number) || !isCoordinate(comparison.left())) {
            return false;
        }
        double value = asWritten(number);
        switch (comparison.operator()) {
            case EQUAL, NOT_DISTINCT -> {
                lower = Math.max(lower, value);
                upper = Math.min(upper, value);
            }
            case GREATER -> above(value, true);
            case GREATER_OR_EQUAL -> above(value, false);
            case LESS -> below(value, true);
            case LESS_OR_EQUAL -> below(value, false);
            case NOT_EQUAL, DISTINCT -> {
                return false;
            }
        }
        return true;
    }

    private void above(double value, boolean strictly) {
        if (value > lower || value == lower && strictly) {
            lower = value;
            lowerIsOut = strictly;
        }
    }

    private void below(double value, boolean strictly) {
        if (value < upper || value == upper && strictly) {
            upper = value;
            upperIsOut = strictly;
        }
    }

    /** A REAL as the number that its shortest text is: 40.1 and not 40.09999847. */
    private static double asWritten(Number number) {
        return number instanceof Float single ? Double.parseDouble(single.toString()) : number.doubleValue();
    }

    private static boolean isCoordinate(Expression expression) {
        return switch (expression) {
            case Expression.ColumnReference reference -> true;
            case Expression.Unpack unpack -> isCoordinate(unpack.stored());
            case Expression.Cast cast -> isCoordinate(cast.operand());
            default -> false;
        };
    }

    private static String nearest(String name, double[] values, double wanted) {
        double below = Double.NEGATIVE_INFINITY;
        double above = Double.POSITIVE_INFINITY;
        for (double value : values) {
            below = value <= wanted ? Math.max(below, value) : below;
            above = value >= wanted ? Math.min(above, value) : above;
        }
        if (below == wanted) {
            // Only a CAST tells a number from the REAL that shows as it.
            return "0 rows: no cell at " + name + " = " + text(wanted) + " as DOUBLE; the REAL that shows as "
                    + text(wanted) + " is " + (double) (float) wanted + ". Leave out the CAST.";
        }
        String near = Double.isInfinite(below) ? text(above)
                : Double.isInfinite(above) ? text(below) : text(below) + ", " + text(above);
        return "0 rows: no cell at " + name + " = " + text(wanted) + " (nearest " + near + "): " + name + " = nearest("
                + name + ", " + text(wanted)
                + ")";
    }

    private String outside(Axis axis, double[] values) {
        double least = Double.POSITIVE_INFINITY;
        double greatest = Double.NEGATIVE_INFINITY;
        for (double value : values) {
            least = Double.isNaN(value) ? least : Math.min(least, value);
            greatest = Double.isNaN(value) ? greatest : Math.max(greatest, value);
        }
        String name = axis.name();
        String wanted = Double.isInfinite(lower) ? (upperIsOut ? "below " : "up to ") + text(upper)
                : Double.isInfinite(upper) ? lowerIsOut ? "above " + text(lower) : "from " + text(lower) + " on"
                        : "in " + text(lower) + ".." + text(upper);
        String hint = "";
        if (lower > upper) {
            hint = " Nothing is both above " + text(lower) + " and below " + text(upper) + ".";
        } else if (axis.coordinate().attributes().getOrDefault("units", "").startsWith("degrees_east")
                || name.startsWith("lon")) {
            for (double turn : new double[]{TURN, -TURN}) {
                if (lower + turn <= greatest && upper + turn >= least && !Double.isInfinite(lower)
                        && !Double.isInfinite(upper)) {
                    hint = " Did you mean " + text(lower + turn) + ".." + text(upper + turn) + "?";
                }
            }
        }
        return "0 rows: no cell has " + name + " " + wanted + "; " + name + " runs from " + text(least) + " to "
                + text(greatest) + "." + hint;
    }

    private static String text(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15 ? String.format(Locale.ROOT, "%d", (long) value)
                : Double.toString(value);
    }
}
