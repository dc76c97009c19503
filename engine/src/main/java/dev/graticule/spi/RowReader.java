package dev.graticule.spi;

import dev.graticule.batch.Column;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;

/** The batches of one split, in order. Used by one thread at a time, which may be another for every batch. */
public interface RowReader extends AutoCloseable {
    /** What it takes to use a batch beside the reader. */
    enum Handover {
        /** It is used where it is, before the reader goes on. */
        NONE,
        /** {@link #openBatch} copies it. */
        COPIED,
        /** {@link #openBatch} shares its memory, which the reader leaves alone from then on. */
        SHARED
    }

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

    /** What {@link #openBatch} would do with the current batch. */
    default Handover handover() {
        return Handover.NONE;
    }

    /**
     * Takes the current batch out of the reader, which may then go on while another thread uses the batch; the caller closes it.
     * Only where {@link #handover} says how.
     *
     * @param allocator memory for copies, and for what the batch's columns are converted to
     */
    default RowBatch openBatch(BufferAllocator allocator) {
        throw new UnsupportedOperationException("batches of this source are used where they are");
    }

    /** The bytes that were read from storage so far, compressed as they are there; 0 where that is not known or there is none. */
    default long bytesRead() {
        return 0;
    }

    /** Releases the producer, once, also in the middle. */
    @Override
    void close();
}
