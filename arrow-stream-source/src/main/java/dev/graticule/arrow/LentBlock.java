package dev.graticule.arrow;

import org.apache.arrow.memory.ArrowBuf;

/**
 * The buffer that an IPC reader reads a message's body, or a file's block, into, until a batch owns it. Arrow's library forgets it where
 * reading fails, is interrupted, or what was read is not understood. Of one reader, and as little thread-safe.
 */
final class LentBlock {
    private ArrowBuf block;

    /** This buffer is read into next; the one before is released, unless a batch owns it. */
    void lend(ArrowBuf next) {
        release();
        block = next;
    }

    /** A batch owns the buffer now. */
    void owned() {
        block = null;
    }

    /** Releases the buffer, with what half of a batch had of it, unless a batch owns it. */
    void release() {
        if (block != null && block.refCnt() > 0) {
            block.getReferenceManager().release(block.refCnt());
        }
        block = null;
    }
}
