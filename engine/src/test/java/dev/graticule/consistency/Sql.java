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
        VALUES,
        /** It depends on the form that the engine keeps the column's NULLs in: no arithmetic may make a NaN of it. */
        EITHER
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
        return new Sql(name, name, type, nan == Nan.NULLS ? Nan.EITHER : nan, inexact, infinite, fuzzy);
    }
}
