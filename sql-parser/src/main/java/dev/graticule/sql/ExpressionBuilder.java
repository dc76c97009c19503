package dev.graticule.sql;

import dev.graticule.sql.GraticuleParser.ExpressionContext;
import dev.graticule.sql.GraticuleParser.QueryContext;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.tree.TerminalNode;

/** Makes expressions of the parse tree. One builder serves one statement. */
final class ExpressionBuilder extends GraticuleParserBaseVisitor<SqlExpression> {

    /** How deep a tree may be, so that whoever walks it by recursion needs no care. */
    static final int MAXIMUM_DEPTH = 1_000;

    private final SourceText source;
    private final NameBuilder names;
    private final QueryBuilder queries;
    private final CallBuilder calls;
    private final LiteralBuilder literals;
    private final TextCallBuilder texts;
    private final PostfixBuilder postfixes;
    private int depth;

    ExpressionBuilder(SourceText source, NameBuilder names, QueryBuilder queries) {
        this.source = source;
        this.names = names;
        this.queries = queries;
        this.literals = new LiteralBuilder(source, names, this);
        this.calls = new CallBuilder(source, names, this);
        this.texts = new TextCallBuilder(source, names, this);
        this.postfixes = new PostfixBuilder(source, names, this);
    }

    CallBuilder calls() {
        return calls;
    }

    SqlExpression expression(ParserRuleContext context) {
        enter(context);
        SqlExpression expression = context.accept(this);
        leave();
        return expression;
    }

    List<SqlExpression> expressions(List<? extends ParserRuleContext> contexts) {
        return contexts.stream().map(this::expression).toList();
    }

    Optional<SqlExpression> optional(ParserRuleContext context) {
        return context == null ? Optional.empty() : Optional.of(expression(context));
    }

    /** Counts one more level of the tree, of queries too. */
    void enter(ParserRuleContext context) {
        if (++depth > MAXIMUM_DEPTH) {
            throw tooDeep(context);
        }
    }

    private SyntaxException tooDeep(ParserRuleContext context) {
        return new SyntaxException("The statement is nested too deeply: at most " + MAXIMUM_DEPTH + " levels.",
                source.position(context), "Split long chains with parentheses, or into several queries.", List.of());
    }

    void leave() {
        depth--;
    }

    private Position position(ParserRuleContext context) {
        return source.position(context);
    }

    private QueryExpression query(QueryContext context) {
        return queries.query(context);
    }

    /** Refuses a chain of operators whose tree would be too deep. */
    void refuseChain(ParserRuleContext context, int operators) {
        if (depth + operators > MAXIMUM_DEPTH) {
            throw tooDeep(context);
        }
    }

    // ---- predicates: a rule with a single operand passes it on

    @Override
    public SqlExpression visitExpression(ExpressionContext context) {
        if (context.getChildCount() == 1) {
            return context.conjunction(0).accept(this);
        }
        return new SqlExpression.Or(position(context), expressions(context.conjunction()));
    }

    @Override
    public SqlExpression visitConjunction(GraticuleParser.ConjunctionContext context) {
        if (context.getChildCount() == 1) {
            return context.negation(0).accept(this);
        }
        return new SqlExpression.And(position(context), expressions(context.negation()));
    }

    @Override
    public SqlExpression visitNegation(GraticuleParser.NegationContext context) {
        if (context.NOT() == null) {
            return context.truth().accept(this);
        }
        return new SqlExpression.Not(position(context), expression(context.negation()));
    }

    @Override
    public SqlExpression visitTruth(GraticuleParser.TruthContext context) {
        SqlExpression operand = context.comparison().accept(this);
        for (GraticuleParser.TruthTailContext tail : context.truthTail()) {
            operand = truth(operand, tail, operand.position().through(position(tail)));
        }
        refuseChain(context, context.truthTail().size());
        return operand;
    }

