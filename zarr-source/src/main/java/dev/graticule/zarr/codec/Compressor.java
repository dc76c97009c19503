package dev.graticule.zarr.codec;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import dev.graticule.batch.Memory;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;

/**
 * Compresses chunks of less than 2 GiB, one after the other. Used by one thread at a time.
 *
 * <p>gzip is RFC 1952 with one member; zstd is one frame that says its decoded size.
 */
public final class Compressor implements AutoCloseable {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final int GZIP_HEADER = 10;
    private static final byte[] GZIP_START = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 0xff};

    private final Compression compression;
    private final BufferAllocator allocator;
    private ZstdCompressCtx zstd;
    private Deflater deflater;
    private BloscEncoder blosc;
    private ArrowBuf space;

    /** @param level one that {@code compression} has */
    public Compressor(Compression compression, int level, BufferAllocator allocator) {
        this.compression = compression;
        this.allocator = allocator;
        switch (compression) {
            case NONE -> {
                // Nothing to prepare.
            }
            case ZSTD -> zstd = new ZstdCompressCtx().setLevel(level);
            case GZIP -> deflater = new Deflater(level, true);
            case BLOSC -> blosc = new BloscEncoder(level);
        }
    }

    /**
     * The compressed bytes, valid until the next call; of {@link Compression#NONE} the chunk itself.
     *
     * @param chunk off heap
     * @param elementBytes the bytes of an element, which some compressions take apart
     */
    public MemorySegment compress(MemorySegment chunk, int elementBytes) {
        return switch (compression) {
            case NONE -> chunk;
            case ZSTD -> {
                MemorySegment target = space(Zstd.compressBound(chunk.byteSize()));
                int count = zstd.compressDirectByteBuffer(target.asByteBuffer(), 0, (int) target.byteSize(),
                        chunk.asByteBuffer(), 0, (int) chunk.byteSize());
                yield target.asSlice(0, count);
            }
            case GZIP -> gzip(chunk);
            case BLOSC -> blosc.encode(chunk, elementBytes, space(blosc.mostBytes(chunk.byteSize(), elementBytes)));
        };
    }

    private MemorySegment gzip(MemorySegment chunk) {
        // What deflate makes of incompressible data: stored blocks of at least 16 KiB, five bytes more each.
        MemorySegment target = space(chunk.byteSize() + chunk.byteSize() / 1000 + 64);
        MemorySegment.copy(GZIP_START, 0, target, ValueLayout.JAVA_BYTE, 0, GZIP_HEADER);
        deflater.reset();
        deflater.setInput(chunk.asByteBuffer());
        deflater.finish();
        var output = target.asByteBuffer().position(GZIP_HEADER);
        while (!deflater.finished()) {
            if (deflater.deflate(output) == 0) {
                throw new IllegalStateException("deflate needs more than its bound for " + chunk.byteSize() + " bytes");
            }
        }
        CRC32 checksum = new CRC32();
        checksum.update(chunk.asByteBuffer());
        target.set(INT, output.position(), (int) checksum.getValue());
        target.set(INT, output.position() + 4L, (int) chunk.byteSize());
        return target.asSlice(0, output.position() + 8L);
    }

    private MemorySegment space(long bytes) {
        if (space == null || space.capacity() < bytes) {
            if (space != null) {
                space.close();
                space = null;
            }
            space = allocator.buffer(bytes);
        }
        return Memory.segment(space.memoryAddress(), bytes);
    }

    @Override
    public void close() {
        if (space != null) {
            space.close();
        }
        if (zstd != null) {
            zstd.close();
        }
        if (deflater != null) {
            deflater.end();
        }
    }
}
