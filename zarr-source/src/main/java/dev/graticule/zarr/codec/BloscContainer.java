package dev.graticule.zarr.codec;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;

/**
 * The container of c-blosc 1: a header of 16 bytes, the positions of the blocks, and the blocks, each compressed as a whole
 * or split into one stream for each byte of an element, with its bytes or bits shuffled before.
 *
 * <p>Format: README_CHUNK_FORMAT.rst of c-blosc 1.21.
 */
final class BloscContainer {
    private static final int HEADER = 16;
    private static final int SHUFFLED = 1;
    private static final int STORED = 2;
    private static final int BIT_SHUFFLED = 4;
    private static final int NOT_SPLIT = 16;
    private static final int MOST_SPLITS = 16;
    private static final int SMALLEST_SPLIT = 128;

    private final MemorySegment source;
    private final int flags;
    private final int typeSize;
    private final int decodedBytes;
    private final int blockBytes;

    /** Reads and checks the header. */
    BloscContainer(MemorySegment stored) throws CorruptDataException {
        if (stored.byteSize() < HEADER) {
            throw new CorruptDataException("blosc: " + stored.byteSize() + " bytes, expected at least " + HEADER);
        }
        int version = stored.get(ValueLayout.JAVA_BYTE, 0) & 0xff;
        flags = stored.get(ValueLayout.JAVA_BYTE, 2) & 0xff;
        typeSize = stored.get(ValueLayout.JAVA_BYTE, 3) & 0xff;
        decodedBytes = stored.get(Workspace.INT, 4);
        blockBytes = stored.get(Workspace.INT, 8);
        int storedBytes = stored.get(Workspace.INT, 12);
        if (version < 1 || version > 2) {
            throw new CorruptDataException("blosc: format version " + version + ", expected 2");
        }
        if (storedBytes > stored.byteSize() || storedBytes < HEADER) {
            throw new CorruptDataException("blosc: " + stored.byteSize() + " bytes, the header says " + storedBytes);
        }
        if (decodedBytes < 0 || typeSize == 0
                || decodedBytes > 0 && (blockBytes <= 0 || blockBytes > decodedBytes && (flags & STORED) == 0)) {
            throw new CorruptDataException("blosc: the header is damaged (" + decodedBytes + " bytes in blocks of "
                    + blockBytes + ", elements of "
                    + typeSize + ")");
        }
        source = stored.asSlice(0, storedBytes);
    }

    /** Decodes all blocks into the beginning of {@code target}; returns how many bytes they are. */
    long decode(MemorySegment target, Workspace workspace) throws CorruptDataException {
        if (decodedBytes > target.byteSize()) {
            throw new CorruptDataException(
                    "blosc: the header says " + decodedBytes + " bytes, expected " + target.byteSize());
        }
        if ((flags & STORED) != 0) {
            if (source.byteSize() - HEADER < decodedBytes) {
                throw new CorruptDataException(
                        "blosc: " + source.byteSize() + " bytes, expected " + (HEADER + decodedBytes));
            }
            MemorySegment.copy(source, HEADER, target, 0, decodedBytes);
            return decodedBytes;
        }
        int blocks = decodedBytes == 0 ? 0 : (int) (((long) decodedBytes + blockBytes - 1) / blockBytes);
        if (HEADER + 4L * blocks > source.byteSize()) {
            throw new CorruptDataException(
                    "blosc: " + source.byteSize() + " bytes end in the positions of " + blocks + " blocks");
        }
        boolean bits = (flags & BIT_SHUFFLED) != 0;
        boolean bytes = !bits && (flags & SHUFFLED) != 0 && typeSize > 1;
        ByteBuffer sourceBuffer = source.asByteBuffer();
        for (int block = 0; block < blocks; block++) {
            long start = (long) block * blockBytes;
            int length = (int) Math.min(blockBytes, decodedBytes - start);
            MemorySegment place = target.asSlice(start, length);
            boolean shuffled = bytes || bits && length >= typeSize;
            MemorySegment raw = shuffled ? workspace.blockSpace(length) : place;
            decodeBlock(source.get(Workspace.INT, HEADER + 4L * block), raw, sourceBuffer, length < blockBytes,
                    workspace);
            if (bytes) {
                Unshuffle.bytes(typeSize, raw, place, workspace.loops());
            } else if (shuffled) {
                Unshuffle.bits(typeSize, raw, place, workspace);
            }
        }
        return decodedBytes;
    }

    private void decodeBlock(int position, MemorySegment target, ByteBuffer sourceBuffer, boolean last,
            Workspace workspace) throws CorruptDataException {
        int length = (int) target.byteSize();
        boolean split = (flags & NOT_SPLIT) == 0 && typeSize <= MOST_SPLITS && length / typeSize >= SMALLEST_SPLIT
                && !last;
        int streams = split ? typeSize : 1;
        int streamBytes = length / streams;
        ByteBuffer targetBuffer = target.asByteBuffer();
        long at = position;
        for (int stream = 0; stream < streams; stream++) {
            if (at < HEADER || at + 4 > source.byteSize()) {
                throw new CorruptDataException("blosc: a block begins at byte " + at + " of " + source.byteSize());
            }
            int stored = source.get(Workspace.INT, at);
            at += 4;
            if (stored < 0 || at + stored > source.byteSize()) {
                throw new CorruptDataException(
                        "blosc: a block of " + stored + " bytes begins at byte " + at + " of " + source.byteSize());
            }
            int to = stream * streamBytes;
            if (stored == streamBytes) {
                MemorySegment.copy(source, at, target, to, stored);
            } else {
                long count = inner(source.asSlice(at, stored), target.asSlice(to, streamBytes), sourceBuffer, (int) at,
                        targetBuffer, to, workspace);
                if (count != streamBytes) {
                    throw new CorruptDataException(
                            "blosc: a block decoded to " + count + " bytes, expected " + streamBytes);
                }
            }
            at += stored;
        }
        if ((long) streams * streamBytes != length) {
            throw new CorruptDataException("blosc: blocks of " + length + " bytes are no multiple of " + typeSize);
        }
    }

    private long inner(MemorySegment stream, MemorySegment target, ByteBuffer sourceBuffer, int from,
            ByteBuffer targetBuffer, int to,
            Workspace workspace) throws CorruptDataException {
        int codec = flags >>> 5;
        return switch (codec) {
            case 0 -> BloscLz.decode(stream, target);
            case 1 ->
                workspace.lz4(sourceBuffer, from, (int) stream.byteSize(), targetBuffer, to, (int) target.byteSize());
            case 2 -> Snappy.decode(stream, target);
            case 3 -> workspace.zlib(stream, target);
            case 4 -> workspace.zstd(stream, target);
            default -> throw new CorruptDataException("blosc: inner codec number " + codec + ", expected 0 to 4");
        };
    }
}
