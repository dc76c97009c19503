package dev.graticule.benchmarks;

import dev.graticule.kernel.ArithmeticOperation;
import dev.graticule.kernel.BinaryLoop;
import dev.graticule.kernel.CompareLoop;
import dev.graticule.kernel.ConversionLoop;
import dev.graticule.kernel.Kernels;
import dev.graticule.kernel.UnpackLoop;
import dev.graticule.spi.GridVariable.Unpacking;
import dev.graticule.type.SqlType.Scalar;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
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

/** The loops that make a value of each value, over a run in the cache, and their scalar twins; nanoseconds a value. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class ElementLoops {
    static final int VALUES = 1 << 14;

    /** How the loops go. */
    public enum Loops {
        VECTOR, SCALAR
    }

    @Param
    Loops loops;

    private final MemorySegment left = Arena.ofAuto().allocate(VALUES * 4L, 64);
    private final MemorySegment right = Arena.ofAuto().allocate(VALUES * 4L, 64);
    private final MemorySegment stored = Arena.ofAuto().allocate(VALUES * 2L, 64);
    private final MemorySegment out = Arena.ofAuto().allocate(VALUES * 8L, 64);
    private final long[] bits = new long[VALUES / 64];
    private final UnpackLoop.Packing packing = new UnpackLoop.Packing(Scalar.SMALLINT,
            new Unpacking(List.of((short) -32768), false, true, 0.01, 273.15));
    private BinaryLoop add;
    private CompareLoop compare;
    private ConversionLoop widen;
    private UnpackLoop unpack;

    /** Fills the runs and takes the loops. */
    @Setup
    public void fill() {
        Random random = new Random(1);
        for (int i = 0; i < VALUES; i++) {
            left.setAtIndex(ValueLayout.JAVA_FLOAT, i, random.nextFloat());
            right.setAtIndex(ValueLayout.JAVA_FLOAT, i, random.nextFloat());
            stored.setAtIndex(ValueLayout.JAVA_SHORT, i, (short) random.nextInt());
        }
        Kernels.force(loops == Loops.VECTOR ? 1 : -1);
        add = BinaryLoop.of(ArithmeticOperation.ADD, Scalar.REAL, VALUES);
        compare = CompareLoop.of(CompareLoop.Relation.GREATER, Scalar.REAL, VALUES);
        widen = ConversionLoop.of(Scalar.REAL, Scalar.DOUBLE, VALUES);
        unpack = UnpackLoop.of(Scalar.SMALLINT, packing, VALUES);
    }

    @Benchmark
    @OperationsPerInvocation(VALUES)
    public boolean addRunToRun() {
        return add.run(left, 0, 1, right, 0, 1, out, 0, VALUES);
    }

    @Benchmark
    @OperationsPerInvocation(VALUES)
    public boolean addConstant() {
        return add.run(left, 0, 1, right, 0, 0, out, 0, VALUES);
    }

    @Benchmark
    @OperationsPerInvocation(VALUES)
    public long[] compareWithConstant() {
        compare.run(left, 0, 1, right, 0, 0, bits, 0, VALUES);
        return bits;
    }

    @Benchmark
    @OperationsPerInvocation(VALUES)
    public boolean widenToDouble() {
        return widen.run(left, 0, out, 0, VALUES);
    }

    @Benchmark
    @OperationsPerInvocation(VALUES)
    public MemorySegment unpackSmallint() {
        unpack.floating(packing, stored, 0, out, 0, VALUES);
        return out;
    }
}
