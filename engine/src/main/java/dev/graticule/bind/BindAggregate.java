package dev.graticule.bind;

import dev.graticule.GraticuleException;
import dev.graticule.aggregate.AggregateCall;
import dev.graticule.aggregate.Aggregates;
import dev.graticule.expression.Expression;
import dev.graticule.sql.SqlExpression;
import dev.graticule.sql.SqlExpression.Argument;
import dev.graticule.sql.SqlExpression.FunctionCall;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Binds a call of an aggregate function, with DISTINCT and FILTER. */
final class BindAggregate {
    private static final Set<String> ORDERED = Set.of("first", "last", "any_value", "first_value", "last_value");

    private BindAggregate() {
    }

    static boolean isAggregate(FunctionCall call) {
        return call.name().size() == 1 && Aggregates.exists(call.name().getFirst().name().toLowerCase(Locale.ROOT));
    }

    /** Binds a call whose arguments are over the input; {@code input} binds them, and refuses aggregates inside. */
    static AggregateCall bind(FunctionCall call, BindExpression input) {
        String name = call.name().getFirst().name().toLowerCase(Locale.ROOT);
        if (!call.withinGroup().isEmpty()) {
            throw GraticuleException.unsupported(call.withinGroup().getFirst().position(), "WITHIN GROUP");
        }
        if (!call.orderBy().isEmpty() && Aggregates.dependsOnOrder(name)) {
            throw GraticuleException.unsupported(call.orderBy().getFirst().position(), "ORDER BY inside an aggregate");
        }
        if (call.nullTreatment() == SqlExpression.NullTreatment.IGNORE && ORDERED.contains(name)) {
            throw GraticuleException.unsupported(call.position(), "IGNORE NULLS");
        }
        List<Expression> arguments = new ArrayList<>();
        for (Argument argument : call.arguments()) {
            if (argument.value() instanceof SqlExpression.Star star) {
                if (!name.equals("count") || call.arguments().size() != 1 || call.distinct()
                        || !star.qualifier().isEmpty() || !star.exclude().isEmpty()) {
                    throw GraticuleException.binding(star.position(), "* stands in count(*) only.");
                }
            } else {
                argument.name().ifPresent(named -> {
                    throw GraticuleException.binding(named.position(), name + " has no named arguments.");
                });
                arguments.add(input.bind(argument.value()));
            }
        }
        Expression filter = call.filter().isPresent() ? input.predicate(call.filter().get(), "FILTER")
                : Expression.Literal.TRUE;
        return Aggregates.bind(name, arguments, call.distinct(), filter, call.position());
    }
}
