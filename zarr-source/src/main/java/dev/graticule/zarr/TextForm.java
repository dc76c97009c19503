package dev.graticule.zarr;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/** How texts are stored in chunks. */
enum TextForm {
    /** Code points of 32 bits each, zeros behind the last: {@code fixed_length_utf32}, and {@code <U5} in version 2. */
    CODE_POINTS(ElementType.UINT32),
    /** Bytes, zeros behind the last: {@code null_terminated_bytes}, and {@code |S5} in version 2. */
    BYTES(ElementType.UINT8),
    /** Their number, then for each its length and its bytes in UTF-8: {@code string} with the codec {@code vlen-utf8}. */
    LENGTHS(ElementType.UINT8);

    private final ElementType unit;

    TextForm(ElementType unit) {
        this.unit = unit;
    }

    /** The type of what a text is made of. */
    ElementType unit() {
        return unit;
    }

    /** A fill value as metadata writes it: bytes in base64, others as they are; a zero is the empty text. */
    Optional<String> fill(JsonNode node) {
        if (node.isNumber() && node.asInt() == 0) {
            return Optional.of("");
        }
        if (!node.isTextual()) {
            return Optional.empty();
        }
        String text = node.asText();
        if (this == BYTES) {
            try {
                text = new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8);
            } catch (IllegalArgumentException plain) {
                return Optional.of(text);
            }
        }
        int end = text.length();
        while (this != LENGTHS && end > 0 && text.charAt(end - 1) == 0) {
            end--;
        }
        return Optional.of(text.substring(0, end));
    }
}
