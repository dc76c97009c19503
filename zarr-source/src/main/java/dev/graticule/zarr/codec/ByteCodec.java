package dev.graticule.zarr.codec;

/** A codec from bytes to bytes. None needs its configuration to decode: what was written says so itself. */
public enum ByteCodec {
    /** The container of c-blosc 1, with the inner codecs blosclz, lz4, lz4hc, snappy, zlib and zstd. */
    BLOSC,
    /** Zstandard frames. */
    ZSTD,
    /** RFC 1952, one or more members. */
    GZIP,
    /** RFC 1950. */
    ZLIB,
    /** One LZ4 block behind its decoded length (32 bits, little-endian), as numcodecs writes it. */
    LZ4,
    /** The bytes unchanged, followed by their CRC-32C (32 bits, little-endian). */
    CRC32C
}
