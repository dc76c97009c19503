package dev.graticule.file.parquet;

import dev.graticule.GraticuleException;
import dev.graticule.batch.Memory;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BaseLargeVariableWidthVector;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.BaseVariableWidthViewVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.FixedSizeBinaryVector;
import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.parquet.column.ColumnWriter;
import org.apache.parquet.io.api.Binary;

/** Writes the values of a vector without children. */
final class LeafShredder extends ColumnShredder {
    private static final long MILLISECONDS_A_DAY = 86_400_000;
    private static final long NANOSECONDS_A_MILLISECOND = 1_000_000;

    /** How Arrow's values become Parquet's. */
    private enum Kind {
        NULL,
        BIT,
        INT8,
        UINT8,
        INT16,
        UINT16,
        INT32,
        INT64,
        FLOAT,
        DOUBLE,
        HALF,
        TEXT,
        LARGE_TEXT,
        VIEW,
        FIXED,
        /** Milliseconds to days. */
        DATE_MILLIS,
        /** 32-bit seconds to milliseconds. */
        TIME_SECONDS,
        /** 64-bit seconds to milliseconds. */
        TIMESTAMP_SECONDS,
        INTERVAL,
        DECIMAL_32,
        DECIMAL_64,
        DECIMAL_BYTES
    }

    private final String name;
    private final Kind kind;
    private final ColumnWriter writer;
    /** The bytes of a wide decimal. */
    private final int width;
    /** By how much the definition level of a value is above its parent's. */
    private final int optional;
    private FieldVector vector;
    private MemorySegment data;
    private MemorySegment offsets;
    private MemorySegment validity;

    LeafShredder(Field field, ColumnWriter writer, boolean required) {
        this.name = field.getName();
        this.kind = kind(field.getType());
        this.writer = writer;
        this.width = field.getType() instanceof ArrowType.Decimal decimal
                ? WrittenSchema.decimalBytes(decimal.getPrecision())
                : 0;
        this.optional = required ? 0 : 1;
    }

    private static Kind kind(ArrowType type) {
        return switch (type) {
            case ArrowType.Null none -> Kind.NULL;
            case ArrowType.Bool bool -> Kind.BIT;
            case ArrowType.Int integer -> switch (integer.getBitWidth()) {
                case 8 -> integer.getIsSigned() ? Kind.INT8 : Kind.UINT8;
                case 16 -> integer.getIsSigned() ? Kind.INT16 : Kind.UINT16;
                case 32 -> Kind.INT32;
                default -> Kind.INT64;
            };
            case ArrowType.FloatingPoint floating when floating.getPrecision() == FloatingPointPrecision.HALF ->
                Kind.HALF;
            case ArrowType.FloatingPoint floating ->
                floating.getPrecision() == FloatingPointPrecision.SINGLE ? Kind.FLOAT : Kind.DOUBLE;
            case ArrowType.Utf8 text -> Kind.TEXT;
            case ArrowType.Binary bytes -> Kind.TEXT;
            case ArrowType.LargeUtf8 text -> Kind.LARGE_TEXT;
            case ArrowType.LargeBinary bytes -> Kind.LARGE_TEXT;
            case ArrowType.Utf8View text -> Kind.VIEW;
            case ArrowType.BinaryView bytes -> Kind.VIEW;
            case ArrowType.FixedSizeBinary bytes -> Kind.FIXED;
            case ArrowType.Date date -> date.getUnit() == DateUnit.DAY ? Kind.INT32 : Kind.DATE_MILLIS;
            case ArrowType.Time time when time.getUnit() == TimeUnit.SECOND -> Kind.TIME_SECONDS;
            case ArrowType.Time time -> time.getBitWidth() == 32 ? Kind.INT32 : Kind.INT64;
            case ArrowType.Timestamp time -> time.getUnit() == TimeUnit.SECOND ? Kind.TIMESTAMP_SECONDS : Kind.INT64;
            case ArrowType.Interval interval -> Kind.INTERVAL;
            case ArrowType.Decimal decimal -> decimal.getPrecision() <= 9 ? Kind.DECIMAL_32
                    : decimal.getPrecision() <= 18 ? Kind.DECIMAL_64 : Kind.DECIMAL_BYTES;
            case ArrowType.Duration span -> Kind.INT64;
            default -> throw new IllegalStateException(type.toString());
        };
    }

