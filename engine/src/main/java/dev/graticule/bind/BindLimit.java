package dev.graticule.bind;

import dev.graticule.GraticuleException;
import dev.graticule.expression.Expressions;
import dev.graticule.plan.LogicalPlan;
import dev.graticule.sql.QueryExpression;
import dev.graticule.sql.SqlExpression;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Optional;

/** Binds LIMIT, OFFSET and FETCH: constants and parameters. */
final class BindLimit {
    private final BindContext context;

    BindLimit(BindContext context) {
        this.context = context;
    }

    LogicalPlan bind(LogicalPlan plan, QueryExpression.Limit limit) {
        if (limit.percent()) {
            throw GraticuleException.unsupported(limit.position(), "LIMIT in per cent");
        }
        if (limit.withTies()) {
            throw GraticuleException.unsupported(limit.position(), "FETCH ... WITH TIES");
        }
        long count = rows(limit.count(), Long.MAX_VALUE, "LIMIT");
        long offset = rows(limit.offset(), 0, "OFFSET");
        return count == Long.MAX_VALUE && offset == 0 ? plan : new LogicalPlan.Limit(plan, count, offset);
    }

    private long rows(Optional<SqlExpression> expression, long absent, String clause) {
        if (expression.isEmpty()) {
            return absent;
        }
        BindExpression binder = new BindExpression(context, Scope.EMPTY, java.util.List.of(), null, clause);
        Object value = Expressions.value(binder.bind(expression.get()));
        Long rows = switch (value) {
            case null -> absent;
            case BigDecimal number -> number.setScale(0, RoundingMode.HALF_UP).longValue();
            case Double number -> Math.round(number);
            case Float number -> (long) Math.round(number);
            case Number number -> number.longValue();
            default -> null;
        };
        if (rows == null) {
            throw GraticuleException.binding(expression.get().position(), clause + " needs a number of rows.");
        }
        if (rows < 0) {
            throw GraticuleException.binding(expression.get().position(), clause + " must not be negative.");
        }
        return rows;
    }
}
