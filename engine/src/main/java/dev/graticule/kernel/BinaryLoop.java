package dev.graticule.kernel;

import dev.graticule.type.SqlType;
import java.lang.foreign.MemorySegment;

/** A loop over two operands of one numeric type, whose result has that type too. Stateless and thread-safe. */
public interface BinaryLoop {

    /** The loop of an operation over values stored as {@code type}, the best one for that many values. */
    static BinaryLoop of(ArithmeticOperation operation, SqlType.Scalar type, int cells) {
        Operation wanted = new Operation(operation, type);
        boolean vector = switch (operation) {
            case ADD, SUBTRACT -> !type.isUnsigned();
            case MULTIPLY, DIVIDE -> type.isFloating();
            case DIVIDE_WHOLE, MODULO, BIT_AND, BIT_OR, BIT_XOR, SHIFT_LEFT, SHIFT_RIGHT -> false;
        };
        return vector && !Kernels.preferScalar(cells)
                ? Kernels.specialise(VectorArithmetic.class, wanted)
                : Kernels.specialise(ScalarArithmetic.class, wanted);
    }

    /** The class data of such loops. */
    record Operation(ArithmeticOperation arithmetic, SqlType.Scalar type) {
    }

    /**
     * {@code out[outAt + i] = left[leftAt + i * leftStep] op right[rightAt + i * rightStep]} for {@code i < count}.
     *
     * @param leftStep 1, or 0 for a constant; not both steps are 0 unless count is 1
     * @return whether some value could not be computed (overflow, division by zero): its result is undefined
     */
    boolean run(MemorySegment left, long leftAt, int leftStep, MemorySegment right, long rightAt, int rightStep,
            MemorySegment out, long outAt,
            int count);
}
