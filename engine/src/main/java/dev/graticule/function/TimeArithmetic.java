package dev.graticule.function;

import dev.graticule.GraticuleException;
import dev.graticule.batch.Interval;
import dev.graticule.expression.Expression;
import dev.graticule.expression.Expression.Call;
import dev.graticule.expression.RowBody;
import dev.graticule.expression.RowFunction;
import dev.graticule.kernel.ArithmeticOperation;
import dev.graticule.sql.Position;
import dev.graticule.type.SqlType;
import dev.graticule.type.SqlType.Timestamp;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.apache.arrow.vector.types.TimeUnit;

/** Arithmetic with dates, timestamps, times and intervals. */
final class TimeArithmetic {
    static final long DAY_NANOSECONDS = 86_400_000_000_000L;

    private TimeArithmetic() {
    }

    /** The bound operation where an operand is a point or a span of time; empty where none is. */
    static Optional<Expression> bind(ArithmeticOperation operation, Expression left, Expression right,
            Position position) {
        SqlType a = left.type();
        SqlType b = right.type();
        if (!isTime(a) && !isTime(b)) {
            return Optional.empty();
        }
        if (operation == ArithmeticOperation.ADD || operation == ArithmeticOperation.SUBTRACT) {
            if (b == SqlType.NULL) {
                return bind(operation, left, Coercion.convert(right, SqlType.INTERVAL, position), position);
            }
            if (a == SqlType.NULL) {
                SqlType like = operation == ArithmeticOperation.SUBTRACT ? b : SqlType.INTERVAL;
                return bind(operation, Coercion.convert(left, like, position), right, position);
            }
        }
        return switch (operation) {
            case ADD -> a == SqlType.INTERVAL && isTime(b) && b != SqlType.INTERVAL
                    ? add(right, left, 1, position)
                    : add(left, right, 1, position);
            case SUBTRACT -> subtract(left, right, position);
            case MULTIPLY -> a == SqlType.INTERVAL ? scale(left, right, false, position)
                    : b == SqlType.INTERVAL ? scale(right, left, false, position) : Optional.empty();
            case DIVIDE -> a == SqlType.INTERVAL ? scale(left, right, true, position) : Optional.empty();
            case DIVIDE_WHOLE, MODULO, BIT_AND, BIT_OR, BIT_XOR, SHIFT_LEFT, SHIFT_RIGHT -> Optional.empty();
        };
    }

    private static boolean isTime(SqlType type) {
        return type == SqlType.DATE || type == SqlType.TIME || type == SqlType.INTERVAL || type instanceof Timestamp;
    }

