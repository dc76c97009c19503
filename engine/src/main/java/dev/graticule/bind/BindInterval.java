package dev.graticule.bind;

import dev.graticule.GraticuleException;
import dev.graticule.expression.Expression;
import dev.graticule.expression.Expression.Literal;
import dev.graticule.expression.ExpressionTree;
import dev.graticule.expression.Expressions;
import dev.graticule.function.Operators;
import dev.graticule.sql.SqlExpression;
import dev.graticule.type.SqlType;

/**
 * Binds {@code INTERVAL amount [unit]}: a constant where the amount is one, else the amount times the interval of one unit.
 */
final class BindInterval {
    private final BindExpression expressions;

    BindInterval(BindExpression expressions) {
        this.expressions = expressions;
    }

    Expression bind(SqlExpression.Interval interval) {
        return switch (interval.amount()) {
            case SqlExpression.StringLiteral text ->
                new Literal(IntervalLiteral.parse(text.value(), interval.unit(), text.position()),
                        SqlType.INTERVAL);
            case SqlExpression.NumberLiteral number -> new Literal(
                    IntervalLiteral.parse(number.text().replace("_", ""), interval.unit(),
                            number.position()),
                    SqlType.INTERVAL);
            default -> computed(interval);
        };
    }

    private Expression computed(SqlExpression.Interval interval) {
        Expression amount = expressions.operand(interval.amount());
        boolean text = amount.type() == SqlType.VARCHAR;
        if (!text && interval.unit().isEmpty()) {
            throw GraticuleException.binding(interval.position(), "This interval needs a unit: INTERVAL (...) DAY.");
        }
        if (ExpressionTree.isConstant(amount) && !amount.type().isUnsigned()) {
            Object value = Expressions.value(amount);
            if (text || value instanceof Number) {
                return new Literal(
                        IntervalLiteral.parse(String.valueOf(value), interval.unit(), interval.position()),
                        SqlType.INTERVAL);
            }
        }
        return Operators.binary("*", amount, new Literal(IntervalLiteral.of(interval.unit().get()), SqlType.INTERVAL),
                interval.position());
    }
}
