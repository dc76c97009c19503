package dev.graticule.sql;

import dev.graticule.sql.GraticuleParser.CallTailContext;
import dev.graticule.sql.GraticuleParser.ExpressionContext;
import dev.graticule.sql.GraticuleParser.FrameBoundContext;
import dev.graticule.sql.GraticuleParser.FrameContext;
import dev.graticule.sql.GraticuleParser.QueryContext;
import dev.graticule.sql.GraticuleParser.ValueExpressionContext;
import dev.graticule.sql.GraticuleParser.WindowDefinitionContext;
import dev.graticule.sql.SqlExpression.Argument;
import dev.graticule.sql.WindowSpecification.FrameBound;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.tree.ParseTree;
import org.antlr.v4.runtime.tree.TerminalNode;

/** Makes expressions of the parse tree. One builder serves one statement: it counts the {@code ?} parameters. */
final class ExpressionBuilder extends GraticuleParserBaseVisitor<SqlExpression> {

    /** How deep a tree may be, so that whoever walks it by recursion needs no care. */
    static final int MAXIMUM_DEPTH = 1_000;

    private final SourceText source;
    private final NameBuilder names;
    private final QueryBuilder queries;
    private int questions;
    private int depth;

    ExpressionBuilder(SourceText source, NameBuilder names, QueryBuilder queries) {
        this.source = source;
        this.names = names;
        this.queries = queries;
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
            throw new SyntaxException("The statement is nested too deeply: at most " + MAXIMUM_DEPTH + " levels.",
                    source.position(context), "Split long chains with parentheses, or into several queries.",
                    List.of());
        }
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

    // ---- predicates

    @Override
    public SqlExpression visitValue(GraticuleParser.ValueContext context) {
        return context.valueExpression().accept(this);
    }

    @Override
    public SqlExpression visitIn(GraticuleParser.InContext context) {
        SqlExpression operand = expression(context.expression(0));
        boolean negated = context.NOT() != null;
        if (context.query() != null) {
            return new SqlExpression.InSubquery(position(context), operand, query(context.query()), negated);
        }
        if (context.collection() != null) {
            return new SqlExpression.InCollection(position(context), operand, expression(context.collection()),
                    negated);
        }
        return new SqlExpression.InList(position(context), operand,
                expressions(context.expression().subList(1, context.expression().size())), negated);
    }

    @Override
    public SqlExpression visitCollection(GraticuleParser.CollectionContext context) {
        if (context.identifier() != null) {
            return new SqlExpression.Name(position(context), names.parts(context));
        }
        return context.getChild(0).accept(this);
    }

    @Override
    public SqlExpression visitBetween(GraticuleParser.BetweenContext context) {
        return new SqlExpression.Between(position(context), expression(context.expression()),
                expression(context.valueExpression(0)), expression(context.valueExpression(1)),
                context.SYMMETRIC() != null, context.NOT() != null);
    }

    @Override
    public SqlExpression visitLike(GraticuleParser.LikeContext context) {
        GraticuleParser.LikeOperatorContext operator = context.likeOperator();
        return new SqlExpression.Like(position(context), kind(operator), expression(context.expression()),
                expression(context.valueExpression(0)), optional(context.valueExpression(1)), isNegated(operator));
    }

    private static SqlExpression.LikeOperator kind(GraticuleParser.LikeOperatorContext operator) {
        return switch (operator.getStop().getType()) {
            case GraticuleParser.LIKE, GraticuleParser.LIKE_OPERATOR, GraticuleParser.NOT_LIKE_OPERATOR ->
                SqlExpression.LikeOperator.LIKE;
            case GraticuleParser.ILIKE, GraticuleParser.ILIKE_OPERATOR, GraticuleParser.NOT_ILIKE_OPERATOR ->
                SqlExpression.LikeOperator.ILIKE;
            case GraticuleParser.GLOB -> SqlExpression.LikeOperator.GLOB;
            default -> SqlExpression.LikeOperator.SIMILAR_TO;
        };
    }

