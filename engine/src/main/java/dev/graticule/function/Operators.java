package dev.graticule.function;

import dev.graticule.GraticuleException;
import dev.graticule.expression.Expression;
import dev.graticule.expression.Expression.Call;
import dev.graticule.expression.Expression.Comparison;
import dev.graticule.expression.Expression.Literal;
import dev.graticule.expression.Expressions;
import dev.graticule.expression.ScalarFunction;
import dev.graticule.kernel.ArithmeticOperation;
import dev.graticule.kernel.UnaryLoop;
import dev.graticule.sql.Position;
import dev.graticule.type.SqlType;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Optional;

/** The operators of the dialect between bound expressions, with the casts that their operands need. */
public final class Operators {
    private Operators() {
    }

    /**
     * A binary operator: arithmetic ({@code + - * / // % ^ & | # << >>}), {@code ||}, a comparison ({@code = <> != < <= > >=},
     * {@code IS DISTINCT FROM}, {@code IS NOT DISTINCT FROM}), or matching ({@code ~ ~* !~ !~*}).
     *
     * @throws GraticuleException of kind BINDING where the operator does not take such operands
     */
    public static Expression binary(String operator, Expression left, Expression right, Position position) {
        return binary(operator, left, right, position, true);
    }

    /**
     * The same, where {@code integerDivision} says whether {@code /} of two integers truncates; else it is a true division in
     * DOUBLE.
     */
    public static Expression binary(String operator, Expression left, Expression right, Position position,
            boolean integerDivision) {
        Expression bound = switch (operator) {
            case "=", "==" -> comparison(Comparison.Operator.EQUAL, left, right, position);
            case "<>", "!=" -> comparison(Comparison.Operator.NOT_EQUAL, left, right, position);
            case "<" -> comparison(Comparison.Operator.LESS, left, right, position);
            case "<=" -> comparison(Comparison.Operator.LESS_OR_EQUAL, left, right, position);
            case ">" -> comparison(Comparison.Operator.GREATER, left, right, position);
            case ">=" -> comparison(Comparison.Operator.GREATER_OR_EQUAL, left, right, position);
            case "IS DISTINCT FROM" -> comparison(Comparison.Operator.DISTINCT, left, right, position);
            case "IS NOT DISTINCT FROM" -> comparison(Comparison.Operator.NOT_DISTINCT, left, right, position);
            case "+" -> arithmetic(ArithmeticOperation.ADD, left, right, position);
            case "-" -> arithmetic(ArithmeticOperation.SUBTRACT, left, right, position);
            case "*" -> arithmetic(ArithmeticOperation.MULTIPLY, left, right, position);
            case "/" -> integerDivision || !left.type().isInteger() || !right.type().isInteger()
                    ? arithmetic(ArithmeticOperation.DIVIDE, left, right, position)
                    : arithmetic(ArithmeticOperation.DIVIDE, Coercion.convert(left, SqlType.DOUBLE, position),
                            Coercion.convert(right, SqlType.DOUBLE, position), position);
            case "//" -> arithmetic(ArithmeticOperation.DIVIDE_WHOLE, left, right, position);
            case "%" -> arithmetic(ArithmeticOperation.MODULO, left, right, position);
            case "&" -> arithmetic(ArithmeticOperation.BIT_AND, left, right, position);
            case "|" -> arithmetic(ArithmeticOperation.BIT_OR, left, right, position);
            case "#" -> arithmetic(ArithmeticOperation.BIT_XOR, left, right, position);
            case "<<" -> arithmetic(ArithmeticOperation.SHIFT_LEFT, left, right, position);
            case ">>" -> arithmetic(ArithmeticOperation.SHIFT_RIGHT, left, right, position);
            case "^", "**" -> Functions.bind("power", List.of(left, right), position);
            case "||" -> Functions.bind("||", List.of(left, right), position);
            case "~" -> Functions.bind("regexp_matches", List.of(left, right), position);
            case "~*" ->
                Functions.bind("regexp_matches", List.of(left, right, new Literal("i", SqlType.VARCHAR)), position);
            case "!~" -> new Expression.Not(Functions.bind("regexp_matches", List.of(left, right), position));
            case "!~*" -> new Expression.Not(Functions.bind("regexp_matches",
                    List.of(left, right, new Literal("i", SqlType.VARCHAR)), position));
            default -> throw GraticuleException.unsupported(position, "the operator " + operator);
        };
        return numbersFolded(bound, left, right);
    }

    /** A number written in the query stays one when arithmetic is done with it and other such numbers. */
    private static Expression numbersFolded(Expression bound, Expression... operands) {
        if (!(bound instanceof Call)) {
            return bound;
        }
        for (Expression operand : operands) {
            if (!(operand instanceof Literal literal) || !literal.type().isNumeric() || literal.value() == null) {
                return bound;
            }
        }
        return Expressions.fold(bound);
    }

