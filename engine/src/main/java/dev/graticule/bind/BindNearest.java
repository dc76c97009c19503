package dev.graticule.bind;

import dev.graticule.GraticuleException;
import dev.graticule.batch.Interval;
import dev.graticule.expression.Expression;
import dev.graticule.expression.Expression.Literal;
import dev.graticule.expression.ExpressionTree;
import dev.graticule.expression.Expressions;
import dev.graticule.sql.Position;
import dev.graticule.sql.SqlExpression;
import dev.graticule.sql.SqlExpression.FunctionCall;
import dev.graticule.type.SqlType;
import java.math.BigDecimal;
import java.util.Optional;

/**
 * Binds {@code nearest(axis, value [, tolerance])}: the coordinate of the axis that is closest to the value, a tie the larger
 * one; NULL where none is within the tolerance. It is a constant, found when the query is bound.
 */
final class BindNearest {
    private final BindExpression expressions;

    BindNearest(BindExpression expressions) {
        this.expressions = expressions;
    }

    Expression bind(FunctionCall call) {
        if (call.arguments().size() < 2 || call.arguments().size() > 3) {
            throw GraticuleException.binding(call.position(),
                    "nearest takes an axis, a value and maybe a tolerance: nearest(latitude, 40.13, 0.5).");
        }
        Scope.Found axis = axis(call.arguments().getFirst().value());
        SqlType type = axis.column().output().type();
        SqlExpression written = call.arguments().get(1).value();
        double wanted = number(constant(written), type, written.position());
        double tolerance = call.arguments().size() == 2 ? Double.POSITIVE_INFINITY
                : tolerance(call.arguments().get(2).value(), type);
        Object best = null;
        double bestDistance = Double.POSITIVE_INFINITY;
        double bestValue = Double.NEGATIVE_INFINITY;
        for (Object value : CoordinateValues.read(axis.relation().table(), axis.index() - axis.relation().first(),
                expressions.context().allocator())) {
            if (value != null) {
                double number = CoordinateValues.number(value, type);
                double distance = Math.abs(number - wanted);
                if (distance <= tolerance
                        && (distance < bestDistance || distance == bestDistance && number > bestValue)) {
                    best = value;
                    bestDistance = distance;
                    bestValue = number;
                }
            }
        }
        return new Literal(best, type);
    }

    private Scope.Found axis(SqlExpression written) {
        Optional<Scope.Found> found = written instanceof SqlExpression.Name name
                ? expressions.scope().find(name.parts(), name.position()) : Optional.empty();
        if (found.isEmpty()) {
            throw GraticuleException.binding(written.position(),
                    "nearest needs the name of an axis first: nearest(latitude, 40.13).");
        }
        Scope.Found column = found.get();
        SqlType type = column.column().output().type();
        boolean isAxis = column.relation().table() != null
                && column.index() - column.relation().first() < column.relation().table().axes().size();
        if (!isAxis || !(type.isNumeric() || type instanceof SqlType.Timestamp || type == SqlType.DATE)) {
            throw GraticuleException.binding(written.position(), column.column().name()
                    + " is not an axis of numbers or times of a table in FROM: nearest needs one.");
        }
        return column;
    }

    private Object constant(SqlExpression written) {
        Expression bound = expressions.bind(written);
        if (!ExpressionTree.isConstant(bound)) {
            throw GraticuleException.unsupported(written.position(), "nearest with a value that is not constant");
        }
        return bound.type() instanceof SqlType.Timestamp || bound.type() == SqlType.DATE
                || bound.type() == SqlType.VARCHAR ? bound
                        : Expressions.value(bound);
    }

    private static double number(Object value, SqlType type, Position position) {
        return switch (value) {
            case null -> throw GraticuleException.binding(position, "nearest needs a value; this is NULL.");
            case Expression time when !type.isNumeric() ->
                ((Number) Expressions.value(Casts.explicit(time, type, false, position))).doubleValue();
            case BigDecimal number when type.isNumeric() ->
                type == SqlType.REAL ? number.floatValue() : number.doubleValue();
            case Double number when type == SqlType.REAL -> number.floatValue();
            case Number number when type.isNumeric() -> number.doubleValue();
            default ->
                throw GraticuleException.binding(position, "nearest needs a value of the axis' type, " + type + ".");
        };
    }

    private double tolerance(SqlExpression written, SqlType type) {
        Object value = constant(written);
        return switch (value) {
            case null -> Double.POSITIVE_INFINITY;
            case Interval interval when type instanceof SqlType.Timestamp timestamp && interval.months() == 0 ->
                (interval.days() * 86_400.0 + interval.nanoseconds() / 1e9) * timestamp.perSecond();
            case Interval interval when type == SqlType.DATE && interval.months() == 0 ->
                interval.days() + interval.nanoseconds() / 86_400e9;
            case Number number when type.isNumeric() -> number.doubleValue();
            default -> throw GraticuleException.binding(written.position(),
                    "The tolerance of nearest is a number, or an INTERVAL without months on a time axis.");
        };
    }
}
