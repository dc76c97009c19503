package dev.graticule.zarr.cf;

import java.util.Locale;
import java.util.Optional;

/** The units of time that keep their length, with the spellings that UDUNITS and cftime accept. */
enum TimeUnit {
    DAYS(86_400_000_000L),
    HOURS(3_600_000_000L),
    MINUTES(60_000_000L),
    SECONDS(1_000_000L),
    MILLISECONDS(1_000L),
    MICROSECONDS(1L),
    /** Less than a microsecond: counts are divided by 1000. */
    NANOSECONDS(0L);

    private final long microseconds;

    TimeUnit(long microseconds) {
        this.microseconds = microseconds;
    }

    /** The unit of that name, in any case. */
    static Optional<TimeUnit> named(String name) {
        return Optional.ofNullable(switch (name.toLowerCase(Locale.ROOT)) {
            case "d", "day", "days" -> DAYS;
            case "h", "hr", "hrs", "hour", "hours" -> HOURS;
            case "m", "min", "mins", "minute", "minutes" -> MINUTES;
            case "s", "sec", "secs", "second", "seconds" -> SECONDS;
            case "ms", "msec", "msecs", "millisec", "millisecs", "millisecond", "milliseconds" -> MILLISECONDS;
            case "us", "microsec", "microsecs", "microsecond", "microseconds" -> MICROSECONDS;
            case "ns", "nanosec", "nanosecs", "nanosecond", "nanoseconds" -> NANOSECONDS;
            default -> null;
        });
    }

    /** A count as microseconds, rounded. @throws ArithmeticException beyond 64 bits */
    long microseconds(long count) {
        return this == NANOSECONDS ? Math.floorDiv(Math.addExact(count, 500), 1000L)
                : Math.multiplyExact(count, microseconds);
    }

    /** The whole units in so many microseconds, rounded down. @throws ArithmeticException beyond 64 bits */
    long count(long micros) {
        return this == NANOSECONDS ? Math.multiplyExact(micros, 1000L) : Math.floorDiv(micros, microseconds);
    }

    /** How many units so many microseconds are. */
    double number(long micros) {
        if (this == NANOSECONDS) {
            return micros * 1000.0;
        }
        long whole = Math.floorDiv(micros, microseconds);
        return whole + (double) Math.floorMod(micros, microseconds) / microseconds;
    }

    /** The nanoseconds of a unit. */
    long nanoseconds() {
        return this == NANOSECONDS ? 1 : microseconds * 1000;
    }

    /** A finite count as microseconds, rounded; the fraction is scaled apart, so that it keeps its precision. */
    long microseconds(double count) {
        double factor = this == NANOSECONDS ? 0.001 : microseconds;
        if (Math.abs(count) * factor >= 0x1p63) {
            throw new ArithmeticException("beyond 64 bits");
        }
        if (this == NANOSECONDS) {
            return (long) Math.rint(count / 1000);
        }
        double whole = Math.floor(count);
        return Math.addExact((long) whole * microseconds, (long) Math.rint((count - whole) * microseconds));
    }
}
