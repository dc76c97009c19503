package dev.graticule.spi;

import dev.graticule.batch.ValueOrder;
import dev.graticule.type.SqlType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A predicate on one column that a row source may understand. Values are Java objects of the column's type, as
 * {@code Values.object} gives them, and never NULL.
 *
 * <p>Values are ordered as SQL orders them: NaN equals itself and is greater than every number (so {@code x > 5} holds for NaN,
 * which the statistics of most file formats leave out), -0.0 equals 0.0, strings go by their UTF-8 bytes, unsigned numbers (kept as
 * the signed number of the same bits) by their value. {@link #holds} is the definition.
 */
public sealed interface SimplePredicate {
    /** The number of the column in {@link RowTable#columns()}. */
    int column();

    /** Whether it holds for a value of the column, of this type; {@code null} is NULL. */
    boolean holds(Object value, SqlType type);

    /** {@code lower <= value <= upper}, each end open where so said; {@code null} is no bound, and there is one at least. */
    record Range(int column, Object lower, boolean lowerOpen, Object upper, boolean upperOpen)
            implements SimplePredicate {
        @Override
        public boolean holds(Object value, SqlType type) {
            if (value == null) {
                return false;
            }
            int fromLower = lower == null ? 1 : ValueOrder.compare(value, lower, type);
            int toUpper = upper == null ? 1 : ValueOrder.compare(upper, value, type);
            return (lowerOpen ? fromLower > 0 : fromLower >= 0) && (upperOpen ? toUpper > 0 : toUpper >= 0);
        }
    }

    /** The value is one of these, of which there is at least one; {@code =} has exactly one. */
    record OneOf(int column, List<Object> values) implements SimplePredicate {
        public OneOf {
            values = Collections.unmodifiableList(new ArrayList<>(values));
        }

        @Override
        public boolean holds(Object value, SqlType type) {
            return value != null && values.stream().anyMatch(each -> ValueOrder.compare(each, value, type) == 0);
        }
    }

    /** The value is NULL, or is not. */
    record NullCheck(int column, boolean isNull) implements SimplePredicate {
        @Override
        public boolean holds(Object value, SqlType type) {
            return (value == null) == isNull;
        }
    }
}
