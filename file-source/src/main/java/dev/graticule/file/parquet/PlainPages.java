package dev.graticule.file.parquet;

import dev.graticule.batch.Memory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.page.PageWriter;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;

/**
 * Writes numbers without a dictionary as pages of their own making: the bytes of the vector are the page. parquet-java's column writers take
 * one value at a time, which costs more than all the rest. Of one column of one row group; used by one thread at a time.
 */
final class PlainPages implements EncodedColumn {
    private static final int PAGE_VALUES = 1 << 17;
    private static final int FIRST_BYTES = 1 << 13;

    private final PageWriter writer;
    private final ColumnDescriptor column;
    private final PrimitiveTypeName type;
    private final int width;
    /** How many values a page has at most. */
    private final int most;
    private byte[] values = new byte[FIRST_BYTES];
    /** The bits that say which rows have a value: as Parquet's definition levels of one bit. */
    private final byte[] present;
    private int rows;
    private int nulls;

    PlainPages(PageWriter writer, ColumnDescriptor column, int pageBytes) {
        this.writer = writer;
        this.column = column;
        this.type = column.getPrimitiveType().getPrimitiveTypeName();
        this.width = type == PrimitiveTypeName.INT32 || type == PrimitiveTypeName.FLOAT ? 4 : 8;
        this.most = Integer.min(PAGE_VALUES, pageBytes / width);
        this.present = new byte[(most + 7) / 8];
    }

    /** Whether the values of a column are those of its vectors, bit for bit, and compared as signed numbers. */
    static boolean canWrite(Field field, ColumnDescriptor column) {
        return column.getMaxRepetitionLevel() == 0 && column.getMaxDefinitionLevel() == 1 && switch (field.getType()) {
            case ArrowType.Int integer -> integer.getBitWidth() >= 32 && integer.getIsSigned();
            case ArrowType.FloatingPoint floating -> floating.getPrecision() != FloatingPointPrecision.HALF;
            case ArrowType.Timestamp time -> time.getUnit() != TimeUnit.SECOND;
            default -> false;
        };
    }

    @Override
    public void append(FieldVector vector, int from, int to, int rowsBefore) {
        MemorySegment data = Memory.segment(vector.getDataBuffer());
        MemorySegment validity = vector.getNullCount() > 0 ? Memory.segment(vector.getValidityBuffer()) : null;
        for (int row = from; row < to;) {
            int count = Integer.min(most - rows, to - row);
            take(data, validity, row, count);
            row += count;
            if (rows == most) {
                flush();
            }
        }
    }

    private void take(MemorySegment data, MemorySegment validity, int from, int count) {
        MemorySegment bits = MemorySegment.ofArray(present);
        int needed = (rows - nulls + count) * width;
        if (needed > values.length) {
            values = Arrays.copyOf(values, Integer.min(most * width, Integer.max(needed, values.length * 2)));
        }
        if (validity == null) {
            Memory.fillBits(bits, rows, count, true);
            MemorySegment.copy(data, ValueLayout.JAVA_BYTE, (long) from * width, values, (rows - nulls) * width,
                    count * width);
        } else {
            Memory.copyBits(validity, from, bits, rows, count);
            int at = (rows - nulls) * width;
            for (int i = 0; i < count; i++) {
                if (Memory.bit(validity, (long) from + i)) {
                    MemorySegment.copy(data, ValueLayout.JAVA_BYTE, (from + (long) i) * width, values, at, width);
                    at += width;
                }
            }
            nulls = rows + count - at / width;
        }
        rows += count;
    }

