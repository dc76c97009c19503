package dev.graticule.expression;

import dev.graticule.spi.GridVariable;
import dev.graticule.sql.Position;
import dev.graticule.type.SqlType;
import java.util.List;

/**
 * A bound expression: names are resolved to columns, types are known and casts are explicit. Immutable.
 *
 * <p>Arguments have exactly the types that their operator wants; {@link Position} says where an error at run time is shown
 * and does not count for equality of plans.
 */
public sealed interface Expression {
    /** The type of its values. */
    SqlType type();

    /** A constant; {@code value} is a Java object as {@code Values.object} gives it, {@code null} for NULL. */
    record Literal(Object value, SqlType type) implements Expression {
        public static final Literal TRUE = new Literal(true, SqlType.BOOLEAN);
        public static final Literal FALSE = new Literal(false, SqlType.BOOLEAN);
    }

    /** Column {@code index} of the input. */
    record ColumnReference(int index, String name, SqlType type) implements Expression {
    }

    /** A scalar function or arithmetic operator. */
    record Call(ScalarFunction function, List<Expression> arguments, SqlType type, Position position)
            implements Expression {
        public Call {
            arguments = List.copyOf(arguments);
        }
    }

    /** CAST, or TRY_CAST where {@code lenient}: then what cannot be converted is NULL. */
    record Cast(Expression operand, SqlType type, boolean lenient, Position position) implements Expression {
    }

    /** A comparison of two operands of one type. NaN is a value, equal to itself and greater than every number, unless it is a NULL. */
    record Comparison(Operator operator, Expression left, Expression right) implements Expression {
        /** The comparison operators. */
        public enum Operator {
            EQUAL("="),
            NOT_EQUAL("<>"),
            LESS("<"),
            LESS_OR_EQUAL("<="),
            GREATER(">"),
            GREATER_OR_EQUAL(">="),
            /** IS DISTINCT FROM: never NULL. */
            DISTINCT("IS DISTINCT FROM"),
            /** IS NOT DISTINCT FROM: never NULL. */
            NOT_DISTINCT("IS NOT DISTINCT FROM");

            private final String sql;

            Operator(String sql) {
                this.sql = sql;
            }

            /** The operator as SQL writes it. */
            public String sql() {
                return sql;
            }
        }

        @Override
        public SqlType type() {
            return SqlType.BOOLEAN;
        }
    }

    /** All operands, evaluated from the left; what is false already is not asked further. */
    record And(List<Expression> operands) implements Expression {
        public And {
            operands = List.copyOf(operands);
        }

        @Override
        public SqlType type() {
            return SqlType.BOOLEAN;
        }
    }

    /** True where an operand is; evaluated from the left, what is true already is not asked further. */
    record Or(List<Expression> operands) implements Expression {
        public Or {
            operands = List.copyOf(operands);
        }

        @Override
        public SqlType type() {
            return SqlType.BOOLEAN;
        }
    }

    /** True where the operand is false. */
    record Not(Expression operand) implements Expression {
        @Override
        public SqlType type() {
            return SqlType.BOOLEAN;
        }
    }

    /** Whether the operand is NULL; never NULL itself. */
    record IsNull(Expression operand) implements Expression {
        @Override
        public SqlType type() {
            return SqlType.BOOLEAN;
        }
    }

    /** operand IN (constants), all of the operand's type; a NULL among them makes a miss NULL. */
    record In(Expression operand, List<Literal> options) implements Expression {
        public In {
            options = List.copyOf(options);
        }

        @Override
        public SqlType type() {
            return SqlType.BOOLEAN;
        }
    }

    /** The searched CASE (a simple one is bound as comparisons); results and {@code otherwise} have one type. */
    record Case(List<When> branches, Expression otherwise, SqlType type) implements Expression {
        /** A condition, and the result where it is the first that is true. */
        public record When(Expression condition, Expression result) {
        }

        public Case {
            branches = List.copyOf(branches);
        }
    }

    /** The first operand that is not NULL; all of one type. */
    record Coalesce(List<Expression> operands, SqlType type) implements Expression {
        public Coalesce {
            operands = List.copyOf(operands);
        }
    }

    /** The value of a grid variable from its stored form: sentinels, NaN as NULL, scale and offset. */
    record Unpack(Expression stored, GridVariable.Unpacking unpacking, SqlType type) implements Expression {
    }

    /**
     * The same floating values with another meaning of NaN from here on ({@link NaNMeaning}): a NULL where {@code asNaN}, else a value.
     * What is NULL stays NULL.
     */
    record KeepNulls(Expression operand, boolean asNaN) implements Expression {
        @Override
        public SqlType type() {
            return operand.type();
        }
    }
}
