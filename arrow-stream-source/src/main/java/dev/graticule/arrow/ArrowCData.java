package dev.graticule.arrow;

import dev.graticule.ErrorKind;
import dev.graticule.GraticuleException;
import dev.graticule.Query;
import java.io.IOException;
import org.apache.arrow.c.ArrowArrayStream;
import org.apache.arrow.c.Data;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * The Arrow C Data Interface: tables over an {@code ArrowArrayStream} of another library in this process, and results as one.
 * Buffers are shared, not copied.
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
        Schema schema;
        try (BufferAllocator allocator = new RootAllocator()) {
            schema = CDataReader.schema(address, allocator);
        } catch (IOException failure) {
            throw GraticuleException.source("The stream failed: " + failure.getMessage(), failure);
        }
        return ArrowStreamTable.of(schema,
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
     * Begins a run of a query and exports its result as a stream at an address, where the consumer releases it. Work is done while
     * batches are asked for; releasing the stream, at any time, or closing the query stops it.
     *
     * <p>Batches share the engine's result memory and are the consumer's: they outlive the stream and the query. The engine has
     * to stay open until the last of them is released: closing it before is an error, which leaves their memory as it is.
     *
     * @param address 40 bytes that hold no stream, or a released one
     * @throws GraticuleException as {@link Query#run} does; later errors are the stream's, with the exception's message
     */
    public static void export(Query query, long address) {
        if (address == 0) {
            throw GraticuleException.binding("The address of a stream is 0.");
        }
        ArrowReader rows = query.run();
        try (ArrowArrayStream target = ArrowArrayStream.wrap(address)) {
            ExportedRows result = ExportedRows.of(rows);
            Data.exportArrayStream(result.memory(), result, target);
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
}
