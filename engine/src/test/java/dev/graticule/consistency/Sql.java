package dev.graticule.consistency;

import dev.graticule.type.SqlType;

/**
 * An expression in the engine's spelling and in DuckDB's, and what a comparison must know of its values.
 *
 * @param nan what a NaN in it is
 * @param inexact whether a sum of its values depends on the order of adding
 * @param infinite whether a value may be infinite, so that arithmetic may make a NaN of it, or too large to be added with others in DOUBLE
 * @param fuzzy whether its values may differ in the last digits
 */
record Sql(String engine, String duck, SqlType type, Nan nan, boolean inexact, boolean infinite, boolean fuzzy) {

    /** What a NaN is. */
    enum Nan {
        /** There is none: whole numbers, text, literals. */
        NONE,
        /** A missing cell of the grid. */
        NULLS,
        /** A value. */
        VALUES;

        /** What it is in a choice between two. */
        Nan or(Nan other) {
            return this == VALUES || other == VALUES ? VALUES : this == NULLS ? this : other;
        }

        /** What it is in what is computed of two. */
        Nan with(Nan other) {
            return this == NULLS || other == NULLS ? NULLS : VALUES;
        }
    }

    /** Something of that type computed from operands with these NaNs: NaN that a grid's missing cells had a part in is NULL. */
    static Sql computed(String engine, String duck, SqlType type, Nan nan, boolean inexact, boolean infinite,
            boolean fuzzy) {
        if (!type.isFloating()) {
            return new Sql(engine, duck, type, Nan.NONE, inexact, infinite, fuzzy);
        }
        return new Sql(engine, nan == Nan.NULLS ? "nan_is_null(" + duck + ")" : duck, type, nan, inexact, infinite,
                fuzzy);
    }

    /** The aggregate over the rows where a condition is true. */
    Sql filtered(Sql condition) {
        String filter = " FILTER (WHERE " + condition.duck + ")";
        boolean wrapped = duck.startsWith("nan_is_null(");
        return new Sql(engine + " FILTER (WHERE " + condition.engine + ")",
                wrapped ? duck.substring(0, duck.length() - 1) + filter + ")" : duck + filter, type, nan, inexact,
                infinite, fuzzy);
    }

    static Sql plain(String text, SqlType type) {
        return new Sql(text, text, type, Nan.NONE, false, false, false);
    }

    static Sql plain(String engine, String duck, SqlType type) {
        return new Sql(engine, duck, type, Nan.NONE, false, false, false);
    }

    /** DuckDB's name of a type. */
    static String duckType(SqlType type) {
        return type == SqlType.REAL ? "FLOAT" : type instanceof SqlType.Decimal ? "HUGEINT" : type.toString();
    }

    /** DuckDB's spelling, converted to a type. */
    String duckAs(SqlType target) {
        return "CAST(" + duck + " AS " + duckType(target) + ")";
    }

    /** The column of an outer query that this expression is. */
    Sql named(String name) {
        return new Sql(name, name, type, nan, inexact, infinite, fuzzy);
    }
}
