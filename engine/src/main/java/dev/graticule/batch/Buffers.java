package dev.graticule.batch;

import org.apache.arrow.memory.ArrowBuf;

/** Memory for what a source decodes: buffers that are reused, within the query's budget. */
public interface Buffers {
    /**
     * A buffer of at least that many bytes, its content undefined; whoever takes it gives it back once.
     *
     * @throws dev.graticule.GraticuleException of kind RESOURCE where the query's memory is exhausted
     */
    ArrowBuf take(long bytes);

    /** Gives a buffer back for reuse. */
    void giveBack(ArrowBuf buffer);
}