    @Override
    public void flush() {
        if (rows == 0) {
            return;
        }
        int count = rows - nulls;
        try {
            writer.writePage(BytesInput.concat(levels(), BytesInput.from(values, 0, count * width)), rows, rows,
                    statistics(count), Encoding.BIT_PACKED, Encoding.RLE, Encoding.PLAIN);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        rows = 0;
        nulls = 0;
    }

    /** Definition levels behind their length: one run, or bits in groups of eight. */
    private BytesInput levels() throws IOException {
        if (nulls > 0 && nulls < rows) {
            int groups = (rows + 7) / 8;
            if (rows % 8 != 0) {
                present[groups - 1] &= (byte) ((1 << rows % 8) - 1);
            }
            BytesInput header = BytesInput.fromUnsignedVarInt(groups << 1 | 1);
            return BytesInput.copy(BytesInput.concat(BytesInput.fromInt((int) header.size() + groups), header,
                    BytesInput.from(present, 0, groups)));
        }
        BytesInput header = BytesInput.fromUnsignedVarInt(rows << 1);
        return BytesInput.copy(BytesInput.concat(BytesInput.fromInt((int) header.size() + 1), header,
                BytesInput.from(new byte[]{(byte) (nulls == 0 ? 1 : 0)})));
    }

    private Statistics<?> statistics(int count) {
        Statistics<?> statistics = Statistics.createStats(column.getPrimitiveType());
        statistics.incrementNumNulls(nulls);
        if (count == 0) {
            return statistics;
        }
        MemorySegment page = MemorySegment.ofArray(values);
        switch (type) {
            case INT32 -> integers(page, count, statistics);
            case INT64 -> longs(page, count, statistics);
            case FLOAT -> floats(page, count, statistics);
            default -> doubles(page, count, statistics);
        }
        return statistics;
    }

    private static void integers(MemorySegment page, int count, Statistics<?> statistics) {
        int least = Integer.MAX_VALUE;
        int most = Integer.MIN_VALUE;
        for (int i = 0; i < count; i++) {
            int value = page.get(ValueLayout.JAVA_INT_UNALIGNED, i * 4L);
            least = Integer.min(least, value);
            most = Integer.max(most, value);
        }
        statistics.updateStats(least);
        statistics.updateStats(most);
    }

    private static void longs(MemorySegment page, int count, Statistics<?> statistics) {
        long least = Long.MAX_VALUE;
        long most = Long.MIN_VALUE;
        for (int i = 0; i < count; i++) {
            long value = page.get(ValueLayout.JAVA_LONG_UNALIGNED, i * 8L);
            least = Long.min(least, value);
            most = Long.max(most, value);
        }
        statistics.updateStats(least);
        statistics.updateStats(most);
    }

    /** NaN are the library's to count, one by one. */
    private static void floats(MemorySegment page, int count, Statistics<?> statistics) {
        float least = Float.POSITIVE_INFINITY;
        float most = Float.NEGATIVE_INFINITY;
        int missing = 0;
        for (int i = 0; i < count; i++) {
            float value = page.get(ValueLayout.JAVA_FLOAT_UNALIGNED, i * 4L);
            if (value != value) {
                missing++;
                statistics.updateStats(value);
            } else {
                least = Float.min(least, value);
                most = Float.max(most, value);
            }
        }
        if (missing < count) {
            statistics.updateStats(least);
            statistics.updateStats(most);
        }
    }

    private static void doubles(MemorySegment page, int count, Statistics<?> statistics) {
        double least = Double.POSITIVE_INFINITY;
        double most = Double.NEGATIVE_INFINITY;
        int missing = 0;
        for (int i = 0; i < count; i++) {
            double value = page.get(ValueLayout.JAVA_DOUBLE_UNALIGNED, i * 8L);
            if (value != value) {
                missing++;
                statistics.updateStats(value);
            } else {
                least = Double.min(least, value);
                most = Double.max(most, value);
            }
        }
        if (missing < count) {
            statistics.updateStats(least);
            statistics.updateStats(most);
        }
    }

    @Override
    public long bytes() {
        return writer.getMemSize() + (long) (rows - nulls) * width;
    }

    @Override
    public long allocatedBytes() {
        return writer.allocatedSize() + values.length + present.length;
    }

    @Override
    public void close() {
        // The pages are the row group's.
    }
}
