package dev.graticule.zarr.copy;

import dev.graticule.GraticuleException;
import dev.graticule.batch.Memory;
import dev.graticule.type.SqlType;
import dev.graticule.zarr.ElementType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.arrow.vector.types.pojo.Field;

/**
 * A column of the rows that becomes a variable of the written grid: how its values are stored.
 *
 * <p>A cell without a value holds {@link #fill}: NaN for REAL and DOUBLE, for integers the least value (unsigned: the largest), for
 * booleans -128 in a variable of type int8 then. Thread-safe but for {@link #copy}, whose target has one thread.
 */
final class CopyVariable {
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED
            .withOrder(ByteOrder.LITTLE_ENDIAN);

    private final String name;
    private final int column;
    private final SqlType type;
    private final ElementType element;
    private final long fill;
    private final Map<String, String> attributes;
    private final AtomicBoolean misses = new AtomicBoolean();
    private final AtomicBoolean holdsFill = new AtomicBoolean();

    private CopyVariable(Field field, int column) {
        this.name = field.getName();
        this.column = column;
        this.type = SqlType.of(field);
        this.element = element(name, type);
        this.attributes = field.getMetadata();
        long ones = -1L >>> 64 - 8 * element.bytes();
        this.fill = switch (element) {
            case FLOAT32 -> Float.floatToIntBits(Float.NaN);
            case FLOAT64 -> Double.doubleToLongBits(Double.NaN);
            case UINT8, UINT16, UINT32, UINT64 -> ones;
            case BOOL, INT8, INT16, INT32, INT64, FLOAT16 -> ones ^ ones >>> 1;
        };
    }

    /** @throws GraticuleException of kind UNSUPPORTED where a Zarr store cannot hold the type */
    static CopyVariable of(Field field, int column) {
        return new CopyVariable(field, column);
    }

    /** The type of the elements that values of a type are stored as. @throws GraticuleException of kind UNSUPPORTED where there is none */
    static ElementType element(String name, SqlType type) {
        if (type instanceof SqlType.Timestamp) {
            return ElementType.INT64;
        }
        return switch (type) {
            case SqlType.Scalar scalar -> switch (scalar) {
                case BOOLEAN -> ElementType.BOOL;
                case TINYINT -> ElementType.INT8;
                case SMALLINT -> ElementType.INT16;
                case INTEGER, DATE -> ElementType.INT32;
                case BIGINT -> ElementType.INT64;
                case UTINYINT -> ElementType.UINT8;
                case USMALLINT -> ElementType.UINT16;
                case UINTEGER -> ElementType.UINT32;
                case UBIGINT -> ElementType.UINT64;
                case REAL -> ElementType.FLOAT32;
                case DOUBLE -> ElementType.FLOAT64;
                case NULL, VARCHAR, BLOB, TIME, INTERVAL -> throw unsupported(name, type);
            };
            case SqlType.Decimal decimal -> throw unsupported(name, type);
            case SqlType.Timestamp timestamp -> ElementType.INT64;
            case SqlType.Other other -> throw unsupported(name, type);
        };
    }

    private static GraticuleException unsupported(String name, SqlType type) {
        return GraticuleException.unsupported(null, type + " in a Zarr store (" + name
                + "): leave it out, or CAST it to a number, BOOLEAN, DATE or TIMESTAMP");
    }

    String name() {
        return name;
    }

    int column() {
        return column;
    }

    SqlType type() {
        return type;
    }

    /** The type of the stored elements; booleans with missing cells become INT8 in the metadata. */
    ElementType element() {
        return element;
    }

    /** The bits of a missing cell, in the low bytes. */
    long fill() {
        return fill;
    }

    /** The attributes that the column came with. */
    Map<String, String> attributes() {
        return attributes;
    }

    /** Whether a cell has no value. */
    boolean misses() {
        return misses.get();
    }

    /** Some cells have no row. */
    void someMiss() {
        misses.set(true);
    }

    /** Makes every cell of a chunk a missing one. */
    void clear(MemorySegment chunk) {
        long pattern = fill;
        for (int bits = 8 * element.bytes(); bits < 64; bits *= 2) {
            pattern |= pattern << bits;
        }
        long at = 0;
        for (; at + 8 <= Long.min(chunk.byteSize(), 4096); at += 8) {
            chunk.set(LONG, at, pattern);
        }
        if (chunk.byteSize() > 4096) {
            for (; at < chunk.byteSize(); at += Long.min(at, chunk.byteSize() - at)) {
                MemorySegment.copy(chunk, 0, chunk, at, Long.min(at, chunk.byteSize() - at));
            }
        } else {
            for (int shift = 0; at < chunk.byteSize(); at++, shift += 8) {
                chunk.set(ValueLayout.JAVA_BYTE, at, (byte) (pattern >>> shift));
            }
        }
    }