    /** point + span, or span + span. */
    private static Optional<Expression> add(Expression left, Expression right, int sign, Position position) {
        SqlType point = left.type();
        SqlType span = right.type();
        if (!isTime(point)) {
            return isTime(span) && sign > 0 ? add(right, left, sign, position) : Optional.empty();
        }
        if (point == SqlType.TIME && sign > 0 && (span == SqlType.DATE || span instanceof Timestamp)) {
            return add(right, left, sign, position);
        }
        if (span == SqlType.TIME && (point == SqlType.DATE || point instanceof Timestamp)) {
            return add(left, Coercion.convert(right, SqlType.INTERVAL, position), sign, position);
        }
        if (point == SqlType.DATE && span.isInteger()) {
            Expression days = Coercion.convert(right, SqlType.BIGINT, position);
            return Optional.of(call(sign > 0 ? "+" : "-", List.of(left, days), SqlType.DATE,
                    new RowBody.OfLongs((date, count) -> day(exact(date, sign > 0 ? count : Math.negateExact(count)))),
                    position));
        }
        Expression interval = Coercion.isAdaptable(right) && span == SqlType.VARCHAR
                ? Coercion.convert(right, SqlType.INTERVAL, position) : right;
        if (interval.type() != SqlType.INTERVAL) {
            return Optional.empty();
        }
        if (point == SqlType.INTERVAL) {
            return Optional.of(call(sign > 0 ? "+" : "-", List.of(left, interval), SqlType.INTERVAL,
                    new RowBody.OfObjects(arguments -> {
                        Interval x = (Interval) arguments[0];
                        Interval y = (Interval) arguments[1];
                        return interval((long) x.months() + sign * (long) y.months(),
                                (long) x.days() + sign * (long) y.days(),
                                exact(x.nanoseconds(), sign * y.nanoseconds()));
                    }), position));
        }
        if (point == SqlType.TIME) {
            return Optional.of(call(sign > 0 ? "+" : "-", List.of(left, interval), SqlType.TIME,
                    new RowBody.OfObjects(arguments -> {
                        long micros = (Long) arguments[0] + sign * (((Interval) arguments[1]).nanoseconds() / 1000);
                        return Math.floorMod(micros, DAY_NANOSECONDS / 1000);
                    }), position));
        }
        Timestamp type = point instanceof Timestamp timestamp ? unitFor(timestamp) : (Timestamp) SqlType.TIMESTAMP;
        Expression from = Coercion.convert(left, type, position);
        return Optional.of(call(sign > 0 ? "+" : "-", List.of(from, interval), type,
                new RowBody.OfObjects(arguments -> move((Long) arguments[0], (Interval) arguments[1], sign, type)),
                position));
    }

    /** A unit that keeps fractions of seconds that an interval may have. */
    private static Timestamp unitFor(Timestamp type) {
        return type.unit() == TimeUnit.SECOND || type.unit() == TimeUnit.MILLISECOND
                ? new Timestamp(TimeUnit.MICROSECOND, type.zoned()) : type;
    }

    private static Optional<Expression> subtract(Expression left, Expression right, Position position) {
        SqlType a = left.type();
        SqlType b = right.type();
        if (Coercion.isAdaptable(right) && b == SqlType.VARCHAR && (a == SqlType.DATE || a instanceof Timestamp)) {
            return subtract(left, Coercion.convert(right, a, position), position);
        }
        if (Coercion.isAdaptable(left) && a == SqlType.VARCHAR && (b == SqlType.DATE || b instanceof Timestamp)) {
            return subtract(Coercion.convert(left, b, position), right, position);
        }
        if (a == SqlType.DATE && b == SqlType.DATE) {
            return Optional.of(
                    call("-", List.of(left, right), SqlType.BIGINT, new RowBody.OfLongs((x, y) -> x - y), position));
        }
        if ((a == SqlType.DATE || a instanceof Timestamp) && (b == SqlType.DATE || b instanceof Timestamp)) {
            Timestamp type = (Timestamp) Coercion.commonType(a, b).orElseThrow();
            return Optional.of(call("-",
                    List.of(Coercion.convert(left, type, position), Coercion.convert(right, type, position)),
                    SqlType.INTERVAL,
                    new RowBody.OfObjects(arguments -> difference((Long) arguments[0], (Long) arguments[1], type)),
                    position));
        }
        if (a == SqlType.TIME && b == SqlType.TIME) {
            return Optional.of(call("-", List.of(left, right), SqlType.INTERVAL,
                    new RowBody.OfObjects(
                            arguments -> new Interval(0, 0, ((Long) arguments[0] - (Long) arguments[1]) * 1000)),
                    position));
        }
        return isTime(a) ? add(left, right, -1, position) : Optional.empty();
    }

    /** The days and nanoseconds between two timestamps. */
    static Interval difference(long from, long to, Timestamp type) {
        long perDay = type.perSecond() * 86_400;
        long units = Math.subtractExact(from, to);
        return interval(0, units / perDay, units % perDay * (1_000_000_000L / type.perSecond()));
    }

