package dev.graticule.optimize;

import dev.graticule.ErrorKind;
import dev.graticule.GraticuleException;
import dev.graticule.expression.Expression;
import dev.graticule.expression.Expression.And;
import dev.graticule.expression.Expression.Case;
import dev.graticule.expression.Expression.Comparison;
import dev.graticule.expression.Expression.Literal;
import dev.graticule.expression.Expression.Not;
import dev.graticule.expression.Expression.Or;
import dev.graticule.expression.ExpressionTree;
import dev.graticule.expression.Expressions;
import dev.graticule.expression.NaNMeaning;
import dev.graticule.plan.LogicalPlan;
import java.util.ArrayList;
import java.util.List;

/**
 * Computes what is constant, and takes apart what is not one.
 *
 * <pre>
 * Filter: (t > 1 + 2) AND TRUE AND NOT (a OR b)
 *     becomes
 * Filter: (t > 3) AND (NOT a) AND (NOT b)
 * </pre>
 *
 * <p>A constant whose evaluation fails stays as it is: the error counts only if a row reaches it. A filter that no row passes
 * becomes no rows.
 */
final class SimplifyExpressions implements Rule {
    @Override
    public LogicalPlan apply(LogicalPlan plan) {
        return PlanTree.bottomUp(plan,
                node -> dropFilter(PlanTree.mapExpressions(node, SimplifyExpressions::simplify)));
    }

    private static LogicalPlan dropFilter(LogicalPlan plan) {
        if (!(plan instanceof LogicalPlan.Filter filter)) {
            return plan;
        }
        if (Literal.TRUE.equals(filter.predicate())) {
            return filter.input();
        }
        boolean never = ExpressionTree.conjuncts(filter.predicate()).stream()
                .anyMatch(SimplifyExpressions::isNeverTrue);
        return never && !Expressions.canFail(filter.predicate()) ? new LogicalPlan.Values(List.of(), filter.output())
                : plan;
    }

    private static boolean isNeverTrue(Expression conjunct) {
        return conjunct instanceof Literal literal && !Boolean.TRUE.equals(literal.value());
    }

    static Expression simplify(Expression expression) {
        return ExpressionTree.rewrite(expression, SimplifyExpressions::simplifyNode);
    }

    private static Expression simplifyNode(Expression expression) {
        Expression folded = fold(expression);
        return switch (folded) {
            case And and -> and(and.operands());
            case Or or -> or(or.operands());
            case Not(Literal literal) when literal.value() instanceof Boolean value ->
                value ? Literal.FALSE : Literal.TRUE;
            case Not(Not inner) -> inner.operand();
            case Not(And and) -> or(and.operands().stream().map(SimplifyExpressions::not).toList());
            case Not(Or or) -> and(or.operands().stream().map(SimplifyExpressions::not).toList());
            case Not(Comparison comparison) ->
                new Comparison(inverse(comparison.operator()), comparison.left(), comparison.right());
            case Case choice -> choice(choice);
            case Literal literal -> literal;
            case Expression.ColumnReference column -> column;
            case Expression.Call call -> call;
            case Expression.Cast cast -> cast.operand().type().equals(cast.type()) ? cast.operand() : cast;
            case Comparison comparison ->
                isNull(comparison.left()) || isNull(comparison.right()) ? withNull(comparison) : comparison;
            case Not not -> not;
            case Expression.IsNull isNull -> isNull;
            case Expression.In in -> in;
            case Expression.Coalesce coalesce -> coalesce;
            case Expression.Unpack unpack -> unpack;
            case Expression.KeepNulls keep -> keep;
        };
    }

    private static Expression not(Expression expression) {
        return simplifyNode(new Not(expression));
    }

    private static Comparison.Operator inverse(Comparison.Operator operator) {
        return switch (operator) {
            case EQUAL -> Comparison.Operator.NOT_EQUAL;
            case NOT_EQUAL -> Comparison.Operator.EQUAL;
            case LESS -> Comparison.Operator.GREATER_OR_EQUAL;
            case LESS_OR_EQUAL -> Comparison.Operator.GREATER;
            case GREATER -> Comparison.Operator.LESS_OR_EQUAL;
            case GREATER_OR_EQUAL -> Comparison.Operator.LESS;
            case DISTINCT -> Comparison.Operator.NOT_DISTINCT;
            case NOT_DISTINCT -> Comparison.Operator.DISTINCT;
        };
    }

    private static boolean isNull(Expression expression) {
        return expression instanceof Literal literal && literal.value() == null;
    }

    /** A comparison with NULL is NULL, or asks whether the other side is one. */
    private static Expression withNull(Comparison comparison) {
        Expression other = isNull(comparison.left()) ? comparison.right() : comparison.left();
        return switch (comparison.operator()) {
            case NOT_DISTINCT -> new Expression.IsNull(other);
            case DISTINCT -> new Not(new Expression.IsNull(other));
            case EQUAL, NOT_EQUAL, LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL ->
                Expressions.canFail(other) ? comparison : new Literal(null, comparison.type());
        };
    }

    private static Expression fold(Expression expression) {
        if (expression instanceof Literal || !ExpressionTree.isConstant(expression)
                || NaNMeaning.isNullInConstant(expression)) {
            return expression;
        }
        try {
            return new Literal(Expressions.value(expression), expression.type());
        } catch (GraticuleException problem) {
            if (problem.kind() == ErrorKind.DATA || problem.kind() == ErrorKind.BINDING) {
                return expression;
            }
            throw problem;
        }
    }

    private static Expression and(List<Expression> operands) {
        List<Expression> kept = new ArrayList<>();
        for (Expression operand : operands) {
            List<Expression> parts = operand instanceof And and ? and.operands() : List.of(operand);
            for (Expression part : parts) {
                if (Literal.FALSE.equals(part)) {
                    kept.add(part);
                    return kept.stream().limit(kept.size() - 1L).anyMatch(Expressions::canFail) ? new And(kept)
                            : Literal.FALSE;
                }
                if (!Literal.TRUE.equals(part)) {
                    kept.add(part);
                }
            }
        }
        return ExpressionTree.conjunction(kept);
    }

    private static Expression or(List<Expression> operands) {
        List<Expression> kept = new ArrayList<>();
        for (Expression operand : operands) {
            List<Expression> parts = operand instanceof Or or ? or.operands() : List.of(operand);
            for (Expression part : parts) {
                if (Literal.TRUE.equals(part)) {
                    kept.add(part);
                    return kept.stream().limit(kept.size() - 1L).anyMatch(Expressions::canFail) ? new Or(kept)
                            : Literal.TRUE;
                }
                if (!Literal.FALSE.equals(part)) {
                    kept.add(part);
                }
            }
        }
        return ExpressionTree.disjunction(kept);
    }

    private static Expression choice(Case choice) {
        List<Case.When> kept = new ArrayList<>();
        for (Case.When branch : choice.branches()) {
            if (Literal.TRUE.equals(branch.condition())) {
                return kept.isEmpty() ? branch.result() : new Case(kept, branch.result(), choice.type());
            }
            boolean never = branch.condition() instanceof Literal literal
                    && (literal.value() == null || Boolean.FALSE.equals(literal.value()));
            if (!never) {
                kept.add(branch);
            }
        }
        if (kept.isEmpty()) {
            return choice.otherwise();
        }
        return kept.size() == choice.branches().size() ? choice : new Case(kept, choice.otherwise(), choice.type());
    }
}
