package dev.graticule.arrow;

import java.io.IOException;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;

/** Gives batches of 3 rows (n BIGINT counting up, name VARCHAR), fails where it is told to, and counts what is done to it. */
final class CountingProducer implements ArrowStreamFactory {
    static final Schema SCHEMA = new Schema(
            List.of(Field.nullable("n", new ArrowType.Int(64, true)), Field.nullable("name", ArrowType.Utf8.INSTANCE)));
    static final int NEVER = Integer.MAX_VALUE;

    final int batches;
    final int failsAt;
    int opened;
    int closed;
    int loaded;

    /** @param failsAt the number of the batch before which it fails; {@code batches} fails at the end, -1 while opening */
    CountingProducer(int batches, int failsAt) {
        this.batches = batches;
        this.failsAt = failsAt;
    }

    @Override
    public ArrowReader openReader(BufferAllocator allocator) throws IOException {
        opened++;
        if (failsAt == -1) {
            throw new IOException("the station is closed");
        }
        return new ArrowReader(allocator) {
            private int next;

            @Override
            public boolean loadNextBatch() throws IOException {
                if (next == failsAt) {
                    throw new IOException("the wire broke at " + next);
                }
                if (next == batches) {
                    return false;
                }
                loaded++;
                VectorSchemaRoot root = getVectorSchemaRoot();
                root.allocateNew();
                for (int row = 0; row < 3; row++) {
                    ((BigIntVector) root.getVector(0)).setSafe(row, next * 3L + row);
                    ((VarCharVector) root.getVector(1)).setSafe(row, ("row " + row).getBytes());
                }
                root.setRowCount(3);
                next++;
                return true;
            }

            @Override
            public long bytesRead() {
                return 0;
            }

            @Override
            protected void closeReadSource() {
                closed++;
            }

            @Override
            protected Schema readSchema() {
                return SCHEMA;
            }
        };
    }

    /** A field of another type than {@link #SCHEMA} has. */
    static Schema otherSchema() {
        return new Schema(List.of(new Field("n", FieldType.nullable(new ArrowType.Int(32, true)), null),
                SCHEMA.getFields().get(1)));
    }
}
