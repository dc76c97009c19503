package dev.graticule.function;

import dev.graticule.GraticuleException;
import dev.graticule.batch.Interval;
import dev.graticule.expression.Expression.Call;
import dev.graticule.expression.Expression.Literal;
import dev.graticule.expression.Expression;
import dev.graticule.expression.RowBody;
import dev.graticule.expression.RowFunction;
import dev.graticule.spi.NearestName;
import dev.graticule.sql.Position;
import dev.graticule.type.SqlType.Timestamp;
import dev.graticule.type.SqlType;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.TextStyle;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.apache.arrow.vector.types.TimeUnit;

/** Functions of dates, times, timestamps and intervals. */
final class TimeFunctions {
    private static final SqlType DATE = SqlType.DATE;
    private static final SqlType TIMESTAMP = SqlType.TIMESTAMP;
    private static final SqlType BIGINT = SqlType.BIGINT;
    private static final long NANOSECONDS = 1_000_000_000L;
    private static final double JULIAN_DAY_OF_1970 = 2_440_588;

    private TimeFunctions() {
    }

    static void define(Consumer<ScalarDefinition> registry) {
        for (DatePart part : DatePart.values()) {
            String[] names = Arrays.stream(part.names())
                    .filter(name -> name.length() > 4 && !name.endsWith("s") && !name.endsWith("ia")
                            || List.of("year", "week", "day", "hour", "dow", "doy", "era").contains(name))
                    .toArray(String[]::new);
            registry.accept(ScalarDefinition.of("The " + part.names()[0] + " of a point of time or an interval", names)
                    .binds("(TIMESTAMP) -> BIGINT", 1, 1,
                            (name, arguments, position) -> part(part, arguments.getFirst(), position)));
        }
        registry.accept(ScalarDefinition
                .of("A field of a point of time or an interval: date_part('hour', t)", "date_part", "datepart",
                        "extract")
                .binds("(VARCHAR, TIMESTAMP) -> BIGINT", 2, 2,
                        (name, arguments, position) -> part(field(name, arguments.getFirst(), position),
                                arguments.get(1), position)));
        registry.accept(ScalarDefinition
                .of("The beginning of the period in which a point of time lies: date_trunc('month', t)", "date_trunc",
                        "datetrunc")
                .binds("(VARCHAR, TIMESTAMP) -> TIMESTAMP", 2, 2, TimeFunctions::truncate));
        registry.accept(ScalarDefinition
                .of("How many boundaries of a period lie between: date_diff('day', a, b)", "date_diff", "datediff")
                .binds("(VARCHAR, TIMESTAMP, TIMESTAMP) -> BIGINT", 3, 3, TimeFunctions::difference));
        registry.accept(ScalarDefinition.of("A point of time moved by an interval", "date_add").binds(
                "(TIMESTAMP, INTERVAL) -> TIMESTAMP", 2, 2,
                (name, arguments, position) -> Operators.binary("+", arguments.get(0), arguments.get(1), position)));
        registry.accept(ScalarDefinition
                .of("The beginning of the bucket of some width in which a point of time lies", "time_bucket",
                        "date_bin")
                .binds("(INTERVAL, TIMESTAMP [, TIMESTAMP]) -> TIMESTAMP", 2, 3, TimeFunctions::bucket));
        registry.accept(ScalarDefinition.of("A timestamp from seconds since 1970", "to_timestamp")
                .takesFailing(List.of(SqlType.DOUBLE), SqlType.TIMESTAMP_WITH_TIME_ZONE,
                        new RowBody.OfObjects(arguments -> fromSeconds((Double) arguments[0]))));
        registry.accept(ScalarDefinition.of("A timestamp from milliseconds since 1970", "epoch_ms").takesFailing(
                List.of(BIGINT), TIMESTAMP,
                new RowBody.OfLong(milliseconds -> exact(milliseconds, 1000))));
        registry.accept(ScalarDefinition.of("A date from year, month and day", "make_date").takesFailing(
                List.of(BIGINT, BIGINT, BIGINT), DATE,
                new RowBody.OfObjects(arguments -> (int) day(arguments).toEpochDay())));
        registry.accept(
                ScalarDefinition.of("A timestamp from year, month, day, hour, minute and seconds", "make_timestamp")
                        .takesFailing(List.of(BIGINT, BIGINT, BIGINT, BIGINT, BIGINT, SqlType.DOUBLE), TIMESTAMP,
                                new RowBody.OfObjects(TimeFunctions::makeTimestamp)));
        registry.accept(ScalarDefinition.of("A time from hour, minute and seconds", "make_time").takesFailing(
                List.of(BIGINT, BIGINT, SqlType.DOUBLE),
                SqlType.TIME, new RowBody.OfObjects(TimeFunctions::makeTime)));
        registry.accept(ScalarDefinition.of("Now", "now", "current_timestamp", "transaction_timestamp").binds(
                "() -> TIMESTAMP WITH TIME ZONE", 0, 0,
                (name, arguments, position) -> new Literal(microseconds(Instant.now()),
                        SqlType.TIMESTAMP_WITH_TIME_ZONE)));
        registry.accept(ScalarDefinition.of("Today, in UTC", "current_date", "today").binds("() -> DATE", 0, 0,
                (name, arguments, position) -> new Literal((int) LocalDate.now(ZoneOffset.UTC).toEpochDay(), DATE)));
        registry.accept(ScalarDefinition
                .of("The years, months, days and time between two points of time, or from one to today", "age")
                .binds("(TIMESTAMP [, TIMESTAMP]) -> INTERVAL", 1, 2, TimeFunctions::age));
        registry.accept(ScalarDefinition.of("The last day of the month", "last_day").takes(List.of(DATE), DATE,
                new RowBody.OfLong(day -> LocalDate.ofEpochDay(day)
                        .with(java.time.temporal.TemporalAdjusters.lastDayOfMonth()).toEpochDay()))
                .takes(List.of(TIMESTAMP), DATE,
                        new RowBody.OfLong(value -> LocalDate.ofEpochDay(Math.floorDiv(value, 86_400_000_000L))
                                .with(java.time.temporal.TemporalAdjusters.lastDayOfMonth()).toEpochDay())));
        registry.accept(ScalarDefinition.of("The English name of the month", "monthname").takes(List.of(TIMESTAMP),
                SqlType.VARCHAR,
                new RowBody.OfObjects(arguments -> dateTime((Long) arguments[0]).getMonth()
                        .getDisplayName(TextStyle.FULL, Locale.ENGLISH))));
        registry.accept(ScalarDefinition.of("The English name of the day of the week", "dayname").takes(
                List.of(TIMESTAMP), SqlType.VARCHAR,
                new RowBody.OfObjects(arguments -> dateTime((Long) arguments[0]).getDayOfWeek()
                        .getDisplayName(TextStyle.FULL, Locale.ENGLISH))));
        registry.accept(ScalarDefinition.of("A point of time by a format such as '%Y-%m-%d %H:%M'", "strftime")
                .takesFailing(List.of(TIMESTAMP, SqlType.VARCHAR), SqlType.VARCHAR,
                        new RowBody.OfObjects(
                                arguments -> TimeFormat.format(dateTime((Long) arguments[0]), (String) arguments[1])))
                .takesFailing(List.of(SqlType.VARCHAR, TIMESTAMP), SqlType.VARCHAR,
                        new RowBody.OfObjects(
                                arguments -> TimeFormat.format(dateTime((Long) arguments[1]), (String) arguments[0]))));
    }

