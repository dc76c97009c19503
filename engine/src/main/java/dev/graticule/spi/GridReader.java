package dev.graticule.spi;

import dev.graticule.batch.Buffers;

/** Reads boxes of the variables of one table. Used by one thread at a time. */
public interface GridReader extends AutoCloseable {
    /**
     * Reads a box of a variable that lies within one of its chunks; the caller closes the block.
     *
     * @param origin the first index along each of the variable's own dimensions
     * @param shape how many indices along each; the box never leaves the array nor the chunk
     * @param buffers where the memory for decoded values comes from
     * @throws dev.graticule.GraticuleException of kind SOURCE or UNSUPPORTED, naming the array and the chunk's key, where the
     *             chunk is damaged or cannot be read; never partial data
     */
    Block openBlock(GridVariable variable, int[] origin, int[] shape, Buffers buffers);

    /** How many bytes were read from storage so far. */
    long bytesRead();

    /** How many chunks were read or found missing so far. */
    long chunksRead();

    @Override
    void close();
}
