package dev.graticule.data;

import com.scalableminds.bloscjava.Blosc;

/** How the chunks of a store are compressed. */
enum Compression {
    /** The bytes of the values as they are. */
    NONE,
    /** Blosc, LZ4 inside, bytes shuffled. */
    BLOSC_LZ4,
    /** Blosc, Zstandard inside, bits shuffled. */
    BLOSC_ZSTD;

    static final int LEVEL = 5;

    /** The bytes to store for a chunk's values, each {@code width} bytes wide. One thread: the output is the same each time. */
    byte[] compress(byte[] values, int width) {
        return switch (this) {
            case NONE -> values;
            case BLOSC_LZ4 ->
                Blosc.compress(values, width, Blosc.Compressor.LZ4, LEVEL, Blosc.Shuffle.BYTE_SHUFFLE, 0, 1);
            case BLOSC_ZSTD ->
                Blosc.compress(values, width, Blosc.Compressor.ZSTD, LEVEL, Blosc.Shuffle.BIT_SHUFFLE, 0, 1);
        };
    }
}
