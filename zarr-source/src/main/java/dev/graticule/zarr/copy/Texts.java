package dev.graticule.zarr.copy;

import dev.graticule.GraticuleException;
import dev.graticule.batch.Memory;
import java.lang.foreign.MemorySegment;
import java.util.function.LongFunction;
import org.apache.arrow.memory.ArrowBuf;

/** The bytes of the texts of one tile, one behind the other. Used by one thread at a time. */
final class Texts implements AutoCloseable {
    private static final long FIRST_BYTES = 1 << 12;

    private final LongFunction<ArrowBuf> allocate;
    private ArrowBuf buffer;
    private long used;

    Texts(LongFunction<ArrowBuf> allocate) {
        this.allocate = allocate;
    }

    /** Adds bytes; gives what a cell says of them: their place in the low half, their count in the high one. */
    long add(MemorySegment source, long from, int count) {
        MemorySegment.copy(source, from, room(count), used, count);
        long cell = used | (long) count << 32;
        used += count;
        return cell;
    }

    /** Where {@code count} bytes behind the others may be written; they count when {@link #grow} says so. */
    MemorySegment room(long count) {
        if (used + count > Integer.MAX_VALUE - 64) {
            throw GraticuleException.unsupported(null,
                    "a chunk with 2 GiB of texts: choose shorter CHUNKS");
        }
        if (buffer == null || buffer.capacity() < used + count) {
            long capacity = buffer == null ? FIRST_BYTES : 2 * buffer.capacity();
            ArrowBuf larger = allocate.apply(Long.min(Integer.MAX_VALUE, Long.max(capacity, used + count)));
            if (buffer != null) {
                MemorySegment.copy(Memory.segment(buffer), 0, Memory.segment(larger), 0, used);
                buffer.close();
            }
            buffer = larger;
        }
        return Memory.segment(buffer.memoryAddress(), buffer.capacity());
    }

    /** Takes in {@code count} bytes that were written to the {@link #room}. */
    void grow(long count) {
        used += count;
    }

    /** All bytes, valid until more are added. */
    MemorySegment bytes() {
        return used == 0 ? MemorySegment.NULL : Memory.segment(buffer.memoryAddress(), used);
    }

    long size() {
        return used;
    }

    @Override
    public void close() {
        if (buffer != null) {
            buffer.close();
            buffer = null;
        }
        used = 0;
    }
}
