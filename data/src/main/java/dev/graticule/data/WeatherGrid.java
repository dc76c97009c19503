package dev.graticule.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Weather that looks like a coarse piece of ERA5: hourly, 2024-02-28 00:00 to 2024-02-29 23:00, latitude 90 to -90 and
 * longitude 0 to 350 in steps of 10 degrees. Invented: a smooth field, a daily cycle, and noise from a hash of the cell.
 *
 * <p>{@code t2m}, {@code rh}, {@code u10} and {@code msl} are REAL with NaN where a cell is missing ({@code rh} has no value
 * at the south pole), {@code tcc} is packed in 16 bits, {@code lsm} has latitude and longitude only. All arithmetic is
 * strict, so every machine makes the same bytes.
 */
final class WeatherGrid {
    static final int HOURS = 48;
    static final int LATITUDES = 19;
    static final int LONGITUDES = 36;
    static final short MISSING_COVER = Short.MIN_VALUE;

    /** Hours from 1900-01-01 00:00 to 2024-02-28 00:00. */
    private static final long FIRST_HOUR = 1_088_352;
    private static final int CELLS = HOURS * LATITUDES * LONGITUDES;
    private static final List<String> DIMENSIONS = List.of("time", "latitude", "longitude");
    private static final int[] SHAPE = {HOURS, LATITUDES, LONGITUDES};

    private final float[] latitude = new float[LATITUDES];
    private final float[] longitude = new float[LONGITUDES];
    private final float[] landSeaMask = new float[LATITUDES * LONGITUDES];

    WeatherGrid() {
        for (int i = 0; i < LATITUDES; i++) {
            latitude[i] = 90 - 10 * i;
        }
        for (int i = 0; i < LONGITUDES; i++) {
            longitude[i] = 10 * i;
        }
        for (int i = 0; i < landSeaMask.length; i++) {
            double north = StrictMath.toRadians(latitude[i / LONGITUDES]);
            double east = StrictMath.toRadians(longitude[i % LONGITUDES]);
            double height = StrictMath.sin(2 * east + 1) * StrictMath.cos(north) + StrictMath.sin(3 * north + 0.4)
                    + 0.4 * StrictMath.cos(5 * east - 2 * north);
            landSeaMask[i] = (float) StrictMath.rint(100 * StrictMath.min(1, StrictMath.max(0, 2 * height - 0.3)))
                    / 100;
        }
    }

    List<Variable> variables() {
        float[] t2m = new float[CELLS];
        float[] rh = new float[CELLS];
        float[] u10 = new float[CELLS];
        float[] msl = new float[CELLS];
        short[] tcc = new short[CELLS];
        for (int cell = 0; cell < CELLS; cell++) {
            fill(cell, t2m, rh, u10, msl, tcc);
        }
        List<Variable> variables = new ArrayList<>(coordinates());
        variables.add(real("t2m", t2m, "K", "2 metre temperature"));
        variables.add(real("rh", rh, "%", "Relative humidity at 2 metres"));
        variables.add(real("u10", u10, "m s**-1", "10 metre U wind component"));
        variables.add(real("msl", msl, "Pa", "Mean sea level pressure"));
        Map<String, Object> packing = attributes("(0 - 1)", "Total cloud cover");
        packing.put("scale_factor", 0.0001);
        packing.put("add_offset", 0.5);
        variables.add(new Variable("tcc", DIMENSIONS, SHAPE, tcc, List.of(MISSING_COVER), packing));
        variables.add(Variable.complete("lsm", List.of("latitude", "longitude"), new int[]{LATITUDES, LONGITUDES},
                landSeaMask, attributes("(0 - 1)", "Land-sea mask")));
        return variables;
    }

