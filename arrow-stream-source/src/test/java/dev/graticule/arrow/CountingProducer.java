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

/**
 * Gives batches of 3 rows (n BIGINT counting up, name VARCHAR), fails or does something else where it is told to, and counts what
 * is done to it.
 */
final class CountingProducer implements ArrowStreamFactory {
    static final Schema SCHEMA = new Schema(
            List.of(Field.nullable("n", new ArrowType.Int(64, true)), Field.nullable("name", ArrowType.Utf8.INSTANCE)));
    static final int NEVER = Integer.MAX_VALUE;
    /** The moment of closing, for {@link Hook}. */
    static final int CLOSING = -2;
    /** The moment of opening, for {@link Hook}. */
    static final int OPENING = -1;

    final int batches;
    final Hook hook;
    volatile int opened;
    volatile int closed;
    volatile int loaded;

    /** What happens at a moment: before batch {@code moment}, at the end for the number of batches. */
    interface Hook {
        void at(int moment) throws Exception;
    }

    /** @param failsAt the number of the batch before which it fails; {@code batches} fails at the end, -1 while opening */
    CountingProducer(int batches, int failsAt) {
        this(batches, moment -> {
            if (moment == failsAt) {
                throw new IOException(moment == OPENING ? "the station is closed" : "the wire broke at " + moment);
            }
        });
    }

    CountingProducer(int batches, Hook hook) {
        this.batches = batches;
        this.hook = hook;
    }

    @Override
    public ArrowReader openReader(BufferAllocator allocator) throws IOException {
        synchronized (this) {
            opened++;
        }
        reach(OPENING);
        return new ArrowReader(allocator) {
            private int next;

            @Override
            public boolean loadNextBatch() throws IOException {
                reach(next);
                if (next == batches) {
                    return false;
                }
                count(true);
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
            protected void closeReadSource() throws IOException {
                count(false);
                reach(CLOSING);
            }

            @Override
            protected Schema readSchema() {
                return SCHEMA;
            }
        };
    }

    private synchronized void count(boolean load) {
        loaded += load ? 1 : 0;
        closed += load ? 0 : 1;
    }

    private void reach(int moment) throws IOException {
        try {
            hook.at(moment);
        } catch (IOException | RuntimeException known) {
            throw known;
        } catch (Exception other) {
            throw new IOException(other);
        }
    }

    /** A field of another type than {@link #SCHEMA} has. */
    static Schema otherSchema() {
        return new Schema(List.of(new Field("n", FieldType.nullable(new ArrowType.Int(32, true)), null),
                SCHEMA.getFields().get(1)));
    }
}
