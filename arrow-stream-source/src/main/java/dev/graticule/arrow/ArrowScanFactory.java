package dev.graticule.arrow;

import dev.graticule.spi.RowScan.FilterAnswer;
import dev.graticule.spi.SimplePredicate;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;

/**
 * Starts a stream of what one query needs: a factory that can leave out columns and rows implements this one, any other an
 * {@link ArrowStreamFactory}. Called by every query, from any thread.
 */
@FunctionalInterface
public interface ArrowScanFactory {
    /**
     * Starts the stream; the query closes the reader, once, also where it stops early.
     *
     * @param request what is wanted. The reader has the columns of {@link ScanRequest#schema}, in their order; one that has all
     *            columns of {@link ScanRequest#declared} is taken too, and so are more rows than the limit
     * @param allocator the query's memory, for readers that allocate; closed after the reader
     * @throws Exception where the producer fails: the query then fails with its message
     */
    ArrowReader openReader(ScanRequest request, BufferAllocator allocator) throws Exception;

    /**
     * What the stream will do with a predicate: the same each time. Asked while a query is planned, when nothing is to be opened;
     * only predicates that are not IGNORED come with a request.
     */
    default FilterAnswer answer(SimplePredicate predicate) {
        return FilterAnswer.IGNORED;
    }
}
