package dev.graticule.sql;

import java.util.Locale;

/** The units an INTERVAL literal may name after its amount; plural spellings mean the same. */
public enum IntervalUnit {
    NANOSECOND,
    MICROSECOND,
    MILLISECOND,
    SECOND,
    MINUTE,
    HOUR,
    DAY,
    WEEK,
    MONTH,
    QUARTER,
    YEAR,
    DECADE,
    CENTURY,
    MILLENNIUM;

    /** The plural in capitals. */
    String plural() {
        return switch (this) {
            case CENTURY -> "CENTURIES";
            case MILLENNIUM -> "MILLENNIA";
            case NANOSECOND, MICROSECOND, MILLISECOND, SECOND, MINUTE, HOUR, DAY, WEEK, MONTH, QUARTER, YEAR, DECADE ->
                name() + "S";
        };
    }

    /** The unit that a word of the text names. */
    static IntervalUnit of(String word) {
        String upper = word.toUpperCase(Locale.ROOT);
        for (IntervalUnit unit : values()) {
            if (unit.name().equals(upper) || unit.plural().equals(upper)) {
                return unit;
            }
        }
        throw new IllegalArgumentException(word + " is no interval unit");
    }
}
