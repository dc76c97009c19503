package dev.graticule.zarr.copy;

import dev.graticule.batch.Memory;
import dev.graticule.zarr.codec.Compressor;
import java.lang.foreign.MemorySegment;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;

/**
 * Makes the bytes of chunks: of elements as they are, of texts in the form of the codec {@code vlen-utf8} (their number, then for each its
 * length and its bytes, as 32-bit little-endian numbers); then compressed. Used by one thread at a time.
 */
final class ChunkEncoder implements AutoCloseable {
    private final Compressor compressor;
    private final BufferAllocator allocator;
    private ArrowBuf space;

    ChunkEncoder(CopyOptions options, BufferAllocator allocator) {
        this.allocator = allocator;
        this.compressor = new Compressor(options.compression(), options.level(), allocator);
    }

    /**
     * The bytes to be stored, valid until the next call.
     *
     * @param elements off heap; of texts what {@link Texts#add} gave for each
     * @param texts what they refer to; {@code null} of others
     */
    MemorySegment encode(MemorySegment elements, int elementBytes, Texts texts) {
        return texts == null ? compressor.compress(elements, elementBytes)
                : compressor.compress(written(elements, texts.bytes()), 1);
    }

    private MemorySegment written(MemorySegment cells, MemorySegment texts) {
        long count = cells.byteSize() / 8;
        long bytes = 4 + 4 * count;
        for (long i = 0; i < count; i++) {
            bytes += cells.get(CellEncoding.LONG, i * 8) >>> 32;
        }
        if (space == null || space.capacity() < bytes) {
            if (space != null) {
                space.close();
                space = null;
            }
            space = allocator.buffer(bytes);
        }
        MemorySegment target = Memory.segment(space.memoryAddress(), bytes);
        target.set(CellEncoding.INT, 0, (int) count);
        long at = 4;
        for (long i = 0; i < count; i++) {
            long cell = cells.get(CellEncoding.LONG, i * 8);
            int length = (int) (cell >>> 32);
            target.set(CellEncoding.INT, at, length);
            MemorySegment.copy(texts, cell & 0xffffffffL, target, at + 4, length);
            at += 4L + length;
        }
        return target;
    }

    @Override
    public void close() {
        compressor.close();
        if (space != null) {
            space.close();
        }
    }
}
