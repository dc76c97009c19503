package dev.graticule.spi;

import dev.graticule.batch.Column;
import java.util.List;

/** The batches of one split, in order. Used by one thread at a time. */
public interface RowReader extends AutoCloseable {
    /**
     * Goes on to the next batch; false at the end. What the batch before lent is invalid from here on.
     *
     * @throws dev.graticule.GraticuleException of kind SOURCE with the producer's message where it failed
     */
    boolean next();

    /** How many rows the batch has. */
    int rows();

    /** The wanted columns, over the one axis of the batch's rows; lent until the next call of {@link #next} or {@link #close}. */
    List<Column> columns();

    /** Releases the producer, once, also in the middle. */
    @Override
    void close();
}
