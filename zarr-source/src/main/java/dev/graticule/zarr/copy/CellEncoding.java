package dev.graticule.zarr.copy;

import dev.graticule.zarr.ElementType;
import dev.graticule.zarr.cf.DurationCoding;
import dev.graticule.zarr.cf.TimeCoding;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.OptionalLong;

/**
 * How the cells of a tile, which are values as Arrow has them (booleans: a byte), become the elements of an array. Immutable.
 *
 * <p>A missing cell has a pattern of bits in the tile, {@link #missing}, and becomes the element {@link #fill}.
 */
sealed interface CellEncoding {
    ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    ValueLayout.OfDouble DOUBLE = ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** The bytes of a cell in a tile: 1, 2, 4, 8 or 16. */
    int cellBytes();

    /** The bits of a missing cell in a tile, in the low bytes; of 16 bytes both halves. */
    long missing();

    /** The type of the elements. */
    ElementType element();

    /** The bits of the element that stands for a missing one, in the low bytes. */
    long fill();

    /** What {@link #encode} gives where missing cells cannot be told from others. */
    long UNKNOWN = -1;

    /**
     * Makes the first {@code count} cells elements, in place; elements are not longer than cells.
     *
     * @return how many cells are missing, or {@link #UNKNOWN}; where a cell's value is no element, {@code -2 - its place}
     */
    long encode(MemorySegment cells, long count);

    /** The elements are the cells, but that NaN is {@code fill} where that is another number. */
    record Same(ElementType element, long fill) implements CellEncoding {
        @Override
        public int cellBytes() {
            return element.bytes();
        }

        @Override
        public long missing() {
            return fill;
        }

        @Override
        public long encode(MemorySegment cells, long count) {
            if (element == ElementType.FLOAT32 && !Float.isNaN(Float.intBitsToFloat((int) fill))) {
                for (long i = 0; i < count; i++) {
                    if (Float.isNaN(Float.intBitsToFloat(cells.get(INT, i * 4)))) {
                        cells.set(INT, i * 4, (int) fill);
                    }
                }
            } else if (element == ElementType.FLOAT64 && !Double.isNaN(Double.longBitsToDouble(fill))) {
                for (long i = 0; i < count; i++) {
                    if (Double.isNaN(cells.get(DOUBLE, i * 8))) {
                        cells.set(LONG, i * 8, fill);
                    }
                }
            }
            return UNKNOWN;
        }
    }

    /** REAL values that come from float16. */
    record Half(long fill) implements CellEncoding {
        @Override
        public int cellBytes() {
            return 4;
        }

        @Override
        public long missing() {
            return Float.floatToIntBits(Float.NaN);
        }

        @Override
        public ElementType element() {
            return ElementType.FLOAT16;
        }

        @Override
        public long encode(MemorySegment cells, long count) {
            long nulls = 0;
            for (long i = 0; i < count; i++) {
                float value = Float.intBitsToFloat(cells.get(INT, i * 4));
                short half = Float.floatToFloat16(value);
                if (Float.isNaN(value)) {
                    half = (short) fill;
                    nulls++;
                } else if (Float.float16ToFloat(half) != value) {
                    return -2 - i;
                }
                cells.set(SHORT, i * 2, half);
            }
            return nulls;
        }
    }

    /** DOUBLE values {@code element * scale + offset}. */
    record Packed(ElementType element, double scale, double offset, long fill) implements CellEncoding {
        @Override
        public int cellBytes() {
            return 8;
        }

        @Override
        public long missing() {
            return Double.doubleToLongBits(Double.NaN);
        }

        @Override
        public long encode(MemorySegment cells, long count) {
            long nulls = 0;
            for (long i = 0; i < count; i++) {
                double value = cells.get(DOUBLE, i * 8);
                double number = (value - offset) / scale;
                if (Double.isNaN(value)) {
                    set(cells, element, i, fill);
                    nulls++;
                } else if (element.isFloating()) {
                    setNumber(cells, element, i, number);
                } else {
                    long whole = Math.round(number);
                    set(cells, element, i, whole);
                    if (whole != number(whole, element) || whole * scale + offset != value) {
                        return -2 - i;
                    }
                }
            }
            return nulls;
        }
    }

