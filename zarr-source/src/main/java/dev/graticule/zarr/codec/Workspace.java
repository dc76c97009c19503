package dev.graticule.zarr.codec;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import dev.graticule.batch.Buffers;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Locale;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import net.jpountz.lz4.LZ4Exception;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4SafeDecompressor;

/**
 * What a thread reuses from chunk to chunk: decompression contexts, and scratch memory lent for the length of a chunk.
 * Not thread-safe; the creator closes it.
 */
public final class Workspace implements AutoCloseable {
    static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private static final long MOST_BYTES = Integer.MAX_VALUE - 4096;

    private final Scratch file;
    private final Scratch[] stages;
    private final Scratch block;
    private final Scratch planes;
    private ZstdDecompressCtx zstd;
    private Inflater zlib;
    private Inflater deflate;
    private LZ4SafeDecompressor lz4;
    private Loops loops = Loops.WHAT_IS_FASTER;

    public Workspace() {
        file = new Scratch();
        stages = new Scratch[]{new Scratch(), new Scratch()};
        block = new Scratch();
        planes = new Scratch();
    }

    /** Says where scratch memory comes from until {@link #release}. */
    public void lend(Buffers buffers) {
        for (Scratch scratch : new Scratch[]{file, stages[0], stages[1], block, planes}) {
            scratch.lend(buffers);
        }
    }

    /** Gives all scratch memory back. */
    public void release() {
        for (Scratch scratch : new Scratch[]{file, stages[0], stages[1], block, planes}) {
            scratch.release();
        }
    }

    /** Says which twin of a loop runs; for tests. */
    void use(Loops wanted) {
        loops = wanted;
    }

    Loops loops() {
        return loops;
    }

    /** Memory for the bytes of a file; valid until the next call. */
    public MemorySegment fileSpace(long bytes) {
        return file.space(bytes);
    }

    /** One of two memories (0 and 1) for what lies between two codecs; valid until the next call with that number. */
    public MemorySegment stageSpace(int stage, long bytes) {
        return stages[stage].space(bytes);
    }

    MemorySegment blockSpace(long bytes) {
        return block.space(bytes);
    }

    MemorySegment planeSpace(long bytes) {
        return planes.space(bytes);
    }

    /**
     * Undoes one codec.
     *
     * @return the decoded bytes: the first part of {@code space}, or a part of {@code source} where decoding only strips
     * @throws CorruptDataException where the source is damaged or decodes to more than {@code space} holds
     */
    public MemorySegment decode(ByteCodec codec, MemorySegment source, MemorySegment space)
            throws CorruptDataException {
        return switch (codec) {
            case BLOSC -> space.asSlice(0, new BloscContainer(source).decode(space, this));
            case ZSTD -> space.asSlice(0, zstd(source, space));
            case GZIP -> space.asSlice(0, gzip(source, space));
            case ZLIB -> space.asSlice(0, zlib(source, space));
            case LZ4 -> space.asSlice(0, lengthAndLz4(source, space));
            case CRC32C -> checked(source);
        };
    }

    /**
     * Undoes one codec where nobody knows how long the result is.
     *
     * @param stage which of the two memories of {@link #stageSpace} takes it, which the source does not lie in
     * @throws CorruptDataException where the source is damaged, or decodes to 2 GiB or more
     */
    public MemorySegment decodeAnyLength(ByteCodec codec, MemorySegment source, int stage)
            throws CorruptDataException {
        long known = switch (codec) {
            case BLOSC -> source.byteSize() < 16 ? 0 : source.get(INT, 4) & 0xffffffffL;
            case ZSTD -> Zstd.getDirectByteBufferFrameContentSize(source.asByteBuffer(), 0, (int) source.byteSize());
            case LZ4 -> source.byteSize() < 4 ? 0 : source.get(INT, 0) & 0xffffffffL;
            case GZIP, ZLIB -> -1;
            case CRC32C -> 0;
        };
        if (known > MOST_BYTES) {
            throw new CorruptDataException(codec.name().toLowerCase(Locale.ROOT) + ": the length says " + known
                    + " bytes, more than a chunk may have");
        }
        if (known > 0 || codec == ByteCodec.CRC32C) {
            return decode(codec, source, stageSpace(stage, known));
        }
        long size = Math.max(1 << 16, 4 * source.byteSize());
        // Deflate makes at most about a thousand bytes of one.
        long most = codec == ByteCodec.ZSTD ? MOST_BYTES : Math.min(MOST_BYTES, 1100 * source.byteSize() + (1 << 16));
        while (size < most) {
            try {
                return decode(codec, source, stageSpace(stage, size));
            } catch (CorruptDataException tooSmall) {
                // Or damaged: then the largest memory does not help either.
                size *= 8;
            }
        }
        return decode(codec, source, stageSpace(stage, most));
    }

    private static MemorySegment checked(MemorySegment source) throws CorruptDataException {
        long length = source.byteSize() - 4;
        if (length < 0) {
            throw new CorruptDataException("crc32c: " + source.byteSize() + " bytes, expected at least 4");
        }
        CRC32C crc = new CRC32C();
        crc.update(source.asSlice(0, length).asByteBuffer());
        int stored = source.get(INT, length);
        if ((int) crc.getValue() != stored) {
            throw new CorruptDataException(
                    "crc32c: the checksum is %08x, expected %08x".formatted((int) crc.getValue(), stored));
        }
        return source.asSlice(0, length);
    }

