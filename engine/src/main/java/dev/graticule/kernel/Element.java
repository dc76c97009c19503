package dev.graticule.kernel;

import dev.graticule.type.SqlType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Single values in memory, for loops in which the type is a constant. */
public final class Element {
    private Element() {
    }

    /** Value {@code index} as a whole number; unsigned ones are widened without sign (UBIGINT: the same bits). */
    public static long integer(SqlType.Scalar type, MemorySegment data, long index) {
        return switch (type) {
            case TINYINT -> data.get(ValueLayout.JAVA_BYTE, index);
            case UTINYINT -> data.get(ValueLayout.JAVA_BYTE, index) & 0xff;
            case SMALLINT -> data.get(ValueLayout.JAVA_SHORT_UNALIGNED, index << 1);
            case USMALLINT -> data.get(ValueLayout.JAVA_SHORT_UNALIGNED, index << 1) & 0xffff;
            case INTEGER, DATE -> data.get(ValueLayout.JAVA_INT_UNALIGNED, index << 2);
            case UINTEGER -> data.get(ValueLayout.JAVA_INT_UNALIGNED, index << 2) & 0xffff_ffffL;
            case BIGINT, UBIGINT, TIME -> data.get(ValueLayout.JAVA_LONG_UNALIGNED, index << 3);
            case NULL, BOOLEAN, REAL, DOUBLE, VARCHAR, BLOB, INTERVAL -> throw new IllegalArgumentException("No whole numbers: " + type);
        };
    }

    /** Value {@code index} as a double. */
    public static double floating(SqlType.Scalar type, MemorySegment data, long index) {
        return switch (type) {
            case REAL -> data.get(ValueLayout.JAVA_FLOAT_UNALIGNED, index << 2);
            case DOUBLE -> data.get(ValueLayout.JAVA_DOUBLE_UNALIGNED, index << 3);
            case UBIGINT -> unsigned(data.get(ValueLayout.JAVA_LONG_UNALIGNED, index << 3));
            case TINYINT, UTINYINT, SMALLINT, USMALLINT, INTEGER, UINTEGER, BIGINT, DATE, TIME -> integer(type, data, index);
            case NULL, BOOLEAN, VARCHAR, BLOB, INTERVAL -> throw new IllegalArgumentException("No numbers: " + type);
        };
    }

    /** The double nearest to an unsigned 64-bit number. */
    public static double unsigned(long value) {
        return value >= 0 ? value : (double) (value >>> 1 | value & 1) * 2;
    }

    /** Writes the lowest bits of a whole number as value {@code index}. */
    public static void setInteger(SqlType.Scalar type, MemorySegment data, long index, long value) {
        switch (type) {
            case TINYINT, UTINYINT -> data.set(ValueLayout.JAVA_BYTE, index, (byte) value);
            case SMALLINT, USMALLINT -> data.set(ValueLayout.JAVA_SHORT_UNALIGNED, index << 1, (short) value);
            case INTEGER, UINTEGER, DATE -> data.set(ValueLayout.JAVA_INT_UNALIGNED, index << 2, (int) value);
            case BIGINT, UBIGINT, TIME -> data.set(ValueLayout.JAVA_LONG_UNALIGNED, index << 3, value);
            case NULL, BOOLEAN, REAL, DOUBLE, VARCHAR, BLOB, INTERVAL -> throw new IllegalArgumentException("No whole numbers: " + type);
        }
    }

    /** The number that is left of a whole number when it is kept as this type. */
    public static long narrow(SqlType.Scalar type, long value) {
        return switch (type) {
            case TINYINT -> (byte) value;
            case UTINYINT -> value & 0xff;
            case SMALLINT -> (short) value;
            case USMALLINT -> value & 0xffff;
            case INTEGER, DATE -> (int) value;
            case UINTEGER -> value & 0xffff_ffffL;
            case BIGINT, UBIGINT, TIME -> value;
            case NULL, BOOLEAN, REAL, DOUBLE, VARCHAR, BLOB, INTERVAL -> throw new IllegalArgumentException("No whole numbers: " + type);
        };
    }

    /** The type of the same memory layout without parameters: how a type's values are stored. */
    public static SqlType.Scalar storage(SqlType type) {
        return switch (type) {
            case SqlType.Scalar scalar -> scalar;
            case SqlType.Timestamp timestamp -> SqlType.Scalar.BIGINT;
            case SqlType.Decimal decimal -> throw new IllegalArgumentException("No kernel works on " + type);
            case SqlType.Other other -> throw new IllegalArgumentException("No kernel works on " + type);
        };
    }
}
