package dev.graticule.batch;

import org.apache.arrow.memory.AllocationListener;
import org.apache.arrow.memory.BufferAllocator;

/**
 * An allocator whose buffers may outlive whoever opened it: after {@link #close} it lives on until the last of them is released.
 *
 * <p>Thread-safe.
 */
public final class LastingMemory implements AutoCloseable {
    private final BufferAllocator allocator;
    private boolean left;
    private boolean closed;

    private LastingMemory(BufferAllocator parent, String name) {
        this.allocator = parent.newChildAllocator(name, new AllocationListener() {
            @Override
            public void onRelease(long size) {
                closeWhereEmpty(false);
            }
        }, 0, Long.MAX_VALUE);
    }

    /** Memory without a limit of its own below an allocator that lives as long; the caller closes it. */
    public static LastingMemory open(BufferAllocator parent, String name) {
        return new LastingMemory(parent, name);
    }

    /** Where its buffers come from, or are handed over to. */
    public BufferAllocator allocator() {
        return allocator;
    }

    /** Closes the allocator now if it is empty, and with the release of its last buffer otherwise. */
    @Override
    public void close() {
        closeWhereEmpty(true);
    }

    /** Whether it was closed, and is empty. */
    public synchronized boolean isClosed() {
        return closed;
    }

    private synchronized void closeWhereEmpty(boolean leave) {
        left |= leave;
        if (left && !closed && allocator.getAllocatedMemory() == 0) {
            closed = true;
            allocator.close();
        }
    }
}
