package dev.graticule.expression;

import dev.graticule.batch.Interval;
import java.math.BigDecimal;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Intervals as text: {@code 1 year 2 mons 3 days 04:05:06.5}, as PostgreSQL writes them. */
public final class IntervalText {
    private static final Pattern CLOCK = Pattern.compile("([+-]?)(\\d+):(\\d{2})(?::(\\d{2})(\\.\\d{1,9})?)?");
    private static final Pattern QUANTITY = Pattern
            .compile("([+-]?(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][+-]?\\d+)?)\\s*([a-zA-Z]+)");
    private static final Pattern ISO = Pattern
            .compile("P(?:([+-]?[\\d.]+)Y)?(?:([+-]?[\\d.]+)M)?(?:([+-]?[\\d.]+)W)?(?:([+-]?[\\d.]+)D)?"
                    + "(?:T(?:([+-]?[\\d.]+)H)?(?:([+-]?[\\d.]+)M)?(?:([+-]?[\\d.]+)S)?)?", Pattern.CASE_INSENSITIVE);
    private static final String[] ISO_UNITS = {"year", "month", "week", "day", "hour", "minute", "second"};
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
     * The interval of a text: quantities with units, a clock, ISO 8601 durations, or mixtures of the first two.
     *
     * @throws NumberFormatException where it is none
     */
    public static Interval parse(String text) {
        Sum sum = new Sum();
        if (text.startsWith("P") || text.startsWith("p")) {
            Matcher iso = ISO.matcher(text);
            if (!iso.matches()) {
                throw new NumberFormatException();
            }
            for (int i = 0; i < ISO_UNITS.length; i++) {
                if (iso.group(i + 1) != null) {
                    sum.add(new BigDecimal(iso.group(i + 1)), ISO_UNITS[i]);
                }
            }
            return sum.interval();
        }
        String rest = text.strip();
        boolean ago = rest.toLowerCase(Locale.ROOT).endsWith(" ago");
        rest = ago ? rest.substring(0, rest.length() - 4).strip() : rest;
        if (rest.isEmpty()) {
            throw new NumberFormatException();
        }
        while (!rest.isEmpty()) {
            Matcher clock = CLOCK.matcher(rest);
            Matcher quantity = QUANTITY.matcher(rest);
            if (clock.lookingAt()) {
                BigDecimal seconds = new BigDecimal(
                        Long.parseLong(clock.group(2)) * 3600 + Long.parseLong(clock.group(3)) * 60
                                + (clock.group(4) == null ? 0 : Long.parseLong(clock.group(4))));
                seconds = clock.group(5) == null ? seconds : seconds.add(new BigDecimal(clock.group(5)));
                sum.add(clock.group(1).equals("-") ? seconds.negate() : seconds, "second");
                rest = rest.substring(clock.end()).strip();
            } else if (quantity.lookingAt()) {
                sum.add(new BigDecimal(quantity.group(1)), quantity.group(2));
                rest = rest.substring(quantity.end()).strip();
            } else if (rest.matches("[+-]?\\d+(\\.\\d+)?")) {
                sum.add(new BigDecimal(rest), "second");
                rest = "";
            } else {
                throw new NumberFormatException();
            }
            rest = rest.startsWith(",") ? rest.substring(1).strip() : rest;
        }
        return ago ? sum.negated() : sum.interval();
    }

    /** What was read so far; fractions of months go to days and of days to time, as PostgreSQL does. */
    private static final class Sum {
        private long months;
        private long days;
        private long nanoseconds;

        void add(BigDecimal count, String unit) {
            switch (unit.toLowerCase(Locale.ROOT)) {
                case "millennium", "millennia", "millenniums", "mil" -> months(count, 12_000);
                case "century", "centuries", "cent" -> months(count, 1200);
                case "decade", "decades", "dec" -> months(count, 120);
                case "year", "years", "y", "yr", "yrs" -> months(count, 12);
                case "quarter", "quarters" -> months(count, 3);
                case "month", "months", "mon", "mons" -> months(count, 1);
                case "week", "weeks", "w" -> days(count.multiply(BigDecimal.valueOf(7)));
                case "day", "days", "d" -> days(count);
                case "hour", "hours", "h", "hr", "hrs" -> time(count, 3_600_000_000_000L);
                case "minute", "minutes", "m", "min", "mins" -> time(count, 60_000_000_000L);
                case "second", "seconds", "s", "sec", "secs" -> time(count, 1_000_000_000L);
                case "millisecond", "milliseconds", "ms", "msec", "msecs", "msecond", "mseconds" ->
                    time(count, 1_000_000L);
                case "microsecond", "microseconds", "us", "usec", "usecs", "usecond", "useconds" -> time(count, 1000L);
                case "nanosecond", "nanoseconds", "ns" -> time(count, 1L);
                default -> throw new NumberFormatException();
            }
        }

        private void months(BigDecimal count, int each) {
            BigDecimal exact = count.multiply(BigDecimal.valueOf(each));
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
            BigDecimal exact = count.multiply(BigDecimal.valueOf(each)).setScale(0, java.math.RoundingMode.HALF_EVEN);
            nanoseconds = Math.addExact(nanoseconds, exact.longValueExact());
        }

        Interval interval() {
            return new Interval(Math.toIntExact(months), Math.toIntExact(days), nanoseconds);
        }

        Interval negated() {
            return new Interval(Math.toIntExact(-months), Math.toIntExact(-days), -nanoseconds);
        }
    }
}
