package dev.graticule.spi;

import dev.graticule.batch.Column;
import java.util.List;

/** A batch that was taken out of its {@link RowReader}. Used by one thread at a time; closed before the reader is. */
public interface RowBatch extends AutoCloseable {
    /** How many rows it has. */
    int rows();

    /** The wanted columns, over the one axis of the batch's rows; lent until {@link #close}. */
    List<Column> columns();

    /** Gives the batch's memory back; on any thread. */
    @Override
    void close();
}
