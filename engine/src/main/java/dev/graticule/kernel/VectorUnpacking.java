package dev.graticule.kernel;

import dev.graticule.type.SqlType;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.nio.ByteOrder;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** Unpacking of SMALLINT, INTEGER and REAL with at most one sentinel and with scale and offset, in vectors of doubles. */
final class VectorUnpacking implements UnpackLoop {
    private static final Operation WANTED;

    static {
        try {
            WANTED = MethodHandles.classData(MethodHandles.lookup(), "_", Operation.class);
        } catch (IllegalAccessException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    private static final SqlType.Scalar STORED = WANTED.stored();
    private static final int BYTES = STORED.bytes();
    private static final VectorSpecies<Double> DOUBLES = DoubleVector.SPECIES_PREFERRED;
    private static final VectorShape SHAPE = VectorShape.forBitSize(DOUBLES.length() * BYTES * 8);
    private static final VectorSpecies<Float> FLOATS = VectorSpecies.of(float.class, SHAPE);
    private static final VectorSpecies<Integer> INTS = VectorSpecies.of(int.class, SHAPE);
    private static final VectorSpecies<Short> SHORTS = VectorSpecies.of(short.class, SHAPE);
    private static final int LANES = DOUBLES.length();
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();

    private final UnpackLoop rest = Kernels.specialise(ScalarUnpacking.class, WANTED);

    @Override
    public void floating(Packing packing, MemorySegment data, long at, MemorySegment out, long outAt, int count) {
        int whole = count - count % LANES;
        // A sentinel that no stored value equals stands for none; NaN stays NaN by itself.
        double sentinel = packing.whole.length > 0 ? packing.whole[0]
                : packing.floating.length > 0 ? packing.floating[0] : Double.NaN;
        loop(data.asSlice(at * BYTES, (long) whole * BYTES), out.asSlice(outAt << 3, (long) whole << 3), sentinel,
                packing.scale, packing.offset, whole);
        if (whole < count) {
            rest.floating(packing, data, at + whole, out, outAt + whole, count - whole);
        }
    }

    private static void loop(MemorySegment from, MemorySegment to, double sentinel, double scale, double offset,
            int count) {
        DoubleVector scales = DoubleVector.broadcast(DOUBLES, scale);
        DoubleVector offsets = DoubleVector.broadcast(DOUBLES, offset);
        DoubleVector sentinels = DoubleVector.broadcast(DOUBLES, sentinel);
        DoubleVector missing = DoubleVector.broadcast(DOUBLES, Double.NaN);
        for (int i = 0; i < count; i += LANES) {
            DoubleVector value = load(from, i);
            VectorMask<Double> no = value.compare(VectorOperators.EQ, sentinels);
            value.mul(scales).add(offsets).blend(missing, no).intoMemorySegment(to, (long) i << 3, ORDER);
        }
    }

    private static DoubleVector load(MemorySegment data, int i) {
        long at = (long) i * BYTES;
        if (STORED == SqlType.Scalar.REAL) {
            return (DoubleVector) FloatVector.fromMemorySegment(FLOATS, data, at, ORDER)
                    .convertShape(VectorOperators.F2D, DOUBLES, 0);
        }
        if (STORED == SqlType.Scalar.INTEGER) {
            return (DoubleVector) IntVector.fromMemorySegment(INTS, data, at, ORDER).convertShape(VectorOperators.I2D,
                    DOUBLES, 0);
        }
        return (DoubleVector) ShortVector.fromMemorySegment(SHORTS, data, at, ORDER).convertShape(VectorOperators.S2D,
                DOUBLES, 0);
    }

    @Override
    public void valid(Packing packing, MemorySegment data, long at, long[] out, long bit, int count) {
        rest.valid(packing, data, at, out, bit, count);
    }
}
