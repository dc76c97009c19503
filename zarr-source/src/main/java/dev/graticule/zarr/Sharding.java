package dev.graticule.zarr;

import dev.graticule.zarr.codec.CorruptDataException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * How chunks lie together in one value of the store: one after the other in any order, with an index of two 64-bit numbers (where,
 * how many bytes; all ones for a chunk that is not there) for each chunk in C order at one end. Source: the codec
 * {@code sharding_indexed} of Zarr version 3.
 *
 * @param chunks how many chunks a shard has along each axis; none where chunks are values of their own
 * @param indexFirst whether the index stands at the beginning
 * @param checked whether a CRC-32C follows the index
 */
record Sharding(int[] chunks, boolean indexFirst, boolean checked) {
    static final Sharding NONE = new Sharding(new int[0], false, false);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    boolean isNone() {
        return chunks.length == 0;
    }

    /** The shard that a chunk lies in. */
    long[] shard(long[] chunk) {
        long[] shard = new long[chunk.length];
        for (int axis = 0; axis < chunk.length; axis++) {
            shard[axis] = chunk[axis] / chunks[axis];
        }
        return shard;
    }

    /** How many bytes an index has. */
    long indexBytes() {
        long count = 1;
        for (int length : chunks) {
            count *= length;
        }
        return 16 * count + (checked ? 4 : 0);
    }

    /** Reads a shard's index: places and lengths in turn. */
    long[] readIndex(Store.Reading shard) throws IOException, CorruptDataException {
        long bytes = indexBytes();
        if (shard.size() < bytes) {
            throw new CorruptDataException(
                    "the shard has " + shard.size() + " bytes, its index alone would have " + bytes);
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment index = arena.allocate(bytes);
            shard.read(indexFirst ? 0 : shard.size() - bytes, index);
            long numbers = bytes / 16 * 16;
            if (checked) {
                CRC32C checksum = new CRC32C();
                checksum.update(index.asSlice(0, numbers).asByteBuffer());
                if ((int) checksum.getValue() != index.get(INT, numbers)) {
                    throw new CorruptDataException("the shard's index has the checksum %08x, expected %08x"
                            .formatted((int) checksum.getValue(), index.get(INT, numbers)));
                }
            }
            return index.asSlice(0, numbers).toArray(LONG);
        }
    }

    /**
     * The part of a shard that is a chunk, valid as long as the shard is open; {@code null} where the chunk is not there.
     *
     * @param index as {@link #readIndex} gives it
     */
    Store.Reading part(Store.Reading shard, long[] index, long[] chunk) throws IOException, CorruptDataException {
        int number = 0;
        for (int axis = 0; axis < chunk.length; axis++) {
            number = number * chunks[axis] + (int) (chunk[axis] % chunks[axis]);
        }
        long from = index[2 * number];
        long bytes = index[2 * number + 1];
        if (from == -1 && bytes == -1) {
            return null;
        }
        if (from < 0 || bytes < 0 || from > shard.size() - bytes) {
            throw new CorruptDataException("the shard's index places a chunk of " + Long.toUnsignedString(bytes)
                    + " bytes at " + Long.toUnsignedString(from) + ", the shard has " + shard.size());
        }
        return new Part(shard, from, bytes);
    }

    private record Part(Store.Reading shard, long from, long size) implements Store.Reading {
        @Override
        public void read(long position, MemorySegment target) throws IOException {
            if (position + target.byteSize() > size) {
                throw new java.io.EOFException("the chunk ends at byte " + size + " of its part of the shard");
            }
            shard.read(from + position, target);
        }

        @Override
        public void close() {
            // The shard is its opener's.
        }
    }
}
