package dev.graticule.zarr.cf;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A CF time unit and calendar ("hours since 1900-01-01", "standard"): the way from numbers to microseconds since
 * 1970-01-01T00:00:00. Immutable.
 *
 * <p>Source: CF conventions, section 4.4; what is accepted is what cftime accepts.
 */
public final class TimeCoding {
    private static final long DAY = 86_400_000_000L;
    private static final Pattern UNITS = Pattern.compile("\\s*(\\w+)\\s+since\\s+(.*?)\\s*",
            Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
    private static final Pattern REFERENCE = Pattern.compile("([+-]?\\d{1,6})(?:-(\\d{1,2})(?:-(\\d{1,2})"
            + "(?:(?:\\s*[tT]|\\s+)\\s*(\\d{1,2})(?::(\\d{1,2})(?::(\\d{1,2})(?:[.,](\\d*))?)?)?)?)?)?"
            + "\\s*(?:(?i:Z|UTC|GMT)|([+-])(\\d{1,2}):?(\\d{2})?)?");

    private final TimeUnit unit;
    private final CalendarDays calendar;
    private final long reference;

    private TimeCoding(TimeUnit unit, CalendarDays calendar, long reference) {
        this.unit = unit;
        this.calendar = calendar;
        this.reference = reference;
    }

    /** Whether a unit is one of points in time. */
    public static boolean isTime(String units) {
        return UNITS.matcher(units).matches();
    }

    /**
     * The coding of a unit and a calendar's name.
     *
     * @throws UndecodableTimeException where the unit, the reference date or the calendar has no place on the real world's
     *             time line
     */
    public static TimeCoding of(String units, String calendarName) throws UndecodableTimeException {
        CalendarDays calendar = CalendarDays.named(calendarName)
                .orElseThrow(() -> new UndecodableTimeException(
                        "its calendar '" + calendarName + "' has no real-world dates", true));
        Matcher parts = UNITS.matcher(units);
        if (!parts.matches()) {
            throw new UndecodableTimeException("its units '" + units + "' are not '<unit> since <date>'", false);
        }
        TimeUnit unit = TimeUnit.named(parts.group(1))
                .orElseThrow(() -> new UndecodableTimeException("its unit '" + parts.group(1) + "' has no fixed length",
                        true));
        return new TimeCoding(unit, calendar, reference(parts.group(2), calendar));
    }

    private static long reference(String text, CalendarDays calendar) throws UndecodableTimeException {
        Matcher parts = REFERENCE.matcher(text);
        UndecodableTimeException bad = new UndecodableTimeException(
                "its reference date '" + text + "' is no date of the calendar", false);
        if (!parts.matches()) {
            throw bad;
        }
        Optional<Long> day = calendar.day(Integer.parseInt(parts.group(1)), number(parts.group(2), 1),
                number(parts.group(3), 1));
        int hour = number(parts.group(4), 0);
        int minute = number(parts.group(5), 0);
        int second = number(parts.group(6), 0);
        if (day.isEmpty() || hour > 24 || minute > 59 || second > 60) {
            throw bad;
        }
        String fraction = parts.group(7) == null ? "" : parts.group(7);
        long micros = Long.parseLong((fraction + "000000").substring(0, 6));
        long offset = (number(parts.group(9), 0) * 60L + number(parts.group(10), 0))
                * ("-".equals(parts.group(8)) ? -1 : 1);
        return day.get() * DAY + ((hour * 60L + minute - offset) * 60L + second) * 1_000_000L + micros;
    }

    private static int number(String digits, int otherwise) {
        return digits == null ? otherwise : Integer.parseInt(digits);
    }

    /** The time of a whole number. @throws UndecodableTimeException where it is out of a TIMESTAMP's range */
    public long decode(long count) throws UndecodableTimeException {
        try {
            return shown(Math.addExact(reference, unit.microseconds(count)), Long.toString(count));
        } catch (ArithmeticException overflow) {
            throw beyond(Long.toString(count));
        }
    }

    /** The time of a number that is not NaN. @throws UndecodableTimeException where it is out of a TIMESTAMP's range */
    public long decode(double count) throws UndecodableTimeException {
        try {
            return shown(Math.addExact(reference, unit.microseconds(count)), Double.toString(count));
        } catch (ArithmeticException overflow) {
            throw beyond(Double.toString(count));
        }
    }

    /** The whole number that {@link #decode(long)} makes that time of, where there is one. */
    public OptionalLong encode(long micros) {
        try {
            long count = unit.count(Math.subtractExact(counted(micros), reference));
            return decode(count) == micros ? OptionalLong.of(count) : OptionalLong.empty();
        } catch (ArithmeticException | UndecodableTimeException elsewhere) {
            return OptionalLong.empty();
        }
    }

    /** The number, whole or not, that {@link #decode(double)} makes that time of, as nearly as a DOUBLE can say. */
    public double encodeNumber(long micros) {
        return unit.number(counted(micros) - reference);
    }

    private static UndecodableTimeException beyond(String count) {
        return new UndecodableTimeException("its value " + count + " is beyond the range of TIMESTAMP", false);
    }

    /** The time that is shown as this one; itself where there is none. */
    private long counted(long micros) {
        long day = Math.floorDiv(micros, DAY);
        return micros + (calendar.counted(day).orElse(day) - day) * DAY;
    }

    private long shown(long micros, String count) throws UndecodableTimeException {
        if (calendar == CalendarDays.PROLEPTIC_GREGORIAN) {
            return micros;
        }
        long day = Math.floorDiv(micros, DAY);
        return calendar.shown(day).orElseThrow(
                () -> new UndecodableTimeException(
                        "its value " + count + " is a day of the Julian calendar that TIMESTAMP does not have", false))
                * DAY
                + Math.floorMod(micros, DAY);
    }
}
