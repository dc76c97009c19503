package dev.graticule.function;

import dev.graticule.expression.Expression;
import dev.graticule.expression.Expression.Call;
import dev.graticule.expression.Expression.Case;
import dev.graticule.expression.Expression.Coalesce;
import dev.graticule.expression.Expression.Comparison;
import dev.graticule.expression.Expression.Literal;
import dev.graticule.expression.RowBody;
import dev.graticule.expression.RowFunction;
import dev.graticule.batch.ValueOrder;
import dev.graticule.sql.Position;
import dev.graticule.type.SqlType;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;

/** Functions that choose among their arguments, whatever their type. */
final class ConditionalFunctions {
    private static final int MANY = Integer.MAX_VALUE;

    private ConditionalFunctions() {
    }

    static void define(Consumer<ScalarDefinition> registry) {
        registry.accept(ScalarDefinition.of("The first argument that is not NULL", "coalesce").binds(
                "(any, ...) -> any", 1, MANY,
                (name, arguments, position) -> coalesce(arguments, position, "COALESCE")));
        registry.accept(ScalarDefinition.of("The first argument, or the second where it is NULL", "ifnull", "nvl")
                .binds("(any, any) -> any", 2, 2,
                        (name, arguments, position) -> coalesce(arguments, position, name)));
        registry.accept(ScalarDefinition.of("The first argument, or NULL where it equals the second", "nullif").binds(
                "(any, any) -> any", 2, 2,
                ConditionalFunctions::nullIf));
        registry.accept(ScalarDefinition.of("The second argument where the first is true, else the third", "if", "iff")
                .binds("(BOOLEAN, any, any) -> any", 3, 3, (name, arguments, position) -> {
                    List<Expression> results = Coercion.unify(arguments.subList(1, 3), position, name);
                    Expression condition = Operators.truth(arguments.getFirst(), position);
                    return new Case(List.of(new Case.When(condition, results.get(0))), results.get(1),
                            results.get(0).type());
                }));
        registry.accept(ScalarDefinition.of("The greatest argument; NULLs do not count", "greatest").binds(
                "(any, ...) -> any", 1, MANY,
                (name, arguments, position) -> extreme(name, arguments, position, 1)));
        registry.accept(ScalarDefinition.of("The least argument; NULLs do not count", "least").binds(
                "(any, ...) -> any", 1, MANY,
                (name, arguments, position) -> extreme(name, arguments, position, -1)));
        registry.accept(ScalarDefinition.of("The name of the argument's type", "typeof", "arrow_typeof").binds(
                "(any) -> VARCHAR", 1, 1,
                (name, arguments, position) -> new Literal(arguments.getFirst().type().toString(), SqlType.VARCHAR)));
    }

    private static Expression coalesce(List<Expression> arguments, Position position, String name) {
        List<Expression> operands = Coercion.unify(arguments, position, name);
        return operands.size() == 1 ? operands.getFirst() : new Coalesce(operands, operands.getFirst().type());
    }

    private static Expression nullIf(String name, List<Expression> arguments, Position position) {
        List<Expression> compared = Coercion.unify(arguments, position, name);
        SqlType type = arguments.getFirst().type() == SqlType.NULL ? compared.getFirst().type()
                : arguments.getFirst().type();
        Expression result = Coercion.convert(arguments.getFirst(), type, position);
        Expression equal = new Comparison(Comparison.Operator.EQUAL, compared.get(0), compared.get(1));
        return new Case(List.of(new Case.When(equal, new Literal(null, type))), result, type);
    }

    private static Expression extreme(String name, List<Expression> arguments, Position position, int sign) {
        List<Expression> operands = Coercion.unify(arguments, position, name);
        SqlType type = operands.getFirst().type();
        RowBody body = new RowBody.OfObjects(values -> {
            Object best = null;
            for (Object value : values) {
                if (value != null && (best == null || sign * ValueOrder.compare(value, best, type) > 0)) {
                    best = value;
                }
            }
            return best;
        });
        RowFunction function = RowFunction.of(name, Collections.nCopies(operands.size(), type), type, body)
                .seeingNulls();
        return new Call(function, operands, type, position);
    }
}