    private static DatePart field(String name, Expression expression, Position position) {
        if (expression.type() == SqlType.NULL
                || expression.type() == SqlType.VARCHAR && !(expression instanceof Literal)) {
            throw GraticuleException.unsupported(position, name + " with a field that is not a constant");
        }
        if (!(expression instanceof Literal literal && literal.value() instanceof String text)) {
            throw GraticuleException.binding(position,
                    name + " takes the name of a field as a string, such as 'hour'.");
        }
        return DatePart.of(text).orElseThrow(() -> {
            if (text.strip().toLowerCase(Locale.ROOT).startsWith("timezone")) {
                return GraticuleException.unsupported(position, "time zones (" + text + ")");
            }
            List<String> known = new ArrayList<>();
            for (DatePart part : DatePart.values()) {
                known.addAll(List.of(part.names()));
            }
            String hint = NearestName.question(text, known);
            return GraticuleException.binding(position, "There is no field '" + text + "' of a date or time." + hint);
        });
    }

    /** The expression as a DATE, TIME, timestamp or INTERVAL; a string literal becomes a timestamp. */
    private static Expression point(String name, Expression expression, Position position) {
        SqlType type = expression.type();
        if (type == DATE || type == SqlType.TIME || type == SqlType.INTERVAL || type instanceof Timestamp) {
            return expression;
        }
        if (type == SqlType.NULL || Coercion.isAdaptable(expression) && type == SqlType.VARCHAR) {
            return Coercion.convert(expression, TIMESTAMP, position);
        }
        throw GraticuleException.binding(position, name + " takes a date or a timestamp, not " + type + ".");
    }

