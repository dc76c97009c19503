package dev.graticule.consistency;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/** How texts of at most two letters are kept in a Zarr array. */
enum TextKind {
    /** Behind their lengths. */
    LENGTHS,
    /** Two code points each. */
    CODE_POINTS,
    /** Three bytes each. */
    BYTES;

    private static final int LETTERS = 2;
    private static final int WIDTH = 3;

    /** The form of an array that is kept so; texts behind their lengths are always in C order. */
    static TextKind of(StoreRecipe.Kept kept) {
        return kept.bigEndian() ? CODE_POINTS : kept.columnMajor() || kept.codec() == StoreRecipe.Codec.GZIP ? BYTES
                : LENGTHS;
    }

    /** The type in version 3, as JSON where it is no plain name. */
    String zarrType() {
        return switch (this) {
            case LENGTHS -> "string";
            case CODE_POINTS ->
                "{'name': 'fixed_length_utf32', 'configuration': {'length_bytes': " + 4 * LETTERS + "}}";
            case BYTES -> "{'name': 'null_terminated_bytes', 'configuration': {'length_bytes': " + WIDTH + "}}";
        };
    }

    /** The type in version 2. */
    String numPyType(boolean bigEndian) {
        return switch (this) {
            case LENGTHS -> "|O";
            case CODE_POINTS -> (bigEndian ? ">U" : "<U") + LETTERS;
            case BYTES -> "|S" + WIDTH;
        };
    }

    /** A fill value. */
    String json(String text) {
        return "'" + (this == BYTES ? Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)) : text)
                + "'";
    }

    /** The bytes of a chunk. */
    byte[] bytes(List<String> texts, boolean bigEndian) {
        ByteBuffer buffer = ByteBuffer.allocate(4 + 8 * texts.size())
                .order(bigEndian ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
        if (this == LENGTHS) {
            buffer.putInt(texts.size());
        }
        int cell = 0;
        for (String text : texts) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            switch (this) {
                case LENGTHS -> buffer.putInt(bytes.length).put(bytes);
                case CODE_POINTS -> {
                    text.codePoints().forEach(buffer::putInt);
                    buffer.position(4 * LETTERS * ++cell);
                }
                case BYTES -> {
                    buffer.put(bytes);
                    buffer.position(WIDTH * ++cell);
                }
            }
        }
        byte[] result = new byte[buffer.position()];
        buffer.flip().get(result);
        return result;
    }
}
