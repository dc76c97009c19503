package dev.graticule.benchmarks.grid;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;

/** The numbers of several rounds: seconds, or ratios of them. */
final class Timing {
    private final List<Double> numbers = new ArrayList<>();

    /** What was answered, in what time, and in how many seconds of the process on all cores. */
    record Timed(double[][] answer, double seconds, double cpuSeconds) {
        private static final OperatingSystemMXBean PROCESS = (OperatingSystemMXBean) ManagementFactory
                .getOperatingSystemMXBean();

        static Timed of(Callable<double[][]> ask) throws Exception {
            long cpu = PROCESS.getProcessCpuTime();
            long start = System.nanoTime();
            double[][] answer = ask.call();
            double seconds = (System.nanoTime() - start) / 1e9;
            return new Timed(answer, seconds, (PROCESS.getProcessCpuTime() - cpu) / 1e9);
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
