package dev.graticule.exec.sort;

import dev.graticule.type.SqlType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Maps values to signed 64-bit words that are in the order of the values. */
final class OrderWord {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
    private static final long NANOSECONDS_A_DAY = 86_400_000_000_000L;

    private OrderWord() {
    }

    /** How many words the order of values of a type needs; strings are numbered by their rank. */
    static int words(SqlType type) {
        return type == SqlType.NULL ? 0 : type.bytes() == 16 ? 2 : 1;
    }

    /** -0.0 is 0.0; NaN is greater than every number. */
    static long of(double value) {
        long bits = Double.doubleToLongBits(value + 0.0);
        return bits ^ bits >> 63 & Long.MAX_VALUE;
    }

    /** A whole number that {@code RowArrays.longs} gives. */
    static long of(SqlType type, long value) {
        return type == SqlType.UBIGINT ? value ^ Long.MIN_VALUE : value;
    }

    /** Word {@code part} (0 is the first to compare) of value {@code index} of a fixed-width type. */
    static long of(SqlType type, MemorySegment data, long index, int part) {
        if (type == SqlType.REAL) {
            return of(data.get(ValueLayout.JAVA_FLOAT_UNALIGNED, index * 4));
        }
        if (type == SqlType.DOUBLE) {
            return of(data.get(ValueLayout.JAVA_DOUBLE_UNALIGNED, index * 8));
        }
        if (type == SqlType.INTERVAL) {
            // As in PostgreSQL: a month has 30 days, a day 24 hours.
            long nanoseconds = data.get(LONG, index * 16 + 8);
            long days = data.get(INT, index * 16) * 30L + data.get(INT, index * 16 + 4);
            return part == 0 ? days + Math.floorDiv(nanoseconds, NANOSECONDS_A_DAY)
                    : Math.floorMod(nanoseconds, NANOSECONDS_A_DAY);
        }
        boolean unsigned = type.isUnsigned();
        return switch (type.bytes()) {
            case 0 -> data.get(ValueLayout.JAVA_BYTE, index >>> 3) >>> (index & 7) & 1;
            case 1 -> data.get(ValueLayout.JAVA_BYTE, index) & (unsigned ? 0xffL : -1L);
            case 2 -> data.get(ValueLayout.JAVA_SHORT_UNALIGNED, index * 2) & (unsigned ? 0xffffL : -1L);
            case 4 -> data.get(INT, index * 4) & (unsigned ? 0xffffffffL : -1L);
            case 8 -> data.get(LONG, index * 8) ^ (unsigned ? Long.MIN_VALUE : 0);
            default -> part == 0 ? data.get(LONG, index * 16 + 8) : data.get(LONG, index * 16) ^ Long.MIN_VALUE;
        };
    }

    /** The first eight bytes of a string: equal words say nothing. */
    static long ofPrefix(MemorySegment data, long start, int length) {
        long word = 0;
        for (int i = 0; i < 8; i++) {
            word = word << 8 | (i < length ? data.get(ValueLayout.JAVA_BYTE, start + i) & 0xff : 0);
        }
        return word ^ Long.MIN_VALUE;
    }
}
