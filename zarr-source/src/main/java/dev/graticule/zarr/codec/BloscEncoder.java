package dev.graticule.zarr.codec;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Factory;

/**
 * Writes the container of c-blosc 1 with LZ4 in blocks that are not split, their bytes shuffled before. Used by one thread at a time.
 *
 * <p>Format: README_CHUNK_FORMAT.rst of c-blosc 1.21. The library of Blosc exists for a few platforms only, that of LZ4 for all.
 */
public final class BloscEncoder {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final int HEADER = 16;
    private static final int SHUFFLED = 1;
    private static final int STORED = 2;
    private static final int NOT_SPLIT = 16;
    private static final int LZ4 = 1 << 5;
    private static final int BLOCK = 1 << 17;
    private static final int FIRST_HIGH_LEVEL = 6;

    private final int level;
    private final LZ4Compressor lz4;

    /** @param level 0 stores, 1 to 5 are LZ4, 6 to 9 LZ4 HC of that level */
    BloscEncoder(int level) {
        this.level = level;
        LZ4Factory factory = LZ4Factory.fastestInstance();
        this.lz4 = level < FIRST_HIGH_LEVEL ? factory.fastCompressor() : factory.highCompressor(level);
    }

    /** The compressor's name in the metadata of arrays. */
    public static String inner(int level) {
        return level < FIRST_HIGH_LEVEL ? "lz4" : "lz4hc";
    }

    private static int blockBytes(long bytes, int elementBytes) {
        return (int) Long.min(bytes, BLOCK / elementBytes * elementBytes);
    }

    /** How long the encoded bytes may be, and what is needed beside them. */
    long mostBytes(long bytes, int elementBytes) {
        int block = Integer.max(1, blockBytes(bytes, elementBytes));
        long blocks = (bytes + block - 1) / block;
        return HEADER + blocks * (8L + lz4.maxCompressedLength(block)) + bytes % block + block;
    }

    /**
     * The container of some bytes.
     *
     * @param target of {@link #mostBytes}, off heap
     * @return the beginning of {@code target} that holds it
     */
    MemorySegment encode(MemorySegment source, int elementBytes, MemorySegment target) {
        int bytes = (int) source.byteSize();
        int block = blockBytes(bytes, elementBytes);
        int blocks = bytes == 0 ? 0 : (bytes + block - 1) / block;
        boolean shuffled = elementBytes > 1;
        target.set(ValueLayout.JAVA_BYTE, 0, (byte) 2);
        target.set(ValueLayout.JAVA_BYTE, 1, (byte) 1);
        target.set(ValueLayout.JAVA_BYTE, 2, (byte) (LZ4 | NOT_SPLIT | (shuffled ? SHUFFLED : 0)));
        target.set(ValueLayout.JAVA_BYTE, 3, (byte) elementBytes);
        target.set(INT, 4, bytes);
        target.set(INT, 8, block);
        int at = HEADER + 4 * blocks;
        MemorySegment space = target.asSlice(target.byteSize() - block, block);
        ByteBuffer output = target.asByteBuffer();
        for (int number = 0; number < blocks && level > 0; number++) {
            int start = number * block;
            int length = Integer.min(block, bytes - start);
            MemorySegment part = source.asSlice(start, length);
            if (shuffled) {
                shuffle(elementBytes, part, space);
                part = space.asSlice(0, length);
            }
            target.set(INT, HEADER + 4L * number, at);
            int stored = lz4.compress(part.asByteBuffer(), 0, length, output, at + 4, lz4.maxCompressedLength(length));
            if (stored >= length) {
                // A stream as long as its block is one that is not compressed.
                MemorySegment.copy(part, 0, target, at + 4L, length);
                stored = length;
            }
            target.set(INT, at, stored);
            at += 4 + stored;
        }
        if (level == 0 || at > HEADER + bytes) {
            target.set(ValueLayout.JAVA_BYTE, 2, (byte) (target.get(ValueLayout.JAVA_BYTE, 2) | STORED));
            MemorySegment.copy(source, 0, target, HEADER, bytes);
            at = HEADER + bytes;
        }
        target.set(INT, 12, at);
        return target.asSlice(0, at);
    }

    /** The first bytes of all elements, then the second ones, and so on; what is left of an element stays at the end. */
    private static void shuffle(int width, MemorySegment from, MemorySegment to) {
        long length = from.byteSize();
        long count = length / width;
        for (int each = 0; each < width; each++) {
            long out = each * count;
            for (long i = 0; i < count; i++) {
                to.set(ValueLayout.JAVA_BYTE, out + i, from.get(ValueLayout.JAVA_BYTE, i * width + each));
            }
        }
        MemorySegment.copy(from, count * width, to, count * width, length - count * width);
    }
}