    private List<Variable> coordinates() {
        long[] time = new long[HOURS];
        for (int hour = 0; hour < HOURS; hour++) {
            time[hour] = FIRST_HOUR + hour;
        }
        Map<String, Object> ofTime = attributes("hours since 1900-01-01 00:00:00", "time");
        ofTime.put("calendar", "proleptic_gregorian");
        ofTime.put("standard_name", "time");
        Map<String, Object> ofLatitude = attributes("degrees_north", "latitude");
        ofLatitude.put("standard_name", "latitude");
        Map<String, Object> ofLongitude = attributes("degrees_east", "longitude");
        ofLongitude.put("standard_name", "longitude");
        return List.of(Variable.axis("time", HOURS, time, ofTime),
                Variable.axis("latitude", LATITUDES, latitude, ofLatitude),
                Variable.axis("longitude", LONGITUDES, longitude, ofLongitude));
    }

    private void fill(int cell, float[] t2m, float[] rh, float[] u10, float[] msl, short[] tcc) {
        int column = cell % LONGITUDES;
        int row = cell / LONGITUDES % LATITUDES;
        int hour = cell / (LONGITUDES * LATITUDES);
        double north = StrictMath.toRadians(latitude[row]);
        double east = StrictMath.toRadians(longitude[column]);
        double land = landSeaMask[row * LONGITUDES + column];
        double warmth = StrictMath.cos(north);
        // The warmest hour is 15:00 by the sun.
        double day = StrictMath.cos(2 * StrictMath.PI * (hour + longitude[column] / 15 - 15) / 24);
        double weather = StrictMath.sin(3 * east + 2 * north - 2 * StrictMath.PI * hour / 96);
        double temperature = 246 + 54 * warmth * warmth + 4 * StrictMath.sin(-north) + (1 + 5 * land) * warmth * day
                + 4 * weather + noise(cell, 1);
        double moisture = 72 - 22 * land - 3 * day + 12 * weather + 8 * noise(cell, 2);
        double wind = 5 * weather - 9 * StrictMath.sin(3 * StrictMath.abs(north)) + 2 * noise(cell, 3);
        double pressure = 101_325 + 900 * StrictMath.cos(4 * north) - 1_100 * weather + 60 * noise(cell, 4);
        double cover = 0.5 + 0.35 * weather + 0.25 * noise(cell, 5);
        t2m[cell] = rare(cell, 6, 300) ? Float.NaN : rounded(temperature, 64);
        rh[cell] = row == LATITUDES - 1 || rare(cell, 7, 200) ? Float.NaN
                : rounded(StrictMath.min(100, StrictMath.max(1, moisture)), 32);
        u10[cell] = rounded(wind, 128);
        msl[cell] = rounded(pressure, 1);
        tcc[cell] = rare(cell, 8, 150) ? MISSING_COVER
                : (short) StrictMath.rint((StrictMath.min(1, StrictMath.max(0, cover)) - 0.5) / 0.0001);
    }

    private static Variable real(String name, float[] values, String units, String longName) {
        return new Variable(name, DIMENSIONS, SHAPE, values, List.of(Float.NaN), attributes(units, longName));
    }

    private static Map<String, Object> attributes(String units, String longName) {
        return new TreeMap<>(Map.of("units", units, "long_name", longName));
    }

    /** Like the packing of the real archive, leaves the last bits of the mantissa empty. */
    private static float rounded(double value, int stepsPerUnit) {
        return (float) (StrictMath.rint(value * stepsPerUnit) / stepsPerUnit);
    }

    private static boolean rare(int cell, int stream, int oneIn) {
        return Long.remainderUnsigned(hash(cell, stream), oneIn) == 0;
    }

    /** A number in -1..1, the same for a cell each time. */
    private static double noise(int cell, int stream) {
        return (hash(cell, stream) >> 11) * 0x1p-52;
    }

    /** The finalizer of SplitMix64 (Steele, Lea, Flood 2014). */
    private static long hash(int cell, int stream) {
        long bits = (cell * 16L + stream) * 0x9E3779B97F4A7C15L;
        bits = (bits ^ bits >>> 30) * 0xBF58476D1CE4E5B9L;
        bits = (bits ^ bits >>> 27) * 0x94D049BB133111EBL;
        return bits ^ bits >>> 31;
    }
}
