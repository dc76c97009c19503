package dev.graticule.zarr.cf;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Locale;
import java.util.Optional;

/**
 * The calendars of the CF conventions that name days of the real world, as numbers of days since 1970-01-01.
 *
 * <p>A TIMESTAMP's date is proleptic Gregorian. A day of another calendar becomes the TIMESTAMP that shows the same year,
 * month and day, as cftime shows them; a day that such a date cannot show (29 February 1900 of the Julian calendar) has
 * none. Source: CF conventions, section 4.4.1; day numbers after Fliegel and van Flandern.
 */
enum CalendarDays {
    /** Julian up to 1582-10-04, Gregorian from 1582-10-15: the default of CF. */
    STANDARD,
    /** Gregorian rules at all times. */
    PROLEPTIC_GREGORIAN,
    /** Julian rules at all times. */
    JULIAN;

    private static final long JULIAN_DAY_OF_1970 = 2440588;
    private static final long FIRST_GREGORIAN = LocalDate.of(1582, 10, 15).toEpochDay();

    /** The calendar of that name; empty for those without real-world days ({@code noleap}, {@code 360_day}, ...). */
    static Optional<CalendarDays> named(String name) {
        return Optional.ofNullable(switch (name.toLowerCase(Locale.ROOT)) {
            case "standard", "gregorian" -> STANDARD;
            case "proleptic_gregorian" -> PROLEPTIC_GREGORIAN;
            case "julian" -> JULIAN;
            default -> null;
        });
    }

    /** The number of a date's day; empty where the calendar has no such date. */
    Optional<Long> day(int year, int month, int day) {
        return switch (this) {
            case PROLEPTIC_GREGORIAN -> gregorian(year, month, day);
            case JULIAN -> julian(year, month, day);
            case STANDARD -> {
                if (year < 1582 || year == 1582 && (month < 10 || month == 10 && day < 5)) {
                    yield julian(year, month, day);
                }
                yield gregorian(year, month, day).filter(number -> number >= FIRST_GREGORIAN);
            }
        };
    }

    /** The day number of the proleptic Gregorian date that shows the same year, month and day; empty where there is none. */
    Optional<Long> shown(long day) {
        return switch (this) {
            case PROLEPTIC_GREGORIAN -> Optional.of(day);
            case JULIAN -> shownJulian(day);
            case STANDARD -> day >= FIRST_GREGORIAN ? Optional.of(day) : shownJulian(day);
        };
    }

    /** The day that {@link #shown} shows as that one; empty where there is none. */
    Optional<Long> counted(long shown) {
        if (this == PROLEPTIC_GREGORIAN || this == STANDARD && shown >= FIRST_GREGORIAN) {
            return Optional.of(shown);
        }
        LocalDate date = LocalDate.ofEpochDay(shown);
        return day(date.getYear(), date.getMonthValue(), date.getDayOfMonth());
    }

    private static Optional<Long> gregorian(int year, int month, int day) {
        try {
            return Optional.of(LocalDate.of(year, month, day).toEpochDay());
        } catch (DateTimeException noSuchDate) {
            return Optional.empty();
        }
    }

    private static Optional<Long> julian(int year, int month, int day) {
        int[] lengths = {31, year % 4 == 0 ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
        if (year < 1 || month < 1 || month > 12 || day < 1 || day > lengths[month - 1]) {
            return Optional.empty();
        }
        long shift = (14 - month) / 12;
        long years = year + 4800L - shift;
        long months = month + 12 * shift - 3;
        return Optional.of(day + (153 * months + 2) / 5 + 365 * years + years / 4 - 32083 - JULIAN_DAY_OF_1970);
    }

    private static Optional<Long> shownJulian(long day) {
        long count = day + JULIAN_DAY_OF_1970 + 32082;
        long years = Math.floorDiv(4 * count + 3, 1461L);
        long rest = count - Math.floorDiv(1461 * years, 4L);
        long months = (5 * rest + 2) / 153;
        int dayOfMonth = (int) (rest - (153 * months + 2) / 5 + 1);
        int month = (int) (months + 3 - 12 * (months / 10));
        long year = years - 4800 + months / 10;
        return Math.abs(year) > 290_000 ? Optional.empty() : gregorian((int) year, month, dayOfMonth);
    }
}
