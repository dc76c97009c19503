package dev.graticule.sql;

import java.util.List;

/** One element of a GROUP BY list. */
public sealed interface GroupingElement extends SqlNode {

    /** An expression, an ordinal, or {@code (a, b)} as a {@link SqlExpression.Row}. */
    record Expression(Position position, SqlExpression expression) implements GroupingElement {
    }

    /** {@code ()}: the grand total. */
    record Empty(Position position) implements GroupingElement {
    }

    /** {@code ROLLUP (a, (b, c))}. */
    record Rollup(Position position, List<GroupingElement> elements) implements GroupingElement {
    }

    /** {@code CUBE (a, (b, c))}. */
    record Cube(Position position, List<GroupingElement> elements) implements GroupingElement {
    }

    /** {@code GROUPING SETS ((a, b), a, ())}; may hold ROLLUP, CUBE and further GROUPING SETS. */
    record GroupingSets(Position position, List<GroupingElement> elements) implements GroupingElement {
    }
}
