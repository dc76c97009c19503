package dev.graticule.expression;

import dev.graticule.GraticuleException;
import dev.graticule.batch.Interval;
import dev.graticule.kernel.Numbers;
import dev.graticule.type.SqlType;
import dev.graticule.type.SqlType.Decimal;
import dev.graticule.type.SqlType.Timestamp;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.arrow.vector.types.TimeUnit;

/** Values as text and back: what CAST to and from VARCHAR does. Values are as {@code Values.object} gives them. */
public final class ValueText {
    private static final Pattern DATE = Pattern.compile("([+-]?\\d{4,7})([-/])(\\d{1,2})\\2(\\d{1,2})");
    private static final Pattern BEFORE_CHRIST = Pattern.compile("\\s*(?:\\(BC\\)|BC\\b)", Pattern.CASE_INSENSITIVE);
    private static final Pattern TIME = Pattern.compile("(\\d{1,2}):(\\d{2})(?::(\\d{2})(?:[.,](\\d{1,9})\\d*)?)?");
    private static final Pattern OFFSET = Pattern
            .compile(
                    "\\s*(?:([Zz]|UTC|GMT)|(?:UTC|GMT)?([+-])(\\d{1,2})(?::?(\\d{2}))?|([A-Z][A-Za-z_]+(?:/[A-Za-z0-9_+-]+)+))$");
    private static final Pattern MONTH = Pattern.compile("\\d{4}-\\d{1,2}");

    private ValueText() {
    }

    /** The text of a value that is not NULL. */
    public static String format(Object value, SqlType type) {
        return switch (type) {
            case SqlType.Scalar scalar -> switch (scalar) {
                case NULL -> "NULL";
                case BOOLEAN, TINYINT, SMALLINT, INTEGER, BIGINT -> value.toString();
                case UTINYINT -> Integer.toString(((Number) value).intValue() & 0xff);
                case USMALLINT -> Integer.toString(((Number) value).intValue() & 0xffff);
                case UINTEGER -> Integer.toUnsignedString(((Number) value).intValue());
                case UBIGINT -> Long.toUnsignedString(((Number) value).longValue());
                case REAL, DOUBLE -> number(value.toString());
                case VARCHAR -> (String) value;
                case BLOB -> blob((byte[]) value);
                case DATE -> date(((Number) value).intValue());
                case TIME -> time(((Number) value).longValue() * 1000);
                case INTERVAL -> IntervalText.format((Interval) value);
            };
            case Decimal decimal -> ((BigDecimal) value).toPlainString();
            case Timestamp timestamp -> timestamp(((Number) value).longValue(), timestamp);
            case SqlType.Other other -> String.valueOf(value);
        };
    }

    /** Java's shortest digits: plain from 1e-5 up to 1e16, with an exponent outside. */
    private static String number(String java) {
        if (java.endsWith("y") || java.endsWith("N")) {
            return java;
        }
        BigDecimal exact = new BigDecimal(java);
        if (exact.signum() == 0) {
            return java;
        }
        int exponent = exact.precision() - exact.scale() - 1;
        if (exponent >= -5 && exponent < 16) {
            BigDecimal stripped = exact.stripTrailingZeros();
            return (stripped.scale() <= 0 ? stripped.setScale(1) : stripped).toPlainString();
        }
        String digits = exact.unscaledValue().abs().toString().replaceFirst("0+$", "");
        String mantissa = digits.length() == 1 ? digits : digits.charAt(0) + "." + digits.substring(1);
        return (exact.signum() < 0 ? "-" : "") + mantissa + "e" + (exponent < 0 ? "-" : "+")
                + (Math.abs(exponent) < 10 ? "0" : "") + Math.abs(exponent);
    }

    private static String blob(byte[] bytes) {
        StringBuilder text = new StringBuilder();
        for (byte one : bytes) {
            if (one >= 32 && one < 127 && one != '\\') {
                text.append((char) one);
            } else {
                text.append(String.format(Locale.ROOT, "\\x%02X", one & 0xff));
            }
        }
        return text.toString();
    }

    /** A day as {@code YYYY-MM-DD}. */
    public static String date(long day) {
        LocalDate date = LocalDate.ofEpochDay(day);
        return date.getYear() > 0
                ? String.format(Locale.ROOT, "%04d-%02d-%02d", date.getYear(), date.getMonthValue(),
                        date.getDayOfMonth())
                : String.format(Locale.ROOT, "%04d-%02d-%02d (BC)", 1 - date.getYear(), date.getMonthValue(),
                        date.getDayOfMonth());
    }

