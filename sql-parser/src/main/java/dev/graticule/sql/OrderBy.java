package dev.graticule.sql;

import java.util.List;

/** An ORDER BY clause. */
public sealed interface OrderBy extends SqlNode {

    /** {@code ORDER BY a, b DESC}. */
    record Items(Position position, List<SortItem> items) implements OrderBy {
    }

    /** {@code ORDER BY ALL}: every output column from left to right, all in one order. */
    record All(Position position, SortItem.Direction direction, SortItem.NullOrder nullOrder) implements OrderBy {
    }
}