    private SqlExpression truth(SqlExpression operand, GraticuleParser.TruthTailContext tail, Position position) {
        boolean negated = tail.NOT() != null;
        if (tail.DISTINCT() != null) {
            return new SqlExpression.IsDistinct(position, operand, expression(tail.comparison()), negated);
        }
        return switch (tail.getStop().getType()) {
            case GraticuleParser.TRUE ->
                new SqlExpression.IsTruth(position, operand, SqlExpression.Truth.TRUE, negated);
            case GraticuleParser.FALSE ->
                new SqlExpression.IsTruth(position, operand, SqlExpression.Truth.FALSE, negated);
            case GraticuleParser.UNKNOWN ->
                new SqlExpression.IsTruth(position, operand, SqlExpression.Truth.UNKNOWN, negated);
            case GraticuleParser.NOTNULL -> new SqlExpression.IsNull(position, operand, true);
            default -> new SqlExpression.IsNull(position, operand, negated);
        };
    }

    @Override
    public SqlExpression visitComparison(GraticuleParser.ComparisonContext context) {
        SqlExpression left = context.predicate().accept(this);
        for (GraticuleParser.ComparisonTailContext tail : context.comparisonTail()) {
            left = comparison(left, tail, left.position().through(position(tail)));
        }
        refuseChain(context, context.comparisonTail().size());
        return left;
    }

    private SqlExpression comparison(SqlExpression left, GraticuleParser.ComparisonTailContext tail,
            Position position) {
        BinaryOperator operator = operator(tail.comparisonOperator().getStart());
        if (tail.predicate() != null) {
            SqlExpression right = expression(tail.predicate());
            if (tail.NOT() != null) {
                right = new SqlExpression.Not(source.position(tail.NOT().getSymbol(), tail.getStop()), right);
            }
            return new SqlExpression.Binary(position, operator, left, right);
        }
        GraticuleParser.QuantifiedContext quantified = tail.quantified();
        if (quantified.query() != null) {
            return new SqlExpression.QuantifiedSubquery(position, operator, left, quantifier(quantified),
                    query(quantified.query()));
        }
        return new SqlExpression.QuantifiedCollection(position, operator, left, quantifier(quantified),
                collection(quantified));
    }

    private static SqlExpression.Quantifier quantifier(GraticuleParser.QuantifiedContext context) {
        return context.ALL() == null ? SqlExpression.Quantifier.ANY : SqlExpression.Quantifier.ALL;
    }

    /** What ANY or ALL is about: an expression, a row of several, or the values of a query. */
    private SqlExpression collection(GraticuleParser.QuantifiedContext context) {
        Position position = source.position(context.getChild(1) instanceof TerminalNode open ? open.getSymbol()
                : context.getStart(), context.getStop());
        if (context.query() != null) {
            return new SqlExpression.ArraySubquery(position, query(context.query()));
        }
        return context.expression().size() == 1 && context.TRAILING_COMMA() == null ? expression(context.expression(0))
                : new SqlExpression.Row(position, expressions(context.expression()));
    }

    @Override
    public SqlExpression visitPredicate(GraticuleParser.PredicateContext context) {
        SqlExpression operand = context.valueExpression().accept(this);
        for (GraticuleParser.PredicateTailContext tail : context.predicateTail()) {
            operand = predicate(operand, tail, operand.position().through(position(tail)));
        }
        refuseChain(context, context.predicateTail().size());
        return operand;
    }

    private SqlExpression predicate(SqlExpression operand, GraticuleParser.PredicateTailContext tail,
            Position position) {
        boolean negated = tail.NOT() != null;
        if (tail.inTail() != null) {
            return in(operand, tail.inTail(), position, negated);
        }
        if (tail.betweenTail() != null) {
            GraticuleParser.BetweenTailContext between = tail.betweenTail();
            return new SqlExpression.Between(position, operand, expression(between.valueExpression(0)),
                    expression(between.valueExpression(1)), between.SYMMETRIC() != null, negated);
        }
        if (tail.likeTail() != null) {
            GraticuleParser.LikeTailContext like = tail.likeTail();
            if (like.quantified() != null) {
                return new SqlExpression.QuantifiedLike(position, likeOperator(like), operand,
                        quantifier(like.quantified()), collection(like.quantified()), negated);
            }
            return new SqlExpression.Like(position, likeOperator(like), operand, expression(like.valueExpression(0)),
                    optional(like.valueExpression(1)), negated);
        }
        if (tail.NULL() != null) {
            if (!negated) {
                throw new SyntaxException("Expected an operator, found 'NULL'.",
                        source.position(tail.NULL().getSymbol()), "Write IS NULL.", List.of("an operator"));
            }
            return new SqlExpression.IsNull(position, operand, true);
        }
        String symbol = tail.getStart().getText();
        return new SqlExpression.Like(position,
                symbol.endsWith("*") ? SqlExpression.LikeOperator.ILIKE : SqlExpression.LikeOperator.LIKE, operand,
                expression(tail.valueExpression()), Optional.empty(), symbol.startsWith("!"));
    }