    private static Optional<Expression> scale(Expression span, Expression factor, boolean divides, Position position) {
        if (!factor.type().isNumeric() && factor.type() != SqlType.NULL) {
            return Optional.empty();
        }
        List<Expression> operands = List.of(span, Coercion.convert(factor, SqlType.DOUBLE, position));
        return Optional.of(call(divides ? "/" : "*", operands, SqlType.INTERVAL, new RowBody.OfObjects(arguments -> {
            Interval interval = (Interval) arguments[0];
            double by = (Double) arguments[1];
            if (divides && by == 0) {
                throw GraticuleException.data(null, "Division by zero: an interval divided by 0.");
            }
            return scaled(interval, divides ? 1 / by : by, divides ? by : 0);
        }), position));
    }

    /** As PostgreSQL: fractions of months become days (30 a month), fractions of days become time. */
    private static Interval scaled(Interval interval, double by, double divisor) {
        double months = divisor != 0 ? interval.months() / divisor : interval.months() * by;
        double wholeMonths = truncate(months);
        double days = (divisor != 0 ? interval.days() / divisor : interval.days() * by)
                + round9((months - wholeMonths) * 30);
        double wholeDays = truncate(days);
        double nanoseconds = (divisor != 0 ? interval.nanoseconds() / divisor : interval.nanoseconds() * by)
                + Math.rint(round9(days - wholeDays) * 86_400e6) * 1000;
        if (!(Math.abs(nanoseconds) < 9.2e18)) {
            throw GraticuleException.data(null, "Interval out of range.");
        }
        return interval((long) wholeMonths, (long) wholeDays, Math.round(nanoseconds / 1000) * 1000);
    }

    private static double truncate(double value) {
        return value < 0 ? Math.ceil(value) : Math.floor(value);
    }

    private static double round9(double value) {
        return Math.rint(value * 1e9) / 1e9;
    }

    static Interval interval(long months, long days, long nanoseconds) {
        if (months != (int) months || days != (int) days) {
            throw GraticuleException.data(null, "Interval out of range.");
        }
        return new Interval((int) months, (int) days, nanoseconds);
    }

    static Expression negate(Expression operand, Position position) {
        return call("-", List.of(operand), SqlType.INTERVAL, new RowBody.OfObjects(arguments -> {
            Interval interval = (Interval) arguments[0];
            return interval(-(long) interval.months(), -(long) interval.days(), -interval.nanoseconds());
        }), position);
    }

    /** A timestamp moved by an interval: months first (to the last day of a short month), then days, then time. */
    static long move(long timestamp, Interval interval, int sign, Timestamp type) {
        try {
            long perDay = type.perSecond() * 86_400;
            long day = Math.floorDiv(timestamp, perDay);
            long rest = Math.floorMod(timestamp, perDay);
            if (interval.months() != 0) {
                day = LocalDate.ofEpochDay(day).plusMonths(sign * (long) interval.months()).toEpochDay();
            }
            day += sign * (long) interval.days();
            long perUnit = 1_000_000_000L / type.perSecond();
            return Math.addExact(Math.addExact(Math.multiplyExact(day, perDay), rest),
                    sign * (interval.nanoseconds() / perUnit));
        } catch (ArithmeticException | java.time.DateTimeException outOfRange) {
            throw GraticuleException.data(null, "Timestamp out of range.");
        }
    }

    private static long exact(long a, long b) {
        try {
            return Math.addExact(a, b);
        } catch (ArithmeticException overflow) {
            throw GraticuleException.data(null, "Integer overflow: " + a + " + " + b + ".");
        }
    }

    private static long day(long day) {
        if (day != (int) day) {
            throw GraticuleException.data(null, "Date out of range.");
        }
        return day;
    }

    private static Expression call(String name, List<Expression> operands, SqlType type, RowBody body,
            Position position) {
        List<SqlType> parameters = operands.stream().map(Expression::type).toList();
        return new Call(RowFunction.of(name, parameters, type, body).failing(), operands, type, position);
    }
}