    @Override
    void load(FieldVector loaded) {
        vector = loaded;
        boolean fixed = loaded instanceof BaseFixedWidthVector;
        boolean text = loaded instanceof BaseVariableWidthVector;
        boolean plain = fixed || text;
        data = plain ? Memory.segment(loaded.getDataBuffer()) : null;
        offsets = text ? Memory.segment(loaded.getOffsetBuffer()) : null;
        validity = plain && loaded.getNullCount() > 0 ? Memory.segment(loaded.getValidityBuffer()) : null;
    }

    private boolean isNull(int index) {
        return data == null ? vector.isNull(index) : validity != null && !Memory.bit(validity, index);
    }

    @Override
    void writeNothing(int repetition, int definition) {
        writer.writeNull(repetition, definition);
    }

    @Override
    void writeRows(int from, int to) {
        // The commonest kinds have loops of their own.
        switch (kind) {
            case INT32 -> {
                for (int row = from; row < to; row++) {
                    if (isNull(row)) {
                        writer.writeNull(0, 0);
                    } else {
                        writer.write(data.get(ValueLayout.JAVA_INT_UNALIGNED, row * 4L), 0, 1);
                    }
                }
            }
            case INT64 -> {
                for (int row = from; row < to; row++) {
                    if (isNull(row)) {
                        writer.writeNull(0, 0);
                    } else {
                        writer.write(data.get(ValueLayout.JAVA_LONG_UNALIGNED, row * 8L), 0, 1);
                    }
                }
            }
            case FLOAT -> {
                for (int row = from; row < to; row++) {
                    if (isNull(row)) {
                        writer.writeNull(0, 0);
                    } else {
                        writer.write(data.get(ValueLayout.JAVA_FLOAT_UNALIGNED, row * 4L), 0, 1);
                    }
                }
            }
            case DOUBLE -> {
                for (int row = from; row < to; row++) {
                    if (isNull(row)) {
                        writer.writeNull(0, 0);
                    } else {
                        writer.write(data.get(ValueLayout.JAVA_DOUBLE_UNALIGNED, row * 8L), 0, 1);
                    }
                }
            }
            default -> {
                for (int row = from; row < to; row++) {
                    write(row, 0, 0);
                }
            }
        }
    }

