package dev.graticule.benchmarks.grid;

import com.github.luben.zstd.ZstdDecompressCtx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/**
 * Reads and decodes the chunks of a variable, one at a time, into one native buffer of its own, 64-byte aligned, knowing the layout. Used
 * by one thread.
 */
final class ChunkReader {
    private final Layout layout;
    private final ChunkGrid chunks;
    private final Path array;
    private final MemorySegment cells;
    private final ByteBuffer cellBytes;
    private final BloscChunk blosc = new BloscChunk();
    private final ZstdDecompressCtx zstd = new ZstdDecompressCtx();
    private final ByteBuffer index = ByteBuffer.allocateDirect(Layout.SHARD_TIMES * 16)
            .order(ByteOrder.LITTLE_ENDIAN);
    private ByteBuffer stored = ByteBuffer.allocateDirect(0);

    ChunkReader(Path store, Layout layout, GridShape shape, String variable) {
        this.layout = layout;
        this.chunks = layout.chunks(variable, shape);
        this.array = store.resolve(variable);
        this.cells = Arena.ofAuto().allocate(chunks.cells() * 4L, 64);
        this.cellBytes = cells.asByteBuffer();
    }

    ChunkGrid chunks() {
        return chunks;
    }

    /** The REALs of a chunk in C order, with padding; valid until the next call. */
    MemorySegment read(int number) {
        return read(number, 0, chunks.cells());
    }

    /** The same, but only so many cells from a first one on need be there; the segment begins with the chunk's first cell. */
    MemorySegment read(int number, int from, int count) {
        try {
            switch (layout.codec()) {
                case NONE -> {
                    try (FileChannel file = FileChannel.open(array.resolve(chunks.key(number)))) {
                        cellBytes.limit((from + count) * 4).position(from * 4);
                        fill(file, from * 4L, cellBytes);
                    }
                }
                case ZSTD -> {
                    ByteBuffer bytes = stored(number);
                    zstd.decompressDirectByteBuffer(cellBytes.clear(), 0, cellBytes.capacity(), bytes, 0,
                            bytes.limit());
                }
                case BLOSC -> blosc.decode(stored(number), cells);
            }
            return cells;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private ByteBuffer stored(int number) throws IOException {
        if (layout != Layout.SHARDED) {
            try (FileChannel file = FileChannel.open(array.resolve(chunks.key(number)))) {
                return part(file, 0, (int) file.size());
            }
        }
        try (FileChannel file = FileChannel
                .open(array.resolve("c/" + number / Layout.SHARD_TIMES + "/0/0"))) {
            fill(file, file.size() - index.capacity() - Integer.BYTES, index.clear());
            int place = number % Layout.SHARD_TIMES * 16;
            return part(file, index.getLong(place), (int) index.getLong(place + 8));
        }
    }

    private ByteBuffer part(FileChannel file, long position, int size) throws IOException {
        if (stored.capacity() < size) {
            stored = ByteBuffer.allocateDirect(size + size / 4);
        }
        fill(file, position, stored.clear().limit(size));
        return stored.flip();
    }

    private void fill(FileChannel file, long position, ByteBuffer bytes) throws IOException {
        int first = bytes.position();
        while (bytes.hasRemaining()) {
            if (file.read(bytes, position + bytes.position() - first) < 0) {
                throw new IOException("A chunk of " + array + " is too short");
            }
        }
    }
}
