package dev.graticule.expression;

import dev.graticule.batch.Interval;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Intervals as text: {@code 1 year 2 mons 3 days 04:05:06.5}, as PostgreSQL writes them. */
public final class IntervalText {
    private static final Pattern CLOCK = Pattern.compile("([+-]?)(\\d+):(\\d+)(?::(\\d+(?:\\.\\d*)?))?");
    private static final Pattern YEARS_MONTHS = Pattern.compile("([+-]?)(\\d+)-(\\d+)");
    private static final Pattern QUANTITY = Pattern
            .compile("([+-]?(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][+-]?\\d+)?)\\s*([\\p{Alpha}µ]+)");
    private static final Pattern ISO = Pattern
            .compile("([+-]?)P(?:([+-]?[\\d.]+)Y)?(?:([+-]?[\\d.]+)M)?(?:([+-]?[\\d.]+)W)?(?:([+-]?[\\d.]+)D)?"
                    + "(?:T(?:([+-]?[\\d.]+)H)?(?:([+-]?[\\d.]+)M)?(?:([+-]?[\\d.]+)S)?)?", Pattern.CASE_INSENSITIVE);
    private static final String[] ISO_UNITS = {"year", "month", "week", "day", "hour", "minute", "second"};
    /** Before the point no interval has more digits, and behind it none matter, whatever the unit. */
    private static final int MOST_DIGITS = 30;
    private static final BigDecimal SECOND = BigDecimal.valueOf(1_000_000_000L);

    private IntervalText() {
    }

    /** The text of an interval. */
    public static String format(Interval interval) {
        StringBuilder text = new StringBuilder();
        append(text, interval.months() / 12, "year");
        append(text, interval.months() % 12, "mon");
        append(text, interval.days(), "day");
        if (interval.nanoseconds() != 0 || text.isEmpty()) {
            text.append(text.isEmpty() ? "" : " ").append(interval.nanoseconds() < 0 ? "-" : "")
                    .append(ValueText.time(Math.abs(interval.nanoseconds())));
        }
        return text.toString();
    }

    private static void append(StringBuilder text, int count, String unit) {
        if (count != 0) {
            text.append(text.isEmpty() ? "" : " ").append(count).append(' ').append(unit).append(count == 1 ? "" : "s");
        }
    }

    /**
     * The interval of a text: quantities with units ({@code 1 day 2 hours}, {@code @ 3 mins ago}), a clock ({@code
     * -04:05:06.5}), mixtures of both, years and months ({@code 1-2}) or an ISO 8601 duration ({@code P1DT2H}). A
     * number alone counts seconds.
     *
     * @throws NumberFormatException where it is none; its message says why where there is more to say
     * @throws ArithmeticException where it is too large
     */
    public static Interval parse(String text) {
        String rest = text.strip();
        Sum sum = new Sum();
        Matcher iso = ISO.matcher(rest);
        if (rest.length() > 1 && iso.matches()) {
            for (int i = 0; i < ISO_UNITS.length; i++) {
                if (iso.group(i + 2) != null) {
                    sum.add(number(iso.group(i + 2)), ISO_UNITS[i]);
                }
            }
            return sum.interval(iso.group(1).equals("-"));
        }
        Matcher yearsMonths = YEARS_MONTHS.matcher(rest);
        if (yearsMonths.matches()) {
            sum.add(new BigDecimal(yearsMonths.group(2)), "year");
            sum.add(new BigDecimal(yearsMonths.group(3)), "month");
            return sum.interval(yearsMonths.group(1).equals("-"));
        }
        rest = rest.startsWith("@") ? rest.substring(1).strip() : rest;
        boolean ago = rest.toLowerCase(Locale.ROOT).endsWith(" ago");
        rest = ago ? rest.substring(0, rest.length() - 4).strip() : rest;
        if (rest.isEmpty()) {
            throw new NumberFormatException();
        }
        while (!rest.isEmpty()) {
            Matcher clock = CLOCK.matcher(rest);
            Matcher quantity = QUANTITY.matcher(rest);
            if (clock.lookingAt()) {
                BigDecimal seconds = new BigDecimal(clock.group(2)).multiply(BigDecimal.valueOf(3600))
                        .add(new BigDecimal(clock.group(3)).multiply(BigDecimal.valueOf(60)))
                        .add(clock.group(4) == null ? BigDecimal.ZERO : new BigDecimal(clock.group(4)));
                sum.add(clock.group(1).equals("-") ? seconds.negate() : seconds, "second");
                rest = rest.substring(clock.end()).strip();
            } else if (quantity.lookingAt()) {
                sum.add(number(quantity.group(1)), quantity.group(2));
                rest = rest.substring(quantity.end()).strip();
            } else if (rest.matches("[+-]?(\\d+(\\.\\d*)?|\\.\\d+)")) {
                sum.add(new BigDecimal(rest), "second");
                rest = "";
            } else {
                throw new NumberFormatException();
            }
            rest = rest.startsWith(",") ? rest.substring(1).strip() : rest;
        }
        return sum.interval(ago);
    }

