package dev.graticule.bind;

import dev.graticule.GraticuleException;
import dev.graticule.expression.Expression;
import dev.graticule.expression.Expression.Literal;
import dev.graticule.function.Coercion;
import dev.graticule.sql.Position;
import dev.graticule.type.SqlType;
import java.util.List;
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

    /** The type in which the values of a column of VALUES or UNION meet. */
    static SqlType common(List<Expression> expressions, Position position) {
        SqlType first = expressions.getFirst().type();
        if (expressions.stream().allMatch(expression -> expression.type().equals(first))) {
            return first;
        }
        expressions.stream().map(Expression::type).filter(SqlType.Other.class::isInstance).findFirst()
                .ifPresent(nested -> {
                    throw GraticuleException.unsupported(position,
                            "columns of type " + nested + " in VALUES and UNION");
                });
        return Coercion.meetingType(expressions)
                .orElseThrow(() -> GraticuleException.binding(position,
                        "These values share a column and have no common type: "
                                + expressions.stream().map(expression -> expression.type().toString()).distinct()
                                        .collect(Collectors.joining(", "))
                                + "."));
    }
}
