package dev.graticule.kernel;

import dev.graticule.type.SqlType;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.nio.ByteOrder;
import jdk.incubator.vector.Vector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Comparisons of vectors; the relation and the type are class data. */
final class VectorComparison implements CompareLoop {
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
    private static final VectorOperators.Comparison OPERATOR = operator(WANTED.relation(), TYPE.isUnsigned());

    private final CompareLoop rest = Kernels.specialise(ScalarComparison.class, WANTED);

    private static VectorOperators.Comparison operator(Relation relation, boolean unsigned) {
        return switch (relation) {
            case EQUAL -> VectorOperators.EQ;
            case NOT_EQUAL -> VectorOperators.NE;
            case LESS -> unsigned ? VectorOperators.ULT : VectorOperators.LT;
            case LESS_OR_EQUAL -> unsigned ? VectorOperators.ULE : VectorOperators.LE;
            case GREATER -> unsigned ? VectorOperators.UGT : VectorOperators.GT;
            case GREATER_OR_EQUAL -> unsigned ? VectorOperators.UGE : VectorOperators.GE;
        };
    }

    @Override
    public void run(MemorySegment left, long leftAt, int leftStep, MemorySegment right, long rightAt, int rightStep,
            long[] out, long bit,
            int count) {
        int whole = count & -64;
        if (whole > 0) {
            if (rightStep == 0) {
                vectorScalar(left.asSlice(leftAt * BYTES, (long) whole * BYTES), right, rightAt, out, bit, whole);
            } else if (leftStep == 0) {
                scalarVector(left, leftAt, right.asSlice(rightAt * BYTES, (long) whole * BYTES), out, bit, whole);
            } else {
                vectorVector(left.asSlice(leftAt * BYTES, (long) whole * BYTES),
                        right.asSlice(rightAt * BYTES, (long) whole * BYTES), out, bit, whole);
            }
        }
        if (whole < count) {
            rest.run(left, leftAt + (long) whole * leftStep, leftStep, right, rightAt + (long) whole * rightStep,
                    rightStep, out, bit + whole,
                    count - whole);
        }
    }

    private static void vectorScalar(MemorySegment left, MemorySegment right, long rightAt, long[] out, long bit,
            int count) {
        Vector<Object> b = Species.broadcast(TYPE, SPECIES, right, rightAt);
        for (int base = 0; base < count; base += 64) {
            long word = 0;
            for (int i = 0; i < 64; i += LANES) {
                word |= SPECIES.fromMemorySegment(left, (long) (base + i) * BYTES, ORDER).compare(OPERATOR, b).toLong()
                        << i;
            }
            Masks.setWord(out, bit + base, 64, word);
        }
    }

    private static void scalarVector(MemorySegment left, long leftAt, MemorySegment right, long[] out, long bit,
            int count) {
        Vector<Object> a = Species.broadcast(TYPE, SPECIES, left, leftAt);
        for (int base = 0; base < count; base += 64) {
            long word = 0;
            for (int i = 0; i < 64; i += LANES) {
                word |= a.compare(OPERATOR, SPECIES.fromMemorySegment(right, (long) (base + i) * BYTES, ORDER)).toLong()
                        << i;
            }
            Masks.setWord(out, bit + base, 64, word);
        }
    }

    private static void vectorVector(MemorySegment left, MemorySegment right, long[] out, long bit, int count) {
        for (int base = 0; base < count; base += 64) {
            long word = 0;
            for (int i = 0; i < 64; i += LANES) {
                Vector<Object> a = SPECIES.fromMemorySegment(left, (long) (base + i) * BYTES, ORDER);
                word |= a.compare(OPERATOR, SPECIES.fromMemorySegment(right, (long) (base + i) * BYTES, ORDER)).toLong()
                        << i;
            }
            Masks.setWord(out, bit + base, 64, word);
        }
    }
}
