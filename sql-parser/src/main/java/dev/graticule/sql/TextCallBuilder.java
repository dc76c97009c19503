package dev.graticule.sql;

import dev.graticule.sql.GraticuleParser.ExpressionContext;
import dev.graticule.sql.SqlExpression.Argument;
import java.util.List;
import java.util.Optional;
import org.antlr.v4.runtime.ParserRuleContext;

/** Makes calls of the functions of text whose arguments may stand between words: {@code substring(x FROM 2 FOR 3)}. */
final class TextCallBuilder {

    private final SourceText source;
    private final NameBuilder names;
    private final ExpressionBuilder expressions;

    TextCallBuilder(SourceText source, NameBuilder names, ExpressionBuilder expressions) {
        this.source = source;
        this.names = names;
        this.expressions = expressions;
    }

    SqlExpression substring(GraticuleParser.SubstringContext context) {
        if (context.FROM() == null && context.FOR() == null) {
            return call(context, context.expression());
        }
        SqlExpression value = expressions.expression(context.expression(0));
        Optional<SqlExpression> first = expressions.optional(context.expression(1));
        Optional<SqlExpression> second = expressions.optional(context.expression(2));
        boolean startFirst = context.FROM() != null && (context.FOR() == null || context.FROM().getSymbol()
                .getTokenIndex() < context.FOR().getSymbol().getTokenIndex());
        return new SqlExpression.Substring(source.position(context), value, startFirst ? first : second,
                startFirst ? second : first);
    }

    SqlExpression position(GraticuleParser.PositionInContext context) {
        if (context.IN() == null) {
            return call(context, context.valueExpression());
        }
        return new SqlExpression.PositionIn(source.position(context),
                expressions.expression(context.valueExpression(0)),
                expressions.expression(context.valueExpression(1)));
    }

    SqlExpression trim(GraticuleParser.TrimContext context) {
        boolean plain = context.FROM() == null && context.LEADING() == null && context.TRAILING() == null
                && context.BOTH() == null;
        if (plain) {
            return call(context, context.expression());
        }
        SqlExpression.TrimSide side = SqlExpression.TrimSide.BOTH;
        if (context.LEADING() != null) {
            side = SqlExpression.TrimSide.LEADING;
        } else if (context.TRAILING() != null) {
            side = SqlExpression.TrimSide.TRAILING;
        }
        List<ExpressionContext> parts = context.expression();
        boolean valueFirst = context.FROM() == null;
        if (parts.size() > 2 || parts.size() == 2 && !context.COMMA().isEmpty() && context.FROM() != null) {
            throw new SyntaxException("TRIM takes a value and the characters to remove.", source.position(context), "",
                    List.of());
        }
        Optional<SqlExpression> characters = Optional.empty();
        if (parts.size() == 2) {
            characters = Optional.of(expressions.expression(parts.get(valueFirst ? 1 : 0)));
        }
        return new SqlExpression.Trim(source.position(context), side, characters,
                expressions.expression(valueFirst ? parts.getFirst() : parts.getLast()));
    }

    SqlExpression overlay(GraticuleParser.OverlayContext context) {
        if (context.PLACING() == null) {
            return call(context, context.expression());
        }
        return new SqlExpression.Overlay(source.position(context), expressions.expression(context.expression(0)),
                expressions.expression(context.expression(1)), expressions.expression(context.expression(2)),
                expressions.optional(context.expression(3)));
    }

    /** A call, written in the ordinary way, of a function that has a syntax of its own too. */
    private SqlExpression call(ParserRuleContext context, List<? extends ParserRuleContext> arguments) {
        return new SqlExpression.FunctionCall(source.position(context), List.of(names.identifier(context.getStart())),
                false,
                arguments.stream().map(argument -> new Argument(source.position(argument), Optional.empty(),
                        expressions.expression(argument))).toList(),
                List.of(), List.of(), Optional.empty(), SqlExpression.NullTreatment.DEFAULT, Optional.empty());
    }
}
