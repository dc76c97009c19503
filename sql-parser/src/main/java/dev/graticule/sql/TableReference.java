package dev.graticule.sql;

import java.util.List;

/** Something in a FROM clause. */
public sealed interface TableReference extends SqlNode {

    /** A table by its name of one to three parts; a path in double quotes comes as one quoted part. */
    record Named(Position position, List<Identifier> name) implements TableReference {
    }

    /** A path in single quotes: {@code FROM 'era5.zarr'}. */
    record Path(Position position, String path) implements TableReference {
    }

    /** A query in parentheses, VALUES lists among them. */
    record Subquery(Position position, boolean lateral, QueryExpression query) implements TableReference {
    }

    /** {@code read_zarr('x', variables => ['t2m'])}; arguments may be named with {@code =>}, {@code :=} or {@code =}. */
    record Function(Position position, boolean lateral, List<Identifier> name,
            List<SqlExpression.Argument> arguments, boolean withOrdinality) implements TableReference {
    }

    /** Two references joined; comma lists are not joins but lists. */
    record Join(Position position, TableReference left, TableReference right, JoinType type,
            JoinCondition condition) implements TableReference {
    }

    /** {@code table AS name (columns)}: renames what it holds; no columns named is an empty list. */
    record Aliased(Position position, TableReference table, Identifier alias,
            List<Identifier> columns) implements TableReference {
    }

    /** {@code table TABLESAMPLE ...}. */
    record Sampled(Position position, TableReference table, Sample sample) implements TableReference {
    }

    /** The kinds of join. LEFT SEMI and LEFT ANTI are SEMI and ANTI; NATURAL is a condition. */
    enum JoinType {
        INNER,
        LEFT,
        RIGHT,
        FULL,
        CROSS,
        SEMI,
        ANTI,
        RIGHT_SEMI,
        RIGHT_ANTI,
        POSITIONAL,
        ASOF,
        ASOF_LEFT,
        ASOF_RIGHT,
        ASOF_FULL,
        ASOF_SEMI,
        ASOF_ANTI
    }

    /** What decides which rows of a join meet. */
    sealed interface JoinCondition extends SqlNode {

        /** Nothing: CROSS and POSITIONAL joins; elsewhere an error of the binder. */
        record None(Position position) implements JoinCondition {
        }

        /** NATURAL: the columns that both sides have. */
        record Natural(Position position) implements JoinCondition {
        }

        /** {@code ON predicate}. */
        record On(Position position, SqlExpression predicate) implements JoinCondition {
        }

        /** {@code USING (a, b)}. */
        record Using(Position position, List<Identifier> columns) implements JoinCondition {
        }
    }
}
