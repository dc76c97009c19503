package dev.graticule.exec;

import dev.graticule.ErrorKind;
import dev.graticule.GraticuleException;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.arrow.c.ArrowArrayStream;
import org.apache.arrow.c.Data;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Schema;

/** A result on its way into another library: the reader it wraps, closed once, and with errors that are their message. */
public final class ExportedRows extends ArrowReader {
    /** Describes results without columns, which have no vectors to ask for an allocator; holds a few bytes as long as consumers do. */
    private static final BufferAllocator WITHOUT_COLUMNS = new RootAllocator();

    private final ArrowReader rows;
    private boolean closed;

    private ExportedRows(ArrowReader rows, BufferAllocator memory) {
        super(memory);
        this.rows = rows;
    }

    /**
     * Exports a result as an {@code ArrowArrayStream} at an address; the reader is closed when the consumer releases it, or now
     * where this fails.
     */
    public static void export(ArrowReader rows, long address) {
        try (ArrowArrayStream target = ArrowArrayStream.wrap(address)) {
            // A vector of type NULL has no allocator either.
            BufferAllocator memory = rows.getVectorSchemaRoot().getFieldVectors().stream()
                    .map(FieldVector::getAllocator).filter(Objects::nonNull).findFirst().orElse(WITHOUT_COLUMNS);
            Data.exportArrayStream(memory, new ExportedRows(rows, memory), target);
        } catch (IOException | RuntimeException | Error failure) {
            try {
                rows.close();
            } catch (IOException | RuntimeException second) {
                failure.addSuppressed(second);
            }
            switch (failure) {
                case RuntimeException known -> throw known;
                case Error known -> throw known;
                default -> throw GraticuleException.of(ErrorKind.INTERNAL, null, "A result cannot be exported.",
                        failure);
            }
        }
    }

    @Override
    public VectorSchemaRoot getVectorSchemaRoot() throws IOException {
        return rows.getVectorSchemaRoot();
    }

    @Override
    protected Schema readSchema() throws IOException {
        return rows.getVectorSchemaRoot().getSchema();
    }

    @Override
    public Map<Long, Dictionary> getDictionaryVectors() throws IOException {
        return rows.getDictionaryVectors();
    }

    @Override
    public Dictionary lookup(long id) {
        return rows.lookup(id);
    }

    @Override
    public Set<Long> getDictionaryIds() {
        return rows.getDictionaryIds();
    }

    @Override
    public boolean loadNextBatch() throws IOException {
        try {
            return rows.loadNextBatch();
        } catch (IOException | RuntimeException failure) {
            throw new Message(failure);
        }
    }

    @Override
    public long bytesRead() {
        return rows.bytesRead();
    }

    @Override
    protected void closeReadSource() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        rows.close();
    }

    /** What the consumer is told of a failure: the exporter prints an exception to get its text, and this one prints no stack. */
    private static final class Message extends IOException {
        private static final long serialVersionUID = 1L;

        Message(Exception failure) {
            super(failure.getMessage() == null ? failure.toString() : failure.getMessage(), failure);
        }

        @Override
        public void printStackTrace(PrintWriter writer) {
            writer.print(getMessage());
        }
    }
}
