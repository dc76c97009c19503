package dev.graticule.sql;

import dev.graticule.sql.GraticuleParser.ExpressionContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.antlr.v4.runtime.tree.ParseTree;

/** Makes expressions of what follows a value: members, subscripts, casts. */
final class PostfixBuilder {

    private final SourceText source;
    private final NameBuilder names;
    private final ExpressionBuilder expressions;

    PostfixBuilder(SourceText source, NameBuilder names, ExpressionBuilder expressions) {
        this.source = source;
        this.names = names;
        this.expressions = expressions;
    }

    SqlExpression primary(GraticuleParser.PrimaryContext context) {
        SqlExpression operand = context.atom().accept(expressions);
        boolean plainName = context.atom() instanceof GraticuleParser.NameContext;
        for (GraticuleParser.PostfixContext postfix : context.postfix()) {
            Position position = source.position(context.getStart(), postfix.getStop());
            switch (postfix) {
                case GraticuleParser.MemberContext member -> {
                    if (plainName && operand instanceof SqlExpression.Name name) {
                        operand = qualified(name, member, position);
                    } else {
                        operand = member(operand, member, position);
                        plainName = false;
                    }
                }
                case GraticuleParser.SubscriptContext subscript -> {
                    operand = subscript(operand, subscript, position);
                    plainName = false;
                }
                case GraticuleParser.MemberStarContext _ -> {
                    operand = new SqlExpression.FieldStar(position, operand);
                    plainName = false;
                }
                case GraticuleParser.FactorialContext factorial -> {
                    operand = SqlExpression.FunctionCall.plain(position,
                            new Identifier(source.position(factorial), "factorial", false), operand);
                    plainName = false;
                }
                case GraticuleParser.CastPostfixContext cast -> {
                    operand = new SqlExpression.Cast(position, operand, names.type(cast.typeName()),
                            SqlExpression.CastForm.DOUBLE_COLON);
                    plainName = false;
                }
                default -> throw new IllegalStateException("nothing that follows a value: " + postfix.getText());
            }
        }
        return operand;
    }

    private SqlExpression qualified(SqlExpression.Name name, GraticuleParser.MemberContext member, Position position) {
        List<Identifier> parts = new ArrayList<>(name.parts());
        parts.add(names.identifier(member.part()));
        return member.callTail() == null ? new SqlExpression.Name(position, List.copyOf(parts))
                : expressions.calls().functionCall(position, List.copyOf(parts), member.callTail());
    }

    private SqlExpression member(SqlExpression operand, GraticuleParser.MemberContext context, Position position) {
        Identifier part = names.identifier(context.part());
        if (context.callTail() == null) {
            return new SqlExpression.FieldAccess(position, operand, part);
        }
        SqlExpression.FunctionCall call = expressions.calls().functionCall(position, List.of(part), context.callTail());
        boolean plainCall = !call.distinct() && call.orderBy().isEmpty() && call.withinGroup().isEmpty()
                && call.filter().isEmpty() && call.over().isEmpty();
        if (!plainCall) {
            throw new SyntaxException("A function called on a value with a dot takes only arguments.", position,
                    "Write " + part.name() + "(value, ...).", List.of());
        }
        return new SqlExpression.MethodCall(position, operand, part, call.arguments());
    }

    private SqlExpression subscript(SqlExpression operand, GraticuleParser.SubscriptContext context,
            Position position) {
        GraticuleParser.SliceToContext slice = context.sliceTo();
        if (slice == null) {
            return new SqlExpression.Subscript(position, operand, expressions.expression(context.expression()));
        }
        Optional<SqlExpression> from = expressions.optional(context.expression());
        Optional<SqlExpression> to = Optional.empty();
        Optional<SqlExpression> step = Optional.empty();
        int colons = 0;
        for (ParseTree child : slice.children) {
            if (child instanceof ExpressionContext bound) {
                if (colons == 1) {
                    to = Optional.of(expressions.expression(bound));
                } else {
                    step = Optional.of(expressions.expression(bound));
                }
            } else if (child.getText().equals(":")) {
                colons++;
            }
        }
        return new SqlExpression.Slice(position, operand, from, to, step);
    }
}
