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
import dev.graticule.expression.Expression.Literal;
import dev.graticule.expression.Expression.Not;
import dev.graticule.expression.Expression.Or;
import dev.graticule.expression.Expression.Unpack;
import dev.graticule.type.SqlType;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Bound expressions as text that reads like SQL, for EXPLAIN. */
public final class ExpressionText {
    private ExpressionText() {
    }

    /** The text of an expression. */
    public static String of(Expression expression) {
        return text(expression, 0);
    }

    /** How tightly operators bind, as in the grammar: OR 1, AND 2, NOT 3, comparisons 4, + and - 6, * 7, unary 9. */
    private static String text(Expression expression, int outer) {
        return switch (expression) {
            case Literal literal -> literal(literal);
            case ColumnReference column -> column.name();
            case Call call -> call(call, outer);
            case Cast cast ->
                (cast.lenient() ? "TRY_CAST(" : "CAST(") + of(cast.operand()) + " AS " + cast.type() + ")";
            case Comparison comparison -> wrapped(
                    text(comparison.left(), 5) + " " + comparison.operator().sql() + " " + text(comparison.right(), 5),
                    4,
                    outer);
            case And and -> wrapped(joined(and.operands(), " AND ", 2), 2, outer);
            case Or or -> wrapped(joined(or.operands(), " OR ", 1), 1, outer);
            case Not not -> not.operand() instanceof IsNull isNull
                    ? wrapped(text(isNull.operand(), 5) + " IS NOT NULL", 4, outer)
                    : wrapped("NOT " + text(not.operand(), 3), 3, outer);
            case IsNull isNull -> wrapped(text(isNull.operand(), 5) + " IS NULL", 4, outer);
            case In in -> wrapped(text(in.operand(), 5) + " IN (" + options(in.options()) + ")", 4, outer);
            case Case choice -> choice.branches().stream()
                    .map(branch -> "WHEN " + of(branch.condition()) + " THEN " + of(branch.result()))
                    .collect(Collectors.joining(" ", "CASE ", " ELSE " + of(choice.otherwise()) + " END"));
            case Coalesce coalesce -> "coalesce(" + joined(coalesce.operands(), ", ", 0) + ")";
            case Unpack unpack -> of(unpack.stored());
            case Expression.KeepNulls keep -> text(keep.operand(), outer);
        };
    }

    private static String options(List<Literal> options) {
        String first = options.stream().limit(10).map(ExpressionText::literal).collect(Collectors.joining(", "));
        return options.size() > 10 ? first + ", ... " + (options.size() - 10) + " more" : first;
    }

    private static String wrapped(String text, int own, int outer) {
        return own < outer ? "(" + text + ")" : text;
    }

    private static String joined(List<Expression> operands, String separator, int own) {
        return operands.stream().map(operand -> text(operand, own == 0 ? 0 : own + 1))
                .collect(Collectors.joining(separator));
    }

    private static String call(Call call, int outer) {
        String name = call.function().name();
        List<Expression> arguments = call.arguments();
        if (!Character.isLetter(name.charAt(0)) && arguments.size() == 2) {
            int own = precedence(name);
            return wrapped(text(arguments.get(0), own) + " " + name + " " + text(arguments.get(1), own + 1), own,
                    outer);
        }
        if (!Character.isLetter(name.charAt(0)) && arguments.size() == 1) {
            return wrapped(name + text(arguments.getFirst(), 9), 8, outer);
        }
        String detail = call.function() instanceof RowFunction function && !function.detail().toString().isEmpty()
                ? "'" + function.detail().toString().toLowerCase(Locale.ROOT) + "'" + (arguments.isEmpty() ? "" : ", ")
                : "";
        return name + "(" + detail + joined(arguments, ", ", 0) + ")";
    }

    private static int precedence(String operator) {
        return switch (operator) {
            case "*", "/", "//", "%" -> 7;
            case "+", "-" -> 6;
            default -> 5;
        };
    }

    private static String literal(Literal literal) {
        if (literal.value() == null) {
            return "NULL";
        }
        String text = ValueText.format(literal.value(), literal.type());
        SqlType type = literal.type();
        if (type.isNumeric() || type == SqlType.BOOLEAN) {
            return text;
        }
        String quoted = "'" + text.replace("'", "''") + "'";
        return type == SqlType.VARCHAR ? quoted
                : (type instanceof SqlType.Timestamp ? "TIMESTAMP" : type.toString()) + " " + quoted;
    }
}
