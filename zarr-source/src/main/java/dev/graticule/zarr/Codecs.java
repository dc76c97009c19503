package dev.graticule.zarr;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graticule.zarr.codec.ByteCodec;
import java.util.Optional;

/** The codecs from bytes to bytes, by the names that both versions of the format give them. */
final class Codecs {
    private Codecs() {
    }

    /** The codec of that name; empty where this version has none. */
    static Optional<ByteCodec> named(String name) {
        String plain = name.startsWith("numcodecs.") ? name.substring("numcodecs.".length()) : name;
        return Optional.ofNullable(switch (plain) {
            case "blosc" -> ByteCodec.BLOSC;
            case "zstd" -> ByteCodec.ZSTD;
            case "gzip" -> ByteCodec.GZIP;
            case "zlib" -> ByteCodec.ZLIB;
            case "lz4" -> ByteCodec.LZ4;
            case "crc32c" -> name.equals("crc32c") ? ByteCodec.CRC32C : null;
            default -> null;
        });
    }

    /** The name of a codec in a list of codecs: a text, or an object with a name. */
    static String name(JsonNode codec, String key) throws MalformedMetadata {
        JsonNode name = codec.isTextual() ? codec : codec.get(key);
        if (name == null || !name.isTextual()) {
            throw new MalformedMetadata("a codec without '" + key + "': " + Json.shortened(codec));
        }
        return name.asText();
    }
}
