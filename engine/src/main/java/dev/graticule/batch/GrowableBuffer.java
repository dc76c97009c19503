package dev.graticule.batch;

import java.lang.foreign.MemorySegment;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;

/**
 * Off-heap memory that grows, counted by an allocator: the states of groups, hash tables, bytes of kept strings.
 *
 * <p>New bytes are zero. Growing may move it, so a segment is good until the next {@link #ensure}. Used by one thread.
 */
public final class GrowableBuffer implements AutoCloseable {
    private static final long SMALLEST = 1024;

    private final BufferAllocator allocator;
    private ArrowBuf buffer;
    private MemorySegment segment = MemorySegment.NULL;

    /** Empty memory of that allocator. */
    public GrowableBuffer(BufferAllocator allocator) {
        this.allocator = allocator;
    }

    /**
     * The memory, which has at least that many bytes.
     *
     * @throws dev.graticule.GraticuleException of kind RESOURCE where the allocator's limit is reached; what was there stays
     */
    public MemorySegment ensure(long bytes) {
        if (bytes > segment.byteSize()) {
            // What is asked for first may be all that is ever needed: the states of groups that are known.
            long capacity = Long.max(SMALLEST, buffer == null ? bytes : Long.highestOneBit(bytes - 1) << 1);
            ArrowBuf grown;
            try {
                grown = allocator.buffer(capacity);
            } catch (OutOfMemoryException exhausted) {
                throw Scratch.outOfMemory(capacity, allocator, exhausted);
            }
            MemorySegment target = Memory.segment(grown);
            target.copyFrom(segment);
            target.asSlice(segment.byteSize()).fill((byte) 0);
            if (buffer != null) {
                buffer.close();
            }
            buffer = grown;
            segment = target;
        }
        return segment;
    }

    /** The memory as it is. */
    public MemorySegment segment() {
        return segment;
    }

    /** Frees the memory; it is empty afterwards and may grow again. */
    @Override
    public void close() {
        if (buffer != null) {
            buffer.close();
            buffer = null;
            segment = MemorySegment.NULL;
        }
    }
}