    long zstd(MemorySegment source, MemorySegment space) throws CorruptDataException {
        if (source.byteSize() == 0) {
            throw new CorruptDataException("zstd: no bytes");
        }
        if (zstd == null) {
            zstd = new ZstdDecompressCtx();
        }
        try {
            return zstd.decompressDirectByteBuffer(space.asByteBuffer(), 0, (int) space.byteSize(),
                    source.asByteBuffer(), 0,
                    (int) source.byteSize());
        } catch (ZstdException failure) {
            throw new CorruptDataException("zstd: " + failure.getMessage() + " (" + source.byteSize()
                    + " bytes stored, up to " + space.byteSize()
                    + " expected)", failure);
        }
    }

    long zlib(MemorySegment source, MemorySegment space) throws CorruptDataException {
        if (zlib == null) {
            zlib = new Inflater();
        }
        zlib.reset();
        zlib.setInput(source.asByteBuffer());
        return inflate("zlib", zlib, source.byteSize(), space.asByteBuffer());
    }

    private long gzip(MemorySegment source, MemorySegment space) throws CorruptDataException {
        if (deflate == null) {
            deflate = new Inflater(true);
        }
        long produced = 0;
        long at = 0;
        do {
            at = GzipHeader.end(source, at);
            deflate.reset();
            deflate.setInput(source.asSlice(at).asByteBuffer());
            MemorySegment rest = space.asSlice(produced);
            long count = inflate("gzip", deflate, source.byteSize(), rest.asByteBuffer());
            at += deflate.getBytesRead();
            if (source.byteSize() - at < 8) {
                throw new CorruptDataException("gzip: the file ends in the trailer, at byte " + source.byteSize());
            }
            CRC32 crc = new CRC32();
            crc.update(rest.asSlice(0, count).asByteBuffer());
            int stored = source.get(INT, at);
            if ((int) crc.getValue() != stored) {
                throw new CorruptDataException(
                        "gzip: the checksum is %08x, expected %08x".formatted((int) crc.getValue(), stored));
            }
            if (source.get(INT, at + 4) != (int) count) {
                throw new CorruptDataException("gzip: decoded to " + count + " bytes, the trailer says "
                        + Integer.toUnsignedString(source.get(INT, at + 4)));
            }
            at += 8;
            produced += count;
        } while (at < source.byteSize());
        return produced;
    }

    private static long inflate(String codec, Inflater inflater, long stored, ByteBuffer target)
            throws CorruptDataException {
        try {
            while (!inflater.finished()) {
                int count = target.hasRemaining() ? inflater.inflate(target) : 0;
                if (count == 0 && !inflater.finished()) {
                    if (target.hasRemaining()) {
                        throw new CorruptDataException(
                                codec + ": " + stored + " bytes end before the data does (after " + target.position()
                                        + " decoded bytes)");
                    }
                    if (inflater.inflate(new byte[1]) > 0) {
                        throw new CorruptDataException(
                                codec + ": decodes to more than the " + target.capacity() + " bytes expected");
                    }
                    if (!inflater.finished()) {
                        throw new CorruptDataException(codec + ": " + stored + " bytes end before the checksum");
                    }
                }
            }
        } catch (DataFormatException failure) {
            throw new CorruptDataException(
                    codec + ": " + (failure.getMessage() == null ? "invalid data" : failure.getMessage()), failure);
        }
        return target.position();
    }

    private long lengthAndLz4(MemorySegment source, MemorySegment space) throws CorruptDataException {
        if (source.byteSize() < 4) {
            throw new CorruptDataException("lz4: " + source.byteSize() + " bytes, expected at least 4");
        }
        long length = source.get(INT, 0);
        if (length < 0 || length > space.byteSize()) {
            throw new CorruptDataException(
                    "lz4: the length says " + length + " bytes, expected up to " + space.byteSize());
        }
        long count = length == 0 ? 0
                : lz4(source.asByteBuffer(), 4, (int) source.byteSize() - 4, space.asByteBuffer(), 0, (int) length);
        if (count != length) {
            throw new CorruptDataException("lz4: decoded to " + count + " bytes, the length says " + length);
        }
        return count;
    }

    int lz4(ByteBuffer source, int from, int length, ByteBuffer target, int to, int most) throws CorruptDataException {
        if (lz4 == null) {
            lz4 = LZ4Factory.fastestInstance().safeDecompressor();
        }
        try {
            return lz4.decompress(source, from, length, target, to, most);
        } catch (LZ4Exception failure) {
            throw new CorruptDataException("lz4: damaged block of " + length + " bytes, expected to decode to " + most,
                    failure);
        }
    }

    @Override
    public void close() {
        release();
        if (zstd != null) {
            zstd.close();
        }
        if (zlib != null) {
            zlib.end();
        }
        if (deflate != null) {
            deflate.end();
        }
    }
}
