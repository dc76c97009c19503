package dev.graticule.cli;

/** Counts and durations as messages show them, the same in every locale; no formatter is loaded for the one line of most calls. */
final class Quantity {
    private Quantity() {
    }

    /** {@code 1,038,240 rows}. */
    static String of(long count, String thing) {
        return grouped(count) + " " + thing + (count == 1 ? "" : "s");
    }

    /** {@code 1,038,240}. */
    static String grouped(long count) {
        StringBuilder digits = new StringBuilder(Long.toString(count));
        for (int i = digits.length() - 3; i > 0; i -= 3) {
            digits.insert(i, ',');
        }
        return digits.toString();
    }

    /** {@code 0.312 s}. */
    static String seconds(long nanoseconds) {
        String milliseconds = Long.toString(nanoseconds / 1_000_000);
        String padded = "0".repeat(Integer.max(0, 4 - milliseconds.length())) + milliseconds;
        int point = padded.length() - 3;
        return padded.substring(0, point) + "." + padded.substring(point) + " s";
    }
}
