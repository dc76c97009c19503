package dev.graticule.file.parquet;

import dev.graticule.batch.Memory;
import dev.hardwood.metadata.LogicalType;
import dev.hardwood.metadata.PhysicalType;
import dev.hardwood.metadata.RepetitionType;
import dev.hardwood.reader.ColumnReader;
import dev.hardwood.reader.Validity;
import dev.hardwood.schema.SchemaNode;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BaseLargeVariableWidthVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.NullVector;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.complex.LargeListVector;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;

/**
 * Makes Arrow vectors of what hardwood decodes: the validity and offsets of lists and structs are its layers, outermost first, and the
 * values of a leaf lie beside the items of its innermost layer.
 */
final class ColumnAssembly {
    private static final long MICROSECONDS_A_MILLISECOND = 1000;
    private static final long MILLISECONDS_A_SECOND = 1000;
    private static final long MILLISECONDS_A_DAY = 86_400_000;
    private static final long JULIAN_DAY_OF_1970 = 2_440_588;
    private static final long NANOSECONDS_A_DAY = 86_400_000_000_000L;

    private final Map<Integer, ColumnReader> leaves;
    private final BufferAllocator allocator;

    private ColumnAssembly(Map<Integer, ColumnReader> leaves, BufferAllocator allocator) {
        this.leaves = leaves;
        this.allocator = allocator;
    }

    /**
     * A vector with the column's values of the present batch; the caller closes it.
     *
     * @param leaves the readers of at least the column's leaves, by their number in the file
     */
    static FieldVector openVector(Field field, SchemaNode node, Map<Integer, ColumnReader> leaves, int rows,
            BufferAllocator allocator) {
        FieldVector vector = field.createVector(allocator);
        try {
            new ColumnAssembly(leaves, allocator).load(vector, node, 0, rows);
            return vector;
        } catch (Throwable failure) {
            vector.close();
            throw failure;
        }
    }

    private void load(FieldVector vector, SchemaNode node, int layer, int count) {
        switch (node) {
            case SchemaNode.PrimitiveNode leaf -> loadLeaf(vector, leaf, count);
            case SchemaNode.GroupNode group when vector instanceof FixedSizeListVector list ->
                loadFixedSizeList(list, group, layer, count);
            case SchemaNode.GroupNode group when group.isList() || group.isMap() -> {
                ColumnReader first = leaves.get(firstLeaf(group));
                int[] offsets = first.getLayerOffsets(layer);
                int items = count == 0 ? 0 : offsets[count];
                try (Buffers buffers = new Buffers()) {
                    buffers.addValidity(first.getLayerValidity(layer), count);
                    buffers.addOffsets(offsets, count, vector instanceof LargeListVector);
                    buffers.loadInto(vector, count);
                }
                FieldVector inner = vector.getChildrenFromFields().getFirst();
                if (group.isMap()) {
                    inner.loadFieldBuffers(new ArrowFieldNode(items, 0), List.of(allocator.getEmpty()));
                    load(inner.getChildrenFromFields().get(0), group.getMapKey(), layer + 1, items);
                    load(inner.getChildrenFromFields().get(1), group.getMapValue(), layer + 1, items);
                } else {
                    load(inner, group.getListElement(), layer + 1, items);
                }
            }
            case SchemaNode.GroupNode struct -> {
                boolean optional = struct.repetitionType() == RepetitionType.OPTIONAL;
                try (Buffers buffers = new Buffers()) {
                    buffers.addValidity(optional ? leaves.get(firstLeaf(struct)).getLayerValidity(layer)
                            : Validity.NO_NULLS, count);
                    buffers.loadInto(vector, count);
                }
                List<FieldVector> children = vector.getChildrenFromFields();
                for (int child = 0; child < children.size(); child++) {
                    load(children.get(child), struct.children().get(child), optional ? layer + 1 : layer, count);
                }
            }
        }
    }

