package dev.graticule.bind;

import dev.graticule.GraticuleException;
import dev.graticule.batch.Interval;
import dev.graticule.expression.IntervalText;
import dev.graticule.sql.IntervalUnit;
import dev.graticule.sql.Position;
import java.util.Optional;

/** Intervals as they are written in a query: texts as {@link IntervalText} reads them, and numbers with a unit. */
final class IntervalLiteral {
    private static final String NUMBER = "[+-]?(\\d+(\\.\\d*)?|\\.\\d+)([eE][+-]?\\d+)?";

    private IntervalLiteral() {
    }

    /** The interval of one unit. */
    static Interval of(IntervalUnit unit) {
        return IntervalText.parse("1 " + unit.name());
    }

    /** The interval that a text means; {@code unit} is what a number without one counts. */
    static Interval parse(String text, Optional<IntervalUnit> unit, Position position) {
        String trimmed = text.strip();
        try {
            return IntervalText.parse(unit.isPresent() && trimmed.matches(NUMBER)
                    ? trimmed + " " + unit.get().name() : trimmed);
        } catch (NumberFormatException problem) {
            throw GraticuleException.binding(position, problem.getMessage() != null ? problem.getMessage()
                    : "'" + text + "' is not an interval. Write INTERVAL '1 day 2 hours' or INTERVAL 90 MINUTE.");
        } catch (ArithmeticException problem) {
            throw GraticuleException.binding(position, "The interval '" + text + "' is too large.");
        }
    }
}
