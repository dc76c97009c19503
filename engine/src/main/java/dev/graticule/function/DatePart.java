package dev.graticule.function;

import dev.graticule.batch.Interval;
import dev.graticule.type.SqlType;
import dev.graticule.type.SqlType.Timestamp;
import java.time.LocalDate;
import java.time.temporal.IsoFields;
import java.util.Locale;
import java.util.Optional;
import java.util.function.LongUnaryOperator;
import java.util.function.ToLongFunction;

/** The fields of dates, times, timestamps and intervals that EXTRACT and the functions of their names give. */
enum DatePart {
    MILLENNIUM("millennium", "millennia", "mil"),
    CENTURY("century", "centuries", "cent"),
    DECADE("decade", "decades", "dec"),
    YEAR("year", "years", "y",
            "yr"),
    QUARTER("quarter", "quarters"),
    MONTH("month", "months", "mon", "mons"),
    WEEK("week", "weeks", "w", "weekofyear"),
    DAY("day", "days", "d",
            "dayofmonth"),
    HOUR("hour", "hours", "h", "hr"),
    MINUTE("minute", "minutes", "m", "min"),
    SECOND("second", "seconds", "s",
            "sec"),
    MILLISECOND("millisecond", "milliseconds", "ms", "msec"),
    MICROSECOND("microsecond", "microseconds", "us",
            "usec"),
    NANOSECOND("nanosecond", "nanoseconds", "ns"),
    EPOCH("epoch"),
    JULIAN("julian"),
    DAY_OF_WEEK("dow", "dayofweek",
            "weekday"),
    ISO_DAY_OF_WEEK("isodow"),
    DAY_OF_YEAR("doy", "dayofyear"),
    ISO_YEAR("isoyear"),
    YEAR_WEEK("yearweek"),
    ERA("era");

    private static final long NANOSECONDS = 1_000_000_000L;

    private final String[] names;

    DatePart(String... names) {
        this.names = names;
    }

    /** All names, the usual one first. */
    String[] names() {
        return names.clone();
    }

    /** The field of a name, in any case. */
    static Optional<DatePart> of(String name) {
        String wanted = name.strip().toLowerCase(Locale.ROOT);
        for (DatePart part : values()) {
            for (String known : part.names) {
                if (known.equals(wanted)) {
                    return Optional.of(part);
                }
            }
        }
        return Optional.empty();
    }

    boolean isOfDay() {
        return switch (this) {
            case HOUR, MINUTE, SECOND, MILLISECOND, MICROSECOND, NANOSECOND -> true;
            default -> false;
        };
    }

    /** The field of a DATE or a timestamp, by its stored number; not for EPOCH. */
    LongUnaryOperator ofPoint(SqlType type) {
        long perSecond = type instanceof Timestamp timestamp ? timestamp.perSecond() : 1;
        long perDay = type instanceof Timestamp ? perSecond * 86_400 : 1;
        long perUnit = NANOSECONDS / perSecond;
        if (isOfDay()) {
            return type instanceof Timestamp ? value -> ofClock(Math.floorMod(value, perDay), perSecond, perUnit)
                    : value -> 0;
        }
        return switch (this) {
            case DAY_OF_WEEK -> value -> Math.floorMod(Math.floorDiv(value, perDay) + 4, 7);
            case ISO_DAY_OF_WEEK -> value -> Math.floorMod(Math.floorDiv(value, perDay) + 3, 7) + 1;
            default -> value -> ofDay(LocalDate.ofEpochDay(Math.floorDiv(value, perDay)));
        };
    }

    private long ofClock(long units, long perSecond, long perUnit) {
        long second = units / perSecond;
        long inMinute = (second % 60 * perSecond + units % perSecond) * perUnit;
        return switch (this) {
            case HOUR -> second / 3600;
            case MINUTE -> second / 60 % 60;
            case SECOND -> second % 60;
            case MILLISECOND -> inMinute / 1_000_000;
            case MICROSECOND -> inMinute / 1_000;
            case NANOSECOND -> inMinute;
            default -> throw new IllegalStateException("Not of the clock: " + this);
        };
    }