    /** NULL has no items in the file, and as many as any other list in Arrow. */
    private void loadFixedSizeList(FixedSizeListVector vector, SchemaNode.GroupNode group, int layer, int count) {
        ColumnReader first = leaves.get(firstLeaf(group));
        int[] offsets = first.getLayerOffsets(layer);
        Validity validity = first.getLayerValidity(layer);
        int size = vector.getListSize();
        for (int i = 0; i < count; i++) {
            if (validity.isNotNull(i) && offsets[i + 1] - offsets[i] != size) {
                throw new IllegalStateException("column " + vector.getName() + " should have lists of " + size
                        + " and has one of " + (offsets[i + 1] - offsets[i]));
            }
        }
        try (Buffers buffers = new Buffers()) {
            buffers.addValidity(validity, count);
            buffers.loadInto(vector, count);
        }
        FieldVector inner = vector.getDataVector();
        int items = count == 0 ? 0 : offsets[count];
        int slots = Math.multiplyExact(count, size);
        if (items == slots) {
            load(inner, group.getListElement(), layer + 1, items);
            return;
        }
        try (FieldVector dense = inner.getField().createVector(allocator)) {
            load(dense, group.getListElement(), layer + 1, items);
            inner.setInitialCapacity(slots);
            inner.allocateNew();
            for (int i = 0; i < count; i++) {
                for (int item = offsets[i]; item < offsets[i + 1]; item++) {
                    inner.copyFromSafe(item, i * size + item - offsets[i], dense);
                }
            }
            inner.setValueCount(slots);
        }
    }

    private static int firstLeaf(SchemaNode node) {
        return switch (node) {
            case SchemaNode.PrimitiveNode leaf -> leaf.columnIndex();
            case SchemaNode.GroupNode group -> firstLeaf(group.children().getFirst());
        };
    }

    private void loadLeaf(FieldVector vector, SchemaNode.PrimitiveNode leaf, int count) {
        ColumnReader reader = leaves.get(leaf.columnIndex());
        if (vector instanceof NullVector nulls) {
            nulls.setValueCount(count);
            return;
        }
        Validity validity = reader.getLeafValidity();
        try (Buffers buffers = new Buffers()) {
            buffers.addValidity(validity, count);
            switch (leaf.type()) {
                case BOOLEAN -> {
                    MemorySegment bits = Memory.segment(buffers.add(bitmapBytes(count)));
                    boolean[] values = reader.getBooleans();
                    for (int i = 0; i < count; i++) {
                        Memory.setBit(bits, i, values[i]);
                    }
                }
                case FLOAT -> MemorySegment.copy(reader.getFloats(), 0, Memory.segment(buffers.add(count * 4L)),
                        ValueLayout.JAVA_FLOAT_UNALIGNED, 0, count);
                case DOUBLE -> MemorySegment.copy(reader.getDoubles(), 0, Memory.segment(buffers.add(count * 8L)),
                        ValueLayout.JAVA_DOUBLE_UNALIGNED, 0, count);
                case INT32 -> addInts(buffers, reader.getInts(), vector.getField().getType(), count);
                case INT64 -> addLongs(buffers, reader.getLongs(), vector.getField().getType(), count);
                case INT96, BYTE_ARRAY, FIXED_LEN_BYTE_ARRAY -> addBytes(buffers, reader, leaf, vector, count);
            }
            buffers.loadInto(vector, count);
        }
    }

    private static void addInts(Buffers buffers, int[] values, ArrowType type, int count) {
        switch (type) {
            case ArrowType.Int integer when integer.getBitWidth() == 8 -> {
                MemorySegment data = Memory.segment(buffers.add(count));
                for (int i = 0; i < count; i++) {
                    data.set(ValueLayout.JAVA_BYTE, i, (byte) values[i]);
                }
            }
            case ArrowType.Int integer when integer.getBitWidth() == 16 -> {
                MemorySegment data = Memory.segment(buffers.add(count * 2L));
                for (int i = 0; i < count; i++) {
                    data.set(ValueLayout.JAVA_SHORT_UNALIGNED, i * 2L, (short) values[i]);
                }
            }
            case ArrowType.Time time when time.getUnit() == TimeUnit.SECOND -> {
                MemorySegment data = Memory.segment(buffers.add(count * 4L));
                for (int i = 0; i < count; i++) {
                    data.set(ValueLayout.JAVA_INT_UNALIGNED, i * 4L, (int) seconds(values[i]));
                }
            }
            case ArrowType.Date date when date.getUnit() == DateUnit.MILLISECOND -> {
                MemorySegment data = Memory.segment(buffers.add(count * 8L));
                for (int i = 0; i < count; i++) {
                    data.set(ValueLayout.JAVA_LONG_UNALIGNED, i * 8L, values[i] * MILLISECONDS_A_DAY);
                }
            }
            case ArrowType.Time time when time.getBitWidth() == 64 -> {
                MemorySegment data = Memory.segment(buffers.add(count * 8L));
                for (int i = 0; i < count; i++) {
                    data.set(ValueLayout.JAVA_LONG_UNALIGNED, i * 8L, values[i] * MICROSECONDS_A_MILLISECOND);
                }
            }
            case ArrowType.Decimal decimal -> {
                int words = decimal.getBitWidth() / 64;
                MemorySegment data = Memory.segment(buffers.add(count * 8L * words));
                for (int i = 0; i < count; i++) {
                    setDecimal(data, i, words, values[i]);
                }
            }
            default -> MemorySegment.copy(values, 0, Memory.segment(buffers.add(count * 4L)),
                    ValueLayout.JAVA_INT_UNALIGNED, 0, count);
        }
    }

