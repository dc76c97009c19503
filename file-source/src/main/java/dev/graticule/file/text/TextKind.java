package dev.graticule.file.text;

import dev.graticule.GraticuleException;
import dev.graticule.type.SqlType;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.arrow.vector.types.TimeUnit;

/** What a text may be, the narrowest first: the types that columns of text files are found to have. */
public enum TextKind {
    BOOLEAN(SqlType.BOOLEAN),
    BIGINT(SqlType.BIGINT),
    DOUBLE(SqlType.DOUBLE),
    DATE(SqlType.DATE),
    TIME(
            SqlType.TIME),
    TIMESTAMP(
            SqlType.TIMESTAMP),
    ZONED(SqlType.TIMESTAMP_WITH_TIME_ZONE),
    VARCHAR(SqlType.VARCHAR);

    private static final Pattern DECIMAL = Pattern.compile("(?:DECIMAL|NUMERIC)\\((\\d+)(?:,\\s*(\\d+))?\\)");

    private final SqlType type;

    TextKind(SqlType type) {
        this.type = type;
    }

    /** The type of columns of this kind. */
    public SqlType type() {
        return type;
    }

    /** All kinds. */
    public static Set<TextKind> all() {
        return EnumSet.allOf(TextKind.class);
    }

    /** Takes out the kinds that a text is not. */
    public static void narrow(Set<TextKind> kinds, String text) {
        kinds.removeIf(kind -> kind != VARCHAR && !kind.accepts(text));
    }

    /** The kind of a column whose texts were all of these; VARCHAR where there was no text. */
    public static TextKind narrowest(Set<TextKind> kinds) {
        return kinds.size() == values().length ? VARCHAR : kinds.iterator().next();
    }

    /** Whether a text is of this kind. */
    public boolean accepts(String text) {
        try {
            switch (this) {
                case BOOLEAN -> bool(text);
                case BIGINT -> Long.parseLong(text);
                case DOUBLE -> number(text);
                case DATE -> date(text);
                case TIME -> time(text);
                case TIMESTAMP -> timestamp(text, 1_000_000);
                case ZONED -> zoned(text, 1_000_000);
                case VARCHAR -> {
                    // Every text is.
                }
            }
            return true;
        } catch (IllegalArgumentException | DateTimeException | ArithmeticException other) {
            return false;
        }
    }

    static boolean bool(String text) {
        if (text.equalsIgnoreCase("true")) {
            return true;
        }
        if (text.equalsIgnoreCase("false")) {
            return false;
        }
        throw new IllegalArgumentException(text);
    }

    static double number(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        switch (lower) {
            case "nan" -> {
                return Double.NaN;
            }
            case "inf", "infinity", "+inf", "+infinity" -> {
                return Double.POSITIVE_INFINITY;
            }
            case "-inf", "-infinity" -> {
                return Double.NEGATIVE_INFINITY;
            }
            default -> {
                char last = lower.isEmpty() ? ' ' : lower.charAt(lower.length() - 1);
                if (last != '.' && !Character.isDigit(last) || lower.indexOf('x') >= 0) {
                    throw new NumberFormatException(text);
                }
                return Double.parseDouble(text);
            }
        }
    }

    /** Days since 1970-01-01. */
    static int date(String text) {
        return Math.toIntExact(LocalDate.parse(text).toEpochDay());
    }

    /** Microseconds since midnight. */
    static long time(String text) {
        return LocalTime.parse(text).toNanoOfDay() / 1000;
    }

    /** A date and a time between which stands a T or a blank, or a date alone. */
    static long timestamp(String text, long perSecond) {
        if (text.length() < 10) {
            throw new IllegalArgumentException(text);
        }
        long days = LocalDate.parse(text.substring(0, 10)).toEpochDay();
        if (text.length() == 10) {
            return Math.multiplyExact(days * 86_400, perSecond);
        }
        if (text.charAt(10) != 'T' && text.charAt(10) != ' ') {
            throw new IllegalArgumentException(text);
        }
        LocalTime time = LocalTime.parse(text.substring(11));
        long seconds = days * 86_400 + time.toSecondOfDay();
        return Math.addExact(Math.multiplyExact(seconds, perSecond), time.getNano() / (1_000_000_000 / perSecond));
    }

    static long zoned(String text, long perSecond) {
        String iso = text.length() > 10 && text.charAt(10) == ' ' ? text.substring(0, 10) + "T" + text.substring(11)
                : text;
        String full = iso.matches(".*[+-]\\d{2}") ? iso + ":00" : iso;
        OffsetDateTime time = OffsetDateTime.parse(full);
        return Math.addExact(Math.multiplyExact(time.toEpochSecond(), perSecond),
                time.getNano() / (1_000_000_000 / perSecond));
    }

    /** The type of a name as SQL writes it. */
    public static SqlType named(String name) {
        String upper = name.strip().toUpperCase(Locale.ROOT);
        Matcher decimal = DECIMAL.matcher(upper);
        if (decimal.matches()) {
            return new SqlType.Decimal(Integer.parseInt(decimal.group(1)),
                    decimal.group(2) == null ? 0 : Integer.parseInt(decimal.group(2)));
        }
        return switch (upper) {
            case "BOOLEAN", "BOOL" -> SqlType.BOOLEAN;
            case "TINYINT" -> SqlType.TINYINT;
            case "SMALLINT" -> SqlType.SMALLINT;
            case "INTEGER", "INT" -> SqlType.INTEGER;
            case "BIGINT" -> SqlType.BIGINT;
            case "UTINYINT" -> SqlType.UTINYINT;
            case "USMALLINT" -> SqlType.USMALLINT;
            case "UINTEGER" -> SqlType.UINTEGER;
            case "UBIGINT" -> SqlType.UBIGINT;
            case "REAL", "FLOAT" -> SqlType.REAL;
            case "DOUBLE", "DOUBLE PRECISION" -> SqlType.DOUBLE;
            case "VARCHAR", "TEXT", "STRING" -> SqlType.VARCHAR;
            case "DATE" -> SqlType.DATE;
            case "TIME" -> SqlType.TIME;
            case "TIMESTAMP_S" -> new SqlType.Timestamp(TimeUnit.SECOND, false);
            case "TIMESTAMP_MS" -> new SqlType.Timestamp(TimeUnit.MILLISECOND, false);
            case "TIMESTAMP", "DATETIME" -> SqlType.TIMESTAMP;
            case "TIMESTAMP_NS" -> new SqlType.Timestamp(TimeUnit.NANOSECOND, false);
            case "TIMESTAMPTZ", "TIMESTAMP WITH TIME ZONE" -> SqlType.TIMESTAMP_WITH_TIME_ZONE;
            default -> throw GraticuleException.binding("Columns of text files cannot be of type " + name + ".");
        };
    }
}
