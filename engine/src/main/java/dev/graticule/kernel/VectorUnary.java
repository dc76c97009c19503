package dev.graticule.kernel;

import dev.graticule.type.SqlType;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.nio.ByteOrder;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Functions of vectors of floating numbers; the function and the type are class data. */
final class VectorUnary implements UnaryLoop {
    private static final Operation WANTED;

    static {
        try {
            WANTED = MethodHandles.classData(MethodHandles.lookup(), "_", Operation.class);
        } catch (IllegalAccessException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    private static final SqlType.Scalar TYPE = WANTED.type();
    private static final VectorSpecies<Object> SPECIES = Species.of(TYPE);
    private static final int LANES = SPECIES.length();
    private static final int BYTES = TYPE.bytes();
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final VectorOperators.Unary OPERATOR = switch (WANTED.function()) {
        case NEGATE -> VectorOperators.NEG;
        case ABSOLUTE -> VectorOperators.ABS;
        case SQUARE_ROOT -> VectorOperators.SQRT;
        case BIT_NOT, FLOOR, CEILING, TRUNCATE, ROUND ->
            throw new IllegalArgumentException(WANTED + " is no operation of a lane");
    };

    private final UnaryLoop rest = Kernels.specialise(ScalarUnary.class, WANTED);

    @Override
    public boolean run(MemorySegment data, long at, MemorySegment out, long outAt, int count) {
        int whole = count - count % LANES;
        if (whole > 0) {
            loop(data.asSlice(at * BYTES, (long) whole * BYTES), out.asSlice(outAt * BYTES, (long) whole * BYTES),
                    whole);
        }
        return whole < count && rest.run(data, at + whole, out, outAt + whole, count - whole);
    }

    private static void loop(MemorySegment data, MemorySegment out, int count) {
        for (int i = 0; i < count; i += LANES) {
            SPECIES.fromMemorySegment(data, (long) i * BYTES, ORDER).lanewise(OPERATOR).intoMemorySegment(out,
                    (long) i * BYTES, ORDER);
        }
    }
}
