package dev.graticule.bind;

import dev.graticule.GraticuleException;
import dev.graticule.batch.Interval;
import dev.graticule.sql.IntervalUnit;
import dev.graticule.sql.Position;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Intervals as they are written in a query: {@code '1 day 02:30'}, {@code '1-2'}, {@code 'P1DT2H'}, {@code 90} with a unit. */
final class IntervalLiteral {
    private static final BigDecimal NANOSECONDS_PER_SECOND = BigDecimal.valueOf(1_000_000_000L);
    private static final Pattern PART = Pattern.compile(
            "\\G\\s*,?\\s*(?:([+-]?)(\\d+):(\\d+)(?::(\\d+(?:\\.\\d*)?))?|([+-]?(?:\\d+(?:\\.\\d*)?|\\.\\d+))\\s*([\\p{Alpha}µ]+)|(@|ago\\b))",
            Pattern.CASE_INSENSITIVE);
    private static final Pattern ISO = Pattern.compile(
            "([+-]?)P(?:(-?[\\d.]+)Y)?(?:(-?[\\d.]+)M)?(?:(-?[\\d.]+)W)?(?:(-?[\\d.]+)D)?(?:T(?:(-?[\\d.]+)H)?(?:(-?[\\d.]+)M)?(?:(-?[\\d.]+)S)?)?");
    private static final Map<String, IntervalUnit> SHORT = Map.ofEntries(Map.entry("y", IntervalUnit.YEAR),
            Map.entry("yr", IntervalUnit.YEAR),
            Map.entry("mon", IntervalUnit.MONTH), Map.entry("w", IntervalUnit.WEEK), Map.entry("d", IntervalUnit.DAY),
            Map.entry("h", IntervalUnit.HOUR),
            Map.entry("hr", IntervalUnit.HOUR), Map.entry("m", IntervalUnit.MINUTE),
            Map.entry("min", IntervalUnit.MINUTE), Map.entry("s", IntervalUnit.SECOND),
            Map.entry("sec", IntervalUnit.SECOND), Map.entry("ms", IntervalUnit.MILLISECOND),
            Map.entry("msec", IntervalUnit.MILLISECOND),
            Map.entry("msecond", IntervalUnit.MILLISECOND), Map.entry("usecond", IntervalUnit.MICROSECOND),
            Map.entry("us", IntervalUnit.MICROSECOND), Map.entry("usec", IntervalUnit.MICROSECOND),
            Map.entry("ns", IntervalUnit.NANOSECOND),
            Map.entry("centurie", IntervalUnit.CENTURY), Map.entry("millennia", IntervalUnit.MILLENNIUM),
            Map.entry("qtr", IntervalUnit.QUARTER));

    private IntervalLiteral() {
    }

    /** The interval of one unit. */
    static Interval of(IntervalUnit unit) {
        return amount(BigDecimal.ONE, unit);
    }

    /** The interval that a text means; {@code unit} is what a number without one counts. */
    static Interval parse(String text, Optional<IntervalUnit> unit, Optional<IntervalUnit> to, Position position) {
        String trimmed = text.strip();
        try {
            if (to.isPresent() && unit.equals(Optional.of(IntervalUnit.YEAR)) && trimmed.matches("[+-]?\\d+-\\d+")) {
                return yearsAndMonths(trimmed);
            }
            if (unit.isPresent() && trimmed.matches("[+-]?(\\d+(\\.\\d*)?|\\.\\d+)")) {
                return amount(new BigDecimal(trimmed), unit.get());
            }
            Matcher iso = ISO.matcher(trimmed.toUpperCase(Locale.ROOT));
            if (trimmed.length() > 1 && iso.matches()) {
                return iso(iso);
            }
            if (trimmed.matches("[+-]?\\d+-\\d+")) {
                return yearsAndMonths(trimmed);
            }
            return parts(trimmed, position);
        } catch (ArithmeticException problem) {
            throw GraticuleException.binding(position, "The interval '" + text + "' is too large.");
        }
    }

    private static Interval parts(String text, Position position) {
        Matcher matcher = PART.matcher(text);
        Interval sum = new Interval(0, 0, 0);
        boolean ago = false;
        int end = 0;
        boolean any = false;
        while (matcher.find()) {
            end = matcher.end();
            any = true;
            if (matcher.group(7) != null) {
                ago |= matcher.group(7).equalsIgnoreCase("ago");
            } else if (matcher.group(3) != null) {
                BigDecimal seconds = new BigDecimal(matcher.group(2)).multiply(BigDecimal.valueOf(3600))
                        .add(new BigDecimal(matcher.group(3)).multiply(BigDecimal.valueOf(60)));
                if (matcher.group(4) != null) {
                    seconds = seconds.add(new BigDecimal(matcher.group(4)));
                }
                sum = add(sum, amount(matcher.group(1).equals("-") ? seconds.negate() : seconds, IntervalUnit.SECOND));
            } else {
                sum = add(sum, amount(new BigDecimal(matcher.group(5)), unit(matcher.group(6), position)));
            }
        }
        if (!any || !text.substring(end).isBlank()) {
            throw GraticuleException.binding(position,
                    "'" + text + "' is not an interval. Write INTERVAL '1 day 2 hours' or INTERVAL 90 MINUTE.");
        }
        return ago ? new Interval(-sum.months(), -sum.days(), -sum.nanoseconds()) : sum;
    }

