package dev.graticule.kernel;

import dev.graticule.type.SqlType;
import dev.graticule.type.SqlType.Scalar;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Single values in memory, for loops in which the type is a constant. Written as chains of comparisons: those the compiler
 * folds, a switch over an enum it does not.
 */
public final class Element {
    private Element() {
    }

    /** Value {@code index} as a whole number; unsigned ones are widened without sign (UBIGINT: the same bits). */
    public static long integer(Scalar type, MemorySegment data, long index) {
        if (type == Scalar.BIGINT || type == Scalar.UBIGINT || type == Scalar.TIME) {
            return data.get(ValueLayout.JAVA_LONG_UNALIGNED, index << 3);
        }
        if (type == Scalar.INTEGER || type == Scalar.DATE) {
            return data.get(ValueLayout.JAVA_INT_UNALIGNED, index << 2);
        }
        if (type == Scalar.SMALLINT) {
            return data.get(ValueLayout.JAVA_SHORT_UNALIGNED, index << 1);
        }
        if (type == Scalar.TINYINT) {
            return data.get(ValueLayout.JAVA_BYTE, index);
        }
        if (type == Scalar.UINTEGER) {
            return data.get(ValueLayout.JAVA_INT_UNALIGNED, index << 2) & 0xffff_ffffL;
        }
        if (type == Scalar.USMALLINT) {
            return data.get(ValueLayout.JAVA_SHORT_UNALIGNED, index << 1) & 0xffff;
        }
        if (type == Scalar.UTINYINT) {
            return data.get(ValueLayout.JAVA_BYTE, index) & 0xff;
        }
        throw new IllegalArgumentException("No whole numbers: " + type);
    }

    /** Value {@code index} as a double. */
    public static double floating(Scalar type, MemorySegment data, long index) {
        if (type == Scalar.REAL) {
            return data.get(ValueLayout.JAVA_FLOAT_UNALIGNED, index << 2);
        }
        if (type == Scalar.DOUBLE) {
            return data.get(ValueLayout.JAVA_DOUBLE_UNALIGNED, index << 3);
        }
        return type == Scalar.UBIGINT ? unsigned(data.get(ValueLayout.JAVA_LONG_UNALIGNED, index << 3))
                : integer(type, data, index);
    }

    /** The double nearest to an unsigned 64-bit number. */
    public static double unsigned(long value) {
        return value >= 0 ? value : (double) (value >>> 1 | value & 1) * 2;
    }

    /** Writes the lowest bits of a whole number as value {@code index}. */
    public static void setInteger(Scalar type, MemorySegment data, long index, long value) {
        if (type == Scalar.BIGINT || type == Scalar.UBIGINT || type == Scalar.TIME) {
            data.set(ValueLayout.JAVA_LONG_UNALIGNED, index << 3, value);
        } else if (type == Scalar.INTEGER || type == Scalar.UINTEGER || type == Scalar.DATE) {
            data.set(ValueLayout.JAVA_INT_UNALIGNED, index << 2, (int) value);
        } else if (type == Scalar.SMALLINT || type == Scalar.USMALLINT) {
            data.set(ValueLayout.JAVA_SHORT_UNALIGNED, index << 1, (short) value);
        } else if (type == Scalar.TINYINT || type == Scalar.UTINYINT) {
            data.set(ValueLayout.JAVA_BYTE, index, (byte) value);
        } else {
            throw new IllegalArgumentException("No whole numbers: " + type);
        }
    }

    /** The number that is left of a whole number when it is kept as this type. */
    public static long narrow(Scalar type, long value) {
        if (type == Scalar.INTEGER || type == Scalar.DATE) {
            return (int) value;
        }
        if (type == Scalar.SMALLINT) {
            return (short) value;
        }
        if (type == Scalar.TINYINT) {
            return (byte) value;
        }
        if (type == Scalar.UINTEGER) {
            return value & 0xffff_ffffL;
        }
        if (type == Scalar.USMALLINT) {
            return value & 0xffff;
        }
        return type == Scalar.UTINYINT ? value & 0xff : value;
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
