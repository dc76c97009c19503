package dev.graticule.sql;

import java.util.List;
import java.util.Optional;

/**
 * A whole query: WITH, a body, ORDER BY and LIMIT.
 *
 * @param recursive whether WITH RECURSIVE was written
 * @param with the common tables in order, empty without WITH
 */
public record QueryExpression(Position position, boolean recursive, List<CommonTable> with, QueryBody body,
        Optional<OrderBy> orderBy, Optional<Limit> limit) implements SqlNode {

    /** One {@code name (columns) AS [NOT] MATERIALIZED (query)} of a WITH list; no columns named is an empty list. */
    public record CommonTable(Position position, Identifier name, List<Identifier> columns,
            Materialization materialization, QueryExpression query) implements SqlNode {
    }

    /** Whether MATERIALIZED, NOT MATERIALIZED or neither was written. */
    public enum Materialization {
        DEFAULT, MATERIALIZED, NOT_MATERIALIZED
    }

    /**
     * LIMIT, OFFSET and FETCH together.
     *
     * @param count the row count or the percentage; empty with OFFSET alone or LIMIT ALL
     * @param percent whether count is a percentage of the rows
     * @param withTies whether rows equal to the last one stay too
     */
    public record Limit(Position position, Optional<SqlExpression> count, boolean percent, boolean withTies,
            Optional<SqlExpression> offset) implements SqlNode {
    }
}
