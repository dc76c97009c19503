package dev.graticule.expression;

import dev.graticule.expression.Expression.And;
import dev.graticule.expression.Expression.Call;
import dev.graticule.expression.Expression.Case;
import dev.graticule.expression.Expression.Cast;
import dev.graticule.expression.Expression.Coalesce;
import dev.graticule.expression.Expression.ColumnReference;
import dev.graticule.expression.Expression.Comparison;
import dev.graticule.expression.Expression.In;
import dev.graticule.expression.Expression.IsNull;
import dev.graticule.expression.Expression.KeepNulls;
import dev.graticule.expression.Expression.Literal;
import dev.graticule.expression.Expression.Not;
import dev.graticule.expression.Expression.Or;
import dev.graticule.expression.Expression.Unpack;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.IntUnaryOperator;
import java.util.function.UnaryOperator;

/** Walks and rewrites expressions. */
public final class ExpressionTree {
    private ExpressionTree() {
    }

    /** The direct operands, in order of evaluation. The constants of IN are none. */
    public static List<Expression> children(Expression expression) {
        return switch (expression) {
            case Literal literal -> List.of();
            case ColumnReference column -> List.of();
            case Call call -> call.arguments();
            case Cast cast -> List.of(cast.operand());
            case Comparison comparison -> List.of(comparison.left(), comparison.right());
            case And and -> and.operands();
            case Or or -> or.operands();
            case Not not -> List.of(not.operand());
            case IsNull isNull -> List.of(isNull.operand());
            case In in -> List.of(in.operand());
            case Case choice -> {
                List<Expression> all = new ArrayList<>();
                for (Case.When branch : choice.branches()) {
                    all.add(branch.condition());
                    all.add(branch.result());
                }
                all.add(choice.otherwise());
                yield all;
            }
            case Coalesce coalesce -> coalesce.operands();
            case Unpack unpack -> List.of(unpack.stored());
            case KeepNulls keep -> List.of(keep.operand());
        };
    }

    /** The same node with each direct operand replaced; the node itself where none has changed. */
    public static Expression mapChildren(Expression expression, UnaryOperator<Expression> mapping) {
        List<Expression> old = children(expression);
        List<Expression> changed = new ArrayList<>(old.size());
        boolean same = true;
        for (Expression child : old) {
            Expression mapped = mapping.apply(child);
            same &= mapped == child;
            changed.add(mapped);
        }
        if (same) {
            return expression;
        }
        return switch (expression) {
            case Literal literal -> literal;
            case ColumnReference column -> column;
            case Call call -> new Call(call.function(), changed, call.type(), call.position());
            case Cast cast -> new Cast(changed.getFirst(), cast.type(), cast.lenient(), cast.position());
            case Comparison comparison -> new Comparison(comparison.operator(), changed.get(0), changed.get(1));
            case And and -> new And(changed);
            case Or or -> new Or(changed);
            case Not not -> new Not(changed.getFirst());
            case IsNull isNull -> new IsNull(changed.getFirst());
            case In in -> new In(changed.getFirst(), in.options());
            case Case choice -> {
                List<Case.When> branches = new ArrayList<>();
                for (int i = 0; i < choice.branches().size(); i++) {
                    branches.add(new Case.When(changed.get(2 * i), changed.get(2 * i + 1)));
                }
                yield new Case(branches, changed.getLast(), choice.type());
            }
            case Coalesce coalesce -> new Coalesce(changed, coalesce.type());
            case Unpack unpack -> new Unpack(changed.getFirst(), unpack.unpacking(), unpack.type());
            case KeepNulls keep -> new KeepNulls(changed.getFirst(), keep.asNaN());
        };
    }

    /** Rewrites bottom-up: operands first, then the node made of them. */
    public static Expression rewrite(Expression expression, UnaryOperator<Expression> rule) {
        return rule.apply(mapChildren(expression, child -> rewrite(child, rule)));
    }

    /** Visits the node and everything below it. */
    public static void walk(Expression expression, Consumer<Expression> visitor) {
        visitor.accept(expression);
        children(expression).forEach(child -> walk(child, visitor));
    }

    /** The numbers of all columns it refers to, ascending. */
    public static SortedSet<Integer> columns(Expression expression) {
        SortedSet<Integer> columns = new TreeSet<>();
        walk(expression, each -> {
            if (each instanceof ColumnReference column) {
                columns.add(column.index());
            }
        });
        return columns;
    }

    /** Renumbers the columns. */
    public static Expression renumber(Expression expression, IntUnaryOperator number) {
        return rewrite(expression, each -> each instanceof ColumnReference column
                ? new ColumnReference(number.applyAsInt(column.index()), column.name(), column.type())
                : each);
    }

    /** Puts expressions in the place of columns: column {@code i} becomes {@code expressions.get(i)}. */
    public static Expression substitute(Expression expression, List<Expression> expressions) {
        return rewrite(expression,
                each -> each instanceof ColumnReference column ? expressions.get(column.index()) : each);
    }

    /** Whether it is the same for every row: it refers to no column and calls only functions that give equal results for equal arguments. */
    public static boolean isConstant(Expression expression) {
        return columns(expression).isEmpty();
    }

    /** Whether two expressions compute the same: equal but for the positions in the query's text and the names of columns. */
    public static boolean same(Expression a, Expression b) {
        return a == b || anonymous(a).equals(anonymous(b));
    }

    private static Expression anonymous(Expression expression) {
        return rewrite(expression, each -> switch (each) {
            case Call call -> new Call(call.function(), call.arguments(), call.type(), null);
            case Cast cast -> new Cast(cast.operand(), cast.type(), cast.lenient(), null);
            case ColumnReference column -> new ColumnReference(column.index(), "", column.type());
            case Literal literal -> literal;
            case Comparison comparison -> comparison;
            case And and -> and;
            case Or or -> or;
            case Not not -> not;
            case IsNull isNull -> isNull;
            case In in -> in;
            case Case choice -> choice;
            case Coalesce coalesce -> coalesce;
            case Unpack unpack -> unpack;
            case KeepNulls keep -> keep;
        });
    }

    /** The operands of an AND, nested ones too; the expression itself where it is none. TRUE has none. */
    public static List<Expression> conjuncts(Expression predicate) {
        if (predicate instanceof And and) {
            return and.operands().stream().flatMap(operand -> conjuncts(operand).stream()).toList();
        }
        return Literal.TRUE.equals(predicate) ? List.of() : List.of(predicate);
    }

    /** The AND of predicates: TRUE for none, the predicate itself for one. */
    public static Expression conjunction(List<Expression> predicates) {
        return switch (predicates.size()) {
            case 0 -> Literal.TRUE;
            case 1 -> predicates.getFirst();
            default -> new And(predicates);
        };
    }

    /** The OR of predicates: FALSE for none, the predicate itself for one. */
    public static Expression disjunction(List<Expression> predicates) {
        return switch (predicates.size()) {
            case 0 -> Literal.FALSE;
            case 1 -> predicates.getFirst();
            default -> new Or(predicates);
        };
    }
}