    private static void addLongs(Buffers buffers, long[] values, ArrowType type, int count) {
        if (type instanceof ArrowType.Decimal decimal) {
            int words = decimal.getBitWidth() / 64;
            MemorySegment data = Memory.segment(buffers.add(count * 8L * words));
            for (int i = 0; i < count; i++) {
                setDecimal(data, i, words, values[i]);
            }
        } else if (type instanceof ArrowType.Timestamp time && time.getUnit() == TimeUnit.SECOND) {
            MemorySegment data = Memory.segment(buffers.add(count * 8L));
            for (int i = 0; i < count; i++) {
                data.set(ValueLayout.JAVA_LONG_UNALIGNED, i * 8L, seconds(values[i]));
            }
        } else {
            MemorySegment.copy(values, 0, Memory.segment(buffers.add(count * 8L)), ValueLayout.JAVA_LONG_UNALIGNED, 0,
                    count);
        }
    }

    private static long seconds(long milliseconds) {
        if (milliseconds % MILLISECONDS_A_SECOND != 0) {
            throw new IllegalStateException("it says that it has whole seconds and has " + milliseconds + " ms");
        }
        return milliseconds / MILLISECONDS_A_SECOND;
    }

    private static void setDecimal(MemorySegment data, int index, int words, long unscaled) {
        long at = index * 8L * words;
        data.set(ValueLayout.JAVA_LONG_UNALIGNED, at, unscaled);
        for (int word = 1; word < words; word++) {
            data.set(ValueLayout.JAVA_LONG_UNALIGNED, at + word * 8L, unscaled >> 63);
        }
    }

    /** A number of any width, whose bytes come from the most significant one, as a little-endian one of that many bytes. */
    private static void setDecimal(MemorySegment data, int index, int width, byte[] bytes, int from, int to) {
        byte sign = (byte) (from < to ? bytes[from] >> 7 : 0);
        for (int i = 0; i < width; i++) {
            data.set(ValueLayout.JAVA_BYTE, (long) index * width + i, to - 1 - i >= from ? bytes[to - 1 - i] : sign);
        }
    }

    private static void addBytes(Buffers buffers, ColumnReader reader, SchemaNode.PrimitiveNode leaf,
            FieldVector vector, int count) {
        byte[] bytes = reader.getBinaryValues();
        int[] offsets = reader.getBinaryOffsets();
        Validity validity = reader.getLeafValidity();
        switch (vector.getField().getType()) {
            case ArrowType.Utf8 text when leaf.logicalType() instanceof LogicalType.UuidType ->
                addUuids(buffers, bytes, offsets, validity, count);
            case ArrowType.Timestamp time when leaf.type() == PhysicalType.INT96 -> {
                MemorySegment data = Memory.segment(buffers.add(count * 8L));
                for (int i = 0; i < count; i++) {
                    if (validity.isNotNull(i)) {
                        ByteBuffer value = ByteBuffer.wrap(bytes, offsets[i], 12).order(ByteOrder.LITTLE_ENDIAN);
                        long nanoseconds = value.getLong();
                        data.set(ValueLayout.JAVA_LONG_UNALIGNED, i * 8L,
                                (value.getInt() - JULIAN_DAY_OF_1970) * NANOSECONDS_A_DAY + nanoseconds);
                    }
                }
            }
            case ArrowType.Decimal decimal -> {
                int width = decimal.getBitWidth() / 8;
                MemorySegment data = Memory.segment(buffers.add((long) count * width));
                for (int i = 0; i < count; i++) {
                    if (validity.isNotNull(i)) {
                        setDecimal(data, i, width, bytes, offsets[i], offsets[i + 1]);
                    }
                }
            }
            case ArrowType.Interval interval -> {
                MemorySegment data = Memory.segment(buffers.add(count * 16L));
                for (int i = 0; i < count; i++) {
                    if (validity.isNotNull(i)) {
                        ByteBuffer value = ByteBuffer.wrap(bytes, offsets[i], 12).order(ByteOrder.LITTLE_ENDIAN);
                        data.set(ValueLayout.JAVA_INT_UNALIGNED, i * 16L, value.getInt());
                        data.set(ValueLayout.JAVA_INT_UNALIGNED, i * 16L + 4, value.getInt());
                        data.set(ValueLayout.JAVA_LONG_UNALIGNED, i * 16L + 8,
                                (value.getInt() & 0xffff_ffffL) * 1_000_000);
                    }
                }
            }
            case ArrowType.FloatingPoint half when half.getPrecision() == FloatingPointPrecision.HALF -> {
                MemorySegment data = Memory.segment(buffers.add(count * 2L));
                for (int i = 0; i < count; i++) {
                    if (validity.isNotNull(i)) {
                        MemorySegment.copy(bytes, offsets[i], data, ValueLayout.JAVA_BYTE, i * 2L, 2);
                    }
                }
            }
            case ArrowType.FloatingPoint half -> {
                MemorySegment data = Memory.segment(buffers.add(count * 4L));
                for (int i = 0; i < count; i++) {
                    if (validity.isNotNull(i)) {
                        data.set(ValueLayout.JAVA_FLOAT_UNALIGNED, i * 4L, Float.float16ToFloat(
                                ByteBuffer.wrap(bytes, offsets[i], 2).order(ByteOrder.LITTLE_ENDIAN).getShort()));
                    }
                }
            }
            default -> {
                buffers.addOffsets(offsets, count, vector instanceof BaseLargeVariableWidthVector);
                int length = count == 0 ? 0 : offsets[count];
                MemorySegment.copy(bytes, 0, Memory.segment(buffers.add(length)), ValueLayout.JAVA_BYTE, 0, length);
            }
        }
    }