    private static boolean isNegated(GraticuleParser.LikeOperatorContext operator) {
        return operator.NOT() != null || operator.NOT_LIKE_OPERATOR() != null || operator.NOT_ILIKE_OPERATOR() != null;
    }

    @Override
    public SqlExpression visitQuantified(GraticuleParser.QuantifiedContext context) {
        BinaryOperator operator = operator(context.comparison().getStart());
        SqlExpression operand = expression(context.expression(0));
        SqlExpression.Quantifier quantifier = context.ALL() == null ? SqlExpression.Quantifier.ANY
                : SqlExpression.Quantifier.ALL;
        if (context.query() != null) {
            return new SqlExpression.QuantifiedSubquery(position(context), operator, operand, quantifier,
                    query(context.query()));
        }
        return new SqlExpression.QuantifiedCollection(position(context), operator, operand, quantifier,
                expression(context.expression(1)));
    }

    @Override
    public SqlExpression visitCompare(GraticuleParser.CompareContext context) {
        return new SqlExpression.Binary(position(context), operator(context.comparison().getStart()),
                expression(context.expression(0)), expression(context.expression(1)));
    }

    @Override
    public SqlExpression visitIsDistinct(GraticuleParser.IsDistinctContext context) {
        return new SqlExpression.IsDistinct(position(context), expression(context.expression(0)),
                expression(context.expression(1)), context.NOT() != null);
    }

    @Override
    public SqlExpression visitIs(GraticuleParser.IsContext context) {
        SqlExpression operand = expression(context.expression());
        boolean negated = context.NOT() != null;
        return switch (context.getStop().getType()) {
            case GraticuleParser.TRUE -> isTruth(context, operand, SqlExpression.Truth.TRUE, negated);
            case GraticuleParser.FALSE -> isTruth(context, operand, SqlExpression.Truth.FALSE, negated);
            case GraticuleParser.UNKNOWN -> isTruth(context, operand, SqlExpression.Truth.UNKNOWN, negated);
            case GraticuleParser.NOTNULL -> new SqlExpression.IsNull(position(context), operand, true);
            default -> new SqlExpression.IsNull(position(context), operand, negated);
        };
    }

    private SqlExpression isTruth(ParserRuleContext context, SqlExpression operand, SqlExpression.Truth truth,
            boolean negated) {
        return new SqlExpression.IsTruth(position(context), operand, truth, negated);
    }

    @Override
    public SqlExpression visitNot(GraticuleParser.NotContext context) {
        return new SqlExpression.Not(position(context), expression(context.expression()));
    }

    @Override
    public SqlExpression visitAnd(GraticuleParser.AndContext context) {
        List<ExpressionContext> chain = new ArrayList<>();
        ExpressionContext left = context;
        while (left instanceof GraticuleParser.AndContext and) {
            chain.add(and.expression(1));
            left = and.expression(0);
        }
        chain.add(left);
        Collections.reverse(chain);
        return new SqlExpression.And(position(context), expressions(chain));
    }

    @Override
    public SqlExpression visitOr(GraticuleParser.OrContext context) {
        List<ExpressionContext> chain = new ArrayList<>();
        ExpressionContext left = context;
        while (left instanceof GraticuleParser.OrContext or) {
            chain.add(or.expression(1));
            left = or.expression(0);
        }
        chain.add(left);
        Collections.reverse(chain);
        return new SqlExpression.Or(position(context), expressions(chain));
    }

    // ---- operators on values

    @Override
    public SqlExpression visitPrimaryValue(GraticuleParser.PrimaryValueContext context) {
        return context.primary().accept(this);
    }

    @Override
    public SqlExpression visitSign(GraticuleParser.SignContext context) {
        return new SqlExpression.Unary(position(context),
                context.MINUS() == null ? SqlExpression.UnaryOperator.PLUS : SqlExpression.UnaryOperator.NEGATE,
                expression(context.valueExpression()));
    }

    @Override
    public SqlExpression visitPrefix(GraticuleParser.PrefixContext context) {
        return new SqlExpression.Unary(position(context),
                context.TILDE() == null ? SqlExpression.UnaryOperator.ABSOLUTE
                        : SqlExpression.UnaryOperator.BITWISE_NOT,
                expression(context.valueExpression()));
    }

