package dev.graticule.batch;

import dev.graticule.type.SqlType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.NullVector;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.apache.arrow.vector.types.pojo.Field;

/**
 * Values in Arrow memory: the buffers of one Arrow vector, seen as memory segments that kernels read and write.
 *
 * <p>Data is little-endian and dense; booleans are bits; strings are 32-bit offsets into bytes. A {@code null} validity
 * means that every value is valid. Values do not own their memory: they are valid as long as the buffers they were made
 * from (a batch is lent). Segments have the exact size of the buffer, so that a wrong index is an exception and never a
 * crash. Not thread-safe for writing.
 */
public final class Values {
    private static final MemorySegment EMPTY = MemorySegment.NULL;

    private final SqlType type;
    private final int count;
    private final ArrowBuf dataBuffer;
    private final ArrowBuf validityBuffer;
    private final ArrowBuf offsetsBuffer;
    private final MemorySegment data;
    private final MemorySegment validity;
    private final MemorySegment offsets;
    private final FieldVector vector;
    private final boolean lasting;

    private Values(SqlType type, int count, ArrowBuf data, ArrowBuf validity, ArrowBuf offsets, FieldVector vector) {
        this(type, count, data, validity, offsets, vector, false);
    }

    private Values(SqlType type, int count, ArrowBuf data, ArrowBuf validity, ArrowBuf offsets, FieldVector vector,
            boolean lasting) {
        this.type = type;
        this.count = count;
        this.dataBuffer = data;
        this.validityBuffer = validity;
        this.offsetsBuffer = offsets;
        this.data = data == null ? EMPTY : Memory.segment(data);
        this.validity = validity == null ? null : Memory.segment(validity);
        this.offsets = offsets == null ? null : Memory.segment(offsets);
        this.vector = vector;
        this.lasting = lasting;
    }

    /** Fixed-width values or bits over Arrow buffers; {@code validity} may be {@code null}. */
    public static Values of(SqlType type, int count, ArrowBuf data, ArrowBuf validity) {
        return new Values(type, count, data, validity, null, null);
    }

    /** Strings or blobs over Arrow buffers; {@code validity} may be {@code null}. */
    public static Values ofVariableWidth(SqlType type, int count, ArrowBuf offsets, ArrowBuf data, ArrowBuf validity) {
        return new Values(type, count, data, validity, offsets, null);
    }

    /** The values of an Arrow vector of one of the types that {@link SqlType#of} knows, without a copy. */
    public static Values of(FieldVector vector) {
        SqlType type = SqlType.of(vector.getField());
        int count = vector.getValueCount();
        boolean nulls = vector.getNullCount() > 0;
        if (type instanceof SqlType.Other || vector instanceof NullVector) {
            return new Values(type, count, null, null, null, vector);
        }
        ArrowBuf validity = nulls ? vector.getValidityBuffer() : null;
        ArrowBuf offsets = type.isVariableWidth() ? vector.getOffsetBuffer() : null;
        return new Values(type, count, vector.getDataBuffer(), validity, offsets, vector);
    }

    /**
     * The same values of a vector, with the promise that nobody writes to its buffers any more: whoever retains them may keep them,
     * also when the vector is gone.
     */
    public Values lasting() {
        return new Values(type, count, dataBuffer, validityBuffer, offsetsBuffer, vector, vector != null);
    }

    /** Whether {@link #openPart} may be called. */
    public boolean isLasting() {
        return lasting;
    }

    /**
     * A vector with {@code count} values from {@code from} that shares these values' buffers where it can, the caller closes it;
     * {@code null} where a vector of that field has another layout. Its allocator, of the same root, accounts for them from now on.
     * Nobody may write to it.
     */
    public FieldVector openPart(int from, int count, Field field, BufferAllocator allocator) {
        FieldVector part = field.createVector(allocator);
        if (part.getClass() != vector.getClass()) {
            return null;
        }
        try {
            vector.makeTransferPair(part).splitAndTransfer(from, count);
            return part;
        } catch (RuntimeException | Error failure) {
            part.close();
            throw failure;
        }
    }

    /** The same values with the bits of BOOLEAN values as their validity bitmap. */
    public Values withValidityOf(Values bits) {
        return new Values(type, count, dataBuffer, bits.dataBuffer, offsetsBuffer, null);
    }

    /** The validity bitmap, which must be there, as BOOLEAN values. */
    public Values validityBits() {
        return new Values(SqlType.BOOLEAN, count, validityBuffer, null, null, null);
    }

    /** The same data under another validity bitmap; {@code null} where all values are valid. */
    public Values withBitmap(ArrowBuf other) {
        return new Values(type, count, dataBuffer, other, offsetsBuffer, null);
    }

