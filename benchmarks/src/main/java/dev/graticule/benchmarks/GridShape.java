package dev.graticule.benchmarks;

/** The grid of the generated store. */
final class GridShape {
    static final int TIMES = 240;
    static final int LATITUDES = 721;
    static final int LONGITUDES = 1440;
    /** The chunk shape of {@code rh}; the last band of latitudes is padded. */
    static final int RH_TIMES = 24;
    static final int RH_LATITUDES = 181;
    static final int RH_LONGITUDES = 360;

    private GridShape() {
    }
}