    private static IntervalUnit unit(String word, Position position) {
        String lower = word.toLowerCase(Locale.ROOT);
        IntervalUnit known = SHORT.get(lower);
        if (known == null && lower.endsWith("s")) {
            known = SHORT.get(lower.substring(0, lower.length() - 1));
        }
        if (known != null) {
            return known;
        }
        String single = lower.equals("centuries") ? "century"
                : lower.endsWith("s") ? lower.substring(0, lower.length() - 1) : lower;
        for (IntervalUnit unit : IntervalUnit.values()) {
            if (unit.name().equalsIgnoreCase(single)) {
                return unit;
            }
        }
        throw GraticuleException.binding(position, "An interval has no unit " + word + ".");
    }

    private static Interval yearsAndMonths(String text) {
        boolean negative = text.startsWith("-");
        String[] parts = text.replaceFirst("^[+-]", "").split("-");
        int months = Math.addExact(Math.multiplyExact(Integer.parseInt(parts[0]), 12), Integer.parseInt(parts[1]));
        return new Interval(negative ? -months : months, 0, 0);
    }

    private static Interval iso(Matcher matcher) {
        IntervalUnit[] units = {IntervalUnit.YEAR, IntervalUnit.MONTH, IntervalUnit.WEEK, IntervalUnit.DAY,
                IntervalUnit.HOUR, IntervalUnit.MINUTE,
                IntervalUnit.SECOND};
        Interval sum = new Interval(0, 0, 0);
        for (int i = 0; i < units.length; i++) {
            if (matcher.group(i + 2) != null) {
                BigDecimal count = new BigDecimal(matcher.group(i + 2));
                sum = add(sum, amount(matcher.group(1).equals("-") ? count.negate() : count, units[i]));
            }
        }
        return sum;
    }

    /** Fractions go down to the next smaller part, with 30 days a month. */
    static Interval amount(BigDecimal count, IntervalUnit unit) {
        return switch (unit) {
            case NANOSECOND -> nanoseconds(count);
            case MICROSECOND -> nanoseconds(count.scaleByPowerOfTen(3));
            case MILLISECOND -> nanoseconds(count.scaleByPowerOfTen(6));
            case SECOND -> nanoseconds(count.multiply(NANOSECONDS_PER_SECOND));
            case MINUTE -> nanoseconds(count.multiply(NANOSECONDS_PER_SECOND).multiply(BigDecimal.valueOf(60)));
            case HOUR -> nanoseconds(count.multiply(NANOSECONDS_PER_SECOND).multiply(BigDecimal.valueOf(3600)));
            case DAY -> days(count);
            case WEEK -> days(count.multiply(BigDecimal.valueOf(7)));
            case MONTH -> months(count);
            case QUARTER -> months(count.multiply(BigDecimal.valueOf(3)));
            case YEAR -> years(count, 1);
            case DECADE -> years(count, 10);
            case CENTURY -> years(count, 100);
            case MILLENNIUM -> years(count, 1000);
        };
    }

    private static Interval years(BigDecimal count, int years) {
        BigDecimal months = count.multiply(BigDecimal.valueOf(12L * years)).setScale(0, RoundingMode.HALF_EVEN);
        return new Interval(months.intValueExact(), 0, 0);
    }

    private static Interval months(BigDecimal count) {
        BigDecimal whole = count.setScale(0, RoundingMode.DOWN);
        Interval rest = days(count.subtract(whole).multiply(BigDecimal.valueOf(30)));
        return new Interval(whole.intValueExact(), rest.days(), rest.nanoseconds());
    }

    private static Interval days(BigDecimal count) {
        BigDecimal whole = count.setScale(0, RoundingMode.DOWN);
        Interval rest = nanoseconds(
                count.subtract(whole).multiply(NANOSECONDS_PER_SECOND).multiply(BigDecimal.valueOf(86_400)));
        return new Interval(0, whole.intValueExact(), rest.nanoseconds());
    }

    private static Interval nanoseconds(BigDecimal count) {
        return new Interval(0, 0, count.setScale(0, RoundingMode.HALF_EVEN).longValueExact());
    }

    private static Interval add(Interval a, Interval b) {
        return new Interval(Math.addExact(a.months(), b.months()), Math.addExact(a.days(), b.days()),
                Math.addExact(a.nanoseconds(), b.nanoseconds()));
    }
}
