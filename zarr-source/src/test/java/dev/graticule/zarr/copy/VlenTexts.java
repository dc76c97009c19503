package dev.graticule.zarr.copy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The texts of a chunk that is not compressed. */
final class VlenTexts {
    private VlenTexts() {
    }

    static List<String> of(Path chunk) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(chunk)).order(ByteOrder.LITTLE_ENDIAN);
        List<String> texts = new ArrayList<>();
        for (int left = bytes.getInt(); left > 0; left--) {
            byte[] text = new byte[bytes.getInt()];
            bytes.get(text);
            texts.add(new String(text, StandardCharsets.UTF_8));
        }
        assertEquals(0, bytes.remaining());
        return texts;
    }
}
