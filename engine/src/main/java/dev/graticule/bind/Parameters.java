package dev.graticule.bind;

import dev.graticule.GraticuleException;
import dev.graticule.batch.Interval;
import dev.graticule.expression.Expression.Literal;
import dev.graticule.sql.Position;
import dev.graticule.sql.SqlExpression;
import dev.graticule.sql.SqlNode;
import dev.graticule.type.SqlType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.ZonedDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Values bound to a query's parameters. A plain number counts as a literal: it takes the type of the column it meets
 * (SEMANTICS 15).
 *
 * @param named values of {@code $name}
 * @param positional values of {@code $1} and {@code ?}, by their ordinal from 1
 */
public record Parameters(Map<String, Object> named, Map<Integer, Object> positional) {
    public static final Parameters NONE = new Parameters(Map.of(), Map.of());

    /** That a statement has the parameters to which values are bound; of several positions the first ones may be left out. */
    void check(SqlNode statement, Position position) {
        if (named.isEmpty() && positional.isEmpty()) {
            return;
        }
        Set<String> names = new TreeSet<>();
        int[] last = new int[1];
        SqlTree.walkAll(statement, each -> {
            if (each instanceof SqlExpression.Parameter parameter && parameter.name().isEmpty()) {
                last[0] = Integer.max(last[0], parameter.ordinal());
            } else if (each instanceof SqlExpression.Parameter parameter) {
                names.add(parameter.name());
            }
        });
        for (String name : named.keySet()) {
            if (!names.contains(name)) {
                throw GraticuleException.binding(position, "A value is given for $" + name
                        + ", but there is no such parameter. There is: "
                        + (names.isEmpty() ? "none" : "$" + String.join(", $", names)) + ".");
            }
        }
        int given = positional.keySet().stream().mapToInt(Integer::intValue).max().orElse(0);
        if (given > last[0]) {
            throw GraticuleException.binding(position, "A value is given for $" + given + ", but "
                    + (last[0] == 0 ? "there are no parameters with positions."
                            : "$" + last[0] + " is the last parameter."));
        }
    }

    /** The literal that stands for a parameter. */
    Literal literal(SqlExpression.Parameter parameter) {
        String shown = parameter.name().isEmpty() ? "$" + parameter.ordinal() : "$" + parameter.name();
        boolean there = parameter.name().isEmpty() ? positional.containsKey(parameter.ordinal())
                : named.containsKey(parameter.name());
        if (!there) {
            throw GraticuleException.binding(parameter.position(),
                    "Parameter " + shown + " has no value. Bind one before running the query.");
        }
        Object value = parameter.name().isEmpty() ? positional.get(parameter.ordinal()) : named.get(parameter.name());
        return literal(value, shown, parameter.position());
    }

    private static Literal literal(Object value, String shown, Position position) {
        return switch (value) {
            case null -> new Literal(null, SqlType.NULL);
            case Literal literal -> literal;
            case Boolean bit -> new Literal(bit, SqlType.BOOLEAN);
            case Byte number -> new Literal((int) number, SqlType.INTEGER);
            case Short number -> new Literal((int) number, SqlType.INTEGER);
            case Integer number -> new Literal(number, SqlType.INTEGER);
            case Long number -> number == (int) (long) number ? new Literal((int) (long) number, SqlType.INTEGER)
                    : new Literal(number, SqlType.BIGINT);
            case Float number -> new Literal(Double.parseDouble(number.toString()), SqlType.DOUBLE);
            case Double number -> new Literal(number, SqlType.DOUBLE);
            case BigInteger number -> decimal(new BigDecimal(number), shown, position);
            case BigDecimal number -> decimal(number, shown, position);
            case Character letter -> new Literal(letter.toString(), SqlType.VARCHAR);
            case CharSequence text -> new Literal(text.toString(), SqlType.VARCHAR);
            case byte[] bytes -> new Literal(bytes, SqlType.BLOB);
            case LocalDate date -> new Literal((int) date.toEpochDay(), SqlType.DATE);
            case LocalTime time -> new Literal(time.toNanoOfDay() / 1000, SqlType.TIME);
            case LocalDateTime time -> new Literal(
                    ChronoUnit.MICROS.between(Instant.EPOCH, time.toInstant(ZoneOffset.UTC)), SqlType.TIMESTAMP);
            case Instant time ->
                new Literal(ChronoUnit.MICROS.between(Instant.EPOCH, time), SqlType.TIMESTAMP_WITH_TIME_ZONE);
            case OffsetDateTime time -> literal(time.toInstant(), shown, position);
            case ZonedDateTime time -> literal(time.toInstant(), shown, position);
            case Period period -> new Literal(
                    new Interval(Math.toIntExact(period.toTotalMonths()), period.getDays(), 0), SqlType.INTERVAL);
            case Duration duration -> new Literal(new Interval(0, 0, duration.toNanos()), SqlType.INTERVAL);
            case Interval interval -> new Literal(interval, SqlType.INTERVAL);
            default -> throw GraticuleException.binding(position,
                    "Parameter " + shown + " is a " + value.getClass().getName()
                            + ": bind a number, string, boolean, byte array, java.time value or null.");
        };
    }

    private static Literal decimal(BigDecimal number, String shown, Position position) {
        BigDecimal plain = number.scale() < 0 ? number.setScale(0) : number;
        int precision = Math.max(plain.precision(), plain.scale());
        if (precision > 38) {
            throw GraticuleException.binding(position, "Parameter " + shown + " has more than 38 digits.");
        }
        return new Literal(plain, new SqlType.Decimal(Math.max(1, precision), plain.scale()));
    }
}