    /** A time of day as {@code hh:mm:ss[.fraction]}. */
    public static String time(long nanoseconds) {
        long seconds = nanoseconds / 1_000_000_000L;
        String text = String.format(Locale.ROOT, "%02d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60);
        long fraction = nanoseconds % 1_000_000_000L;
        return fraction == 0 ? text : text + "." + String.format(Locale.ROOT, "%09d", fraction).replaceFirst("0+$", "");
    }

    private static String timestamp(long value, Timestamp type) {
        long perDay = type.perSecond() * 86_400;
        String text = date(Math.floorDiv(value, perDay)) + " "
                + time(Math.floorMod(value, perDay) * (1_000_000_000L / type.perSecond()));
        return type.zoned() ? text + "+00" : text;
    }

    /**
     * The value of a text.
     *
     * @throws GraticuleException of kind DATA, without a position, where the text is none of the type
     */
    public static Object parse(String text, SqlType type) {
        String trimmed = text.strip();
        try {
            return switch (type) {
                case SqlType.Scalar scalar -> switch (scalar) {
                    case NULL -> null;
                    case BOOLEAN -> truth(trimmed);
                    case TINYINT, SMALLINT, INTEGER, BIGINT, UTINYINT, USMALLINT, UINTEGER, UBIGINT ->
                        whole(trimmed, scalar);
                    case REAL -> single(trimmed);
                    case DOUBLE -> wide(trimmed);
                    case VARCHAR -> text;
                    case BLOB -> bytes(text);
                    case DATE -> Math.toIntExact(day(trimmed));
                    case TIME -> clock(trimmed) / 1000;
                    case INTERVAL -> IntervalText.parse(trimmed);
                };
                case Decimal decimal -> decimal(new BigDecimal(trimmed), decimal);
                case Timestamp timestamp -> instant(trimmed, timestamp);
                case SqlType.Other other -> throw new NumberFormatException();
            };
        } catch (NumberFormatException | DateTimeException | ArithmeticException malformed) {
            throw GraticuleException.data(null,
                    "Could not convert '" + text + "' to " + type + "." + hint(trimmed, type));
        }
    }

    private static String hint(String text, SqlType type) {
        boolean point = type == SqlType.DATE || type instanceof Timestamp;
        return point && MONTH.matcher(text).matches() ? " It is a month: write a day, as in '" + text + "-01'." : "";
    }

    private static Boolean truth(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true", "t", "yes", "y", "on", "1" -> true;
            case "false", "f", "no", "n", "off", "0" -> false;
            default -> throw new NumberFormatException();
        };
    }

    private static Object whole(String text, SqlType.Scalar type) {
        BigDecimal exact = new BigDecimal(text).setScale(0, RoundingMode.HALF_UP);
        return fitted(exact, type);
    }

    /** A whole number as the object of an integer type. */
    static Object fitted(BigDecimal exact, SqlType.Scalar type) {
        int bits = type.bytes() * 8;
        boolean fits = type.isUnsigned() ? exact.signum() >= 0 && exact.toBigInteger().bitLength() <= bits
                : exact.toBigInteger().bitLength() < bits;
        if (!fits) {
            throw new ArithmeticException();
        }
        return boxed(exact.toBigInteger().longValue(), type);
    }

    /** The lowest bits of a number as the object of an integer type. */
    static Object boxed(long value, SqlType.Scalar type) {
        return switch (type.bytes()) {
            case 1 -> (Object) (byte) value;
            case 2 -> (short) value;
            case 4 -> (int) value;
            default -> value;
        };
    }

    private static Float single(String text) {
        return special(text) instanceof Double odd ? odd.floatValue() : (Float) Float.parseFloat(plain(text));
    }

    private static Double wide(String text) {
        return special(text) instanceof Double odd ? odd : (Double) Double.parseDouble(plain(text));
    }

