package dev.graticule.sql;

import java.util.List;
import org.antlr.v4.runtime.Token;

/** Makes intervals and parameters of the parse tree; counts the {@code ?} of one statement. */
final class LiteralBuilder {

    private final SourceText source;
    private final NameBuilder names;
    private final ExpressionBuilder expressions;
    private int questions;

    LiteralBuilder(SourceText source, NameBuilder names, ExpressionBuilder expressions) {
        this.source = source;
        this.names = names;
        this.expressions = expressions;
    }

    SqlExpression.Interval interval(GraticuleParser.IntervalContext context) {
        SqlExpression amount;
        if (context.string() != null) {
            amount = expressions.string(context.string());
        } else if (context.expression() != null) {
            amount = expressions.expression(context.expression());
        } else if (context.parameter() != null) {
            amount = expressions.expression(context.parameter());
        } else {
            Token number = context.NUMBER().getSymbol();
            amount = new SqlExpression.NumberLiteral(source.position(number), number.getText());
            if (context.MINUS() != null) {
                amount = new SqlExpression.Unary(source.position(context.MINUS().getSymbol(), number),
                        SqlExpression.UnaryOperator.NEGATE, amount);
            }
        }
        List<IntervalUnit> units = context.INTERVAL_UNIT().stream().map(unit -> IntervalUnit.of(unit.getText()))
                .toList();
        return new SqlExpression.Interval(source.position(context), amount, units.stream().findFirst(),
                units.stream().skip(1).findFirst());
    }

    SqlExpression.Parameter parameter(GraticuleParser.ParameterContext context) {
        if (context.QUESTION() != null) {
            return new SqlExpression.Parameter(source.position(context), "", ++questions);
        }
        if (context.identifier() != null) {
            return new SqlExpression.Parameter(source.position(context), names.identifier(context.identifier()).name(),
                    0);
        }
        String name = context.getText().substring(1);
        if (Character.isDigit(name.charAt(0))) {
            Token token = context.PARAMETER().getSymbol();
            int ordinal;
            try {
                ordinal = Integer.parseInt(name.replace("_", ""));
            } catch (NumberFormatException _) {
                ordinal = 0;
            }
            if (ordinal == 0) {
                throw new SyntaxException("Parameters are numbered from $1.", source.position(token), "", List.of());
            }
            return new SqlExpression.Parameter(source.position(context), "", ordinal);
        }
        return new SqlExpression.Parameter(source.position(context), name, 0);
    }
}
