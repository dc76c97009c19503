package dev.graticule.python;

import dev.graticule.spi.SimplePredicate;
import java.util.List;

/** Something of Python's that gives Arrow streams; implemented in Python. Called from any thread of the engine. */
public interface StreamProducer {
    /**
     * Fills in the {@code ArrowArrayStream} at an address; the engine releases it, once.
     *
     * @param columns the numbers of the columns that are wanted, in their order; may be none. All columns are taken too
     * @param predicates those of the predicates that {@link #understands} said yes to; rows that none of them rejects must come
     * @param limit how many rows will be taken at most, after the predicates, or {@link Long#MAX_VALUE}
     */
    void exportStream(long address, int[] columns, List<SimplePredicate> predicates, long limit);

    /** Whether the stream leaves out rows that a predicate rejects; asked while a query is planned. */
    boolean understands(SimplePredicate predicate);
}
