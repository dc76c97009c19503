package dev.graticule.arrow;

import dev.graticule.GraticuleException;
import java.io.IOException;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * The Arrow C Data Interface: tables over an {@code ArrowArrayStream} of another library in this process. Buffers are shared, not
 * copied. {@link dev.graticule.Query#export} gives a result as one.
 *
 * <p>Addresses are those of {@code struct ArrowArrayStream}, 40 bytes; a wrong one ends the JVM. Needs arrow-c-data, which is
 * loaded when a method here is first called.
 */
public final class ArrowCData {
    private ArrowCData() {
    }

    /**
     * A table over the stream at an address, which one query can read; a second one is an error that says so. Asks the stream for
     * its schema now and for rows when it is queried.
     *
     * <p>The query moves the stream out of the address and releases it when it ends. Until then the stream is the caller's: keep
     * the struct where it is until a query has begun to load batches, and release the stream if none did.
     *
     * @throws GraticuleException of kind SOURCE where the stream is released already or gives no schema
     */
    public static ArrowStreamTable stream(long address) {
        return ArrowStreamTable.of(schema(address),
                ArrowStreamFactory.once((ArrowStreamFactory) allocator -> CDataReader.move(address, allocator)));
    }

    /**
     * A table over streams that a factory exports, one for each query. Nothing is opened now or by planning.
     *
     * @param schema the schema that the streams will have, as in {@link ArrowStreamTable#of}
     */
    public static ArrowStreamTable table(Schema schema, ArrowArrayStreamFactory factory) {
        return ArrowStreamTable.of(schema, allocator -> CDataReader.open(factory, allocator));
    }

    /**
     * A reader of a stream that a factory exports now, for scan factories of one's own; the caller closes it. Its batches are the
     * producer's memory.
     *
     * @param allocator the query's, as {@link ArrowScanFactory#openReader} has it
     * @throws Exception what the factory throws
     */
    public static ArrowReader openReader(ArrowArrayStreamFactory factory, BufferAllocator allocator) throws Exception {
        return CDataReader.open(factory, allocator);
    }

    /**
     * The schema of the stream at an address, which stays there, as {@link #table} wants it.
     *
     * @throws GraticuleException of kind SOURCE where the stream is released already or gives no schema
     */
    public static Schema schema(long address) {
        try (BufferAllocator allocator = new RootAllocator()) {
            return CDataReader.schema(address, allocator);
        } catch (IOException failure) {
            throw GraticuleException.source("The stream failed: " + failure.getMessage(), failure);
        }
    }
}
