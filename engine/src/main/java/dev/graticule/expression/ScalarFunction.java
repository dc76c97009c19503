package dev.graticule.expression;

import dev.graticule.kernel.ArithmeticOperation;
import dev.graticule.kernel.UnaryLoop;
import dev.graticule.type.SqlType;

/**
 * A scalar function of fixed argument and result types: the running side of a {@code Call}. Stateless and thread-safe; two
 * that are {@code equals} compute the same.
 */
public sealed interface ScalarFunction {
    /** The SQL name, or the operator's sign. */
    String name();

    /** Whether it may raise an error for some arguments: only then a narrower selection matters. */
    boolean canFail();

    /** Arithmetic of two numbers of one type, whose result has that type too; a vector loop where the machine has one. */
    record Arithmetic(ArithmeticOperation operation, SqlType type) implements ScalarFunction {
        @Override
        public String name() {
            return operation.sql();
        }

        @Override
        public boolean canFail() {
            return !type.isFloating() && switch (operation) {
                case ADD, SUBTRACT, MULTIPLY, DIVIDE, DIVIDE_WHOLE, MODULO -> true;
                case BIT_AND, BIT_OR, BIT_XOR, SHIFT_LEFT, SHIFT_RIGHT -> false;
            };
        }
    }

    /** A function of one number whose result has its type; a vector loop where the machine has one. */
    record Unary(UnaryLoop.Function function, SqlType type) implements ScalarFunction {
        @Override
        public String name() {
            return switch (function) {
                case NEGATE -> "-";
                case ABSOLUTE -> "abs";
                case SQUARE_ROOT -> "sqrt";
                case BIT_NOT -> "~";
                case FLOOR -> "floor";
                case CEILING -> "ceil";
                case TRUNCATE -> "trunc";
                case ROUND -> "round";
            };
        }

        @Override
        public boolean canFail() {
            return !type.isFloating() && function != UnaryLoop.Function.BIT_NOT;
        }
    }

    /** A function that is called row by row. */
    non-sealed interface OfRows extends ScalarFunction {
        /** Whether it wants to see NULL arguments; otherwise a NULL argument makes a NULL. */
        boolean seesNulls();

        RowBody body();
    }
}
