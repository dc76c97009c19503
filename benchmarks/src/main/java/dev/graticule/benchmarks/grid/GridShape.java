package dev.graticule.benchmarks.grid;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;

/**
 * The generated grid: hourly from 2020-01-31 on, from pole to pole, around the earth.
 *
 * @param times how many hours
 * @param latitudes from 90 N to 90 S, at least 2
 * @param longitudes from 0 E eastwards
 */
record GridShape(int times, int latitudes, int longitudes) {
    private static final Instant FIRST = Instant.parse("2020-01-31T00:00:00Z");
    private static final Instant EPOCH = Instant.parse("1900-01-01T00:00:00Z");

    /** A quarter of a degree, as ERA5. */
    static GridShape era5(int hours) {
        return new GridShape(hours, 721, 1440);
    }

    double latitude(int row) {
        return 90 - 180.0 * row / (latitudes - 1);
    }

    double longitude(int column) {
        return 360.0 * column / longitudes;
    }

    /** A time as it is stored: hours since 1900. */
    long hoursSince1900(int time) {
        return EPOCH.until(FIRST, ChronoUnit.HOURS) + time;
    }

    /** A time as SQL sees it: microseconds since 1970. */
    long microseconds(int time) {
        return FIRST.toEpochMilli() * 1000 + time * 3_600_000_000L;
    }

    /** The month of a time, from 1. */
    int month(int time) {
        return FIRST.plus(time, ChronoUnit.HOURS).atOffset(ZoneOffset.UTC).getMonthValue();
    }

    long cells() {
        return (long) times * latitudes * longitudes;
    }
}