    private static Expression part(DatePart part, Expression argument, Position position) {
        String name = part.names()[0];
        Expression operand = point(name, argument, position);
        SqlType type = operand.type();
        if (part == DatePart.EPOCH) {
            RowBody body = new RowBody.OfObjects(values -> switch (values[0]) {
                case Interval interval -> DatePart.epoch(interval);
                case Integer day -> day * 86_400.0;
                default -> ((Number) values[0]).longValue()
                        / (double) (type instanceof Timestamp timestamp ? timestamp.perSecond() : 1_000_000L);
            });
            return new Call(RowFunction.of(name, List.of(type), SqlType.DOUBLE, body), List.of(operand), SqlType.DOUBLE,
                    position);
        }
        if (part == DatePart.JULIAN && (type == DATE || type instanceof Timestamp)) {
            double perDay = type instanceof Timestamp timestamp ? timestamp.perSecond() * 86_400.0 : 1;
            RowBody body = new RowBody.OfObjects(
                    values -> ((Number) values[0]).longValue() / perDay + JULIAN_DAY_OF_1970);
            return new Call(RowFunction.of(name, List.of(type), SqlType.DOUBLE, body), List.of(operand), SqlType.DOUBLE,
                    position);
        }
        RowBody body;
        if (type == SqlType.INTERVAL) {
            var function = part.ofInterval()
                    .orElseThrow(() -> GraticuleException.binding(position, "An interval has no field " + name + "."));
            body = new RowBody.OfObjects(values -> function.applyAsLong((Interval) values[0]));
        } else if (type == SqlType.TIME) {
            body = new RowBody.OfLong(part.ofTime()
                    .orElseThrow(() -> GraticuleException.binding(position, "A time has no field " + name + ".")));
        } else {
            body = new RowBody.OfLong(part.ofPoint(type));
        }
        return new Call(RowFunction.of(name, List.of(type), BIGINT, body), List.of(operand), BIGINT, position);
    }

    private static Expression truncate(String name, List<Expression> arguments, Position position) {
        DatePart part = field(name, arguments.getFirst(), position);
        Expression operand = point(name, arguments.get(1), position);
        if (operand.type() == SqlType.INTERVAL || operand.type() == SqlType.TIME) {
            throw GraticuleException.binding(position,
                    name + " takes a date or a timestamp, not " + operand.type() + ".");
        }
        Expression converted = operand.type() == DATE ? Coercion.convert(operand, TIMESTAMP, position) : operand;
        Timestamp type = (Timestamp) converted.type();
        long perDay = type.perSecond() * 86_400;
        long step = part.nanoseconds() / (NANOSECONDS / type.perSecond());
        RowBody body = part.nanoseconds() > 0
                ? new RowBody.OfLong(value -> step <= 1 ? value : value - Math.floorMod(value, step))
                : new RowBody.OfLong(
                        value -> part.truncate(LocalDate.ofEpochDay(Math.floorDiv(value, perDay))).toEpochDay()
                                * perDay);
        RowFunction function = RowFunction.of(name, List.of(type), type, body).with(part);
        return new Call(function, List.of(converted), type, position);
    }

