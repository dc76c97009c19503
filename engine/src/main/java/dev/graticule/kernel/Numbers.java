package dev.graticule.kernel;

import dev.graticule.type.SqlType;

/** Whether and how numbers fit into integer types. */
public final class Numbers {
    private Numbers() {
    }

    /** Whether a double without fraction is in the range of an integer type. */
    public static boolean fits(SqlType.Scalar type, double value) {
        if (type == SqlType.Scalar.BIGINT || type == SqlType.Scalar.TIME) {
            return value >= -0x1p63 && value < 0x1p63;
        }
        if (type == SqlType.Scalar.UBIGINT) {
            return value >= 0 && value < 0x1p64;
        }
        return value >= -0x1p33 && value <= 0x1p33 && Element.narrow(type, (long) value) == (long) value;
    }

    /** The bits of a double, which has no fraction and fits, as a whole number. */
    public static long whole(SqlType.Scalar type, double value) {
        return type == SqlType.Scalar.UBIGINT && value >= 0x1p63 ? (long) (value - 0x1p63) ^ Long.MIN_VALUE
                : (long) value;
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
