package dev.graticule.arrow;

import dev.graticule.GraticuleException;
import dev.graticule.batch.LastingMemory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.arrow.c.ArrowArray;
import org.apache.arrow.c.ArrowArrayStream;
import org.apache.arrow.c.ArrowSchema;
import org.apache.arrow.c.CDataDictionaryProvider;
import org.apache.arrow.c.Data;
import org.apache.arrow.c.NativeUtil;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.arrow.vector.util.TransferPair;

/**
 * The batches of an {@code ArrowArrayStream}, in the producer's memory. Beyond what arrow-c-data's own reader does, it heeds the
 * offsets of sliced arrays and null counts that are not known, and gives errors without the producer's stack.
 */
final class CDataReader extends ArrowReader implements GivesBuffersAway {
    private static final long RELEASED = 0;
    private static final long UNKNOWN = -1;
    private static final Pattern WRAPPED = Pattern
            .compile("(?:\\[errno \\d+] )?CDataJniException\\{errno=\\d+, message=(.*)}", Pattern.DOTALL);

    private final LastingMemory borrowed;
    private final ArrowArrayStream stream;
    private final CDataDictionaryProvider dictionaries = new CDataDictionaryProvider();
    private boolean closed;

    private CDataReader(ArrowArrayStream stream, LastingMemory borrowed) {
        super(borrowed.allocator());
        this.borrowed = borrowed;
        this.stream = stream;
    }

    /** A reader that takes the stream out of an address; the caller closes it. */
    static CDataReader move(long address, BufferAllocator query) throws Exception {
        return open(target -> {
            ArrowArrayStream source = existing(address);
            ArrowArrayStream.wrap(target).save(source.snapshot());
            source.markReleased();
        }, query);
    }

    /** A reader of a stream that a factory exports now; the caller closes it. */
    static CDataReader open(ArrowArrayStreamFactory factory, BufferAllocator query) throws Exception {
        // Beside the query's allocator: what the producer holds already does not count against the query's limit, and the
        // consumer of the result may keep it.
        LastingMemory borrowed = LastingMemory.open(query.getRoot(), "borrowed");
        ArrowArrayStream stream = null;
        try {
            stream = ArrowArrayStream.allocateNew(borrowed.allocator());
            factory.exportStream(stream.memoryAddress());
            if (stream.snapshot().release == RELEASED) {
                throw GraticuleException.source("The factory of a stream exported none.", null);
            }
            return new CDataReader(stream, borrowed);
        } catch (Throwable failure) {
            if (stream != null) {
                stream.release();
                stream.close();
            }
            borrowed.close();
            throw failure;
        }
    }

    /** The schema of the stream at an address, which stays there. */
    static Schema schema(long address, BufferAllocator allocator) throws IOException {
        // As an IPC message has it: with the types of dictionaries' values.
        ArrowArrayStream stream = existing(address);
        try (CDataDictionaryProvider dictionaries = new CDataDictionaryProvider()) {
            PlainLayout layout = new PlainLayout(dictionaries, allocator);
            Schema found = schema(stream, dictionaries, allocator);
            return new Schema(found.getFields().stream().map(layout::message).toList(), found.getCustomMetadata());
        }
    }

    private static ArrowArrayStream existing(long address) {
        if (address == 0) {
            throw GraticuleException.binding("The address of a stream is 0.");
        }
        ArrowArrayStream stream = ArrowArrayStream.wrap(address);
        if (stream.snapshot().release == RELEASED) {
            throw GraticuleException.source("The stream at this address was released or taken already.", null);
        }
        return stream;
    }

    private static Schema schema(ArrowArrayStream stream, CDataDictionaryProvider dictionaries,
            BufferAllocator allocator) throws IOException {
        try (ArrowSchema schema = ArrowSchema.allocateNew(allocator)) {
            stream.getSchema(schema);
            return Data.importSchema(allocator, schema, dictionaries);
        } catch (IOException failure) {
            throw withoutStack(failure);
        }
    }

    /** What the producer said: arrow-c-data wraps it, and a producer in Java gives its whole stack. */
    private static IOException withoutStack(IOException failure) {
        String text = String.valueOf(failure.getMessage());
        Matcher wrapped = WRAPPED.matcher(text);
        String told = wrapped.matches() ? wrapped.group(1) : text;
        int stack = told.indexOf("\n\tat ");
        return new IOException((stack < 0 ? told : told.substring(0, stack)).strip(), failure);
    }

    @Override
    protected Schema readSchema() throws IOException {
        return schema(stream, dictionaries, allocator);
    }

    @Override
    public Map<Long, Dictionary> getDictionaryVectors() throws IOException {
        ensureInitialized();
        return dictionaries.getDictionaryIds().stream()
                .collect(Collectors.toMap(Function.identity(), dictionaries::lookup));
    }

    @Override
    public Dictionary lookup(long id) {
        return dictionaries.lookup(id);
    }

    @Override
    public Set<Long> getDictionaryIds() {
        return dictionaries.getDictionaryIds();
    }