    private static Expression difference(String name, List<Expression> arguments, Position position) {
        DatePart part = field(name, arguments.getFirst(), position);
        List<Expression> points = new ArrayList<>();
        for (Expression argument : arguments.subList(1, 3)) {
            points.add(Coercion.convert(point(name, argument, position), TIMESTAMP, position));
        }
        long step = part.nanoseconds() / 1000;
        RowBody body = part.nanoseconds() > 0
                ? new RowBody.OfLongs((from, to) -> step == 0 ? (to - from) * 1000
                        : Math.floorDiv(to, step) - Math.floorDiv(from, step))
                : new RowBody.OfLongs(
                        (from, to) -> part.number(LocalDate.ofEpochDay(Math.floorDiv(to, 86_400_000_000L)))
                                - part.number(LocalDate.ofEpochDay(Math.floorDiv(from, 86_400_000_000L))));
        return new Call(RowFunction.of(name, List.of(TIMESTAMP, TIMESTAMP), BIGINT, body).with(part), points, BIGINT,
                position);
    }

    private static Expression bucket(String name, List<Expression> arguments, Position position) {
        Expression width = Coercion.convert(arguments.getFirst(), SqlType.INTERVAL, position);
        Expression point = point(name, arguments.get(1), position);
        boolean date = point.type() == DATE;
        List<Expression> operands = new ArrayList<>(List.of(width, Coercion.convert(point, TIMESTAMP, position)));
        if (arguments.size() > 2) {
            if (arguments.get(2).type() == SqlType.INTERVAL) {
                throw GraticuleException.unsupported(position, name + " with an offset");
            }
            operands.add(Coercion.convert(point(name, arguments.get(2), position), TIMESTAMP, position));
        }
        List<SqlType> parameters = operands.stream().map(Expression::type).toList();
        RowBody body = new RowBody.OfObjects(values -> bucketStart((Interval) values[0], (Long) values[1],
                values.length > 2 ? (Long) values[2] : null));
        Expression call = new Call(RowFunction.of(name, parameters, TIMESTAMP, body).failing(), operands, TIMESTAMP,
                position);
        return date && name.equals("time_bucket") ? Coercion.convert(call, DATE, position) : call;
    }

    /** Buckets of days or time begin at Monday 2000-01-03, those of months at 2000-01-01, unless an origin is given. */
    private static long bucketStart(Interval width, long value, Long origin) {
        if (width.months() != 0) {
            if (width.days() != 0 || width.nanoseconds() != 0 || width.months() < 0) {
                throw GraticuleException.data(null,
                        "A bucket's width is in months, or in days and time, and positive.");
            }
            LocalDate from = origin == null ? LocalDate.of(2000, 1, 1) : dateTime(origin).toLocalDate();
            LocalDate day = dateTime(value).toLocalDate();
            long months = (day.getYear() - from.getYear()) * 12L + day.getMonthValue() - from.getMonthValue();
            LocalDate start = from.plusMonths(Math.floorDiv(months, width.months()) * (long) width.months());
            return (start.isAfter(day) ? start.minusMonths(width.months()) : start).toEpochDay() * 86_400_000_000L;
        }
        long step = width.days() * 86_400_000_000L + width.nanoseconds() / 1000;
        if (step <= 0) {
            throw GraticuleException.data(null, "A bucket's width is in months, or in days and time, and positive.");
        }
        long from = origin == null ? LocalDate.of(2000, 1, 3).toEpochDay() * 86_400_000_000L : origin;
        long into = Math.floorMod(Math.floorMod(value, step) - Math.floorMod(from, step), step);
        try {
            return Math.subtractExact(value, into);
        } catch (ArithmeticException overflow) {
            throw GraticuleException.data(null, "Timestamp out of range.");
        }
    }

