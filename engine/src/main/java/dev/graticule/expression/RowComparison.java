package dev.graticule.expression;

import dev.graticule.batch.ValueOrder;
import dev.graticule.batch.Memory;
import dev.graticule.batch.Values;
import dev.graticule.type.SqlType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** The order of two values of one of the types that no vector loop compares. */
@FunctionalInterface
interface RowComparison {
    /** Negative, 0 or positive; both values are valid. */
    int compare(Values left, int leftIndex, Values right, int rightIndex);

    /** Whether values of the type are compared one by one. */
    static boolean isNeeded(SqlType type) {
        return switch (type) {
            case SqlType.Scalar scalar -> switch (scalar) {
                case BOOLEAN, VARCHAR, BLOB, INTERVAL -> true;
                case NULL, TINYINT, SMALLINT, INTEGER, BIGINT, UTINYINT, USMALLINT, UINTEGER, UBIGINT, REAL, DOUBLE,
                        DATE, TIME ->
                    false;
            };
            case SqlType.Decimal decimal -> true;
            case SqlType.Timestamp timestamp -> false;
            case SqlType.Other other -> true;
        };
    }

    /** The comparison of a type for which {@link #isNeeded}. */
    static RowComparison of(SqlType type) {
        if (type == SqlType.BOOLEAN) {
            return (left, i, right, j) -> Boolean.compare(Memory.bit(left.data(), i), Memory.bit(right.data(), j));
        }
        if (type.isVariableWidth()) {
            return RowComparison::bytes;
        }
        if (type == SqlType.INTERVAL) {
            return (left, i, right, j) -> ValueOrder.compare(left.object(i), right.object(j), type);
        }
        if (type instanceof SqlType.Decimal) {
            return RowComparison::decimals;
        }
        throw new IllegalArgumentException("Values of type " + type + " have no order");
    }

    /** As {@link #of}, where it is only asked whether the values are equal: any number but 0 where they are not. */
    static RowComparison ofEqual(SqlType type) {
        return type.isVariableWidth() ? RowComparison::sameBytes : of(type);
    }

    private static int sameBytes(Values left, int i, Values right, int j) {
        int leftStart = left.offsets().get(ValueLayout.JAVA_INT_UNALIGNED, i * 4L);
        int leftEnd = left.offsets().get(ValueLayout.JAVA_INT_UNALIGNED, i * 4L + 4);
        int rightStart = right.offsets().get(ValueLayout.JAVA_INT_UNALIGNED, j * 4L);
        int rightEnd = right.offsets().get(ValueLayout.JAVA_INT_UNALIGNED, j * 4L + 4);
        return leftEnd - leftStart == rightEnd - rightStart
                && MemorySegment.mismatch(left.data(), leftStart, leftEnd, right.data(), rightStart, rightEnd) < 0
                        ? 0 : 1;
    }

    private static int bytes(Values left, int i, Values right, int j) {
        int leftStart = left.offsets().get(ValueLayout.JAVA_INT_UNALIGNED, i * 4L);
        int leftEnd = left.offsets().get(ValueLayout.JAVA_INT_UNALIGNED, i * 4L + 4);
        int rightStart = right.offsets().get(ValueLayout.JAVA_INT_UNALIGNED, j * 4L);
        int rightEnd = right.offsets().get(ValueLayout.JAVA_INT_UNALIGNED, j * 4L + 4);
        long at = MemorySegment.mismatch(left.data(), leftStart, leftEnd, right.data(), rightStart, rightEnd);
        if (at < 0) {
            return 0;
        }
        if (at >= leftEnd - leftStart || at >= rightEnd - rightStart) {
            return Integer.compare(leftEnd - leftStart, rightEnd - rightStart);
        }
        return Byte.compareUnsigned(left.data().get(ValueLayout.JAVA_BYTE, leftStart + at),
                right.data().get(ValueLayout.JAVA_BYTE, rightStart + at));
    }

    private static int decimals(Values left, int i, Values right, int j) {
        long leftHigh = left.data().get(ValueLayout.JAVA_LONG_UNALIGNED, i * 16L + 8);
        long rightHigh = right.data().get(ValueLayout.JAVA_LONG_UNALIGNED, j * 16L + 8);
        return leftHigh != rightHigh
                ? Long.compare(leftHigh, rightHigh)
                : Long.compareUnsigned(left.data().get(ValueLayout.JAVA_LONG_UNALIGNED, i * 16L),
                        right.data().get(ValueLayout.JAVA_LONG_UNALIGNED, j * 16L));
    }
}
