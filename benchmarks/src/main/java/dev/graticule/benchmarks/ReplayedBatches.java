package dev.graticule.benchmarks;

import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorLoader;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;
import org.apache.arrow.vector.types.pojo.Schema;

/** Lends the buffers of batches in memory, and of their dictionaries by id, copying nothing; all of them stay their owner's. */
final class ReplayedBatches extends ArrowReader {
    private final Schema schema;
    private final Iterator<ArrowRecordBatch> left;
    private final Map<Long, ArrowRecordBatch> dictionaries;
    private boolean dictionariesAreLoaded;

    ReplayedBatches(Schema schema, List<ArrowRecordBatch> batches, Map<Long, ArrowRecordBatch> dictionaries,
            BufferAllocator allocator) {
        super(allocator);
        this.schema = schema;
        this.left = batches.iterator();
        this.dictionaries = dictionaries;
    }

    @Override
    public boolean loadNextBatch() throws IOException {
        prepareLoadNextBatch();
        if (!left.hasNext()) {
            return false;
        }
        if (!dictionariesAreLoaded) {
            for (Map.Entry<Long, ArrowRecordBatch> dictionary : dictionaries.entrySet()) {
                FieldVector vector = lookup(dictionary.getKey()).getVector();
                new VectorLoader(new VectorSchemaRoot(List.of(vector))).load(dictionary.getValue());
            }
            dictionariesAreLoaded = true;
        }
        new VectorLoader(getVectorSchemaRoot()).load(left.next());
        return true;
    }

    @Override
    public long bytesRead() {
        return 0;
    }

    @Override
    protected void closeReadSource() {
        // The batches stay.
    }

    @Override
    protected Schema readSchema() {
        return schema;
    }
}
