package dev.graticule.arrow;

import dev.graticule.ErrorKind;
import dev.graticule.GraticuleException;
import dev.graticule.batch.Column;
import dev.graticule.spi.RowBatch;
import dev.graticule.spi.RowReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.ipc.ArrowFileReader;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * The batches of one stream. Empty ones are skipped. A long one, as xarray makes of a whole array, comes in parts where these cost nothing:
 * so workers share it.
 */
final class StreamRowReader implements RowReader {
    private static final int MOST_ROWS = 1 << 20;
    /** A part is looked at as a whole batch, so there are not too many of one. */
    private static final int MOST_PARTS = 32;

    private final String name;
    private final ArrowReader reader;
    private final PlainLayout plain;
    private final boolean givesBuffersAway;
    private final BufferAllocator allocator;
    private final ScanRequest request;
    /** The values of dictionaries that were found to be sound, as they were then. */
    private final Map<Long, List<Long>> sound = new HashMap<>();
    private int batches;
    private List<Integer> wanted;
    private StreamBatch batch;
    private VectorSchemaRoot root;
    /** The rows of the root that are the current batch. */
    private int from;
    private int count;
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
        from += count;
        if (count == 0 || from >= root.getRowCount()) {
            from = 0;
            count = 0;
            if (!load()) {
                return false;
            }
        }
        int part = givesBuffersAway && vectors().stream().map(FieldVector::getField).allMatch(PlainLayout::isPlain)
                ? Integer.max(MOST_ROWS, root.getRowCount() / MOST_PARTS) : Integer.MAX_VALUE;
        count = Integer.min(part, root.getRowCount() - from);
        left -= count;
        return true;
    }

    private boolean load() {
        try {
            do {
                if (!reader.loadNextBatch()) {
                    return false;
                }
                root = reader.getVectorSchemaRoot();
                batches++;
            } while (root.getRowCount() == 0);
            check();
            return true;
        } catch (Throwable failure) {
            throw failed(name, failure, allocator);
        }
    }

    /** Whether what the wanted columns say of places is true: whoever reads them need not look. */
    private void check() {
        for (FieldVector vector : vectors()) {
            VectorCheck.problem(vector, 0, root.getRowCount()).ifPresent(problem -> {
                throw damaged(vector.getName(), problem);
            });
        }
        for (long id : encodings()) {
            FieldVector values = reader.lookup(id).getVector();
            List<Long> state = new ArrayList<>(List.of((long) values.getValueCount()));
            values.getFieldBuffers().forEach(buffer -> state.add(buffer.memoryAddress()));
            if (!state.equals(sound.put(id, state))) {
                VectorCheck.problem(values).ifPresent(problem -> {
                    throw damaged("of dictionary " + id, problem);
                });
            }
        }
    }

    private GraticuleException damaged(String column, String problem) {
        return GraticuleException.source((reader instanceof NamedReader named ? named.name() : name)
                + " is damaged: column " + column + " of batch " + batches + " " + problem + ".", null);
    }

    @Override
    public int rows() {
        return count;
    }

    @Override
    public List<Column> columns() {
        return batch().columns();
    }

    /** The current batch, where it is. */
    private StreamBatch batch() {
        if (batch == null) {
            batch = new StreamBatch(name, from, count, vectors(), reader, allocator,
                    givesBuffersAway && isMostlyWanted());
        }
        return batch;
    }

    private List<FieldVector> vectors() {
        return wanted.stream().map(number -> root.getFieldVectors().get(number)).toList();
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

    @Override
    public Handover handover() {
        return givesBuffersAway ? Handover.SHARED
                : bytes(dictionaries()) > bytes(vectors()) ? Handover.NONE : Handover.COPIED;
    }

    private static long bytes(List<FieldVector> vectors) {
        return vectors.stream().mapToLong(FieldVector::getBufferSize).sum();
    }

    /** The values of all dictionaries, where a wanted column may have one. */
    private List<FieldVector> dictionaries() {
        return encodings().stream().map(id -> reader.lookup(id).getVector()).toList();
    }

    private List<Long> encodings() {
        return vectors().stream().anyMatch(vector -> isEncoded(vector.getField()))
                ? List.copyOf(reader.getDictionaryIds()) : List.of();
    }

    private static boolean isEncoded(Field field) {
        return field.getDictionary() != null || field.getChildren().stream().anyMatch(StreamRowReader::isEncoded);
    }

    @Override
    public RowBatch openBatch(BufferAllocator memory) {
        List<FieldVector> held = new ArrayList<>();
        try {
            for (FieldVector vector : vectors()) {
                held.add(openHeld(vector, memory));
            }
            DictionaryProvider.MapDictionaryProvider carried = new DictionaryProvider.MapDictionaryProvider();
            List<FieldVector> columns = List.copyOf(held);
            for (long id : encodings()) {
                Dictionary dictionary = reader.lookup(id);
                held.add(openHeld(dictionary.getVector(), memory));
                carried.put(new Dictionary(held.getLast(), dictionary.getEncoding()));
            }
            StreamBatch taken = new StreamBatch(name, from, count, columns, carried, memory,
                    !givesBuffersAway || isMostlyWanted());
            held.forEach(taken::own);
            return taken;
        } catch (Throwable failure) {
            held.forEach(FieldVector::close);
            throw failed(name, failure, memory);
        }
    }

    /** A vector with the same values that the reader does not touch: over the same buffers where it leaves them alone. */
    private FieldVector openHeld(FieldVector vector, BufferAllocator memory) {
        BufferAllocator keeper = givesBuffersAway && vector.getAllocator() != null ? vector.getAllocator() : memory;
        return PlainLayout.openSame(vector, keeper, givesBuffersAway);
    }

    /** Streams of others are not asked: what they answer may be anything. */
    @Override
    public long bytesRead() {
        return reader instanceof ArrowStreamReader || reader instanceof ArrowFileReader ? reader.bytesRead() : 0;
    }

    private void release() {
        if (batch != null) {
            StreamBatch ended = batch;
            batch = null;
            ended.close();
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
    static GraticuleException failed(String name, Throwable failure, BufferAllocator allocator) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof OutOfMemoryException exhausted) {
                return GraticuleException.of(ErrorKind.RESOURCE, null, "Out of memory: a batch of " + lower(name)
                        + " does not fit, and " + allocator.getRoot().getAllocatedMemory()
                        + " bytes are in use. Raise it with SET memory_limit = '4GB', or write smaller batches; where they"
                        + " are small already, one is damaged.", exhausted);
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

    private static String lower(String name) {
        return name.startsWith("The ") ? "the " + name.substring(4) : name;
    }

    private static String said(Throwable failure) {
        String message = failure.getMessage();
        return message == null || message.isBlank() ? failure.getClass().getSimpleName() : message;
    }
}
