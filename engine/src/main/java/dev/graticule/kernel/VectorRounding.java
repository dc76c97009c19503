package dev.graticule.kernel;

import dev.graticule.type.SqlType;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.nio.ByteOrder;
import jdk.incubator.vector.Vector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Whole numbers beside vectors of floating numbers; the function and the type are class data.
 *
 * <p>Where the distance of neighbours is 1, adding and subtracting a number that large rounds to a whole one: to an even one in the middle
 * between two, so what lies above the number is lowered by 1, which leaves the whole part.
 */
final class VectorRounding implements UnaryLoop {
    private static final Operation WANTED;

    static {
        try {
            WANTED = MethodHandles.classData(MethodHandles.lookup(), "_", Operation.class);
        } catch (IllegalAccessException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    private static final SqlType.Scalar TYPE = WANTED.type();
    private static final Function FUNCTION = WANTED.function();
    private static final VectorSpecies<Object> SPECIES = Species.of(TYPE);
    private static final int LANES = SPECIES.length();
    private static final int BYTES = TYPE.bytes();
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    /** All numbers from here on are whole. */
    private static final long WHOLE = TYPE == SqlType.Scalar.REAL ? 1L << 23 : 1L << 52;

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
        Vector<Object> large = SPECIES.broadcast(WHOLE);
        Vector<Object> one = SPECIES.broadcast(1);
        for (int i = 0; i < count; i += LANES) {
            Vector<Object> value = SPECIES.fromMemorySegment(data, (long) i * BYTES, ORDER);
            Vector<Object> size = value.lanewise(VectorOperators.ABS);
            Vector<Object> near = size.add(large).sub(large);
            Vector<Object> part = near.lanewise(VectorOperators.SUB, one, near.compare(VectorOperators.GT, size));
            VectorMask<Object> negative = value.test(VectorOperators.IS_NEGATIVE);
            Vector<Object> result = switch (FUNCTION) {
                case FLOOR -> part.lanewise(VectorOperators.ADD, one,
                        part.compare(VectorOperators.LT, size).and(negative));
                case CEILING -> part.lanewise(VectorOperators.ADD, one,
                        part.compare(VectorOperators.LT, size).andNot(negative));
                case TRUNCATE -> part;
                case ROUND -> {
                    Vector<Object> left = size.sub(part);
                    yield part.lanewise(VectorOperators.ADD, one, left.add(left).compare(VectorOperators.GE, one));
                }
                case NEGATE, ABSOLUTE, SQUARE_ROOT, BIT_NOT -> throw new IllegalArgumentException(WANTED.toString());
            };
            value.blend(result.lanewise(VectorOperators.NEG, negative), size.compare(VectorOperators.LT, large))
                    .intoMemorySegment(out, (long) i * BYTES, ORDER);
        }
    }
}
