package dev.graticule.python;

import dev.graticule.arrow.ArrowCData;
import dev.graticule.arrow.ArrowScanFactory;
import dev.graticule.arrow.ArrowStreamTable;
import dev.graticule.arrow.ScanRequest;
import dev.graticule.spi.Dataset;
import dev.graticule.spi.RowScan.FilterAnswer;
import dev.graticule.spi.SimplePredicate;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Schema;

/** Tables over Arrow streams that Python gives, one for each query. */
public final class StreamTable {
    private StreamTable() {
    }

    /**
     * A dataset of one table.
     *
     * @param stream the address of an {@code ArrowArrayStream} with the schema that all streams will have; it stays the caller's
     */
    public static Dataset of(String name, long stream, StreamProducer producer) {
        Schema schema = ArrowCData.schema(stream);
        ArrowStreamTable table = ArrowStreamTable.of(schema, new Producer(producer)).named(name);
        return new Dataset(name, List.of(table));
    }

    private record Producer(StreamProducer producer) implements ArrowScanFactory {
        @Override
        public ArrowReader openReader(ScanRequest request, BufferAllocator allocator) throws Exception {
            int[] columns = request.columns().stream().mapToInt(Integer::intValue).toArray();
            return ArrowCData.openReader(
                    address -> producer.exportStream(address, columns, request.predicates(), request.limit()),
                    allocator);
        }

        @Override
        public FilterAnswer answer(SimplePredicate predicate) {
            return producer.understands(predicate) ? FilterAnswer.PRUNES : FilterAnswer.IGNORED;
        }
    }
}