    private SqlExpression in(SqlExpression operand, GraticuleParser.InTailContext tail, Position position,
            boolean negated) {
        if (tail.query() != null) {
            return new SqlExpression.InSubquery(position, operand, query(tail.query()), negated);
        }
        if (tail.collection() != null) {
            return new SqlExpression.InCollection(position, operand, expression(tail.collection()), negated);
        }
        return new SqlExpression.InList(position, operand, expressions(tail.expression()), negated);
    }

    @Override
    public SqlExpression visitCollection(GraticuleParser.CollectionContext context) {
        if (context.functionName() == null) {
            return context.getChild(0).accept(this);
        }
        List<Identifier> name = queries.name(context.functionName(), context.part());
        return context.callTail() == null ? new SqlExpression.Name(position(context), name)
                : calls.functionCall(position(context), name, context.callTail());
    }

    static SqlExpression.LikeOperator likeOperator(GraticuleParser.LikeTailContext context) {
        return switch (context.getStart().getType()) {
            case GraticuleParser.LIKE -> SqlExpression.LikeOperator.LIKE;
            case GraticuleParser.ILIKE -> SqlExpression.LikeOperator.ILIKE;
            case GraticuleParser.GLOB -> SqlExpression.LikeOperator.GLOB;
            default -> SqlExpression.LikeOperator.SIMILAR_TO;
        };
    }

    // ---- operators on values

    @Override
    public SqlExpression visitValueExpression(GraticuleParser.ValueExpressionContext context) {
        return chain(context);
    }

    @Override
    public SqlExpression visitSum(GraticuleParser.SumContext context) {
        return chain(context);
    }

    @Override
    public SqlExpression visitProduct(GraticuleParser.ProductContext context) {
        return chain(context);
    }

    @Override
    public SqlExpression visitPower(GraticuleParser.PowerContext context) {
        return chain(context);
    }

    /** Operands with operators between them, which associate to the left. */
    private SqlExpression chain(ParserRuleContext context) {
        SqlExpression left = context.getChild(0).accept(this);
        for (int i = 1; i < context.getChildCount(); i += 2) {
            Token operator = context.getChild(i) instanceof TerminalNode node ? node.getSymbol()
                    : ((ParserRuleContext) context.getChild(i)).getStart();
            SqlExpression right = expression((ParserRuleContext) context.getChild(i + 1));
            left = new SqlExpression.Binary(left.position().through(right.position()), operator(operator), left,
                    right);
        }
        refuseChain(context, context.getChildCount() / 2);
        return left;
    }

    @Override
    public SqlExpression visitLoose(GraticuleParser.LooseContext context) {
        if (context.sum() != null) {
            return context.sum().accept(this);
        }
        return new SqlExpression.Unary(position(context),
                context.TILDE() == null ? SqlExpression.UnaryOperator.ABSOLUTE
                        : SqlExpression.UnaryOperator.BITWISE_NOT,
                expression(context.loose()));
    }

    @Override
    public SqlExpression visitSigned(GraticuleParser.SignedContext context) {
        if (context.primary() != null) {
            return context.primary().accept(this);
        }
        SqlExpression.UnaryOperator operator = switch (context.getStart().getType()) {
            case GraticuleParser.MINUS -> SqlExpression.UnaryOperator.NEGATE;
            case GraticuleParser.PLUS -> SqlExpression.UnaryOperator.PLUS;
            case GraticuleParser.TILDE -> SqlExpression.UnaryOperator.BITWISE_NOT;
            default -> SqlExpression.UnaryOperator.ABSOLUTE;
        };
        return new SqlExpression.Unary(position(context), operator, expression(context.signed()));
    }

    @Override
    public SqlExpression visitZoned(GraticuleParser.ZonedContext context) {
        SqlExpression operand = context.collated(0).accept(this);
        for (GraticuleParser.CollatedContext zone : context.collated().subList(1, context.collated().size())) {
            operand = new SqlExpression.AtTimeZone(operand.position().through(position(zone)), operand,
                    expression(zone));
        }
        refuseChain(context, context.collated().size());
        return operand;
    }