    @Override
    public SqlExpression visitCollate(GraticuleParser.CollateContext context) {
        return new SqlExpression.Collate(position(context), expression(context.valueExpression()),
                names.parts(context.qualifiedName()));
    }

    @Override
    public SqlExpression visitAtTimeZone(GraticuleParser.AtTimeZoneContext context) {
        return new SqlExpression.AtTimeZone(position(context), expression(context.valueExpression(0)),
                expression(context.valueExpression(1)));
    }

    @Override
    public SqlExpression visitBinary(GraticuleParser.BinaryContext context) {
        ValueExpressionContext right = context.valueExpression(1);
        return new SqlExpression.Binary(position(context),
                operator(((TerminalNode) context.getChild(1)).getSymbol()),
                expression(context.valueExpression(0)), expression(right));
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
        SqlExpression amount;
        if (context.string() != null) {
            amount = string(context.string());
        } else if (context.expression() != null) {
            amount = expression(context.expression());
        } else if (context.parameter() != null) {
            amount = expression(context.parameter());
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
        return new SqlExpression.Interval(position(context), amount, units.stream().findFirst(),
                units.stream().skip(1).findFirst());
    }

    @Override
    public SqlExpression visitParameterValue(GraticuleParser.ParameterValueContext context) {
        return context.parameter().accept(this);
    }

    @Override
    public SqlExpression visitParameter(GraticuleParser.ParameterContext context) {
        if (context.QUESTION() != null) {
            return new SqlExpression.Parameter(position(context), "", ++questions);
        }
        if (context.identifier() != null) {
            return new SqlExpression.Parameter(position(context), names.identifier(context.identifier()).name(), 0);
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
            return new SqlExpression.Parameter(position(context), "", ordinal);
        }
        return new SqlExpression.Parameter(position(context), name, 0);
    }

    @Override
    public SqlExpression visitPlaceReference(GraticuleParser.PlaceReferenceContext context) {
        return new SqlExpression.PlaceReference(position(context),
                names.number(context.NUMBER().getSymbol(), false));
    }

    @Override
    public SqlExpression visitName(GraticuleParser.NameContext context) {
        return new SqlExpression.Name(position(context), List.of(names.identifier(context.identifier())));
    }

    @Override
    public SqlExpression visitStar(GraticuleParser.StarContext context) {
        List<Identifier> qualifier = new ArrayList<>();
        if (context.identifier() != null) {
            qualifier.add(names.identifier(context.identifier()));
            qualifier.addAll(names.identifiers(context.part()));
        }
        List<SqlExpression.Name> exclude = new ArrayList<>();
        List<SqlExpression.StarReplacement> replace = new ArrayList<>();
        List<SqlExpression.StarRenaming> rename = new ArrayList<>();
        for (GraticuleParser.StarModifierContext modifier : context.starModifier()) {
            modifier.starColumn().forEach(column -> exclude.add(starColumn(column)));
            modifier.starReplacement().forEach(item -> replace.add(new SqlExpression.StarReplacement(position(item),
                    expression(item.expression()), names.identifier(item.identifier()))));
            modifier.starRenaming().forEach(item -> rename.add(new SqlExpression.StarRenaming(position(item),
                    starColumn(item.starColumn()), names.identifier(item.label()))));
        }
        Optional<SqlExpression.StarPattern> pattern = Optional.empty();
        GraticuleParser.LikeOperatorContext operator = context.likeOperator();
        if (operator != null) {
            pattern = Optional.of(new SqlExpression.StarPattern(source.position(operator.getStart(), context.getStop()),
                    kind(operator), expression(context.valueExpression(0)), optional(context.valueExpression(1)),
                    isNegated(operator)));
        }
        return new SqlExpression.Star(position(context), List.copyOf(qualifier), List.copyOf(exclude),
                List.copyOf(replace), List.copyOf(rename), pattern);
    }

    private SqlExpression.Name starColumn(GraticuleParser.StarColumnContext context) {
        return new SqlExpression.Name(position(context), names.parts(context));
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
    public SqlExpression visitCastPostfix(GraticuleParser.CastPostfixContext context) {
        return new SqlExpression.Cast(position(context), expression(context.primary()),
                names.type(context.typeName()), SqlExpression.CastForm.DOUBLE_COLON);
    }

    @Override
    public SqlExpression visitExtract(GraticuleParser.ExtractContext context) {
        Identifier field = context.string() == null ? names.identifier(context.identifier())
                : names.quoted(context.string());
        return new SqlExpression.Extract(position(context), field, expression(context.expression()));
    }

    @Override
    public SqlExpression visitSubstring(GraticuleParser.SubstringContext context) {
        if (context.FROM() == null && context.FOR() == null) {
            return call(context, context.expression());
        }
        SqlExpression value = expression(context.expression(0));
        Optional<SqlExpression> first = optional(context.expression(1));
        Optional<SqlExpression> second = optional(context.expression(2));
        boolean startFirst = context.FROM() != null && (context.FOR() == null || context.FROM().getSymbol()
                .getTokenIndex() < context.FOR().getSymbol().getTokenIndex());
        return new SqlExpression.Substring(position(context), value, startFirst ? first : second,
                startFirst ? second : first);
    }

    @Override
    public SqlExpression visitPositionIn(GraticuleParser.PositionInContext context) {
        if (context.IN() == null) {
            return call(context, context.valueExpression());
        }
        return new SqlExpression.PositionIn(position(context), expression(context.valueExpression(0)),
                expression(context.valueExpression(1)));
    }

    @Override
    public SqlExpression visitTrim(GraticuleParser.TrimContext context) {
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
            throw new SyntaxException("TRIM takes a value and the characters to remove.", position(context), "",
                    List.of());
        }
        Optional<SqlExpression> characters = Optional.empty();
        if (parts.size() == 2) {
            characters = Optional.of(expression(parts.get(valueFirst ? 1 : 0)));
        }
        return new SqlExpression.Trim(position(context), side, characters,
                expression(valueFirst ? parts.getFirst() : parts.getLast()));
    }

    @Override
    public SqlExpression visitOverlay(GraticuleParser.OverlayContext context) {
        if (context.PLACING() == null) {
            return call(context, context.expression());
        }
        return new SqlExpression.Overlay(position(context), expression(context.expression(0)),
                expression(context.expression(1)), expression(context.expression(2)),
                optional(context.expression(3)));
    }

    /** A call, written in the ordinary way, of a function that has a syntax of its own too. */
    private SqlExpression call(ParserRuleContext context, List<? extends ParserRuleContext> arguments) {
        return new SqlExpression.FunctionCall(position(context), List.of(names.identifier(context.getStart())), false,
                arguments.stream().map(argument -> new Argument(position(argument), Optional.empty(),
                        expression(argument))).toList(),
                List.of(), List.of(), Optional.empty(), SqlExpression.NullTreatment.DEFAULT, Optional.empty());
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
    public SqlExpression visitArraySubquery(GraticuleParser.ArraySubqueryContext context) {
        return new SqlExpression.ArraySubquery(position(context), query(context.query()));
    }

    @Override
    public SqlExpression visitScalarSubquery(GraticuleParser.ScalarSubqueryContext context) {
        return new SqlExpression.ScalarSubquery(position(context), query(context.query()));
    }

    @Override
    public SqlExpression visitList(GraticuleParser.ListContext context) {
        return context.listLiteral().accept(this);
    }

    @Override
    public SqlExpression visitListLiteral(GraticuleParser.ListLiteralContext context) {
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
        if (context.COMMA().isEmpty()) {
            return context.expression(0).accept(this);
        }
        return new SqlExpression.Row(position(context), expressions(context.expression()));
    }

    @Override
    public SqlExpression visitSubscript(GraticuleParser.SubscriptContext context) {
        SqlExpression operand = expression(context.primary());
        GraticuleParser.SliceToContext slice = context.sliceTo();
        if (slice == null) {
            if (context.expression() == null) {
                throw new SyntaxException("Expected an expression, found ']'.", source.position(context.getStop()), "",
                        List.of("an expression"));
            }
            return new SqlExpression.Subscript(position(context), operand, expression(context.expression()));
        }
        Optional<SqlExpression> to = Optional.empty();
        Optional<SqlExpression> step = Optional.empty();
        int colons = 0;
        for (ParseTree child : slice.children) {
            if (child instanceof ExpressionContext bound) {
                if (colons == 1) {
                    to = Optional.of(expression(bound));
                } else {
                    step = Optional.of(expression(bound));
                }
            } else {
                colons++;
            }
        }
        return new SqlExpression.Slice(position(context), operand, optional(context.expression()), to, step);
    }

    @Override
    public SqlExpression visitMember(GraticuleParser.MemberContext context) {
        Identifier part = names.identifier(context.part());
        boolean plainName = isPlainName(context.primary());
        SqlExpression operand = plainName ? context.primary().accept(this) : expression(context.primary());
        CallTailContext tail = context.callTail();
        if (plainName && operand instanceof SqlExpression.Name name) {
            List<Identifier> parts = new ArrayList<>(name.parts());
            parts.add(part);
            return tail == null ? new SqlExpression.Name(position(context), List.copyOf(parts))
                    : functionCall(context, List.copyOf(parts), tail);
        }
        if (tail == null) {
            return new SqlExpression.FieldAccess(position(context), operand, part);
        }
        SqlExpression.FunctionCall call = functionCall(context, List.of(part), tail);
        boolean plainCall = !call.distinct() && call.orderBy().isEmpty() && call.withinGroup().isEmpty()
                && call.filter().isEmpty() && call.over().isEmpty();
        if (!plainCall) {
            throw new SyntaxException("A function called on a value with a dot takes only arguments.",
                    position(context), "Write " + part.name() + "(value, ...).", List.of());
        }
        return new SqlExpression.MethodCall(position(context), operand, part, call.arguments());
    }

    /** Whether a member's operand is a dotted name without parentheses, brackets or calls. */
    private static boolean isPlainName(GraticuleParser.PrimaryContext context) {
        GraticuleParser.PrimaryContext inner = context;
        while (inner instanceof GraticuleParser.MemberContext member && member.callTail() == null) {
            inner = member.primary();
        }
        return inner instanceof GraticuleParser.NameContext;
    }

    // ---- calls and windows

    @Override
    public SqlExpression visitFunction(GraticuleParser.FunctionContext context) {
        return context.functionCall().accept(this);
    }

    @Override
    public SqlExpression visitFunctionCall(GraticuleParser.FunctionCallContext context) {
        return functionCall(context, List.of(names.identifier(context.functionName())), context.callTail());
    }

    private SqlExpression.FunctionCall functionCall(ParserRuleContext context, List<Identifier> name,
            CallTailContext tail) {
        List<SortItem> orderBy = List.of();
        List<SortItem> withinGroup = List.of();
        for (ParseTree child : tail.children) {
            if (child instanceof GraticuleParser.SortItemsContext items) {
                boolean within = tail.WITHIN() != null
                        && items.getStart().getTokenIndex() > tail.WITHIN().getSymbol().getTokenIndex();
                if (within) {
                    withinGroup = sortItems(items);
                } else {
                    orderBy = sortItems(items);
                }
            }
        }
        SqlExpression.NullTreatment nulls = SqlExpression.NullTreatment.DEFAULT;
        for (GraticuleParser.NullTreatmentContext treatment : tail.nullTreatment()) {
            nulls = treatment.IGNORE() == null ? SqlExpression.NullTreatment.RESPECT
                    : SqlExpression.NullTreatment.IGNORE;
        }
        Optional<WindowSpecification> over = Optional.empty();
        if (tail.windowDefinition() != null) {
            over = Optional.of(window(tail.windowDefinition()));
        } else if (tail.OVER() != null) {
            Identifier base = names.identifier(tail.identifier());
            over = Optional.of(new WindowSpecification(base.position(), false, Optional.of(base), List.of(), List.of(),
                    Optional.empty()));
        }
        return new SqlExpression.FunctionCall(position(context), name, tail.DISTINCT() != null,
                tail.argument().stream().map(this::argument).toList(), orderBy, withinGroup,
                optional(tail.expression()), nulls, over);
    }

    Argument argument(GraticuleParser.ArgumentContext context) {
        if (context.star() != null) {
            return new Argument(position(context), Optional.empty(), visitStar(context.star()));
        }
        if (context.lambda() != null) {
            GraticuleParser.LambdaContext lambda = context.lambda();
            return new Argument(position(context), Optional.empty(), new SqlExpression.Lambda(position(lambda),
                    names.identifiers(lambda.identifier()), expression(lambda.expression())));
        }
        return new Argument(position(context),
                context.label() == null ? Optional.empty() : Optional.of(names.identifier(context.label())),
                expression(context.expression()));
    }

    List<SortItem> sortItems(GraticuleParser.SortItemsContext context) {
        return context.sortItem().stream().map(item -> new SortItem(position(item), expression(item.expression()),
                direction(item.sortDirection()), nullOrder(item.nullOrder()))).toList();
    }

    static SortItem.Direction direction(GraticuleParser.SortDirectionContext context) {
        if (context == null) {
            return SortItem.Direction.DEFAULT;
        }
        return context.ASC() == null ? SortItem.Direction.DESCENDING : SortItem.Direction.ASCENDING;
    }

    static SortItem.NullOrder nullOrder(GraticuleParser.NullOrderContext context) {
        if (context == null) {
            return SortItem.NullOrder.DEFAULT;
        }
        return context.FIRST() == null ? SortItem.NullOrder.LAST : SortItem.NullOrder.FIRST;
    }

    WindowSpecification window(WindowDefinitionContext context) {
        return new WindowSpecification(position(context), true,
                context.identifier() == null ? Optional.empty() : Optional.of(names.identifier(context.identifier())),
                expressions(context.expression()),
                context.sortItems() == null ? List.of() : sortItems(context.sortItems()),
                context.frame() == null ? Optional.empty() : Optional.of(frame(context.frame())));
    }

    private WindowSpecification.Frame frame(FrameContext context) {
        WindowSpecification.FrameUnit unit = switch (context.getStart().getType()) {
            case GraticuleParser.ROWS -> WindowSpecification.FrameUnit.ROWS;
            case GraticuleParser.RANGE -> WindowSpecification.FrameUnit.RANGE;
            default -> WindowSpecification.FrameUnit.GROUPS;
        };
        FrameBound start = frameBound(context.frameBound(0));
        FrameBound end = context.BETWEEN() == null ? new FrameBound.CurrentRow(start.position())
                : frameBound(context.frameBound(1));
        WindowSpecification.FrameExclusion exclusion = WindowSpecification.FrameExclusion.NO_OTHERS;
        if (context.frameExclusion() != null) {
            exclusion = switch (context.frameExclusion().getStop().getType()) {
                case GraticuleParser.ROW -> WindowSpecification.FrameExclusion.CURRENT_ROW;
                case GraticuleParser.GROUP -> WindowSpecification.FrameExclusion.GROUP;
                case GraticuleParser.TIES -> WindowSpecification.FrameExclusion.TIES;
                default -> WindowSpecification.FrameExclusion.NO_OTHERS;
            };
        }
        return new WindowSpecification.Frame(position(context), unit, start, end, exclusion);
    }

    private FrameBound frameBound(FrameBoundContext context) {
        Position position = position(context);
        if (context.CURRENT() != null) {
            return new FrameBound.CurrentRow(position);
        }
        boolean preceding = context.PRECEDING() != null;
        if (context.UNBOUNDED() != null) {
            return preceding ? new FrameBound.UnboundedPreceding(position)
                    : new FrameBound.UnboundedFollowing(position);
        }
        SqlExpression offset = expression(context.valueExpression());
        return preceding ? new FrameBound.Preceding(position, offset) : new FrameBound.Following(position, offset);
    }
}
