package dev.graticule.benchmarks;

import dev.graticule.kernel.FloatingReduction;
import dev.graticule.kernel.FloatingSum;
import dev.graticule.type.SqlType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * Whether the few rows of a batch that a filter leaves are better kept as a sorted list than as the bits that the filter makes: the sum of
 * the selected values of a batch of 64 Ki REALs; microseconds a batch.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class SparseSelections {
    private static final int ROWS = 1 << 16;

    /** One row in so many is selected. */
    @Param({"2", "100", "1000", "100000"})
    int oneIn;

    private final FloatingReduction loops = FloatingReduction.of(SqlType.REAL);
    private final MemorySegment data = Arena.ofAuto().allocate(ROWS * 4L, 64);
    private final long[] words = new long[ROWS / 64];
    private final int[] list = new int[ROWS];
    private final FloatingSum sum = new FloatingSum();
    private int selected;

    /** Fills the batch and selects rows at random, at least one. */
    @Setup
    public void fill() {
        Random random = new Random(1);
        for (int row = 0; row < ROWS; row++) {
            data.setAtIndex(ValueLayout.JAVA_FLOAT, row, random.nextFloat());
            if (random.nextInt(oneIn) == 0 || row == ROWS / 2) {
                words[row >>> 6] |= 1L << row;
            }
        }
        selected = listed();
    }

    private int listed() {
        int count = 0;
        for (int word = 0; word < words.length; word++) {
            for (long left = words[word]; left != 0; left &= left - 1) {
                list[count++] = (word << 6) + Long.numberOfTrailingZeros(left);
            }
        }
        return count;
    }

    private double sumOfList(int count) {
        double total = 0;
        for (int i = 0; i < count; i++) {
            float value = data.getAtIndex(ValueLayout.JAVA_FLOAT, list[i]);
            if (value == value) {
                total += value;
            }
        }
        return total;
    }

    /** For scale: one pass over all values, as the filter itself makes one. */
    @Benchmark
    public double allValues() {
        sum.clear();
        loops.sum(data, 0, ROWS, sum);
        return sum.sum;
    }

    /** What the engine does. */
    @Benchmark
    public double selectedByBits() {
        sum.clear();
        loops.sum(data, 0, ROWS, words, 0, sum);
        return sum.sum;
    }

    /** A list that is there already. */
    @Benchmark
    public double selectedByList() {
        return sumOfList(selected);
    }

    /** A list that is made of the filter's bits. */
    @Benchmark
    public double selectedByListMadeOfBits() {
        return sumOfList(listed());
    }

    /** Runs the benchmarks of this class. */
    public static void main(String[] arguments) throws Exception {
        new Runner(new OptionsBuilder().include(SparseSelections.class.getName()).build()).run();
    }
}