    private static void addUuids(Buffers buffers, byte[] bytes, int[] offsets, Validity validity, int count) {
        MemorySegment ends = Memory.segment(buffers.add((count + 1L) * 4));
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < count; i++) {
            if (validity.isNotNull(i)) {
                ByteBuffer value = ByteBuffer.wrap(bytes, offsets[i], 16);
                all.append(new UUID(value.getLong(), value.getLong()));
            }
            ends.set(ValueLayout.JAVA_INT_UNALIGNED, (i + 1) * 4L, all.length());
        }
        byte[] text = all.toString().getBytes(StandardCharsets.US_ASCII);
        MemorySegment.copy(text, 0, Memory.segment(buffers.add(text.length)), ValueLayout.JAVA_BYTE, 0, text.length);
    }

    private static long bitmapBytes(int count) {
        return (count + 63L) / 64 * 8;
    }

    /** The buffers of one vector: given back when closed, after the vector has taken its own hold of them. */
    private final class Buffers implements AutoCloseable {
        private final List<ArrowBuf> buffers = new ArrayList<>();
        private int nulls;

        /** A buffer of zeros. */
        ArrowBuf add(long bytes) {
            ArrowBuf buffer = allocator.buffer(Long.max(bytes, 1));
            buffers.add(buffer);
            buffer.setZero(0, bytes);
            buffer.writerIndex(bytes);
            return buffer;
        }

        void addValidity(Validity validity, int count) {
            if (!validity.hasNulls()) {
                buffers.add(allocator.getEmpty());
                return;
            }
            long[] words = validity.words();
            MemorySegment bits = Memory.segment(add(bitmapBytes(count)));
            MemorySegment.copy(words, 0, bits, ValueLayout.JAVA_LONG_UNALIGNED, 0,
                    Integer.min(words.length, (count + 63) / 64));
            nulls = count - Memory.countBits(bits, 0, count);
        }

        void addOffsets(int[] offsets, int count, boolean wide) {
            int known = Integer.min(count + 1, offsets.length);
            MemorySegment ends = Memory.segment(add((count + 1L) * (wide ? 8 : 4)));
            if (wide) {
                for (int i = 0; i < known; i++) {
                    ends.set(ValueLayout.JAVA_LONG_UNALIGNED, i * 8L, offsets[i]);
                }
            } else {
                MemorySegment.copy(offsets, 0, ends, ValueLayout.JAVA_INT_UNALIGNED, 0, known);
            }
        }

        void loadInto(FieldVector vector, int count) {
            vector.loadFieldBuffers(new ArrowFieldNode(count, nulls), buffers);
        }

        @Override
        public void close() {
            buffers.forEach(ArrowBuf::close);
        }
    }
}
