package dev.graticule.bind;

import dev.graticule.GraticuleException;
import dev.graticule.expression.Conversions;
import dev.graticule.expression.Expression;
import dev.graticule.expression.Expression.Literal;
import dev.graticule.function.Coercion;
import dev.graticule.sql.Position;
import dev.graticule.type.SqlType;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Conversions that a query asks for or implies. */
final class Casts {
    private Casts() {
    }

    /** CAST, or TRY_CAST where {@code lenient}. */
    static Expression explicit(Expression operand, SqlType type, boolean lenient, Position position) {
        if (operand.type().equals(type) && !(operand instanceof Literal)) {
            return operand;
        }
        return new Expression.Cast(operand, type, lenient, position);
    }

    /** The type in which the values of a column of VALUES meet. */
    static SqlType common(List<Expression> expressions, Position position) {
        return Coercion.meetingType(expressions).orElseThrow(() -> apart(expressions, position));
    }

    /** The type in which a column of a UNION and its like meets: VARCHAR takes in what has a text, as in DuckDB and DataFusion. */
    static SqlType commonOfParts(List<Expression> expressions, Position position) {
        boolean text = expressions.stream().anyMatch(expression -> expression.type() == SqlType.VARCHAR)
                && expressions.stream().allMatch(expression -> Conversions.exists(expression.type(), SqlType.VARCHAR));
        return Coercion.meetingType(expressions).or(() -> text ? Optional.of(SqlType.VARCHAR) : Optional.empty())
                .orElseThrow(() -> apart(expressions, position));
    }

    private static GraticuleException apart(List<Expression> expressions, Position position) {
        String types = expressions.stream().map(expression -> expression.type().toString()).distinct()
                .collect(Collectors.joining(", "));
        return expressions.stream().anyMatch(expression -> expression.type() instanceof SqlType.Other)
                ? GraticuleException.unsupported(position, "columns that mix values of type " + types)
                : GraticuleException.binding(position,
                        "These values share a column and have no common type: " + types + ".");
    }
}
