package dev.graticule.benchmarks.grid;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;

/** The numbers of several rounds: seconds, or ratios of them. */
final class Timing {
    private final List<Double> numbers = new ArrayList<>();

    /** What was answered, and in what time. */
    record Timed(double[][] answer, double seconds) {
        static Timed of(Callable<double[][]> ask) throws Exception {
            long start = System.nanoTime();
            double[][] answer = ask.call();
            return new Timed(answer, (System.nanoTime() - start) / 1e9);
        }
    }

    void add(double number) {
        numbers.add(number);
    }

    boolean isEmpty() {
        return numbers.isEmpty();
    }

    double total() {
        return numbers.stream().mapToDouble(Double::doubleValue).sum();
    }

    double median() {
        return numbers.stream().sorted().skip(numbers.size() / 2).findFirst().orElse(Double.NaN);
    }

    /** The least and the greatest. */
    String spread() {
        return numbers.isEmpty() ? "" : String.format(Locale.ROOT, "%.3f..%.3f",
                numbers.stream().mapToDouble(Double::doubleValue).min().orElseThrow(),
                numbers.stream().mapToDouble(Double::doubleValue).max().orElseThrow());
    }
}
