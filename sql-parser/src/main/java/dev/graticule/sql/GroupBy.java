package dev.graticule.sql;

import java.util.List;

/** A GROUP BY clause. */
public sealed interface GroupBy extends SqlNode {

    /** {@code GROUP BY a, ROLLUP (b, c)}; with {@code distinct} each set of groups counts once. */
    record Items(Position position, boolean distinct, List<GroupingElement> elements) implements GroupBy {
    }

    /** {@code GROUP BY ALL}: every select item that holds no aggregate. */
    record All(Position position) implements GroupBy {
    }
}
