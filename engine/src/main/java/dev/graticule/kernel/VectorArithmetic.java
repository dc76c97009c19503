package dev.graticule.kernel;

import dev.graticule.type.SqlType;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.nio.ByteOrder;
import jdk.incubator.vector.Vector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Arithmetic of vectors; the operation and the type are class data. */
final class VectorArithmetic implements BinaryLoop {
    private static final Operation WANTED;

    static {
        try {
            WANTED = MethodHandles.classData(MethodHandles.lookup(), "_", Operation.class);
        } catch (IllegalAccessException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    private static final SqlType.Scalar TYPE = WANTED.type();
    private static final ArithmeticOperation OPERATION = WANTED.arithmetic();
    private static final VectorSpecies<Object> SPECIES = Species.of(TYPE);
    private static final int LANES = SPECIES.length();
    private static final int BYTES = TYPE.bytes();
    private static final boolean CHECKED = !TYPE.isFloating();
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final VectorOperators.Binary OPERATOR = switch (OPERATION) {
        case ADD -> VectorOperators.ADD;
        case SUBTRACT -> VectorOperators.SUB;
        case MULTIPLY -> VectorOperators.MUL;
        case DIVIDE -> VectorOperators.DIV;
        case DIVIDE_WHOLE, MODULO, BIT_AND, BIT_OR, BIT_XOR, SHIFT_LEFT, SHIFT_RIGHT ->
            throw new IllegalArgumentException(
                    "No vector loop: " + OPERATION);
    };

    private final BinaryLoop rest = Kernels.specialise(ScalarArithmetic.class, WANTED);

    @Override
    public boolean run(MemorySegment left, long leftAt, int leftStep, MemorySegment right, long rightAt, int rightStep,
            MemorySegment out,
            long outAt, int count) {
        int whole = count - count % LANES;
        boolean failed = false;
        if (whole > 0) {
            MemorySegment target = out.asSlice(outAt * BYTES, (long) whole * BYTES);
            if (leftStep == 0) {
                failed = scalarVector(left, leftAt, right.asSlice(rightAt * BYTES, (long) whole * BYTES), target,
                        whole);
            } else if (rightStep == 0) {
                failed = vectorScalar(left.asSlice(leftAt * BYTES, (long) whole * BYTES), right, rightAt, target,
                        whole);
            } else {
                failed = vectorVector(left.asSlice(leftAt * BYTES, (long) whole * BYTES),
                        right.asSlice(rightAt * BYTES, (long) whole * BYTES), target,
                        whole);
            }
        }
        if (whole < count) {
            failed |= rest.run(left, leftAt + (long) whole * leftStep, leftStep, right,
                    rightAt + (long) whole * rightStep, rightStep, out, outAt + whole,
                    count - whole);
        }
        return failed;
    }

    private static boolean vectorVector(MemorySegment left, MemorySegment right, MemorySegment out, int count) {
        Vector<Object> overflow = SPECIES.zero();
        for (int i = 0; i < count; i += LANES) {
            Vector<Object> a = SPECIES.fromMemorySegment(left, (long) i * BYTES, ORDER);
            Vector<Object> b = SPECIES.fromMemorySegment(right, (long) i * BYTES, ORDER);
            Vector<Object> result = a.lanewise(OPERATOR, b);
            if (CHECKED) {
                overflow = overflow.lanewise(VectorOperators.OR, overflow(a, b, result));
            }
            result.intoMemorySegment(out, (long) i * BYTES, ORDER);
        }
        return CHECKED && overflow.test(VectorOperators.IS_NEGATIVE).anyTrue();
    }

    private static boolean vectorScalar(MemorySegment left, MemorySegment right, long rightAt, MemorySegment out,
            int count) {
        Vector<Object> b = Species.broadcast(TYPE, SPECIES, right, rightAt);
        Vector<Object> overflow = SPECIES.zero();
        for (int i = 0; i < count; i += LANES) {
            Vector<Object> a = SPECIES.fromMemorySegment(left, (long) i * BYTES, ORDER);
            Vector<Object> result = a.lanewise(OPERATOR, b);
            if (CHECKED) {
                overflow = overflow.lanewise(VectorOperators.OR, overflow(a, b, result));
            }
            result.intoMemorySegment(out, (long) i * BYTES, ORDER);
        }
        return CHECKED && overflow.test(VectorOperators.IS_NEGATIVE).anyTrue();
    }

    private static boolean scalarVector(MemorySegment left, long leftAt, MemorySegment right, MemorySegment out,
            int count) {
        Vector<Object> a = Species.broadcast(TYPE, SPECIES, left, leftAt);
        Vector<Object> overflow = SPECIES.zero();
        for (int i = 0; i < count; i += LANES) {
            Vector<Object> b = SPECIES.fromMemorySegment(right, (long) i * BYTES, ORDER);
            Vector<Object> result = a.lanewise(OPERATOR, b);
            if (CHECKED) {
                overflow = overflow.lanewise(VectorOperators.OR, overflow(a, b, result));
            }
            result.intoMemorySegment(out, (long) i * BYTES, ORDER);
        }
        return CHECKED && overflow.test(VectorOperators.IS_NEGATIVE).anyTrue();
    }

    /** Lanes whose sign is set where the sum or difference of two signed numbers is too large. */
    private static Vector<Object> overflow(Vector<Object> a, Vector<Object> b, Vector<Object> result) {
        Vector<Object> changed = a.lanewise(VectorOperators.XOR, result);
        return OPERATION == ArithmeticOperation.ADD
                ? changed.lanewise(VectorOperators.AND, b.lanewise(VectorOperators.XOR, result))
                : changed.lanewise(VectorOperators.AND, a.lanewise(VectorOperators.XOR, b));
    }
}