    /**
     * Copies rows {@code [row, row + count)} to the cells {@code cell, cell + step, ...} of a chunk.
     *
     * @param values the column's data as Arrow keeps it
     * @param validity its validity bits, or {@code null} where no row is NULL
     * @return how many of the rows are NULL
     */
    int copy(MemorySegment values, MemorySegment validity, int row, MemorySegment chunk, int cell, int step,
            int count) {
        if (element == ElementType.BOOL) {
            for (int i = 0; i < count; i++) {
                chunk.set(ValueLayout.JAVA_BYTE, cell + (long) i * step, (byte) (Memory.bit(values, row + i) ? 1 : 0));
            }
        } else {
            copyNumbers(values, row, chunk, cell, step, count);
        }
        return validity == null ? 0 : clearNulls(validity, row, chunk, cell, step, count);
    }

    private void copyNumbers(MemorySegment values, int row, MemorySegment chunk, int cell, int step, int count) {
        int width = element.bytes();
        if (step == 1) {
            MemorySegment.copy(values, (long) row * width, chunk, (long) cell * width, (long) count * width);
            return;
        }
        for (int i = 0; i < count; i++) {
            long from = (long) (row + i) * width;
            long to = (cell + (long) i * step) * width;
            switch (width) {
                case 1 -> chunk.set(ValueLayout.JAVA_BYTE, to, values.get(ValueLayout.JAVA_BYTE, from));
                case 2 -> chunk.set(SHORT, to, values.get(SHORT, from));
                case 4 -> chunk.set(INT, to, values.get(INT, from));
                default -> chunk.set(LONG, to, values.get(LONG, from));
            }
        }
    }

    private int clearNulls(MemorySegment validity, int row, MemorySegment chunk, int cell, int step, int count) {
        int nulls = 0;
        for (int i = 0; i < count; i += 64) {
            long missing = ~Memory.bits(validity, row + i);
            missing &= count - i >= 64 ? -1L : (1L << count - i) - 1;
            nulls += Long.bitCount(missing);
            for (; missing != 0; missing &= missing - 1) {
                set(chunk, cell + (i + (long) Long.numberOfTrailingZeros(missing)) * step, fill);
            }
        }
        return nulls;
    }

    private void set(MemorySegment chunk, long cell, long bits) {
        switch (element.bytes()) {
            case 1 -> chunk.set(ValueLayout.JAVA_BYTE, cell, (byte) bits);
            case 2 -> chunk.set(SHORT, cell * 2, (short) bits);
            case 4 -> chunk.set(INT, cell * 4, (int) bits);
            default -> chunk.set(LONG, cell * 8, bits);
        }
    }

    /**
     * Takes note of a chunk that is to be written.
     *
     * @param missing how many of its cells have no value, those beyond the array's edge too
     * @param beyond how many of them are beyond the edge
     */
    void inspect(MemorySegment chunk, long missing, long beyond) {
        if (missing > beyond) {
            misses.set(true);
        }
        if (!element.isFloating() && !holdsFill.get() && countFill(chunk) > missing) {
            holdsFill.set(true);
        }
    }

    private long countFill(MemorySegment chunk) {
        long count = 0;
        long cells = chunk.byteSize() / element.bytes();
        switch (element.bytes()) {
            case 1 -> {
                for (long i = 0; i < cells; i++) {
                    count += chunk.get(ValueLayout.JAVA_BYTE, i) == (byte) fill ? 1 : 0;
                }
            }
            case 2 -> {
                for (long i = 0; i < cells; i++) {
                    count += chunk.get(SHORT, i * 2) == (short) fill ? 1 : 0;
                }
            }
            case 4 -> {
                for (long i = 0; i < cells; i++) {
                    count += chunk.get(INT, i * 4) == (int) fill ? 1 : 0;
                }
            }
            default -> {
                for (long i = 0; i < cells; i++) {
                    count += chunk.get(LONG, i * 8) == fill ? 1 : 0;
                }
            }
        }
        return count;
    }

    /** @throws GraticuleException of kind DATA where a missing cell looks like a value */
    void requireDistinct() {
        if (misses.get() && holdsFill.get()) {
            String number = element.isUnsigned() ? Long.toUnsignedString(fill)
                    : Long.toString(fill << 64 - 8 * element.bytes() >> 64 - 8 * element.bytes());
            throw GraticuleException.data(null, name + " has both missing cells and the value " + number
                    + " that stands for them in " + element.zarrName() + ": CAST it to a wider type or to DOUBLE.");
        }
    }
}
