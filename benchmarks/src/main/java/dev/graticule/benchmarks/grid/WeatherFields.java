package dev.graticule.benchmarks.grid;

/**
 * The values: waves of several lengths that move, a cycle of the day, and noise, in steps of 1/512, since ERA5 is distributed in 16 bits
 * a value. The same numbers come out each time. Thread-safe.
 */
final class WeatherFields {
    private static final float STEPS = 512;

    private final GridShape shape;
    private final int columns;
    /** The cosine at so many steps around a circle as there are longitudes. */
    private final float[] circle;

    WeatherFields(GridShape shape) {
        this.shape = shape;
        this.columns = shape.longitudes();
        this.circle = new float[columns];
        for (int i = 0; i < columns; i++) {
            circle[i] = (float) StrictMath.cos(2 * StrictMath.PI * i / columns);
        }
    }

    /** Fills a row of all longitudes with K, 230 to 315. */
    void temperature(int time, int row, float[] values, int from) {
        double north = StrictMath.toRadians(shape.latitude(row));
        float warmth = (float) Math.pow(StrictMath.cos(north), 2);
        Wave day = new Wave(1, time / 24.0);
        Wave weather = new Wave(3, time / 96.0 + row / 300.0);
        Wave fronts = new Wave(8, row / 90.0 - time / 40.0);
        Wave terrain = new Wave(21, row / 37.0);
        int state = seed(time, row, 1);
        for (int i = 0; i < columns; i++) {
            state = state * 1_664_525 + 1_013_904_223;
            float kelvin = 246 + warmth * (54 + 5 * day.next()) + 4 * weather.next() + 2 * fronts.next()
                    + terrain.next()
                    + 0.25f * noise(state);
            values[from + i] = (int) (kelvin * STEPS) / STEPS;
        }
    }

    /** Fills a row of all longitudes with %, 0 to 100: dry where air sinks, saturated in places. */
    void humidity(int time, int row, float[] values, int from) {
        float zone = 58 + (float) (15 * StrictMath.cos(6 * StrictMath.toRadians(shape.latitude(row))));
        Wave day = new Wave(1, time / 24.0);
        Wave weather = new Wave(3, time / 96.0 + row / 300.0 + 0.4);
        Wave fronts = new Wave(8, row / 90.0 - time / 40.0);
        int state = seed(time, row, 2);
        for (int i = 0; i < columns; i++) {
            state = state * 1_664_525 + 1_013_904_223;
            float percent = zone - 6 * day.next() + 20 * weather.next() + 8 * fronts.next() + 3 * noise(state);
            values[from + i] = Math.clamp((int) (percent * STEPS) / STEPS, 0, 100);
        }
    }

    /** Whether a cell counts as land. */
    boolean land(int row, int column) {
        double north = StrictMath.toRadians(shape.latitude(row));
        double east = StrictMath.toRadians(shape.longitude(column));
        return StrictMath.sin(2 * east + 1) * StrictMath.cos(north) + StrictMath.sin(3 * north + 0.4) > 0.5;
    }

    /** So many waves around the earth, from the first longitude on, turned by so many circles. */
    private final class Wave {
        private final int step;
        private int at;

        Wave(int waves, double circles) {
            step = waves % columns;
            at = Math.floorMod((long) (circles * columns), columns);
        }

        float next() {
            float value = circle[at];
            at = at + step < columns ? at + step : at + step - columns;
            return value;
        }
    }

    /** From -1 to 1. */
    private static float noise(int state) {
        return (state >> 8) * 0x1p-23f;
    }

    private static int seed(int time, int row, int stream) {
        int bits = (time * 1_000_003 + row) * 16 + stream;
        bits = (bits ^ bits >>> 16) * 0x7FEB352D;
        bits = (bits ^ bits >>> 15) * 0x846CA68B;
        return bits ^ bits >>> 16;
    }
}