    /** A unary operator: {@code - + ~ NOT}. */
    public static Expression unary(String operator, Expression operand, Position position) {
        return switch (operator) {
            case "-" -> negate(operand, position);
            case "+" -> {
                if (!operand.type().isNumeric() && operand.type() != SqlType.INTERVAL
                        && operand.type() != SqlType.NULL) {
                    throw unfit("+", operand, position);
                }
                yield operand;
            }
            case "~" -> {
                if (!operand.type().isInteger()) {
                    throw unfit("~", operand, position);
                }
                yield new Call(new ScalarFunction.Unary(UnaryLoop.Function.BIT_NOT, operand.type()), List.of(operand),
                        operand.type(), position);
            }
            case "NOT", "not", "!" -> new Expression.Not(truth(operand, position));
            default -> throw GraticuleException.unsupported(position, "the operator " + operator);
        };
    }

    private static GraticuleException unfit(String operator, Expression operand, Position position) {
        return GraticuleException.binding(position,
                "The operator " + operator + " does not take " + operand.type() + ".");
    }

    private static Expression negate(Expression operand, Position position) {
        if (operand instanceof Literal literal && literal.type().isNumeric() && literal.value() != null) {
            return switch (literal.value()) {
                case Double value -> new Literal(-value, literal.type());
                case Float value -> new Literal(-value, literal.type());
                case BigDecimal value -> Coercion.number(value.negate().toPlainString());
                default -> Coercion.number(
                        java.math.BigInteger.valueOf(((Number) literal.value()).longValue()).negate().toString());
            };
        }
        SqlType type = operand.type();
        if (type == SqlType.INTERVAL || type instanceof SqlType.Decimal) {
            return type == SqlType.INTERVAL ? TimeArithmetic.negate(operand, position)
                    : DecimalArithmetic.negate(operand, position);
        }
        if (type == SqlType.NULL) {
            return operand;
        }
        if (!type.isNumeric()) {
            throw unfit("-", operand, position);
        }
        return new Call(new ScalarFunction.Unary(UnaryLoop.Function.NEGATE, type), List.of(operand), type, position);
    }

    /** An expression as a condition: BOOLEAN, or NULL. */
    public static Expression truth(Expression expression, Position position) {
        if (expression.type() == SqlType.BOOLEAN) {
            return expression;
        }
        if (Coercion.isAdaptable(expression) && !expression.type().isNumeric()) {
            return Coercion.convert(expression, SqlType.BOOLEAN, position);
        }
        throw GraticuleException.binding(position, "A condition must be BOOLEAN, not " + expression.type() + ".");
    }

    /** A comparison of two expressions, converted to the type in which they meet. */
    public static Expression comparison(Comparison.Operator operator, Expression left, Expression right,
            Position position) {
        boolean strict = operator != Comparison.Operator.DISTINCT && operator != Comparison.Operator.NOT_DISTINCT;
        // The other side need not be computed, so it cannot fail either.
        if (strict && (isNull(left) && isNeedless(right) || isNull(right) && isNeedless(left))) {
            return new Literal(null, SqlType.BOOLEAN);
        }
        if (left.type().isInteger() && !(left instanceof Literal) && fraction(right).isPresent()) {
            return withFraction(operator, left, fraction(right).get(), position);
        }
        if (right.type().isInteger() && !(right instanceof Literal) && fraction(left).isPresent()) {
            return withFraction(turned(operator), right, fraction(left).get(), position);
        }
        List<Expression> operands = Coercion.unify(
                List.of(besides(left, right, position), besides(right, left, position)), position,
                "The operator " + operator.sql());
        SqlType type = operands.getFirst().type();
        if (type instanceof SqlType.Other) {
            throw GraticuleException.unsupported(position, "comparing values of type " + type);
        }
        return new Comparison(operator, operands.get(0), operands.get(1));
    }

