package dev.graticule.arrow;

import dev.graticule.batch.Column;
import dev.graticule.batch.Layout;
import dev.graticule.batch.Memory;
import dev.graticule.batch.NullForm;
import dev.graticule.batch.Values;
import dev.graticule.spi.RowBatch;
import dev.graticule.type.SqlType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BitVectorHelper;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.complex.RunEndEncodedVector;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.types.pojo.Field;

/** The wanted columns of a batch of a stream; they are converted when they are first asked for. */
final class StreamBatch implements RowBatch {
    private final String name;
    private final int from;
    private final int rows;
    private final List<FieldVector> vectors;
    private final PlainLayout plain;
    private final BufferAllocator allocator;
    private final boolean lasting;
    private final List<AutoCloseable> owned = new ArrayList<>();
    private List<Column> columns;

    /**
     * @param name the stream's name in messages
     * @param from its first row in the vectors; 0 unless all of them are plain
     * @param vectors the wanted columns
     * @param dictionaries theirs, as they are for this batch
     * @param allocator memory for conversions
     * @param lasting whether nobody writes to the vectors' buffers any more, so that results may keep them
     */
    StreamBatch(String name, int from, int rows, List<FieldVector> vectors, DictionaryProvider dictionaries,
            BufferAllocator allocator, boolean lasting) {
        this.name = name;
        this.from = from;
        this.rows = rows;
        this.vectors = List.copyOf(vectors);
        this.plain = new PlainLayout(dictionaries, allocator);
        this.allocator = allocator;
        this.lasting = lasting;
    }

    @Override
    public int rows() {
        return rows;
    }

    @Override
    public List<Column> columns() {
        if (columns == null) {
            try {
                columns = vectors.stream().map(this::column).toList();
            } catch (RuntimeException failure) {
                throw StreamRowReader.failed(name, failure, allocator);
            }
        }
        return columns;
    }

    private Column column(FieldVector vector) {
        int[] shape = {rows};
        Field field = vector.getField();
        if (PlainLayout.isPlain(field)) {
            Values values = Values.of(vector);
            return Column.dense(lasting && isOurs(vector) ? values.lasting() : values, shape, from);
        }
        Field target = PlainLayout.plain(plain.message(field));
        boolean byValue = !(SqlType.of(target) instanceof SqlType.Other);
        if (field.getDictionary() != null && byValue) {
            FieldVector values = plain.dictionary(field.getDictionary()).getVector();
            if (values.getValueCount() == 0) {
                plain.dictionaryPlaces(vector, 0);
                return Column.dense(Values.of(own(plain.openNulls(target, rows))), shape, 0);
            }
            if (vector instanceof IntVector indices && isInRange(indices, values.getValueCount())) {
                return dictionary(Values.of(SqlType.INTEGER, rows, indices.getDataBuffer(),
                        indices.getNullCount() > 0 ? indices.getValidityBuffer() : null), plainValues(values), shape);
            }
            return dictionary(vector, plain.dictionaryPlaces(vector, values.getValueCount()), plainValues(values),
                    shape);
        }
        if (vector instanceof RunEndEncodedVector runs && byValue && rows > 0) {
            return dictionary(null, PlainLayout.runPlaces(runs), plainValues(runs.getValuesVector()), shape);
        }
        return Column.dense(Values.of(own(plain.openPlain(vector))).lasting(), shape, 0);
    }

    /** Whether results can take the vector's buffers over. */
    private boolean isOurs(FieldVector vector) {
        return vector.getAllocator() != null && vector.getAllocator().getRoot() == allocator.getRoot();
    }

    private Values plainValues(FieldVector values) {
        return Values.of(PlainLayout.isPlain(values.getField()) ? values : own(plain.openPlain(values)));
    }

    /** Whether all indices, also those of NULL keys, are places of a dictionary: then they are used where they are. */
    private static boolean isInRange(IntVector indices, int values) {
        MemorySegment data = Memory.segment(indices.getDataBuffer());
        int count = indices.getValueCount();
        boolean inside = true;
        for (int row = 0; row < count; row++) {
            inside &= Integer.compareUnsigned(data.get(ValueLayout.JAVA_INT_UNALIGNED, row * 4L), values) < 0;
        }
        return inside;
    }

    /** @param keys where NULL keys are, or {@code null} where there are none */
    private Column dictionary(FieldVector keys, int[] places, Values values, int[] shape) {
        IntVector indices = own(new IntVector("indices", allocator));
        indices.allocateNew(places.length);
        for (int row = 0; row < places.length; row++) {
            indices.set(row, places[row]);
            if (keys != null && keys.isNull(row)) {
                BitVectorHelper.unsetBit(indices.getValidityBuffer(), row);
            }
        }
        indices.setValueCount(places.length);
        return dictionary(Values.of(indices), values, shape);
    }

    private static Column dictionary(Values found, Values values, int[] shape) {
        boolean nulls = found.validity() != null || values.validity() != null || values.type() == SqlType.NULL;
        return new Column.Dictionary(found, Layout.dense(shape, 0), values, nulls ? NullForm.BITMAP : NullForm.NONE);
    }

    /** Takes over what is closed with the batch. */
    <V extends AutoCloseable> V own(V resource) {
        owned.add(resource);
        return resource;
    }

    @Override
    public void close() {
        columns = null;
        while (!owned.isEmpty()) {
            try {
                owned.removeLast().close();
            } catch (Exception failure) {
                throw StreamRowReader.failed(name, failure, allocator);
            }
        }
    }
}
