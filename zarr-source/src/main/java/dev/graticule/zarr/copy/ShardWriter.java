package dev.graticule.zarr.copy;

import dev.graticule.batch.Memory;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.zip.CRC32C;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;

/**
 * Writes a tile as a shard: its chunks one after the other in C order, those without a row left out, then the index and its checksum.
 * Used once, by one thread. Source: the codec {@code sharding_indexed} of Zarr version 3.
 */
record ShardWriter(FileChannel file, ChunkEncoder encoder, CopyGrid grid, BufferAllocator allocator) {
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /**
     * Writes all of it.
     *
     * @param cells the tile's elements of a variable
     * @param width the bytes of an element
     */
    void write(Tile tile, int variable, MemorySegment cells, int width) throws IOException {
        int[] chunks = new int[grid.dimensions()];
        int count = 1;
        long chunkBytes = width;
        for (int d = 0; d < chunks.length; d++) {
            chunks[d] = grid.tileShape()[d] / grid.chunkShape()[d];
            count *= chunks[d];
            chunkBytes *= grid.chunkShape()[d];
        }
        try (ArrowBuf one = allocator.buffer(chunkBytes); ArrowBuf places = allocator.buffer(count * 16L + 4)) {
            MemorySegment chunk = Memory.segment(one.memoryAddress(), chunkBytes);
            MemorySegment index = Memory.segment(places.memoryAddress(), count * 16L + 4);
            index.fill((byte) -1);
            long at = 0;
            for (int number = 0; number < count; number++) {
                int first = firstCell(chunks, number);
                if (copy(tile, cells, width, 0, first, chunk, 0)) {
                    MemorySegment compressed = encoder.encode(chunk, width, tile.texts(variable));
                    TileWriter.writeAll(file, compressed);
                    index.set(LONG, number * 16L, at);
                    index.set(LONG, number * 16L + 8, compressed.byteSize());
                    at += compressed.byteSize();
                }
            }
            CRC32C checksum = new CRC32C();
            checksum.update(index.asSlice(0, count * 16L).asByteBuffer());
            index.set(INT, count * 16L, (int) checksum.getValue());
            TileWriter.writeAll(file, index);
        }
    }

    private int firstCell(int[] chunks, int number) {
        int cell = 0;
        int rest = number;
        for (int d = chunks.length - 1; d >= 0; d--) {
            cell += rest % chunks[d] * grid.chunkShape()[d] * grid.strides()[d];
            rest /= chunks[d];
        }
        return cell;
    }

    /** Copies the part of a chunk that begins at {@code from} in the tile; whether it has a cell with a row. */
    private boolean copy(Tile tile, MemorySegment cells, int width, int dimension, int from, MemorySegment chunk,
            int to) {
        int length = grid.chunkShape()[dimension];
        if (dimension == grid.dimensions() - 1) {
            MemorySegment.copy(cells, (long) from * width, chunk, (long) to * width, (long) length * width);
            return !tile.isEmpty(from, length);
        }
        int inner = 1;
        for (int d = dimension + 1; d < grid.dimensions(); d++) {
            inner *= grid.chunkShape()[d];
        }
        boolean filled = false;
        for (int i = 0; i < length; i++) {
            filled |= copy(tile, cells, width, dimension + 1, from + i * grid.strides()[dimension], chunk,
                    to + i * inner);
        }
        return filled;
    }
}