    @Override
    public SqlExpression visitCollated(GraticuleParser.CollatedContext context) {
        SqlExpression operand = context.signed().accept(this);
        for (GraticuleParser.QualifiedNameContext name : context.qualifiedName()) {
            operand = new SqlExpression.Collate(operand.position().through(position(name)), operand,
                    names.parts(name));
        }
        refuseChain(context, context.qualifiedName().size());
        return operand;
    }

    private static BinaryOperator operator(Token token) {
        return switch (token.getText()) {
            case "==" -> BinaryOperator.EQUAL;
            case "!=" -> BinaryOperator.NOT_EQUAL;
            case "**" -> BinaryOperator.POWER;
            case String symbol -> BinaryOperator.of(symbol);
        };
    }

    // ---- literals and names

    @Override
    public SqlExpression visitNullLiteral(GraticuleParser.NullLiteralContext context) {
        return new SqlExpression.NullLiteral(position(context));
    }

    @Override
    public SqlExpression visitBooleanLiteral(GraticuleParser.BooleanLiteralContext context) {
        return new SqlExpression.BooleanLiteral(position(context), context.TRUE() != null);
    }

    @Override
    public SqlExpression visitNumberLiteral(GraticuleParser.NumberLiteralContext context) {
        return new SqlExpression.NumberLiteral(position(context), context.getText());
    }

    @Override
    public SqlExpression visitStringLiteral(GraticuleParser.StringLiteralContext context) {
        return string(context.string());
    }

    SqlExpression string(GraticuleParser.StringContext context) {
        return new SqlExpression.StringLiteral(position(context), names.string(context));
    }

    @Override
    public SqlExpression visitBlobLiteral(GraticuleParser.BlobLiteralContext context) {
        String text = context.getText();
        return new SqlExpression.BlobLiteral(position(context), text.substring(2, text.length() - 1));
    }

    @Override
    public SqlExpression visitTypedLiteral(GraticuleParser.TypedLiteralContext context) {
        return new SqlExpression.TypedLiteral(position(context), names.simpleType(context.simpleType()),
                names.string(context.string()));
    }

    @Override
    public SqlExpression visitInterval(GraticuleParser.IntervalContext context) {
        return literals.interval(context);
    }

    @Override
    public SqlExpression visitParameterValue(GraticuleParser.ParameterValueContext context) {
        return context.parameter().accept(this);
    }

    @Override
    public SqlExpression visitParameter(GraticuleParser.ParameterContext context) {
        return literals.parameter(context);
    }

    @Override
    public SqlExpression visitPlaceReference(GraticuleParser.PlaceReferenceContext context) {
        return new SqlExpression.PlaceReference(position(context),
                names.number(context.NUMBER().getSymbol(), false));
    }

    @Override
    public SqlExpression visitName(GraticuleParser.NameContext context) {
        List<Identifier> name = List.of(names.identifier(context.functionName()));
        return context.callTail() == null ? new SqlExpression.Name(position(context), name)
                : calls.functionCall(position(context), name, context.callTail());
    }

    /** {@code *COLUMNS(...)} is {@code unpack(COLUMNS(...))}. */
    @Override
    public SqlExpression visitUnpack(GraticuleParser.UnpackContext context) {
        Position position = position(context);
        List<Identifier> name = List.of(names.identifier(context.functionName()));
        SqlExpression columns = calls.functionCall(
                source.position(context.functionName().getStart(), context.getStop()), name, context.callTail());
        return SqlExpression.FunctionCall.plain(position, new Identifier(position, "unpack", false), columns);
    }

    @Override
    public SqlExpression visitStar(GraticuleParser.StarContext context) {
        return calls.star(context);
    }

    // ---- functions with a syntax of their own

    @Override
    public SqlExpression visitCase(GraticuleParser.CaseContext context) {
        int first = context.ELSE() == null ? 0 : 1;
        List<ExpressionContext> own = context.expression();
        Optional<SqlExpression> operand = own.size() > first ? Optional.of(expression(own.getFirst()))
                : Optional.empty();
        List<SqlExpression.When> whens = context.when().stream().map(when -> new SqlExpression.When(position(when),
                expression(when.expression(0)), expression(when.expression(1)))).toList();
        return new SqlExpression.Case(position(context), operand, whens,
                context.ELSE() == null ? Optional.empty() : Optional.of(expression(own.getLast())));
    }