    /** The value of a DECIMAL of the query whose whole part is within BIGINT. */
    private static Optional<BigDecimal> fraction(Expression expression) {
        return expression instanceof Literal literal && literal.value() instanceof BigDecimal value
                && value.abs().compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) < 0 ? Optional.of(value)
                        : Optional.empty();
    }

    /**
     * A whole number compared with one that may have a fraction, without leaving the whole numbers: {@code n > 1.5} is
     * {@code n > 1}, {@code n = 1.5} is false.
     */
    private static Expression withFraction(Comparison.Operator operator, Expression whole, BigDecimal value,
            Position position) {
        BigDecimal floor = value.setScale(0, RoundingMode.FLOOR);
        Literal bound = Coercion.number(floor.toPlainString());
        if (floor.compareTo(value) == 0) {
            return comparison(operator, whole, bound, position);
        }
        return switch (operator) {
            case GREATER, GREATER_OR_EQUAL -> comparison(Comparison.Operator.GREATER, whole, bound, position);
            case LESS, LESS_OR_EQUAL -> comparison(Comparison.Operator.LESS_OR_EQUAL, whole, bound, position);
            case EQUAL -> new Comparison(Comparison.Operator.NOT_EQUAL, whole, whole);
            case NOT_EQUAL -> new Comparison(Comparison.Operator.EQUAL, whole, whole);
            // Compared with itself where it can fail: it fails as beside any other number.
            case DISTINCT -> Expressions.canFail(whole)
                    ? new Comparison(Comparison.Operator.NOT_DISTINCT, whole, whole)
                    : Literal.TRUE;
            case NOT_DISTINCT -> Expressions.canFail(whole)
                    ? new Comparison(Comparison.Operator.DISTINCT, whole, whole)
                    : Literal.FALSE;
        };
    }

    /** The operator for exchanged operands. */
    private static Comparison.Operator turned(Comparison.Operator operator) {
        return switch (operator) {
            case LESS -> Comparison.Operator.GREATER;
            case LESS_OR_EQUAL -> Comparison.Operator.GREATER_OR_EQUAL;
            case GREATER -> Comparison.Operator.LESS;
            case GREATER_OR_EQUAL -> Comparison.Operator.LESS_OR_EQUAL;
            case EQUAL, NOT_EQUAL, DISTINCT, NOT_DISTINCT -> operator;
        };
    }

    private static boolean isNull(Expression expression) {
        return expression instanceof Literal literal && literal.value() == null;
    }

    /** Whether something beside a NULL is better not computed: it might fail, or cannot be compared. */
    private static boolean isNeedless(Expression expression) {
        return expression.type() instanceof SqlType.Other || Expressions.canFail(expression);
    }

    /** An operand as it is compared with another: a truth value beside an integer is 1 or 0, a text beside a point of time is one too. */
    private static Expression besides(Expression operand, Expression other, Position position) {
        SqlType type = operand.type();
        boolean timed = other.type() == SqlType.DATE || other.type() == SqlType.TIME
                || other.type() instanceof SqlType.Timestamp;
        if (type == SqlType.BOOLEAN && other.type().isInteger()) {
            return Coercion.convert(operand, SqlType.INTEGER, position);
        }
        return type == SqlType.VARCHAR && timed ? Coercion.convert(operand, other.type(), position) : operand;
    }

    private static Expression arithmetic(ArithmeticOperation operation, Expression left, Expression right,
            Position position) {
        Optional<Expression> timed = TimeArithmetic.bind(operation, left, right, position);
        if (timed.isPresent()) {
            return timed.get();
        }
        SqlType type = arithmeticType(left, right)
                .orElseThrow(() -> Coercion.hasNested(List.of(left, right))
                        ? GraticuleException.unsupported(position,
                                "the operator " + operation.sql() + " over values of type "
                                        + Coercion.types(List.of(left, right)))
                        : GraticuleException.binding(position,
                                "The operator " + operation.sql() + " does not take " + left.type() + " and "
                                        + right.type() + "."));
        boolean bits = switch (operation) {
            case BIT_AND, BIT_OR, BIT_XOR, SHIFT_LEFT, SHIFT_RIGHT -> true;
            case ADD, SUBTRACT, MULTIPLY, DIVIDE, DIVIDE_WHOLE, MODULO -> false;
        };
        if (bits && !type.isInteger()) {
            throw GraticuleException.binding(position, "The operator " + operation.sql() + " takes integers, not "
                    + left.type() + " and " + right.type() + ".");
        }
        if (type instanceof SqlType.Decimal) {
            return DecimalArithmetic.bind(operation, left, right, position);
        }
        List<Expression> operands = List.of(Coercion.convert(left, type, position),
                Coercion.convert(right, type, position));
        return new Call(new ScalarFunction.Arithmetic(operation, type), operands, type, position);
    }

    /** The type in which two operands of arithmetic meet: unlike in a comparison, an INTEGER literal widens a SMALLINT. */
    private static Optional<SqlType> arithmeticType(Expression left, Expression right) {
        SqlType a = left.type();
        SqlType b = right.type();
        if (Coercion.isAdaptable(left) == Coercion.isAdaptable(right) && a != SqlType.VARCHAR && b != SqlType.VARCHAR) {
            return numeric(
                    a == SqlType.NULL && b == SqlType.NULL ? Optional.of(SqlType.INTEGER) : Coercion.commonType(a, b));
        }
        Expression literal = Coercion.isAdaptable(left) ? left : right;
        SqlType typed = Coercion.isAdaptable(left) ? b : a;
        if (literal.type() == SqlType.NULL || literal.type() == SqlType.VARCHAR || typed.isFloating()
                || typed == SqlType.UBIGINT) {
            return numeric(Coercion.meetingType(List.of(left, right)));
        }
        return numeric(Coercion.commonType(a, b));
    }

    private static Optional<SqlType> numeric(Optional<SqlType> type) {
        return type.filter(SqlType::isNumeric);
    }
}
