package dev.graticule.arrow;

import dev.graticule.ErrorKind;
import dev.graticule.GraticuleException;
import dev.graticule.batch.Column;
import dev.graticule.batch.Layout;
import dev.graticule.batch.Memory;
import dev.graticule.batch.NullForm;
import dev.graticule.batch.Scratch;
import dev.graticule.batch.Values;
import dev.graticule.spi.RowReader;
import dev.graticule.type.SqlType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.arrow.vector.BitVectorHelper;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.NullVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.RunEndEncodedVector;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;

/** The batches of one stream. Empty ones are skipped; columns are converted when they are first asked for. */
final class StreamRowReader implements RowReader {
    private final String name;
    private final ArrowReader reader;
    private final PlainLayout plain;
    private final boolean givesBuffersAway;
    private final BufferAllocator allocator;
    private final ScanRequest request;
    private final List<AutoCloseable> converted = new ArrayList<>();
    private List<Integer> wanted;
    private List<Column> columns;
    private boolean lasting;
    private VectorSchemaRoot root;
    private long left;
    private boolean closed;

    private StreamRowReader(String name, ArrowReader reader, ScanRequest request, BufferAllocator allocator) {
        this.name = name;
        this.reader = reader;
        this.request = request;
        this.left = request.limit();
        this.givesBuffersAway = givesBuffersAway(reader);
        this.allocator = allocator;
        this.plain = new PlainLayout(reader, allocator);
    }

    /** Starts the stream and checks its schema; the caller closes the reader. */
    static StreamRowReader open(String name, ArrowScanFactory factory, ScanRequest request, BufferAllocator allocator) {
        ArrowReader stream;
        try {
            stream = factory.openReader(request, allocator);
        } catch (Throwable failure) {
            throw failed(name, failure, allocator);
        }
        if (stream == null) {
            throw GraticuleException.source(name + " failed: its factory gave no reader.", null);
        }
        StreamRowReader reader = new StreamRowReader(name, stream, request, allocator);
        try {
            reader.begin(factory instanceof ArrowStreamTable.Whole);
            return reader;
        } catch (RuntimeException | Error failure) {
            try {
                reader.close();
            } catch (RuntimeException second) {
                failure.addSuppressed(second);
            }
            throw failure;
        }
    }

    /** @param whole whether all columns come, whatever is wanted */
    private void begin(boolean whole) {
        try {
            root = reader.getVectorSchemaRoot();
            // Makes lookup of dictionaries work before the first batch, for readers that begin lazily.
            reader.getDictionaryVectors();
        } catch (Throwable failure) {
            throw failed(name, failure, allocator);
        }
        Schema found = new Schema(root.getSchema().getFields().stream().map(plain::message).toList());
        if (!whole && sameFields(request.schema().getFields(), found.getFields())) {
            wanted = IntStream.range(0, request.columns().size()).boxed().toList();
        } else if (sameFields(request.declared().getFields(), found.getFields())) {
            wanted = request.columns();
        } else {
            String asked = request.schema().equals(request.declared()) || whole ? ""
                    : ", asked for were " + ArrowStreamTable.describe(request.schema());
            throw GraticuleException.source(name
                    + " has another schema than it was declared with: it has " + ArrowStreamTable.describe(found)
                    + ", declared was " + ArrowStreamTable.describe(request.declared()) + asked + ".", null);
        }
    }

    /** Whether two schemas have fields of the same names and types, as far as rows are concerned. */
    static boolean sameFields(List<Field> one, List<Field> other) {
        if (one.size() != other.size()) {
            return false;
        }
        for (int i = 0; i < one.size(); i++) {
            Field left = one.get(i);
            Field right = other.get(i);
            if (!Objects.equals(left.getName(), right.getName()) || !left.getType().equals(right.getType())
                    || !sameChildren(left, right)) {
                return false;
            }
        }
        return true;
    }

    /** The names of list elements and map entries are a producer's whim; those of a struct's fields are not. */
    private static boolean sameChildren(Field left, Field right) {
        if (left.getType() instanceof ArrowType.Struct) {
            return sameFields(left.getChildren(), right.getChildren());
        }
        return sameFields(unnamed(left.getChildren()), unnamed(right.getChildren()));
    }

    private static List<Field> unnamed(List<Field> fields) {
        return fields.stream().map(field -> new Field("", field.getFieldType(), field.getChildren())).toList();
    }

