package dev.graticule.bind;

import dev.graticule.GraticuleException;
import dev.graticule.expression.Expression.Literal;
import dev.graticule.sql.SqlExpression;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Values of named arguments and OPTIONS: constants as plain Java objects. */
final class BindOption {
    private final BindContext context;

    BindOption(BindContext context) {
        this.context = context;
    }

    /** String, Long, Double, Boolean, List or Map of those; a bare word is a string. {@code null} for NULL. */
    Object value(SqlExpression expression) {
        return switch (expression) {
            case SqlExpression.StringLiteral text -> text.value();
            case SqlExpression.BooleanLiteral bit -> bit.value();
            case SqlExpression.NumberLiteral number ->
                plain(NumberText.literal(number.text(), false, number.position()));
            case SqlExpression.Unary unary when unary.operator() == SqlExpression.UnaryOperator.NEGATE
                    && unary.operand() instanceof SqlExpression.NumberLiteral number ->
                plain(NumberText.literal(number.text(), true, number.position()));
            case SqlExpression.NullLiteral none -> null;
            case SqlExpression.Parameter parameter -> plain(context.parameters().literal(parameter));
            case SqlExpression.Name name -> String.join(".", name.parts().stream().map(part -> part.name()).toList());
            case SqlExpression.Array array -> list(array.elements());
            case SqlExpression.Row row -> list(row.elements());
            case SqlExpression.Struct struct -> {
                Map<String, Object> map = new LinkedHashMap<>();
                struct.fields().forEach(field -> map.put(field.name().name(), value(field.value())));
                yield map;
            }
            case SqlExpression.MapLiteral literal -> {
                Map<String, Object> map = new LinkedHashMap<>();
                literal.entries().forEach(entry -> map.put(String.valueOf(value(entry.key())), value(entry.value())));
                yield map;
            }
            default -> throw GraticuleException.binding(expression.position(),
                    "A constant is expected here: a string, a number, true or false, or a list of those in brackets.");
        };
    }

    private List<Object> list(List<SqlExpression> elements) {
        List<Object> values = new ArrayList<>();
        elements.forEach(element -> values.add(value(element)));
        return values;
    }

    private static Object plain(Literal literal) {
        return switch (literal.value()) {
            case Integer number -> (long) number;
            case BigDecimal number -> number.doubleValue();
            case null -> null;
            default -> literal.value();
        };
    }
}
