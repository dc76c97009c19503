package dev.graticule.sql;

/** One item of an ORDER BY list: an expression and its order. */
public record SortItem(Position position, SqlExpression expression, Direction direction,
        NullOrder nullOrder) implements SqlNode {

    /** ASC, DESC or nothing written. */
    public enum Direction {
        DEFAULT, ASCENDING, DESCENDING
    }

    /** NULLS FIRST, NULLS LAST or nothing written. */
    public enum NullOrder {
        DEFAULT, FIRST, LAST
    }
}