    /** A number of a text; what is wrong with one says nothing of intervals. */
    private static BigDecimal number(String text) {
        try {
            return new BigDecimal(text);
        } catch (NumberFormatException problem) {
            throw new NumberFormatException();
        }
    }

    /**
     * What was read so far. As PostgreSQL does, fractions of years go to whole months, of months to days (30 a
     * month) and of days to time.
     */
    private static final class Sum {
        private long months;
        private long days;
        private long nanoseconds;

        /** Adds so many units, a singular or plural English word or one of the usual short forms. */
        void add(BigDecimal written, String unit) {
            // What has too many digits to be computed with is told by their number alone.
            long digits = (long) written.precision() - written.scale();
            if (written.signum() != 0 && digits > MOST_DIGITS) {
                throw new ArithmeticException();
            }
            BigDecimal count = digits < -MOST_DIGITS ? BigDecimal.ZERO : written;
            switch (unit.toLowerCase(Locale.ROOT)) {
                case "millennium", "millennia", "millenniums", "mil" -> months(count, 12_000);
                case "century", "centuries", "cent" -> months(count, 1200);
                case "decade", "decades", "dec" -> months(count, 120);
                case "year", "years", "y", "ys", "yr", "yrs" -> months(count, 12);
                case "quarter", "quarters", "qtr", "qtrs" -> months(count, 3);
                case "month", "months", "mon", "mons" -> months(count, 1);
                case "week", "weeks", "w" -> days(count.multiply(BigDecimal.valueOf(7)));
                case "day", "days", "d" -> days(count);
                case "hour", "hours", "h", "hr", "hrs" -> time(count, 3_600_000_000_000L);
                case "minute", "minutes", "m", "min", "mins" -> time(count, 60_000_000_000L);
                case "second", "seconds", "s", "sec", "secs" -> time(count, 1_000_000_000L);
                case "millisecond", "milliseconds", "ms", "msec", "msecs", "msecond", "mseconds" ->
                    time(count, 1_000_000L);
                case "microsecond", "microseconds", "us", "µs", "usec", "usecs", "usecond", "useconds" ->
                    time(count, 1000L);
                case "nanosecond", "nanoseconds", "ns" -> time(count, 1L);
                default -> throw new NumberFormatException("An interval has no unit " + unit + ".");
            }
        }

        private void months(BigDecimal count, int each) {
            BigDecimal exact = count.multiply(BigDecimal.valueOf(each));
            exact = each > 3 ? exact.setScale(0, RoundingMode.HALF_EVEN) : exact;
            BigDecimal whole = new BigDecimal(exact.toBigInteger());
            months = Math.addExact(months, whole.longValueExact());
            days(exact.subtract(whole).multiply(BigDecimal.valueOf(30)));
        }

        private void days(BigDecimal exact) {
            BigDecimal whole = new BigDecimal(exact.toBigInteger());
            days = Math.addExact(days, whole.longValueExact());
            time(exact.subtract(whole).multiply(BigDecimal.valueOf(86_400)), SECOND.longValue());
        }

        private void time(BigDecimal count, long each) {
            BigDecimal exact = count.multiply(BigDecimal.valueOf(each)).setScale(0, RoundingMode.HALF_EVEN);
            nanoseconds = Math.addExact(nanoseconds, exact.longValueExact());
        }

        Interval interval(boolean negative) {
            return negative
                    ? new Interval(Math.toIntExact(-months), Math.toIntExact(-days), Math.negateExact(nanoseconds))
                    : new Interval(Math.toIntExact(months), Math.toIntExact(days), nanoseconds);
        }
    }
}