    @Override
    public SqlExpression visitCast(GraticuleParser.CastContext context) {
        return new SqlExpression.Cast(position(context), expression(context.expression()),
                names.type(context.typeName()),
                context.CAST() == null ? SqlExpression.CastForm.TRY_CAST : SqlExpression.CastForm.CAST);
    }

    @Override
    public SqlExpression visitExtract(GraticuleParser.ExtractContext context) {
        Identifier field = context.string() == null ? names.identifier(context.identifier())
                : names.quoted(context.string());
        return new SqlExpression.Extract(position(context), field, expression(context.expression()));
    }

    @Override
    public SqlExpression visitSubstring(GraticuleParser.SubstringContext context) {
        return texts.substring(context);
    }

    @Override
    public SqlExpression visitPositionIn(GraticuleParser.PositionInContext context) {
        return texts.position(context);
    }

    @Override
    public SqlExpression visitTrim(GraticuleParser.TrimContext context) {
        return texts.trim(context);
    }

    @Override
    public SqlExpression visitOverlay(GraticuleParser.OverlayContext context) {
        return texts.overlay(context);
    }

    @Override
    public SqlExpression visitCurrentValue(GraticuleParser.CurrentValueContext context) {
        return new SqlExpression.CurrentValue(position(context),
                context.getStart().getText().toLowerCase(Locale.ROOT));
    }

    // ---- subqueries, nested values

    @Override
    public SqlExpression visitExists(GraticuleParser.ExistsContext context) {
        return new SqlExpression.Exists(position(context), query(context.query()));
    }

    @Override
    public SqlExpression visitArray(GraticuleParser.ArrayContext context) {
        if (context.query() != null) {
            return new SqlExpression.ArraySubquery(position(context), query(context.query()));
        }
        return new SqlExpression.Array(position(context), expressions(context.expression()));
    }

    @Override
    public SqlExpression visitScalarSubquery(GraticuleParser.ScalarSubqueryContext context) {
        return new SqlExpression.ScalarSubquery(position(context), query(context.query()));
    }

    @Override
    public SqlExpression visitListValue(GraticuleParser.ListValueContext context) {
        return context.list().accept(this);
    }

    @Override
    public SqlExpression visitList(GraticuleParser.ListContext context) {
        if (context.FOR() != null) {
            return new SqlExpression.ListComprehension(position(context), expression(context.expression(0)),
                    names.identifiers(context.label()), expression(context.expression(1)),
                    optional(context.expression(2)));
        }
        return new SqlExpression.Array(position(context), expressions(context.expression()));
    }

    @Override
    public SqlExpression visitStruct(GraticuleParser.StructContext context) {
        return new SqlExpression.Struct(position(context), context.structField().stream()
                .map(field -> new SqlExpression.StructField(position(field),
                        field.string() == null ? names.identifier(field.label()) : names.quoted(field.string()),
                        expression(field.expression())))
                .toList());
    }

    @Override
    public SqlExpression visitMap(GraticuleParser.MapContext context) {
        return new SqlExpression.MapLiteral(position(context),
                context.mapEntry().stream().map(entry -> new SqlExpression.MapEntry(position(entry),
                        expression(entry.expression(0)), expression(entry.expression(1)))).toList());
    }

    @Override
    public SqlExpression visitRowValue(GraticuleParser.RowValueContext context) {
        return new SqlExpression.Row(position(context), expressions(context.expression()));
    }

    @Override
    public SqlExpression visitParenthesised(GraticuleParser.ParenthesisedContext context) {
        if (context.COMMA().isEmpty() && context.TRAILING_COMMA() == null) {
            return context.expression(0).accept(this);
        }
        return new SqlExpression.Row(position(context), expressions(context.expression()));
    }

    @Override
    public SqlExpression visitPrimary(GraticuleParser.PrimaryContext context) {
        SqlExpression primary = postfixes.primary(context);
        refuseChain(context, context.postfix().size());
        return primary;
    }
}
