package dev.graticule.benchmarks.grid;

/**
 * How a variable is cut into chunks, which have numbers in C order.
 *
 * @param times how many a chunk has; {@code latitudes} and {@code longitudes} likewise
 */
record ChunkGrid(GridShape shape, int times, int latitudes, int longitudes) {

    /** The part of a chunk that lies in the grid: its first cell and its lengths. */
    record Part(int time, int latitude, int longitude, int times, int latitudes, int longitudes) {
    }

    /** How many chunks lie along time. */
    int along() {
        return ceiling(shape.times(), times);
    }

    /** How many rows of chunks cover the latitudes. */
    int rows() {
        return ceiling(shape.latitudes(), latitudes);
    }

    /** How many columns of chunks cover the longitudes. */
    int columns() {
        return ceiling(shape.longitudes(), longitudes);
    }

    /** How many chunks have the same times. */
    int blocks() {
        return rows() * columns();
    }

    int count() {
        return along() * blocks();
    }

    /** The cells of one time of a chunk, with padding. */
    int blockCells() {
        return latitudes * longitudes;
    }

    /** The cells of a chunk, with padding. */
    int cells() {
        return times * blockCells();
    }

    Part part(int number) {
        int time = number / blocks() * times;
        int latitude = number % blocks() / columns() * latitudes;
        int longitude = number % columns() * longitudes;
        return new Part(time, latitude, longitude, Math.min(times, shape.times() - time),
                Math.min(latitudes, shape.latitudes() - latitude),
                Math.min(longitudes, shape.longitudes() - longitude));
    }

    /** The name of the chunk's file below that of the variable. */
    String key(int number) {
        return "c/" + number / blocks() + "/" + number % blocks() / columns() + "/" + number % columns();
    }

    private static int ceiling(int length, int step) {
        return (length + step - 1) / step;
    }
}
