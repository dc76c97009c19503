package dev.graticule.batch;

/** A span of time as Arrow's MONTH_DAY_NANO keeps it: months, days and nanoseconds, which do not convert into each other. */
public record Interval(int months, int days, long nanoseconds) {
}
