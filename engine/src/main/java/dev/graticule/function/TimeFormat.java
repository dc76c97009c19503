package dev.graticule.function;

import dev.graticule.GraticuleException;
import java.time.LocalDateTime;
import java.time.format.TextStyle;
import java.time.temporal.IsoFields;
import java.util.Locale;

/** Formats of {@code strftime}, those of C. */
final class TimeFormat {
    private TimeFormat() {
    }

    static String format(LocalDateTime time, String format) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < format.length(); i++) {
            char c = format.charAt(i);
            if (c != '%') {
                text.append(c);
                continue;
            }
            if (++i == format.length()) {
                throw GraticuleException.data(null, "The format '" + format + "' must not end with %.");
            }
            boolean bare = format.charAt(i) == '-' && i + 1 < format.length();
            i += bare ? 1 : 0;
            text.append(field(time, format.charAt(i), bare, format));
        }
        return text.toString();
    }

    private static String field(LocalDateTime time, char field, boolean bare, String format) {
        int hour = time.getHour() % 12 == 0 ? 12 : time.getHour() % 12;
        return switch (field) {
            case 'Y' -> number(time.getYear(), bare ? 1 : 4);
            case 'y' -> number(Math.floorMod(time.getYear(), 100), bare ? 1 : 2);
            case 'm' -> number(time.getMonthValue(), bare ? 1 : 2);
            case 'd' -> number(time.getDayOfMonth(), bare ? 1 : 2);
            case 'H' -> number(time.getHour(), bare ? 1 : 2);
            case 'I' -> number(hour, bare ? 1 : 2);
            case 'M' -> number(time.getMinute(), bare ? 1 : 2);
            case 'S' -> number(time.getSecond(), bare ? 1 : 2);
            case 'f' -> number(time.getNano() / 1000, 6);
            case 'g' -> number(time.getNano() / 1_000_000, 3);
            case 'n' -> number(time.getNano(), 9);
            case 'j' -> number(time.getDayOfYear(), bare ? 1 : 3);
            case 'p' -> time.getHour() < 12 ? "AM" : "PM";
            case 'a' -> time.getDayOfWeek().getDisplayName(TextStyle.SHORT, Locale.ENGLISH);
            case 'A' -> time.getDayOfWeek().getDisplayName(TextStyle.FULL, Locale.ENGLISH);
            case 'b' -> time.getMonth().getDisplayName(TextStyle.SHORT, Locale.ENGLISH);
            case 'B' -> time.getMonth().getDisplayName(TextStyle.FULL, Locale.ENGLISH);
            case 'w' -> number(time.getDayOfWeek().getValue() % 7, 1);
            case 'u' -> number(time.getDayOfWeek().getValue(), 1);
            case 'V' -> number(time.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR), 2);
            case 'G' -> number(time.get(IsoFields.WEEK_BASED_YEAR), 4);
            case 'U' -> number((time.getDayOfYear() + 6 - time.getDayOfWeek().getValue() % 7) / 7, 2);
            case 'W' -> number((time.getDayOfYear() + 6 - (time.getDayOfWeek().getValue() + 6) % 7) / 7, 2);
            case 'x' -> format(time, "%Y-%m-%d");
            case 'X' -> format(time, "%H:%M:%S");
            case 'c' -> format(time, "%Y-%m-%d %H:%M:%S");
            case 'z' -> "+00";
            case 'Z' -> "UTC";
            case '%' -> "%";
            default -> throw GraticuleException.data(null, "There is no format %" + field + " (in '" + format + "').");
        };
    }

    private static String number(int value, int digits) {
        return String.format(Locale.ROOT, "%0" + digits + "d", value);
    }
}