    public SqlType type() {
        return type;
    }

    /** How many values there are. */
    public int count() {
        return count;
    }

    /** The buffer of {@link #data}, for whoever takes it over. */
    ArrowBuf dataBuffer() {
        return dataBuffer;
    }

    /** The data buffer: fixed-width values, bits, or the bytes of strings. */
    public MemorySegment data() {
        return data;
    }

    /** The validity bitmap, or {@code null} where all values are valid. */
    public MemorySegment validity() {
        return validity;
    }

    /** The {@code count + 1} offsets of strings, or {@code null}. */
    public MemorySegment offsets() {
        return offsets;
    }

    /** The Arrow vector these values came from, for types that have no buffers here ({@link SqlType.Other}); else maybe {@code null}. */
    public FieldVector vector() {
        return vector;
    }

    /** Whether value {@code index} is valid by the bitmap. */
    public boolean isValid(int index) {
        if (vector != null && (type instanceof SqlType.Other || type == SqlType.NULL)) {
            return !vector.isNull(index);
        }
        return type != SqlType.NULL && (validity == null || Memory.bit(validity, index));
    }

    /**
     * The value at an index as a Java object, or {@code null}: Boolean, Byte, Short, Integer, Long, Float, Double, String,
     * byte[], or for the other types the number that Arrow keeps (unsigned ones as the signed number of the same bits; a
     * DECIMAL as BigDecimal; an INTERVAL as {@link Interval}).
     */
    public Object object(int index) {
        if (!isValid(index)) {
            return null;
        }
        return switch (type) {
            case SqlType.Scalar scalar -> switch (scalar) {
                case NULL -> null;
                case BOOLEAN -> Memory.bit(data, index);
                case TINYINT, UTINYINT -> data.get(ValueLayout.JAVA_BYTE, index);
                case SMALLINT, USMALLINT -> data.get(ValueLayout.JAVA_SHORT_UNALIGNED, index * 2L);
                case INTEGER, UINTEGER, DATE -> data.get(ValueLayout.JAVA_INT_UNALIGNED, index * 4L);
                case BIGINT, UBIGINT, TIME -> data.get(ValueLayout.JAVA_LONG_UNALIGNED, index * 8L);
                case REAL -> data.get(ValueLayout.JAVA_FLOAT_UNALIGNED, index * 4L);
                case DOUBLE -> data.get(ValueLayout.JAVA_DOUBLE_UNALIGNED, index * 8L);
                case VARCHAR -> new String(bytes(index), java.nio.charset.StandardCharsets.UTF_8);
                case BLOB -> bytes(index);
                case INTERVAL -> new Interval(data.get(ValueLayout.JAVA_INT_UNALIGNED, index * 16L),
                        data.get(ValueLayout.JAVA_INT_UNALIGNED, index * 16L + 4),
                        data.get(ValueLayout.JAVA_LONG_UNALIGNED, index * 16L + 8));
            };
            case SqlType.Decimal decimal -> Memory.decimal(data, index, decimal.scale());
            case SqlType.Timestamp timestamp -> data.get(ValueLayout.JAVA_LONG_UNALIGNED, index * 8L);
            case SqlType.Other other -> vector.getObject(index);
        };
    }

    /** A copy of the bytes of string or blob {@code index}. */
    public byte[] bytes(int index) {
        int start = offsets.get(ValueLayout.JAVA_INT_UNALIGNED, index * 4L);
        int end = offsets.get(ValueLayout.JAVA_INT_UNALIGNED, index * 4L + 4);
        byte[] bytes = new byte[end - start];
        MemorySegment.copy(data, ValueLayout.JAVA_BYTE, start, bytes, 0, bytes.length);
        return bytes;
    }

    /**
     * A new Arrow vector over the same buffers, which it retains: the caller closes it. Only for types with buffers.
     */
    public FieldVector openVector(String name, Map<String, String> metadata, BufferAllocator allocator) {
        FieldVector shared = type.field(name, metadata).createVector(allocator);
        if (shared instanceof NullVector nulls) {
            nulls.setValueCount(count);
            return nulls;
        }
        List<ArrowBuf> buffers = new ArrayList<>();
        buffers.add(validityBuffer == null ? allocator.getEmpty() : validityBuffer);
        if (offsetsBuffer != null) {
            buffers.add(offsetsBuffer);
        }
        buffers.add(dataBuffer);
        int nulls = validityBuffer == null ? 0 : count - Memory.countBits(validity, 0, count);
        shared.loadFieldBuffers(new ArrowFieldNode(count, nulls), buffers);
        return shared;
    }
}
