package dev.graticule.benchmarks.grid;

import java.io.IOException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.ipc.ArrowReader;

/** Results of queries as rows of numbers (a time is microseconds since 1970), and whether two are the same. */
final class Answer {
    /** Of sums in another order, and of the deviation, from a sum of squares. */
    private static final double TOLERANCE = 1e-8;

    private Answer() {
    }

    /** All rows, without so many first columns. */
    static double[][] rows(ArrowReader reader, int skipped) throws IOException {
        List<double[]> rows = new ArrayList<>();
        while (reader.loadNextBatch()) {
            List<FieldVector> vectors = reader.getVectorSchemaRoot().getFieldVectors();
            for (int i = 0; i < reader.getVectorSchemaRoot().getRowCount(); i++) {
                int row = i;
                rows.add(vectors.stream().skip(skipped).mapToDouble(vector -> number(vector.getObject(row)))
                        .toArray());
            }
        }
        return rows.toArray(double[][]::new);
    }

    /** How many rows there are. */
    static double[][] count(ArrowReader reader) throws IOException {
        long count = 0;
        while (reader.loadNextBatch()) {
            count += reader.getVectorSchemaRoot().getRowCount();
        }
        return new double[][]{{count}};
    }

    private static double number(Object value) {
        return switch (value) {
            case Number number -> number.doubleValue();
            case LocalDateTime time ->
                ChronoUnit.MICROS.between(LocalDateTime.ofEpochSecond(0, 0, ZoneOffset.UTC), time);
            case null -> Double.NaN;
            default -> throw new IllegalArgumentException("No number: " + value.getClass());
        };
    }

    /**
     * Compares rows in any order.
     *
     * @throws IllegalStateException that says who is asked and where they differ
     */
    static void check(String who, double[][] rows, double[][] expected) {
        if (rows.length != expected.length) {
            throw new IllegalStateException(who + ": " + rows.length + " rows instead of " + expected.length);
        }
        double[][] sorted = sorted(rows);
        double[][] sortedExpected = sorted(expected);
        for (int i = 0; i < rows.length; i++) {
            for (int c = 0; c < sortedExpected[i].length; c++) {
                double difference = Math.abs(sorted[i][c] - sortedExpected[i][c]);
                if (!(difference <= TOLERANCE * Math.max(1, Math.abs(sortedExpected[i][c])))) {
                    throw new IllegalStateException(who + ": row " + i + " is " + Arrays.toString(sorted[i])
                            + " instead of " + Arrays.toString(sortedExpected[i]));
                }
            }
        }
    }

    private static double[][] sorted(double[][] rows) {
        double[][] sorted = rows.clone();
        Arrays.sort(sorted, Arrays::compare);
        return sorted;
    }
}
