package dev.graticule.batch;

import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.ForeignAllocation;
import org.apache.arrow.memory.OutOfMemoryException;

/** Counts arrays on the JVM's heap as memory of an allocator, so that they are part of its limit. Used by one thread. */
public final class HeapReservation implements AutoCloseable {
    private final BufferAllocator allocator;
    private ArrowBuf counted;
    private long bytes;

    /** Counts nothing yet. */
    public HeapReservation(BufferAllocator allocator) {
        this.allocator = allocator;
    }

    /**
     * Counts at least that many bytes from now on; less than was counted before changes nothing.
     *
     * @throws dev.graticule.GraticuleException of kind RESOURCE where the allocator's limit is reached
     */
    public void ensure(long more) {
        if (more <= bytes) {
            return;
        }
        ArrowBuf grown;
        try {
            grown = allocator.wrapForeignAllocation(new ForeignAllocation(more, 0) {
                @Override
                protected void release0() {
                    // The garbage collector frees the arrays.
                }
            });
        } catch (OutOfMemoryException exhausted) {
            throw Scratch.outOfMemory(more, allocator, exhausted);
        }
        close();
        counted = grown;
        bytes = more;
    }

    /** Counts nothing; may count again. */
    @Override
    public void close() {
        if (counted != null) {
            counted.close();
            counted = null;
            bytes = 0;
        }
    }
}
