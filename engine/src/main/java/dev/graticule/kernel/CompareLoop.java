package dev.graticule.kernel;

import dev.graticule.type.SqlType;
import java.lang.foreign.MemorySegment;

/** A loop that compares two operands of one type as the machine does (any comparison with NaN but NOT_EQUAL is false). */
public interface CompareLoop {

    /** What is compared. */
    enum Relation {
        EQUAL, NOT_EQUAL, LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL
    }

    /** The class data of such loops. */
    record Operation(Relation relation, SqlType.Scalar type) {
    }

    /** The loop of a relation over values stored as {@code type}, the best one for that many values. */
    static CompareLoop of(Relation relation, SqlType.Scalar type, int cells) {
        Operation wanted = new Operation(relation, type);
        return Kernels.preferScalar(cells) ? Kernels.specialise(ScalarComparison.class, wanted)
                : Kernels.specialise(VectorComparison.class, wanted);
    }

    /** Writes the lowest {@code count} bits of {@code out}: whether REAL or DOUBLE value {@code at + i} is a number. */
    static void numbers(SqlType.Scalar type, MemorySegment values, long at, long[] out, int count) {
        // NaN alone does not equal itself.
        of(Relation.EQUAL, type, count).run(values, at, 1, values, at, 1, out, 0, count);
    }

    /**
     * Writes {@code count} bits from bit {@code bit} of {@code out} on: whether {@code left[leftAt + i * leftStep]} is in the
     * relation to {@code right[rightAt + i * rightStep]}.
     */
    void run(MemorySegment left, long leftAt, int leftStep, MemorySegment right, long rightAt, int rightStep,
            long[] out, long bit, int count);
}
