package dev.graticule.benchmarks.grid;

import com.github.luben.zstd.Zstd;
import com.scalableminds.bloscjava.Blosc;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;

/** Makes the bytes of chunks and shards, and says in Zarr's metadata how. */
final class ChunkEncoder {
    static final int ZSTD_LEVEL = 3;
    static final int BLOSC_LEVEL = 5;

    private static final String BYTES = "{\"name\": \"bytes\", \"configuration\": {\"endian\": \"little\"}}";

    private ChunkEncoder() {
    }

    /** The bytes to store of a chunk's values. */
    static byte[] encode(float[] values, Layout.Codec codec) {
        byte[] bytes = new byte[values.length * Float.BYTES];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(values);
        return switch (codec) {
            case NONE -> bytes;
            case ZSTD -> Zstd.compress(bytes, ZSTD_LEVEL);
            case BLOSC -> Blosc.compress(bytes, Float.BYTES, Blosc.Compressor.LZ4, BLOSC_LEVEL,
                    Blosc.Shuffle.BYTE_SHUFFLE, 0, 1);
        };
    }

    /** A shard of so many chunks, of which the first ones are there: the chunks, then the index and its checksum. */
    static byte[] shard(List<byte[]> chunks, int places) {
        int size = chunks.stream().mapToInt(chunk -> chunk.length).sum();
        ByteBuffer index = ByteBuffer.allocate(places * 16).order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer shard = ByteBuffer.allocate(size + index.capacity() + 4).order(ByteOrder.LITTLE_ENDIAN);
        for (byte[] chunk : chunks) {
            index.putLong(shard.position()).putLong(chunk.length);
            shard.put(chunk);
        }
        while (index.hasRemaining()) {
            index.putLong(-1);
        }
        CRC32C checksum = new CRC32C();
        checksum.update(index.flip().duplicate());
        return shard.put(index).putInt((int) checksum.getValue()).array();
    }

    /** The list of codecs of {@code zarr.json}. */
    static String metadata(Layout.Codec codec) {
        List<String> codecs = new ArrayList<>(List.of(BYTES));
        switch (codec) {
            case NONE -> {
                // The bytes are all.
            }
            case ZSTD -> codecs.add("{\"name\": \"zstd\", \"configuration\": {\"level\": " + ZSTD_LEVEL
                    + ", \"checksum\": false}}");
            case BLOSC -> codecs.add("{\"name\": \"blosc\", \"configuration\": {\"typesize\": 4, \"cname\": \"lz4\", "
                    + "\"clevel\": " + BLOSC_LEVEL + ", \"shuffle\": \"shuffle\", \"blocksize\": 0}}");
        }
        return codecs.toString();
    }

    /** The list of codecs of {@code zarr.json} where chunks of a shape lie in shards. */
    static String metadata(Layout.Codec codec, int... chunk) {
        return "[{\"name\": \"sharding_indexed\", \"configuration\": {\"chunk_shape\": "
                + Arrays.toString(chunk) + ", \"codecs\": " + metadata(codec) + ", \"index_codecs\": [" + BYTES
                + ", {\"name\": \"crc32c\"}], \"index_location\": \"end\"}}]";
    }
}