    /** The text if it has no letters but an exponent's: Java would take a suffix and hexadecimal digits. */
    private static String plain(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!(c >= '0' && c <= '9' || c == '.' || c == '+' || c == '-' || c == 'e' || c == 'E')) {
                throw new NumberFormatException();
            }
        }
        return text;
    }

    private static Double special(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "nan", "-nan" -> Double.NaN;
            case "inf", "infinity", "+inf", "+infinity" -> Double.POSITIVE_INFINITY;
            case "-inf", "-infinity" -> Double.NEGATIVE_INFINITY;
            default -> null;
        };
    }

    private static byte[] bytes(String text) {
        if (!text.contains("\\x")) {
            return text.getBytes(StandardCharsets.UTF_8);
        }
        java.io.ByteArrayOutputStream out = new java.io.ByteArrayOutputStream();
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == '\\' && i + 3 < text.length() && text.charAt(i + 1) == 'x') {
                out.write(Integer.parseInt(text.substring(i + 2, i + 4), 16));
                i += 3;
            } else {
                out.writeBytes(String.valueOf(text.charAt(i)).getBytes(StandardCharsets.UTF_8));
            }
        }
        return out.toByteArray();
    }

    /** A DECIMAL rounded half away from zero to a type's scale; an ArithmeticException where it has too many digits. */
    static BigDecimal decimal(BigDecimal value, Decimal type) {
        BigDecimal rounded = value.setScale(type.scale(), RoundingMode.HALF_UP);
        if (rounded.precision() > type.precision()) {
            throw new ArithmeticException();
        }
        return rounded;
    }

    private static long day(String text) {
        Written date = written(text);
        if (!date.rest.isBlank()) {
            instant(text, new Timestamp(TimeUnit.SECOND, false));
        }
        return date.day.toEpochDay();
    }

    /** The day that a text begins with, and what follows it. */
    private record Written(LocalDate day, String rest) {
    }

    /** Years before the first one are written 44-03-15 (BC), with four digits, at the end of the day or of the whole text. */
    private static Written written(String text) {
        Matcher date = DATE.matcher(text);
        if (!date.lookingAt()) {
            throw new NumberFormatException();
        }
        int year = Integer.parseInt(date.group(1));
        String rest = text.substring(date.end());
        Matcher before = BEFORE_CHRIST.matcher(rest);
        if (before.lookingAt() || before.find() && before.end() == rest.length()) {
            rest = rest.substring(0, before.start()) + rest.substring(before.end());
            year = 1 - year;
        }
        return new Written(LocalDate.of(year, Integer.parseInt(date.group(3)), Integer.parseInt(date.group(4))), rest);
    }

    private static long clock(String text) {
        Matcher time = TIME.matcher(text);
        if (!time.matches()) {
            throw new NumberFormatException();
        }
        String fraction = time.group(4) == null ? "" : time.group(4);
        int nanosecond = Integer.parseInt((fraction + "000000000").substring(0, 9));
        int hour = Integer.parseInt(time.group(1));
        int second = time.group(3) == null ? 0 : Integer.parseInt(time.group(3));
        if (hour == 24 && Integer.parseInt(time.group(2)) == 0 && second == 0 && nanosecond == 0) {
            return 86_400_000_000_000L;
        }
        return LocalTime.of(hour, Integer.parseInt(time.group(2)), second, nanosecond).toNanoOfDay();
    }

    private static long instant(String text, Timestamp type) {
        Written date = written(text);
        long day = date.day.toEpochDay();
        String rest = date.rest;
        long shift = 0;
        String zone = null;
        Matcher offset = OFFSET.matcher(rest);
        if (offset.find()) {
            if (offset.group(2) != null) {
                int minutes = Integer.parseInt(offset.group(3)) * 60
                        + (offset.group(4) == null ? 0 : Integer.parseInt(offset.group(4)));
                shift = (offset.group(2).equals("-") ? 60L : -60L) * minutes;
            }
            zone = offset.group(5);
            rest = rest.substring(0, offset.start());
        }
        long nanoseconds = 0;
        if (!rest.isEmpty()) {
            if (rest.charAt(0) != 'T' && rest.charAt(0) != 't' && rest.charAt(0) != ' ') {
                throw new NumberFormatException();
            }
            nanoseconds = rest.strip().isEmpty() ? 0 : clock(rest.substring(1).strip());
        }
        if (zone != null) {
            shift = -ZoneId.of(zone).getRules().getOffset(date.day.atStartOfDay().plusNanos(nanoseconds))
                    .getTotalSeconds();
        }
        long seconds = Math.addExact(Math.multiplyExact(day, 86_400L), shift + nanoseconds / 1_000_000_000L);
        long perUnit = 1_000_000_000L / type.perSecond();
        return Math.addExact(Math.multiplyExact(seconds, type.perSecond()),
                (nanoseconds % 1_000_000_000L + perUnit / 2) / perUnit);
    }

    /** Whether a floating number, rounded, is within an integer type. */
    static boolean fits(SqlType.Scalar type, double value) {
        return Numbers.fits(type, Math.rint(value));
    }
}
