package dev.graticule.sql;

import dev.graticule.sql.GraticuleParser.CallTailContext;
import dev.graticule.sql.GraticuleParser.FrameBoundContext;
import dev.graticule.sql.GraticuleParser.FrameContext;
import dev.graticule.sql.GraticuleParser.WindowDefinitionContext;
import dev.graticule.sql.SqlExpression.Argument;
import dev.graticule.sql.WindowSpecification.FrameBound;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.tree.ParseTree;

/** Makes calls of functions, with their arguments, stars, orders and windows, of the parse tree. */
final class CallBuilder {

    private final SourceText source;
    private final NameBuilder names;
    private final ExpressionBuilder expressions;

    CallBuilder(SourceText source, NameBuilder names, ExpressionBuilder expressions) {
        this.source = source;
        this.names = names;
        this.expressions = expressions;
    }

    SqlExpression.FunctionCall functionCall(Position position, List<Identifier> name, CallTailContext tail) {
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
        return new SqlExpression.FunctionCall(position, name, tail.DISTINCT() != null,
                tail.argument().stream().map(this::argument).toList(), orderBy, withinGroup,
                expressions.optional(tail.expression()), nulls, over);
    }

    Argument argument(GraticuleParser.ArgumentContext context) {
        if (context.star() != null) {
            return new Argument(source.position(context), Optional.empty(), star(context.star()));
        }
        if (context.lambda() != null) {
            GraticuleParser.LambdaContext lambda = context.lambda();
            return new Argument(source.position(context), Optional.empty(),
                    new SqlExpression.Lambda(source.position(lambda),
                            names.identifiers(lambda.identifier()), expressions.expression(lambda.expression())));
        }
        return new Argument(source.position(context),
                context.label() == null ? Optional.empty() : Optional.of(names.identifier(context.label())),
                expressions.expression(context.expression()));
    }

    List<SortItem> sortItems(GraticuleParser.SortItemsContext context) {
        return context.sortItem().stream()
                .map(item -> new SortItem(source.position(item), expressions.expression(item.expression()),
                        item.USING() == null ? direction(item.sortDirection()) : direction(item.comparisonOperator()),
                        nullOrder(item.nullOrder())))
                .toList();
    }

    private SortItem.Direction direction(GraticuleParser.ComparisonOperatorContext context) {
        return switch (context.getStart().getType()) {
            case GraticuleParser.LESS -> SortItem.Direction.ASCENDING;
            case GraticuleParser.GREATER -> SortItem.Direction.DESCENDING;
            default -> throw new SyntaxException("ORDER BY ... USING takes < or >.", source.position(context), "",
                    List.of("'<'", "'>'"));
        };
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
        return new WindowSpecification(source.position(context), true,
                context.identifier() == null ? Optional.empty() : Optional.of(names.identifier(context.identifier())),
                expressions.expressions(context.expression()),
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
        return new WindowSpecification.Frame(source.position(context), unit, start, end, exclusion);
    }

    private FrameBound frameBound(FrameBoundContext context) {
        Position position = source.position(context);
        if (context.CURRENT() != null) {
            return new FrameBound.CurrentRow(position);
        }
        boolean preceding = context.PRECEDING() != null;
        if (context.UNBOUNDED() != null) {
            return preceding ? new FrameBound.UnboundedPreceding(position)
                    : new FrameBound.UnboundedFollowing(position);
        }
        SqlExpression offset = expressions.expression(context.valueExpression());
        return preceding ? new FrameBound.Preceding(position, offset) : new FrameBound.Following(position, offset);
    }

    // ---- stars

    SqlExpression.Star star(GraticuleParser.StarContext context) {
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
            modifier.starReplacement()
                    .forEach(item -> replace.add(new SqlExpression.StarReplacement(source.position(item),
                            expressions.expression(item.expression()), names.identifier(item.identifier()))));
            modifier.starRenaming().forEach(item -> rename.add(new SqlExpression.StarRenaming(source.position(item),
                    starColumn(item.starColumn()), names.identifier(item.label()))));
        }
        Optional<SqlExpression.StarPattern> pattern = Optional.empty();
        GraticuleParser.LikeTailContext like = context.likeTail();
        if (like != null) {
            if (like.quantified() != null) {
                throw new SyntaxException("The pattern of a star is one string.", source.position(like.quantified()),
                        "",
                        List.of());
            }
            Token first = context.NOT() == null ? like.getStart() : context.NOT().getSymbol();
            pattern = Optional.of(new SqlExpression.StarPattern(source.position(first, like.getStop()),
                    ExpressionBuilder.likeOperator(like), expressions.expression(like.valueExpression(0)),
                    expressions.optional(like.valueExpression(1)),
                    context.NOT() != null));
        }
        return new SqlExpression.Star(source.position(context), List.copyOf(qualifier), List.copyOf(exclude),
                List.copyOf(replace), List.copyOf(rename), pattern);
    }

    private SqlExpression.Name starColumn(GraticuleParser.StarColumnContext context) {
        return new SqlExpression.Name(source.position(context), names.parts(context));
    }
}
