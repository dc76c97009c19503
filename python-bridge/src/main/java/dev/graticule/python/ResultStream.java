package dev.graticule.python;

import dev.graticule.ErrorKind;
import dev.graticule.GraticuleException;
import dev.graticule.type.SqlType;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.apache.arrow.c.ArrowArray;
import org.apache.arrow.c.ArrowSchema;
import org.apache.arrow.c.Data;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;

/**
 * A result on its way to Python, batch by batch. Python holds it before anything is opened, so that there is always something to close,
 * whenever Ctrl-C comes. Used by one thread at a time, but for {@link #close}.
 */
public final class ResultStream {
    /** Describes results without columns; holds a few bytes as long as consumers do. */
    private static final BufferAllocator WITHOUT_COLUMNS = new RootAllocator();

    private final Callable<ArrowReader> opening;
    private ArrowReader rows;
    private boolean closed;

    /** The batches of a reader that will be opened, and is closed with this. */
    ResultStream(Callable<ArrowReader> opening) {
        this.opening = opening;
    }

    /** Opens it, once, before anything else is asked of it. */
    public Pending open() {
        return new Pending(() -> {
            ArrowReader opened = opening.call();
            if (!keep(opened)) {
                opened.close();
                throw GraticuleException.of(ErrorKind.CANCELLED, null, "This result was closed.", null);
            }
            return true;
        });
    }

    private synchronized boolean keep(ArrowReader opened) {
        if (!closed) {
            rows = opened;
        }
        return !closed;
    }

    /** Writes the schema into the {@code struct ArrowSchema} at an address. */
    public void exportSchema(long address) throws IOException {
        VectorSchemaRoot root = rows.getVectorSchemaRoot();
        try (ArrowSchema target = ArrowSchema.wrap(address)) {
            Data.exportSchema(allocator(root), root.getSchema(), rows, target);
        }
    }

    /** The names of the columns' SQL types. */
    public List<String> types() throws IOException {
        return rows.getVectorSchemaRoot().getSchema().getFields().stream().map(field -> SqlType.of(field).toString())
                .toList();
    }

    /**
     * Loads the next batch, which is written into the {@code struct ArrowArray} at an address: that stays valid until the
     * result is there, which is FALSE if there was no batch any more. A batch is the consumer's, and outlives this and the engine.
     */
    public Pending next(long address) {
        return new Pending(() -> rows.loadNextBatch() && export(address));
    }

    private boolean export(long address) throws IOException {
        try (ArrowArray target = ArrowArray.wrap(address)) {
            VectorSchemaRoot root = rows.getVectorSchemaRoot();
            Data.exportVectorSchemaRoot(allocator(root), root, rows, target);
            return true;
        }
    }

    private static BufferAllocator allocator(VectorSchemaRoot root) {
        // A vector of type NULL has no allocator.
        return root.getFieldVectors().stream().map(FieldVector::getAllocator).filter(Objects::nonNull).findFirst()
                .orElse(WITHOUT_COLUMNS);
    }

    /**
     * Stops the query and frees what it holds, on a thread of its own, also while it is opened or a batch is loaded; this has begun when
     * it returns. From any thread, as often as one likes.
     */
    public Pending close() {
        return new Pending(() -> {
            ArrowReader closing = end();
            if (closing != null) {
                closing.close();
            }
            return true;
        }).begin();
    }

    private synchronized ArrowReader end() {
        closed = true;
        return rows;
    }
}
