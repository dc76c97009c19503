package dev.graticule.zarr.codec;

import dev.graticule.batch.Memory;
import dev.graticule.batch.Buffers;
import java.lang.foreign.MemorySegment;
import org.apache.arrow.memory.ArrowBuf;

/** A piece of lent memory that grows to the largest size asked for. */
final class Scratch {
    private Buffers buffers;
    private ArrowBuf buffer;

    void lend(Buffers lender) {
        release();
        buffers = lender;
    }

    /** Memory of exactly that size with undefined content; what was given before is no longer valid. */
    MemorySegment space(long bytes) {
        if (buffer == null || buffer.capacity() < bytes) {
            release();
            buffer = buffers.take(Math.max(bytes, 64));
        }
        return Memory.segment(buffer).asSlice(0, bytes);
    }

    void release() {
        if (buffer != null) {
            ArrowBuf given = buffer;
            buffer = null;
            buffers.giveBack(given);
        }
    }
}
