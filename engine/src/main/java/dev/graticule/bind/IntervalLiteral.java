package dev.graticule.bind;

import dev.graticule.GraticuleException;
import dev.graticule.batch.Interval;
import dev.graticule.expression.IntervalText;
import dev.graticule.sql.IntervalUnit;
import dev.graticule.sql.Position;
import java.math.BigDecimal;
import java.util.Optional;

/** Intervals as they are written in a query: texts as {@link IntervalText} reads them, and numbers with a unit. */
final class IntervalLiteral {
    private IntervalLiteral() {
    }

    /** The interval of one unit. */
    static Interval of(IntervalUnit unit) {
        return amount(BigDecimal.ONE, unit);
    }

    /** The interval that a text means; {@code unit} is what a number without one counts. */
    static Interval parse(String text, Optional<IntervalUnit> unit, Position position) {
        String trimmed = text.strip();
        try {
            if (unit.isPresent() && trimmed.matches("[+-]?(\\d+(\\.\\d*)?|\\.\\d+)")) {
                return amount(new BigDecimal(trimmed), unit.get());
            }
            return IntervalText.parse(trimmed);
        } catch (NumberFormatException problem) {
            throw GraticuleException.binding(position, problem.getMessage() != null ? problem.getMessage()
                    : "'" + text + "' is not an interval. Write INTERVAL '1 day 2 hours' or INTERVAL 90 MINUTE.");
        } catch (ArithmeticException problem) {
            throw GraticuleException.binding(position, "The interval '" + text + "' is too large.");
        }
    }

    /** The interval of so many units; fractions go down to the next smaller part, with 30 days a month. */
    static Interval amount(BigDecimal count, IntervalUnit unit) {
        return IntervalText.amount(count, unit.name());
    }
}