    private long ofDay(LocalDate day) {
        long year = day.getYear();
        return switch (this) {
            case MILLENNIUM -> year > 0 ? (year + 999) / 1000 : -((999 - year + 1) / 1000);
            case CENTURY -> year > 0 ? (year + 99) / 100 : -((99 - year + 1) / 100);
            case DECADE -> Math.floorDiv(year, 10);
            case YEAR -> year;
            case QUARTER -> (day.getMonthValue() + 2) / 3;
            case MONTH -> day.getMonthValue();
            case WEEK -> day.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR);
            case DAY -> day.getDayOfMonth();
            case DAY_OF_YEAR -> day.getDayOfYear();
            case ISO_YEAR -> day.get(IsoFields.WEEK_BASED_YEAR);
            case YEAR_WEEK -> {
                long weekYear = day.get(IsoFields.WEEK_BASED_YEAR);
                yield weekYear * 100 + Long.signum(weekYear) * day.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR);
            }
            case ERA -> year > 0 ? 1 : 0;
            default -> throw new IllegalStateException("Not of the day: " + this);
        };
    }

    /** The field of a TIME, by its microseconds; empty where a time has none. */
    Optional<LongUnaryOperator> ofTime() {
        return isOfDay() ? Optional.of(value -> ofClock(value, 1_000_000, 1_000)) : Optional.empty();
    }

    /** The field of an interval; empty where an interval has none. */
    Optional<ToLongFunction<Interval>> ofInterval() {
        return switch (this) {
            case MILLENNIUM -> Optional.of(interval -> interval.months() / 12_000);
            case CENTURY -> Optional.of(interval -> interval.months() / 1200);
            case DECADE -> Optional.of(interval -> interval.months() / 120);
            case YEAR -> Optional.of(interval -> interval.months() / 12);
            case QUARTER -> Optional.of(interval -> interval.months() % 12 / 3 + 1);
            case MONTH -> Optional.of(interval -> interval.months() % 12);
            case DAY -> Optional.of(Interval::days);
            case HOUR -> Optional.of(interval -> interval.nanoseconds() / (3600 * NANOSECONDS));
            case MINUTE -> Optional.of(interval -> interval.nanoseconds() / (60 * NANOSECONDS) % 60);
            case SECOND -> Optional.of(interval -> interval.nanoseconds() / NANOSECONDS % 60);
            case MILLISECOND -> Optional.of(interval -> interval.nanoseconds() % (60 * NANOSECONDS) / 1_000_000);
            case MICROSECOND -> Optional.of(interval -> interval.nanoseconds() % (60 * NANOSECONDS) / 1_000);
            case NANOSECOND -> Optional.of(interval -> interval.nanoseconds() % (60 * NANOSECONDS));
            case WEEK, EPOCH, JULIAN, DAY_OF_WEEK, ISO_DAY_OF_WEEK, DAY_OF_YEAR, ISO_YEAR, YEAR_WEEK, ERA ->
                Optional.empty();
        };
    }

    /** Seconds since 1970, of a point; the length in seconds (a year has 365.25 days, a month 30), of an interval. */
    static double epoch(Interval interval) {
        double days = interval.months() / 12 * 365.25 + interval.months() % 12 * 30.0 + interval.days();
        return days * 86_400 + interval.nanoseconds() / 1e9;
    }

    /** The beginning of the period of this name in which a day lies. */
    LocalDate truncate(LocalDate day) {
        return switch (this) {
            case MILLENNIUM -> LocalDate.of(Math.floorDiv(day.getYear() - 1, 1000) * 1000 + 1, 1, 1);
            case CENTURY -> LocalDate.of(Math.floorDiv(day.getYear() - 1, 100) * 100 + 1, 1, 1);
            case DECADE -> LocalDate.of(Math.floorDiv(day.getYear(), 10) * 10, 1, 1);
            case YEAR -> LocalDate.of(day.getYear(), 1, 1);
            case QUARTER -> LocalDate.of(day.getYear(), (day.getMonthValue() - 1) / 3 * 3 + 1, 1);
            case MONTH -> day.withDayOfMonth(1);
            case WEEK, YEAR_WEEK -> day.minusDays(day.getDayOfWeek().getValue() - 1L);
            case ISO_YEAR -> {
                LocalDate fourth = LocalDate.of(day.get(IsoFields.WEEK_BASED_YEAR), 1, 4);
                yield fourth.minusDays(fourth.getDayOfWeek().getValue() - 1L);
            }
            case DAY, DAY_OF_WEEK, ISO_DAY_OF_WEEK, DAY_OF_YEAR, HOUR, MINUTE, SECOND, MILLISECOND, MICROSECOND,
                    NANOSECOND, EPOCH, JULIAN, ERA ->
                day;
        };
    }

    /** How long a period of the clock is, in nanoseconds; 0 for others. */
    long nanoseconds() {
        return switch (this) {
            case HOUR -> 3600 * NANOSECONDS;
            case MINUTE -> 60 * NANOSECONDS;
            case SECOND -> NANOSECONDS;
            case MILLISECOND -> 1_000_000;
            case MICROSECOND -> 1_000;
            case NANOSECOND -> 1;
            case MILLENNIUM, CENTURY, DECADE, YEAR, QUARTER, MONTH, WEEK, DAY, EPOCH, JULIAN, DAY_OF_WEEK,
                    ISO_DAY_OF_WEEK, DAY_OF_YEAR, ISO_YEAR, YEAR_WEEK, ERA ->
                0;
        };
    }

    /** The number of the period of this name in which a day lies: differences of these count boundaries. */
    long number(LocalDate day) {
        return switch (this) {
            case MILLENNIUM -> Math.floorDiv(day.getYear() - 1, 1000);
            case CENTURY -> Math.floorDiv(day.getYear() - 1, 100);
            case DECADE -> Math.floorDiv(day.getYear(), 10);
            case YEAR -> day.getYear();
            case QUARTER -> day.getYear() * 4L + (day.getMonthValue() - 1) / 3;
            case MONTH -> day.getYear() * 12L + day.getMonthValue();
            case WEEK, YEAR_WEEK -> Math.floorDiv(day.toEpochDay() + 3, 7);
            case ISO_YEAR -> day.get(IsoFields.WEEK_BASED_YEAR);
            case DAY, DAY_OF_WEEK, ISO_DAY_OF_WEEK, DAY_OF_YEAR, HOUR, MINUTE, SECOND, MILLISECOND, MICROSECOND,
                    NANOSECOND, EPOCH, JULIAN, ERA ->
                day.toEpochDay();
        };
    }
}