    /** TIMESTAMP values as counts of a unit since a time. */
    record Times(ElementType element, TimeCoding coding, long fill) implements CellEncoding {
        @Override
        public int cellBytes() {
            return 8;
        }

        @Override
        public long missing() {
            return Long.MIN_VALUE;
        }

        @Override
        public long encode(MemorySegment cells, long count) {
            long nulls = 0;
            for (long i = 0; i < count; i++) {
                long micros = cells.get(LONG, i * 8);
                if (micros == Long.MIN_VALUE) {
                    set(cells, element, i, fill);
                    nulls++;
                } else if (element.isFloating()) {
                    setNumber(cells, element, i, coding.encodeNumber(micros));
                } else if (!setCount(cells, element, i, coding.encode(micros))) {
                    return -2 - i;
                }
            }
            return nulls;
        }
    }

    /** INTERVAL values as counts of a unit. */
    record Lengths(ElementType element, DurationCoding coding, long fill) implements CellEncoding {
        @Override
        public int cellBytes() {
            return 16;
        }

        @Override
        public long missing() {
            return Long.MIN_VALUE;
        }

        @Override
        public long encode(MemorySegment cells, long count) {
            long nulls = 0;
            for (long i = 0; i < count; i++) {
                int months = cells.get(INT, i * 16);
                long days = cells.get(INT, i * 16 + 4);
                long nanos = cells.get(LONG, i * 16 + 8);
                if (nanos == Long.MIN_VALUE) {
                    set(cells, element, i, fill);
                    nulls++;
                    continue;
                }
                long length = days * 86_400_000_000_000L + nanos;
                if (months != 0 || Math.abs(days) > 100_000 || (length ^ nanos) < 0 && (length ^ days) < 0) {
                    return -2 - i;
                }
                if (element.isFloating()) {
                    setNumber(cells, element, i, coding.encodeNumber(length));
                } else if (!setCount(cells, element, i, coding.encode(length))) {
                    return -2 - i;
                }
            }
            return nulls;
        }
    }

    /** VARCHAR values: cells have the place and the length of the bytes in the tile's {@link Texts}; missing ones are empty. */
    record Text() implements CellEncoding {
        @Override
        public int cellBytes() {
            return 8;
        }

        @Override
        public long missing() {
            return 0;
        }

        @Override
        public ElementType element() {
            throw new IllegalStateException("Texts are no numbers");
        }

        @Override
        public long fill() {
            return 0;
        }

        @Override
        public long encode(MemorySegment cells, long count) {
            return UNKNOWN;
        }
    }

    private static void set(MemorySegment cells, ElementType element, long cell, long bits) {
        switch (element.bytes()) {
            case 1 -> cells.set(ValueLayout.JAVA_BYTE, cell, (byte) bits);
            case 2 -> cells.set(SHORT, cell * 2, (short) bits);
            case 4 -> cells.set(INT, cell * 4, (int) bits);
            default -> cells.set(LONG, cell * 8, bits);
        }
    }

    /** Sets an element to a count; false where it is none, or one that elements cannot hold. */
    private static boolean setCount(MemorySegment cells, ElementType element, long cell, OptionalLong count) {
        if (count.isEmpty() || count.getAsLong() != number(count.getAsLong(), element)) {
            return false;
        }
        set(cells, element, cell, count.getAsLong());
        return true;
    }

    private static void setNumber(MemorySegment cells, ElementType element, long cell, double number) {
        switch (element) {
            case FLOAT16 -> cells.set(SHORT, cell * 2, Float.floatToFloat16((float) number));
            case FLOAT32 -> cells.set(INT, cell * 4, Float.floatToRawIntBits((float) number));
            case FLOAT64 -> cells.set(DOUBLE, cell * 8, number);
            case BOOL, INT8, INT16, INT32, INT64, UINT8, UINT16, UINT32, UINT64 -> throw new IllegalStateException();
        }
    }

    /** The whole number that these bits are as an element. */
    static long number(long bits, ElementType element) {
        int shift = 64 - 8 * element.bytes();
        return element.isUnsigned() ? bits << shift >>> shift : bits << shift >> shift;
    }
}
