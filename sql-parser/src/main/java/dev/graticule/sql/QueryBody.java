package dev.graticule.sql;

import java.util.List;
import java.util.Optional;

/** What makes the rows of a query, before its ORDER BY and LIMIT. */
public sealed interface QueryBody extends SqlNode {

    /**
     * {@code SELECT ... FROM ...}. {@code FROM t} without SELECT has the single item {@code *}.
     *
     * @param distinct whether DISTINCT was written, with or without ON
     * @param distinctOn the expressions of DISTINCT ON, else empty
     * @param from the comma-separated table references, empty without FROM
     * @param sample USING SAMPLE after the last clause
     */
    record Select(Position position, boolean distinct, List<SqlExpression> distinctOn, List<SelectItem> items,
            List<TableReference> from, Optional<SqlExpression> where, Optional<GroupBy> groupBy,
            Optional<SqlExpression> having, List<NamedWindow> windows, Optional<SqlExpression> qualify,
            Optional<Sample> sample) implements QueryBody {
    }

    /** {@code left UNION|INTERSECT|EXCEPT right}; INTERSECT binds tighter, the others associate to the left. */
    record SetOperation(Position position, SetOperator operator, boolean all, boolean byName, QueryBody left,
            QueryBody right) implements QueryBody {
    }

    /** {@code VALUES (1, 'a'), (2, 'b')}; rows may have different lengths here, the binder objects. */
    record Values(Position position, List<List<SqlExpression>> rows) implements QueryBody {
    }

    /** {@code TABLE t}. */
    record TableRows(Position position, List<Identifier> name) implements QueryBody {
    }

    /** A statement that looks at tables, as a query: {@code FROM (DESCRIBE t)}. */
    record Look(Position position, Statement.Look statement) implements QueryBody {
    }

    /** A query in parentheses that stands as a body. */
    record Nested(Position position, QueryExpression query) implements QueryBody {
    }

    /**
     * One item of a select list; {@code *} and {@code t.*} are items whose expression is a {@link SqlExpression.Star}.
     *
     * @param text the expression's own source text with white space and comments made single blanks: the name of a
     *            column that has no other name
     */
    record SelectItem(Position position, SqlExpression expression, Optional<Identifier> alias,
            String text) implements SqlNode {
    }

    /** {@code name AS (window)} of a WINDOW clause. */
    record NamedWindow(Position position, Identifier name, WindowSpecification window) implements SqlNode {
    }

    /** The set operators. */
    enum SetOperator {
        UNION, INTERSECT, EXCEPT
    }
}