    private static long exact(long value, long factor) {
        try {
            return Math.multiplyExact(value, factor);
        } catch (ArithmeticException overflow) {
            throw GraticuleException.data(null, "Timestamp out of range: " + value + ".");
        }
    }

    private static Long fromSeconds(double seconds) {
        double microseconds = Math.rint(seconds * 1e6);
        if (!(Math.abs(microseconds) < 0x1p63)) {
            throw GraticuleException.data(null, "Timestamp out of range: " + seconds + ".");
        }
        return (long) microseconds;
    }

    private static long microseconds(Instant instant) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
    }

    private static LocalDateTime dateTime(long microseconds) {
        return LocalDateTime.ofEpochSecond(Math.floorDiv(microseconds, 1_000_000L),
                (int) Math.floorMod(microseconds, 1_000_000L) * 1000, ZoneOffset.UTC);
    }

    private static LocalDate day(Object[] arguments) {
        try {
            return LocalDate.of(Math.toIntExact((Long) arguments[0]), Math.toIntExact((Long) arguments[1]),
                    Math.toIntExact((Long) arguments[2]));
        } catch (DateTimeException | ArithmeticException noDate) {
            throw GraticuleException.data(null,
                    "There is no date " + arguments[0] + "-" + arguments[1] + "-" + arguments[2] + ".");
        }
    }

    private static Long clock(long hour, long minute, double second) {
        if (hour < 0 || hour > 24 || minute < 0 || minute > 59 || !(second >= 0 && second <= 60)) {
            throw GraticuleException.data(null, "There is no time " + hour + ":" + minute + ":" + second + ".");
        }
        return (hour * 60 + minute) * 60_000_000L + Math.round(second * 1e6);
    }

    private static Object makeTimestamp(Object[] arguments) {
        return day(arguments).toEpochDay() * 86_400_000_000L
                + clock((Long) arguments[3], (Long) arguments[4], (Double) arguments[5]);
    }

    private static Object makeTime(Object[] arguments) {
        return clock((Long) arguments[0], (Long) arguments[1], (Double) arguments[2]);
    }

    private static Expression age(String name, List<Expression> arguments, Position position) {
        List<Expression> operands = new ArrayList<>();
        if (arguments.size() == 1) {
            operands.add(new Literal(LocalDate.now(ZoneOffset.UTC).toEpochDay() * 86_400_000_000L, TIMESTAMP));
        }
        for (Expression argument : arguments) {
            operands.add(Coercion.convert(point(name, argument, position), new Timestamp(TimeUnit.MICROSECOND, false),
                    position));
        }
        RowBody body = new RowBody.OfObjects(values -> age(dateTime((Long) values[0]), dateTime((Long) values[1])));
        return new Call(RowFunction.of(name, List.of(TIMESTAMP, TIMESTAMP), SqlType.INTERVAL, body), operands,
                SqlType.INTERVAL, position);
    }

    private static Interval age(LocalDateTime to, LocalDateTime from) {
        if (to.isBefore(from)) {
            Interval positive = age(from, to);
            return new Interval(-positive.months(), -positive.days(), -positive.nanoseconds());
        }
        // As PostgreSQL: a day that is borrowed belongs to the month of the earlier time.
        long time = to.toLocalTime().toNanoOfDay() - from.toLocalTime().toNanoOfDay();
        int days = to.getDayOfMonth() - from.getDayOfMonth();
        int months = (to.getYear() - from.getYear()) * 12 + to.getMonthValue() - from.getMonthValue();
        if (time < 0) {
            time += TimeArithmetic.DAY_NANOSECONDS;
            days--;
        }
        if (days < 0) {
            days += from.toLocalDate().lengthOfMonth();
            months--;
        }
        return new Interval(months, days, time);
    }
}
