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

    /**
     * One {@code name (columns) AS [NOT] MATERIALIZED (query)} of a WITH list; no columns named is an empty list.
     *
     * @param key what {@code USING KEY (...)} names, of which a recursive table keeps one row each; empty without it
     */
    public record CommonTable(Position position, Identifier name, List<Identifier> columns, List<SqlExpression> key,
            Materialization materialization, QueryExpression query, Optional<Search> search,
            Optional<Cycle> cycle) implements SqlNode {
    }

    /** {@code SEARCH DEPTH|BREADTH FIRST BY columns SET order} of a recursive table. */
    public record Search(Position position, boolean depthFirst, List<Identifier> columns,
            Identifier order) implements SqlNode {
    }

    /** {@code CYCLE columns SET mark [TO value DEFAULT value] USING path} of a recursive table. */
    public record Cycle(Position position, List<Identifier> columns, Identifier mark, Optional<SqlExpression> marked,
            Optional<SqlExpression> unmarked, Identifier path) implements SqlNode {
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