    @Override
    public boolean next() {
        release();
        if (left <= 0) {
            return false;
        }
        try {
            do {
                if (!reader.loadNextBatch()) {
                    return false;
                }
                root = reader.getVectorSchemaRoot();
            } while (root.getRowCount() == 0);
        } catch (Throwable failure) {
            throw failed(name, failure, allocator);
        }
        left -= root.getRowCount();
        return true;
    }

    @Override
    public int rows() {
        return root.getRowCount();
    }

    @Override
    public List<Column> columns() {
        if (columns == null) {
            try {
                lasting = givesBuffersAway && isMostlyWanted();
                columns = wanted.stream().map(number -> column(root.getFieldVectors().get(number))).toList();
            } catch (RuntimeException failure) {
                throw failed(name, failure, allocator);
            }
        }
        return columns;
    }

    /**
     * Whether a reader loads every batch into buffers of its own and leaves those of the batch before alone, so that results may
     * keep them. Others may fill the same vectors again.
     */
    private static boolean givesBuffersAway(ArrowReader reader) {
        return reader instanceof GivesBuffersAway || reader.getClass().getName().startsWith("org.apache.arrow.");
    }

    /** Whether the wanted columns are most of the batch: its buffers live, and are freed, together. */
    private boolean isMostlyWanted() {
        long all = root.getFieldVectors().stream().mapToLong(FieldVector::getBufferSize).sum();
        long kept = wanted.stream().mapToLong(number -> root.getVector(number).getBufferSize()).sum();
        return kept >= all / 2;
    }

    private Column column(FieldVector vector) {
        int[] shape = {root.getRowCount()};
        Field field = vector.getField();
        if (isUsable(vector)) {
            return Column.dense(lasting ? Values.of(vector).lasting() : Values.of(vector), shape, 0);
        }
        Field target = PlainLayout.plain(plain.message(field));
        boolean byValue = !(SqlType.of(target) instanceof SqlType.Other);
        if (field.getDictionary() != null && byValue) {
            FieldVector values = plain.dictionary(field.getDictionary()).getVector();
            if (values.getValueCount() == 0) {
                plain.dictionaryPlaces(vector, 0);
                return Column.dense(Values.of(own(plain.openNulls(target, shape[0]))), shape, 0);
            }
            if (vector instanceof IntVector indices && isInRange(indices, values.getValueCount())) {
                return dictionary(Values.of(SqlType.INTEGER, shape[0], indices.getDataBuffer(),
                        indices.getNullCount() > 0 ? indices.getValidityBuffer() : null), plainValues(values), shape);
            }
            return dictionary(vector, plain.dictionaryPlaces(vector, values.getValueCount()), plainValues(values),
                    shape);
        }
        if (vector instanceof RunEndEncodedVector runs && byValue && shape[0] > 0) {
            return dictionary(null, PlainLayout.runPlaces(runs), plainValues(runs.getValuesVector()), shape);
        }
        return Column.dense(Values.of(own(plain.openPlain(vector))).lasting(), shape, 0);
    }

    /** Whether the engine can take the vector as it is: in plain layout, and in memory that the query's vectors may share. */
    private boolean isUsable(FieldVector vector) {
        return PlainLayout.isPlain(vector.getField())
                && (vector instanceof NullVector || vector.getAllocator().getRoot() == allocator.getRoot());
    }

    private Values plainValues(FieldVector values) {
        return Values.of(isUsable(values) ? values : own(plain.openPlain(values)));
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

    private <V extends AutoCloseable> V own(V resource) {
        converted.add(resource);
        return resource;
    }

    private void release() {
        columns = null;
        while (!converted.isEmpty()) {
            try {
                converted.removeLast().close();
            } catch (Exception failure) {
                throw failed(name, failure, allocator);
            }
        }
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try (reader) {
            release();
        } catch (Throwable failure) {
            throw failed(name, failure, allocator);
        }
    }

    /** What a producer throws is the producer's error, whatever it is, but for a JVM that is at its end. */
    private static GraticuleException failed(String name, Throwable failure, BufferAllocator allocator) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof OutOfMemoryException exhausted) {
                return Scratch.outOfMemory(0, allocator, exhausted);
            }
        }
        return switch (failure) {
            case GraticuleException known -> known;
            case VirtualMachineError end -> throw end;
            case UnsupportedOperationException unsupported -> GraticuleException.of(ErrorKind.UNSUPPORTED, null,
                    "Not supported yet: " + name + ": " + said(unsupported) + ".", unsupported);
            default -> GraticuleException.source(name + " failed: " + said(failure), failure);
        };
    }

    private static String said(Throwable failure) {
        String message = failure.getMessage();
        return message == null || message.isBlank() ? failure.getClass().getSimpleName() : message;
    }
}
