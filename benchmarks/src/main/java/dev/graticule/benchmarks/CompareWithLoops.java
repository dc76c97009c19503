package dev.graticule.benchmarks;

import dev.graticule.Engine;
import dev.graticule.Query;
import dev.graticule.zarr.ZarrTable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.ipc.ArrowReader;

/**
 * Runs each question by the engine and by a hand-written loop, in turn, several rounds in one process, checks that the answers
 * agree, and prints the medians and their ratio.
 *
 * <p>Arguments: the store (see {@link GenerateGrid}), and the number of rounds (default 9).
 */
public final class CompareWithLoops {
    private static final double TOLERANCE = 1e-6;
    private static final int WARM_UP_ROUNDS = 4;

    private record Question(String name, String sql, Supplier<double[]> loop) {
    }

    private CompareWithLoops() {
    }

    public static void main(String[] arguments) throws Exception {
        Path store = arguments.length > 0 ? Path.of(arguments[0]) : GenerateGrid.FOLDER;
        int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 9;
        if (!Files.isDirectory(store)) {
            System.err
                    .println("No such store: " + store + ". Make it first with " + GenerateGrid.class.getName() + ".");
            System.exit(2);
        }
        int threads = Runtime.getRuntime().availableProcessors();
        HandWrittenLoops loops = new HandWrittenLoops(store, threads);
        // 40..41 N, 10..11 E: five rows and five columns of the quarter-degree grid.
        int latitude = (90 - 41) * 4;
        int longitude = 10 * 4;
        List<Question> questions = List.of(
                new Question("global mean", "SELECT avg(t2m) FROM grid", loops::globalMean),
                new Question("mean by latitude", "SELECT avg(t2m) FROM grid GROUP BY latitude", loops::meanByLatitude),
                new Question("mean by latitude, longitude and hour of day, under an outer mean",
                        "SELECT avg(m) FROM (SELECT latitude, longitude, hour(time), avg(t2m) AS m FROM grid GROUP BY ALL)",
                        loops::meanOfMeansByCellAndHour),
                new Question("box of 5 x 5 cells over all time",
                        "SELECT avg(t2m) FROM grid WHERE latitude BETWEEN 40 AND 41 AND longitude BETWEEN 10 AND 11",
                        () -> loops.meanOfBox(latitude, longitude)),
                new Question("means of two variables in different chunks by latitude under a mask",
                        "SELECT avg(t2m), avg(rh) FROM grid WHERE mask = 1 GROUP BY latitude",
                        loops::meansByLatitudeWithMask));
        try (Engine engine = Engine.create()) {
            engine.register("grid", ZarrTable.open(store));
            System.out.printf(Locale.ROOT, "%d threads, %d rounds, medians; JDK %s%n%n", threads, rounds,
                    Runtime.version());
            System.out.println("| question | engine, s | loop, s | engine / loop | spread of the ratio |");
            System.out.println("| --- | --: | --: | --: | --: |");
            for (Question question : questions) {
                compare(engine, question, rounds);
            }
        }
    }

    private static void compare(Engine engine, Question question, int rounds) throws Exception {
        double[] engineSeconds = new double[rounds];
        double[] loopSeconds = new double[rounds];
        double[] ratios = new double[rounds];
        for (int round = -WARM_UP_ROUNDS; round < rounds; round++) {
            long start = System.nanoTime();
            double[] answer = answer(engine, question.sql());
            long middle = System.nanoTime();
            double[] expected = question.loop().get();
            long end = System.nanoTime();
            check(question, answer, expected);
            if (round >= 0) {
                engineSeconds[round] = (middle - start) / 1e9;
                loopSeconds[round] = (end - middle) / 1e9;
                ratios[round] = engineSeconds[round] / loopSeconds[round];
            }
        }
        Arrays.sort(ratios);
        System.out.printf(Locale.ROOT, "| %s | %.4f | %.4f | %.2f | %.2f..%.2f |%n", question.name(),
                median(engineSeconds), median(loopSeconds),
                ratios[rounds / 2], ratios[0], ratios[rounds - 1]);
    }

    private static double median(double[] seconds) {
        double[] sorted = seconds.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    /** The DOUBLE columns of a result, one after the other. */
    private static double[] answer(Engine engine, String sql) throws Exception {
        List<List<Double>> columns = new ArrayList<>();
        try (Query query = engine.query(sql); ArrowReader reader = query.run()) {
            while (reader.loadNextBatch()) {
                List<FieldVector> vectors = reader.getVectorSchemaRoot().getFieldVectors();
                for (int c = 0; c < vectors.size(); c++) {
                    if (columns.size() <= c) {
                        columns.add(new ArrayList<>());
                    }
                    Float8Vector vector = (Float8Vector) vectors.get(c);
                    for (int row = 0; row < vector.getValueCount(); row++) {
                        columns.get(c).add(vector.isNull(row) ? Double.NaN : vector.get(row));
                    }
                }
            }
        }
        return columns.stream().flatMap(List::stream).mapToDouble(Double::doubleValue).toArray();
    }

    private static void check(Question question, double[] answer, double[] expected) {
        // Groups without a cell under the mask do not exist for the engine; the loop says NaN.
        double[] present = Arrays.stream(expected).filter(value -> !Double.isNaN(value)).toArray();
        if (answer.length != present.length) {
            throw new IllegalStateException(
                    question.name() + ": " + answer.length + " values instead of " + present.length);
        }
        for (int i = 0; i < answer.length; i++) {
            if (Math.abs(answer[i] - present[i]) > TOLERANCE * Math.abs(present[i])) {
                throw new IllegalStateException(
                        question.name() + ": value " + i + " is " + answer[i] + " instead of " + present[i]);
            }
        }
    }
}
