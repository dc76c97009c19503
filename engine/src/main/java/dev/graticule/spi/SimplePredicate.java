package dev.graticule.spi;

import java.util.List;

/** A predicate on one column that a row source may understand. Values are Java objects as {@code Values.object} gives them. */
public sealed interface SimplePredicate {
    /** The number of the column in {@link RowTable#columns()}. */
    int column();

    /** {@code lower <= value <= upper}, each end open where so said; {@code null} is no bound. NULL never holds. */
    record Range(int column, Object lower, boolean lowerOpen, Object upper, boolean upperOpen)
            implements SimplePredicate {
    }

    /** The value is one of these. */
    record OneOf(int column, List<Object> values) implements SimplePredicate {
    }

    /** The value is NULL, or is not. */
    record NullCheck(int column, boolean isNull) implements SimplePredicate {
    }
}
