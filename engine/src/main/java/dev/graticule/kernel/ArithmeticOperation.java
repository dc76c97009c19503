package dev.graticule.kernel;

/** What a {@link BinaryLoop} does with two numbers of one type. */
public enum ArithmeticOperation {
    ADD("+"),
    SUBTRACT("-"),
    MULTIPLY("*"),
    /** IEEE division of floating numbers; truncating division of whole ones, where 0 is an error. */
    DIVIDE("/"),
    /** Truncating division, of floating numbers too. */
    DIVIDE_WHOLE("//"),
    /** The remainder with the sign of the dividend. */
    MODULO("%"),
    BIT_AND("&"),
    BIT_OR("|"),
    BIT_XOR("xor"),
    SHIFT_LEFT("<<"),
    SHIFT_RIGHT(">>");

    private final String sql;

    ArithmeticOperation(String sql) {
        this.sql = sql;
    }

    /** How it is written in SQL. */
    public String sql() {
        return sql;
    }
}
