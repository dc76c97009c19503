package dev.graticule.expression;

import dev.graticule.GraticuleException;
import dev.graticule.expression.Expression.Call;
import dev.graticule.expression.Expression.Case;
import dev.graticule.expression.Expression.Cast;
import dev.graticule.expression.Expression.Coalesce;
import dev.graticule.expression.Expression.KeepNulls;
import dev.graticule.expression.Expression.Literal;
import dev.graticule.expression.Expression.Unpack;
import dev.graticule.spi.GridVariable;
import dev.graticule.type.SqlType;
import java.util.ArrayList;
import java.util.List;

/**
 * What a NaN among the values of an expression means: this class is the rule of SEMANTICS 8. It is a property of the bound
 * expression, never of its data, so chunks, threads and options cannot change which values are NULL.
 *
 * <ul>
 * <li>A REAL or DOUBLE variable of a grid whose missing cells are NaN: {@link #NULL}. Packed integers are DOUBLEs of that kind.
 * <li>Floating arithmetic, functions and casts of floating operands, one of which is {@link #NULL}: {@link #NULL}, and so is a floating
 * aggregate of such an argument.
 * <li>A choice (CASE, COALESCE, NULLIF, GREATEST, LEAST, the parts of a UNION) is {@link #NULL} if a part is and none is a
 * {@link #VALUE}: a missing value may stand beside constants and whole numbers. Beside a {@link #VALUE} everything is one.
 * <li>Anything else is a {@link #VALUE}: a row table's column, text that was cast, arithmetic without a grid's REAL or DOUBLE.
 * </ul>
 *
 * <p>Where a choice mixes meanings, {@link KeepNulls} is put around its parts when the query is bound, so that they agree. Evaluation then
 * follows by itself: a column is in the form {@code NAN} exactly where its expression is {@link #NULL}.
 */
public enum NaNMeaning {
    /** A NaN is a NULL. */
    NULL,
    /** A NaN is a value. */
    VALUE,
    /** There is no NaN: constants that are none, whole numbers that were cast, and all types that have none. */
    NONE;

    /**
     * The meaning of NaN in an expression.
     *
     * @param columns the meanings in the columns that it refers to
     */
    public static NaNMeaning of(Expression expression, List<NaNMeaning> columns) {
        if (!expression.type().isFloating()) {
            return NONE;
        }
        if (ExpressionTree.isConstant(expression) && !keepsNulls(expression)) {
            return ofConstant(expression);
        }
        return switch (expression) {
            case Literal literal -> ofConstant(literal);
            case Expression.ColumnReference column -> columns.get(column.index());
            case Call call -> ofOperands(call.arguments(), columns);
            case Cast cast when cast.operand().type().isFloating() -> of(cast.operand(), columns);
            case Cast cast -> cast.operand().type().isNumeric() ? NONE : VALUE;
            case Case choice -> together(results(choice).stream().map(each -> of(each, columns)).toList());
            case Coalesce choice -> together(choice.operands().stream().map(each -> of(each, columns)).toList());
            case Unpack unpack -> of(unpack.stored().type(), unpack.unpacking());
            case KeepNulls keep -> keep.asNaN() ? NULL : VALUE;
            case Expression.Comparison comparison -> NONE;
            case Expression.And and -> NONE;
            case Expression.Or or -> NONE;
            case Expression.Not not -> NONE;
            case Expression.IsNull isNull -> NONE;
            case Expression.In in -> NONE;
        };
    }

    /** Whether NaN is NULL in an expression that refers to no column: then it stays an expression, a literal would forget it. */
    public static boolean isNullInConstant(Expression expression) {
        return keepsNulls(expression) && of(expression, List.of()) == NULL;
    }

    /** The meaning in a choice between values with these meanings. */
    public static NaNMeaning together(List<NaNMeaning> parts) {
        return parts.contains(VALUE) ? VALUE : parts.contains(NULL) ? NULL : NONE;
    }

    /** The meaning in what is computed from operands: {@link #NULL} where it is in a floating one, else {@link #VALUE}. */
    public static NaNMeaning ofOperands(List<Expression> operands, List<NaNMeaning> columns) {
        return operands.stream().anyMatch(operand -> of(operand, columns) == NULL) ? NULL : VALUE;
    }

    private static List<Expression> results(Case choice) {
        List<Expression> results = new ArrayList<>();
        choice.branches().forEach(branch -> results.add(branch.result()));
        results.add(choice.otherwise());
        return results;
    }

    /**
     * The expression with {@link KeepNulls} in its choices, so that the parts of each agree in their meaning.
     *
     * @param columns the meanings in the columns that it refers to
     */
    public static Expression agreed(Expression expression, List<NaNMeaning> columns) {
        return ExpressionTree.rewrite(expression, each -> !each.type().isFloating() ? each : switch (each) {
            case Case choice -> {
                List<Expression> results = agreed(results(choice), columns);
                List<Case.When> branches = new ArrayList<>();
                for (int i = 0; i < choice.branches().size(); i++) {
                    branches.add(new Case.When(choice.branches().get(i).condition(), results.get(i)));
                }
                yield new Case(branches, results.getLast(), choice.type());
            }
            case Coalesce choice -> new Coalesce(agreed(choice.operands(), columns), choice.type());
            case Call call when call.function() instanceof ScalarFunction.OfRows rows && rows.seesNulls() ->
                new Call(call.function(), agreed(call.arguments(), columns), call.type(), call.position());
            case Call call -> call;
            case Literal literal -> literal;
            case Expression.ColumnReference column -> column;
            case Cast cast -> cast;
            case Unpack unpack -> unpack;
            case KeepNulls keep -> keep;
            case Expression.Comparison comparison -> comparison;
            case Expression.And and -> and;
            case Expression.Or or -> or;
            case Expression.Not not -> not;
            case Expression.IsNull isNull -> isNull;
            case Expression.In in -> in;
        });
    }

    private static List<Expression> agreed(List<Expression> parts, List<NaNMeaning> columns) {
        List<NaNMeaning> meanings = parts.stream().map(part -> of(part, columns)).toList();
        List<Expression> agreed = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            agreed.add(brought(parts.get(i), meanings.get(i), together(meanings)));
        }
        return agreed;
    }

    /** An expression in which NaN means {@code from} as one in which it means {@code to}. */
    public static Expression brought(Expression expression, NaNMeaning from, NaNMeaning to) {
        return !expression.type().isFloating() || (from == NULL) == (to == NULL) ? expression
                : new KeepNulls(expression, to == NULL);
    }

    private static NaNMeaning of(SqlType stored, GridVariable.Unpacking unpacking) {
        boolean packed = unpacking.scaled() || !unpacking.sentinels().isEmpty();
        return unpacking.nanIsNull() || packed && !stored.isFloating() ? NULL : VALUE;
    }

    private static boolean keepsNulls(Expression expression) {
        return expression instanceof KeepNulls
                || ExpressionTree.children(expression).stream().anyMatch(NaNMeaning::keepsNulls);
    }

    private static NaNMeaning ofConstant(Expression expression) {
        try {
            return Expressions.value(expression) instanceof Number number && Double.isNaN(number.doubleValue()) ? VALUE
                    : NONE;
        } catch (GraticuleException raisedWhenReached) {
            return NONE;
        }
    }
}
