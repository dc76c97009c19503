package dev.graticule.aggregate;

import dev.graticule.expression.Expression;
import dev.graticule.sql.Position;
import dev.graticule.type.SqlType;
import java.util.List;

/**
 * An aggregate in a query.
 *
 * @param arguments of the types that the function wants; none for {@code count(*)}
 * @param distinct whether equal arguments count once
 * @param filter a BOOLEAN over the input; only rows where it is true count ({@link Expression.Literal#TRUE} where none is written)
 */
public record AggregateCall(AggregateFunction function, List<Expression> arguments, boolean distinct, Expression filter,
        Position position) {
    public AggregateCall {
        arguments = List.copyOf(arguments);
    }

    /** The type of the result. */
    public SqlType type() {
        return function.type();
    }
}
