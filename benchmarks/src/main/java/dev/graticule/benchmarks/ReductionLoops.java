package dev.graticule.benchmarks;

import dev.graticule.kernel.Extremes;
import dev.graticule.kernel.FloatingReduction;
import dev.graticule.kernel.FloatingSum;
import dev.graticule.kernel.Moments;
import dev.graticule.type.SqlType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The loops that a GROUP BY on the grid spends its time in, over a run of REALs in the cache; nanoseconds a value. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class ReductionLoops {
    static final int VALUES = 1 << 14;

    /** How many values in a hundred are missing. */
    @Param({"0", "1"})
    int missing;

    private final FloatingReduction loops = FloatingReduction.of(SqlType.REAL);
    private final MemorySegment data = Arena.ofAuto().allocate(VALUES * 4L, 64);
    private final MemorySegment sums = Arena.ofAuto().allocate(VALUES * 8L, 64);
    private final long[] half = new long[VALUES / 64];
    private final FloatingSum sum = new FloatingSum();
    private final Extremes extremes = new Extremes();
    private final Moments moments = new Moments();

    /** Fills the run; the mask selects every other value. */
    @Setup
    public void fill() {
        Random random = new Random(1);
        for (int i = 0; i < VALUES; i++) {
            data.setAtIndex(ValueLayout.JAVA_FLOAT, i, random.nextInt(100) < missing ? Float.NaN : random.nextFloat());
        }
        Arrays.fill(half, 0x5555555555555555L);
    }

    @Benchmark
    @OperationsPerInvocation(VALUES)
    public double sumOfARun() {
        sum.clear();
        loops.sum(data, 0, VALUES, sum);
        return sum.sum;
    }

    @Benchmark
    @OperationsPerInvocation(VALUES)
    public double sumOfTheSelectedHalf() {
        sum.clear();
        loops.sum(data, 0, VALUES, half, 0, sum);
        return sum.sum;
    }

    @Benchmark
    @OperationsPerInvocation(VALUES)
    public double extremesOfARun() {
        extremes.clear();
        loops.extremes(data, 0, VALUES, extremes);
        return extremes.greatest;
    }

    @Benchmark
    @OperationsPerInvocation(VALUES)
    public double momentsOfARun() {
        moments.clear();
        loops.moments(data, 0, VALUES, moments);
        return moments.squares;
    }

    @Benchmark
    @OperationsPerInvocation(VALUES)
    public int runAddedToSums() {
        return loops.accumulate(sums, 0, data, 0, VALUES);
    }
}
