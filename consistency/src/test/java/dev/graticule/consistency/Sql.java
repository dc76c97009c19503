package dev.graticule.consistency;

import dev.graticule.type.SqlType;

/**
 * An expression in the engine's spelling and in DuckDB's, and what a comparison must know of its values.
 *
 * @param engine the engine's spelling, where an expression whose NaN is NULL over a grid stands in marks: {@link #overGrid} takes them
 *            away, {@link #overRows} puts a NULLIF there, because a table of rows keeps NaN that arithmetic makes
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
        return nan == Nan.NULLS
                ? new Sql(BEGIN + engine + (type == SqlType.REAL ? END_OF_REAL : END_OF_DOUBLE),
                        "nan_is_null(" + duck + ")", type, nan, inexact, infinite, fuzzy)
                : new Sql(engine, duck, type, nan, inexact, infinite, fuzzy);
    }

    private static final String BEGIN = "\u27e6";
    private static final String END_OF_REAL = "\u27e7r";
    private static final String END_OF_DOUBLE = "\u27e7d";

    /** A text of the engine as it is written for a grid: NaN is NULL by the rule of expressions. */
    static String overGrid(String engine) {
        return engine.replace(BEGIN, "").replace(END_OF_REAL, "").replace(END_OF_DOUBLE, "");
    }

    /** A text of the engine as it is written for a table of rows with the same meaning: there NaN becomes NULL where it says so. */
    static String overRows(String engine) {
        return engine.replace(BEGIN, "NULLIF(").replace(END_OF_REAL, ", CAST('NaN' AS REAL))").replace(END_OF_DOUBLE,
                ", CAST('NaN' AS DOUBLE))");
    }

    /** The aggregate over the rows where a condition is true. */
    Sql filtered(Sql condition) {
        String filter = " FILTER (WHERE " + condition.duck + ")";
        String engineFilter = " FILTER (WHERE " + condition.engine + ")";
        boolean wrapped = duck.startsWith("nan_is_null(");
        int end = engine.length() - (wrapped ? END_OF_DOUBLE.length() : 0);
        return new Sql(engine.substring(0, end) + engineFilter + engine.substring(end),
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
