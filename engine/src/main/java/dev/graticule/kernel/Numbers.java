package dev.graticule.kernel;

import dev.graticule.type.SqlType;

/** Whether and how numbers fit into integer types. */
public final class Numbers {
    private Numbers() {
    }

    /** Whether a double without fraction is in the range of an integer type. */
    public static boolean fits(SqlType.Scalar type, double value) {
        return switch (type) {
            case TINYINT -> value >= Byte.MIN_VALUE && value <= Byte.MAX_VALUE;
            case SMALLINT -> value >= Short.MIN_VALUE && value <= Short.MAX_VALUE;
            case INTEGER, DATE -> value >= Integer.MIN_VALUE && value <= Integer.MAX_VALUE;
            case BIGINT, TIME -> value >= -0x1p63 && value < 0x1p63;
            case UTINYINT -> value >= 0 && value <= 255;
            case USMALLINT -> value >= 0 && value <= 65535;
            case UINTEGER -> value >= 0 && value < 0x1p32;
            case UBIGINT -> value >= 0 && value < 0x1p64;
            case NULL, BOOLEAN, REAL, DOUBLE, VARCHAR, BLOB, INTERVAL -> throw new IllegalArgumentException("Not whole: " + type);
        };
    }

    /** The bits of a double, which has no fraction and fits, as a whole number. */
    public static long whole(SqlType.Scalar type, double value) {
        return type == SqlType.Scalar.UBIGINT && value >= 0x1p63 ? (long) (value - 0x1p63) ^ Long.MIN_VALUE : (long) value;
    }

    /** Whether a value of an integer type (its bits widened by its own sign) is in the range of another. */
    public static boolean fits(SqlType.Scalar from, SqlType.Scalar to, long value) {
        if (from == to) {
            return true;
        }
        if (from == SqlType.Scalar.UBIGINT) {
            return value >= 0 && (to == SqlType.Scalar.BIGINT || Element.narrow(to, value) == value);
        }
        return to == SqlType.Scalar.UBIGINT ? value >= 0 : Element.narrow(to, value) == value;
    }
}
