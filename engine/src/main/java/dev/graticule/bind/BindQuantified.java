package dev.graticule.bind;

import dev.graticule.GraticuleException;
import dev.graticule.expression.Expression;
import dev.graticule.expression.ExpressionTree;
import dev.graticule.sql.Position;
import dev.graticule.sql.SqlExpression;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Binds {@code x = ANY (...)} and {@code x LIKE ALL (...)} over elements that are written one by one. */
final class BindQuantified {
    private final BindExpression binder;

    BindQuantified(BindExpression binder) {
        this.binder = binder;
    }

    /** The left side is bound once, whatever the number of elements; rows are taken apart for each. */
    Expression collection(SqlExpression.QuantifiedCollection quantified) {
        List<SqlExpression> elements = elements(quantified.collection(), quantified.position());
        Function<SqlExpression, SqlExpression.Binary> written = element -> new SqlExpression.Binary(
                quantified.position(), quantified.operator(), quantified.operand(), element);
        if (quantified.operand() instanceof SqlExpression.Row) {
            return joined(quantified.quantifier(), elements, element -> binder.binary(written.apply(element)));
        }
        Expression left = binder.operand(quantified.operand());
        return joined(quantified.quantifier(), elements, element -> binder.comparison(written.apply(element), left));
    }

    Expression like(SqlExpression.QuantifiedLike like) {
        Expression left = binder.operand(like.operand());
        return joined(like.quantifier(), elements(like.patterns(), like.position()),
                element -> binder.like(new SqlExpression.Like(like.position(), like.operator(), like.operand(), element,
                        Optional.empty(), like.negated()), left));
    }

    private static List<SqlExpression> elements(SqlExpression collection, Position position) {
        return switch (collection) {
            case SqlExpression.Array array -> array.elements();
            case SqlExpression.Row row -> row.elements();
            case SqlExpression.ArraySubquery query ->
                throw GraticuleException.unsupported(query.position(), "ANY and ALL (subquery)");
            case SqlExpression other -> throw GraticuleException.unsupported(position, "lists");
        };
    }

    /** Whether a condition holds for one element or for all; without elements FALSE and TRUE. */
    private static Expression joined(SqlExpression.Quantifier quantifier, List<SqlExpression> elements,
            Function<SqlExpression, Expression> condition) {
        List<Expression> conditions = elements.stream().map(condition).toList();
        return switch (quantifier) {
            case ANY -> ExpressionTree.disjunction(conditions);
            case ALL -> ExpressionTree.conjunction(conditions);
        };
    }
}
