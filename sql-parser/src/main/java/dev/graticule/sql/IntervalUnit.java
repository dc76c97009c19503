package dev.graticule.sql;

/** The units an INTERVAL literal may name after its amount; plural spellings mean the same. */
public enum IntervalUnit {
    NANOSECOND, MICROSECOND, MILLISECOND, SECOND, MINUTE, HOUR, DAY, WEEK, MONTH, QUARTER, YEAR, DECADE, CENTURY, MILLENNIUM
}