    @Override
    void write(int index, int repetition, int parent) {
        if (kind == Kind.NULL || isNull(index)) {
            writer.writeNull(repetition, parent);
            return;
        }
        int definition = parent + optional;
        switch (kind) {
            case NULL -> throw new IllegalStateException();
            case BIT -> writer.write(Memory.bit(data, index), repetition, definition);
            case INT8 -> writer.write((int) data.get(ValueLayout.JAVA_BYTE, index), repetition, definition);
            case UINT8 -> writer.write(data.get(ValueLayout.JAVA_BYTE, index) & 0xff, repetition, definition);
            case INT16 ->
                writer.write((int) data.get(ValueLayout.JAVA_SHORT_UNALIGNED, index * 2L), repetition, definition);
            case UINT16 ->
                writer.write(data.get(ValueLayout.JAVA_SHORT_UNALIGNED, index * 2L) & 0xffff, repetition, definition);
            case INT32 -> writer.write(integer(index), repetition, definition);
            case INT64 -> writer.write(number(index), repetition, definition);
            case FLOAT ->
                writer.write(data.get(ValueLayout.JAVA_FLOAT_UNALIGNED, index * 4L), repetition, definition);
            case DOUBLE ->
                writer.write(data.get(ValueLayout.JAVA_DOUBLE_UNALIGNED, index * 8L), repetition, definition);
            case HALF -> writer.write(bytes(index * 2L, 2), repetition, definition);
            case TEXT -> {
                int start = offsets.get(ValueLayout.JAVA_INT_UNALIGNED, index * 4L);
                int end = offsets.get(ValueLayout.JAVA_INT_UNALIGNED, index * 4L + 4);
                writer.write(bytes(start, end - start), repetition, definition);
            }
            case LARGE_TEXT -> writer.write(
                    Binary.fromConstantByteArray(((BaseLargeVariableWidthVector) vector).get(index)),
                    repetition, definition);
            case VIEW -> writer.write(
                    Binary.fromConstantByteArray(((BaseVariableWidthViewVector) vector).get(index)),
                    repetition, definition);
            case FIXED -> {
                int width = ((FixedSizeBinaryVector) vector).getByteWidth();
                writer.write(bytes((long) index * width, width), repetition, definition);
            }
            case DATE_MILLIS ->
                writer.write((int) Math.floorDiv(number(index), MILLISECONDS_A_DAY), repetition, definition);
            case TIME_SECONDS -> writer.write(integer(index) * 1000, repetition, definition);
            case TIMESTAMP_SECONDS -> writer.write(milliseconds(number(index)), repetition, definition);
            case INTERVAL -> writer.write(interval(index), repetition, definition);
            case DECIMAL_32 -> writer.write(unscaled(index).intValueExact(), repetition, definition);
            case DECIMAL_64 -> writer.write(unscaled(index).longValueExact(), repetition, definition);
            case DECIMAL_BYTES -> writer.write(bigEndian(unscaled(index), width), repetition, definition);
        }
    }

    private int integer(int index) {
        return data.get(ValueLayout.JAVA_INT_UNALIGNED, index * 4L);
    }

    private long number(int index) {
        return data.get(ValueLayout.JAVA_LONG_UNALIGNED, index * 8L);
    }

    private Binary bytes(long start, int length) {
        byte[] copy = new byte[length];
        MemorySegment.copy(data, ValueLayout.JAVA_BYTE, start, copy, 0, length);
        return Binary.fromConstantByteArray(copy);
    }

    private long milliseconds(long seconds) {
        if (seconds > Long.MAX_VALUE / 1000 || seconds < Long.MIN_VALUE / 1000) {
            throw GraticuleException.data(null,
                    "Column " + name + " holds a time (" + seconds
                            + " seconds since 1970) that Parquet has no place for.");
        }
        return seconds * 1000;
    }

    private BigInteger unscaled(int index) {
        return ((BigDecimal) vector.getObject(index)).unscaledValue();
    }

    private static Binary bigEndian(BigInteger number, int width) {
        byte[] shortest = number.toByteArray();
        byte[] wide = new byte[width];
        Arrays.fill(wide, 0, width - shortest.length, (byte) (number.signum() < 0 ? -1 : 0));
        System.arraycopy(shortest, 0, wide, width - shortest.length, shortest.length);
        return Binary.fromConstantByteArray(wide);
    }

    private Binary interval(int index) {
        int months = data.get(ValueLayout.JAVA_INT_UNALIGNED, index * 16L);
        int days = data.get(ValueLayout.JAVA_INT_UNALIGNED, index * 16L + 4);
        long nanoseconds = data.get(ValueLayout.JAVA_LONG_UNALIGNED, index * 16L + 8);
        long milliseconds = nanoseconds / NANOSECONDS_A_MILLISECOND;
        if (months < 0 || days < 0 || nanoseconds % NANOSECONDS_A_MILLISECOND != 0 || milliseconds < 0
                || milliseconds > 0xffff_ffffL) {
            throw GraticuleException.data(null, "Column " + name + " holds the interval '" + months + " months " + days
                    + " days " + nanoseconds / 1000.0
                    + " microseconds', that Parquet has no place for: it keeps months,"
                    + " days and whole milliseconds, none of them negative. Write CAST(" + name + " AS VARCHAR).");
        }
        return Binary.fromConstantByteArray(ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN).putInt(months)
                .putInt(days).putInt((int) milliseconds).array());
    }
}
