package dev.graticule.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.nio.ByteOrder;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** REAL to DOUBLE in vectors. */
final class VectorWidening implements ConversionLoop {
    private static final Operation WANTED;

    static {
        try {
            WANTED = MethodHandles.classData(MethodHandles.lookup(), "_", Operation.class);
        } catch (IllegalAccessException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    private static final VectorSpecies<Double> DOUBLES = DoubleVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Float> FLOATS = VectorSpecies.of(float.class,
            VectorShape.forBitSize(DOUBLES.vectorBitSize() / 2));
    private static final int LANES = DOUBLES.length();
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();

    private final ConversionLoop rest = Kernels.specialise(ScalarConversion.class, WANTED);

    @Override
    public boolean run(MemorySegment data, long at, MemorySegment out, long outAt, int count) {
        int whole = count - count % LANES;
        loop(data.asSlice(at << 2, (long) whole << 2), out.asSlice(outAt << 3, (long) whole << 3), whole);
        return rest.run(data, at + whole, out, outAt + whole, count - whole);
    }

    private static void loop(MemorySegment data, MemorySegment out, int count) {
        for (int i = 0; i < count; i += LANES) {
            FloatVector.fromMemorySegment(FLOATS, data, (long) i << 2, ORDER)
                    .convertShape(VectorOperators.F2D, DOUBLES, 0)
                    .intoMemorySegment(out, (long) i << 3, ORDER);
        }
    }
}