    @Override
    public boolean loadNextBatch() throws IOException {
        prepareLoadNextBatch();
        VectorSchemaRoot root = getVectorSchemaRoot();
        root.clear();
        try (ArrowArray array = ArrowArray.allocateNew(allocator)) {
            try {
                stream.getNext(array);
            } catch (IOException failure) {
                throw withoutStack(failure);
            }
            ArrowArray.Snapshot batch = array.snapshot();
            if (batch.release == RELEASED) {
                return false;
            }
            try {
                if (batch.length > 0) {
                    load(array, batch, root);
                }
            } finally {
                // What was imported keeps the producer's memory by itself.
                array.release();
            }
            return true;
        }
    }

    private void load(ArrowArray array, ArrowArray.Snapshot batch, VectorSchemaRoot root) {
        int rows = Math.toIntExact(batch.length);
        List<Part> columns = new ArrayList<>();
        for (long address : children(batch)) {
            columns.add(begin(address, batch.offset, rows));
        }
        batch.offset = 0;
        save(array, batch);
        try (StructVector struct = StructVector.emptyWithDuplicates("", allocator)) {
            struct.initializeChildrenFromFields(root.getSchema().getFields());
            Data.importIntoVector(allocator, array, struct, dictionaries, false);
            for (int i = 0; i < columns.size(); i++) {
                FieldVector column = struct.getChildrenFromFields().get(i);
                Part part = columns.get(i);
                cutInside(column, part);
                TransferPair pair = column.makeTransferPair(root.getVector(i));
                if (part.start == 0) {
                    pair.transfer();
                } else {
                    pair.splitAndTransfer(part.start, part.length);
                }
            }
        }
        for (FieldVector column : root.getFieldVectors()) {
            // Those with others inside make their children as long as they say.
            if (!column.getField().getChildren().isEmpty()) {
                VectorCheck.problem(column).ifPresent(problem -> {
                    throw GraticuleException.source(
                            "The stream is damaged: column " + column.getName() + " of a batch " + problem + ".", null);
                });
            }
        }
        root.setRowCount(rows);
    }

    /**
     * Which values of an imported vector an array is.
     *
     * @param dictionary the part of the dictionary's values, or {@code null}
     */
    private record Part(int start, int length, List<Part> children, Part dictionary) {
    }

    /**
     * Makes an array, and all that it holds, begin at the start of its buffers, since the importer takes no notice of offsets.
     *
     * @param offset added to the array's own
     */
    private static Part begin(long address, long offset, long length) {
        ArrowArray array = ArrowArray.wrap(address);
        ArrowArray.Snapshot snapshot = array.snapshot();
        List<Part> children = new ArrayList<>();
        for (long child : children(snapshot)) {
            children.add(begin(child, 0, ArrowArray.wrap(child).snapshot().length));
        }
        Part dictionary = snapshot.dictionary == 0 ? null
                : begin(snapshot.dictionary, 0, ArrowArray.wrap(snapshot.dictionary).snapshot().length);
        Part part = new Part(Math.toIntExact(offset + snapshot.offset), Math.toIntExact(length), children, dictionary);
        if (part.start > 0) {
            snapshot.null_count = UNKNOWN;
        }
        snapshot.length = part.start + length;
        snapshot.offset = 0;
        save(array, snapshot);
        return part;
    }

    /** Leaves of the vectors inside a vector, and of its dictionary, the parts that the arrays were. */
    private void cutInside(FieldVector vector, Part part) {
        for (int i = 0; i < part.children.size(); i++) {
            cut(vector.getChildrenFromFields().get(i), part.children.get(i));
        }
        if (part.dictionary != null) {
            cut(dictionaries.lookup(vector.getField().getDictionary().getId()).getVector(), part.dictionary);
        }
    }

    private void cut(FieldVector vector, Part part) {
        cutInside(vector, part);
        if (part.start > 0) {
            TransferPair pair = vector.getTransferPair(allocator);
            pair.splitAndTransfer(part.start, part.length);
            try (FieldVector left = (FieldVector) pair.getTo()) {
                left.makeTransferPair(vector).transfer();
            }
        }
    }

    /** The importer fails where there is no validity bitmap and the null count is not known. */
    private static void save(ArrowArray array, ArrowArray.Snapshot snapshot) {
        if (snapshot.null_count == UNKNOWN && snapshot.n_buffers > 0
                && NativeUtil.toJavaArray(snapshot.buffers, 1)[0] == 0) {
            snapshot.null_count = 0;
        }
        array.save(snapshot);
    }

    private static long[] children(ArrowArray.Snapshot snapshot) {
        long[] found = NativeUtil.toJavaArray(snapshot.children, Math.toIntExact(snapshot.n_children));
        return found == null ? new long[0] : found;
    }

    @Override
    public long bytesRead() {
        return 0;
    }

    @Override
    protected void closeReadSource() {
        if (closed) {
            return;
        }
        closed = true;
        try (borrowed; stream; dictionaries) {
            stream.release();
        }
    }
}
