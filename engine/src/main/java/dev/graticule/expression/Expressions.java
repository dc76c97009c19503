package dev.graticule.expression;

import dev.graticule.GraticuleException;
import dev.graticule.batch.Batch;
import dev.graticule.batch.Box;
import dev.graticule.batch.Column;
import dev.graticule.batch.Scratch;
import dev.graticule.expression.Expression.Call;
import dev.graticule.expression.Expression.Cast;
import dev.graticule.expression.Expression.ColumnReference;
import dev.graticule.expression.Expression.Literal;
import java.util.BitSet;
import java.util.List;
import org.apache.arrow.memory.RootAllocator;

/** What can be said of expressions without running a query. */
public final class Expressions {
    private Expressions() {
    }

    /** Whether evaluation may raise an error for some rows: only then a narrower selection matters. */
    public static boolean canFail(Expression expression) {
        boolean itself = switch (expression) {
            case Call call -> call.function().canFail();
            case Cast cast -> !cast.lenient() && Conversions.canFail(cast.operand().type(), cast.type());
            case Literal literal -> false;
            case ColumnReference reference -> false;
            case Expression.Comparison comparison -> false;
            case Expression.And and -> false;
            case Expression.Or or -> false;
            case Expression.Not not -> false;
            case Expression.IsNull isNull -> false;
            case Expression.In in -> false;
            case Expression.Case choice -> false;
            case Expression.Coalesce coalesce -> false;
            case Expression.Unpack unpack -> false;
            case Expression.KeepNulls keep -> false;
        };
        return itself || ExpressionTree.children(expression).stream().anyMatch(Expressions::canFail);
    }

    /** The numbers of the input columns that an expression refers to. */
    public static BitSet columns(Expression expression) {
        BitSet columns = new BitSet();
        collect(expression, columns);
        return columns;
    }

    private static void collect(Expression expression, BitSet columns) {
        if (expression instanceof ColumnReference reference) {
            columns.set(reference.index());
        }
        for (Expression child : ExpressionTree.children(expression)) {
            collect(child, columns);
        }
    }

    /** The expression with each reference to column {@code i} replaced by {@code replacements.get(i)}. */
    public static Expression substitute(Expression expression, List<Expression> replacements) {
        return expression instanceof ColumnReference reference
                ? replacements.get(reference.index())
                : ExpressionTree.mapChildren(expression, child -> substitute(child, replacements));
    }

    /** The expression over an input with {@code by} more columns before its own. */
    public static Expression shift(Expression expression, int by) {
        return expression instanceof ColumnReference reference
                ? new ColumnReference(reference.index() + by, reference.name(), reference.type())
                : ExpressionTree.mapChildren(expression, child -> shift(child, by));
    }

    /**
     * The expression with its parts that refer to no column computed once. A part that raises an error stays: it is raised when
     * a row reaches it.
     */
    public static Expression fold(Expression expression) {
        if (expression instanceof Literal || expression instanceof ColumnReference) {
            return expression;
        }
        Expression folded = ExpressionTree.mapChildren(expression, Expressions::fold);
        if (!ExpressionTree.children(folded).stream().allMatch(Literal.class::isInstance)
                || NaNMeaning.isNullInConstant(folded)) {
            return folded;
        }
        try {
            return new Literal(value(folded), folded.type());
        } catch (GraticuleException raisedWhenReached) {
            return folded;
        }
    }

    /**
     * The value of an expression without column references, as {@code Values.object} gives it; {@code null} for NULL.
     *
     * @throws GraticuleException of kind DATA where it has an error
     */
    public static Object value(Expression expression) {
        if (expression instanceof Literal literal) {
            return literal.value();
        }
        if (expression instanceof Cast cast && cast.operand() instanceof Literal literal && !cast.lenient()) {
            return literal.value() == null ? null : converted(literal, cast);
        }
        try (RootAllocator allocator = new RootAllocator(); Scratch scratch = new Scratch(allocator)) {
            scratch.mark();
            Batch one = Batch.of(Box.rows(0, 1), 0, List.of());
            Evaluator evaluator = new Evaluator(scratch);
            Column column = evaluator.evaluate(expression, one);
            Column.Strided plain = evaluator.plain(List.of(column), one).getFirst();
            return Evaluator.object(plain, plain.layout().place(one.shape(), 0));
        }
    }

    private static Object converted(Literal literal, Cast cast) {
        try {
            return Conversions.value(literal.value(), literal.type(), cast.type());
        } catch (GraticuleException problem) {
            throw problem.at(cast.position());
        }
    }
}
