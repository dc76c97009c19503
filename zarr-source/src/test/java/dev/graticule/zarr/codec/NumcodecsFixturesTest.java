package dev.graticule.zarr.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graticule.zarr.CountingBuffers;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** The codecs against the fixtures of numcodecs: encoded bytes and the arrays they came from. */
class NumcodecsFixturesTest {
    private static final Map<String, ByteCodec> CODECS = Map.of("blosc", ByteCodec.BLOSC, "zstd", ByteCodec.ZSTD,
            "gzip", ByteCodec.GZIP, "zlib",
            ByteCodec.ZLIB, "lz4", ByteCodec.LZ4);

    private static Path fixtures() {
        Path path = Path.of(System.getProperty("graticule.shared", "../shared"), "zarr/numcodecs/fixture");
        Assumptions.assumeTrue(Files.isDirectory(path),
                "skipped: " + path + " is not there (system property graticule.shared)");
        return path;
    }

    private static List<Path> list(Path folder, String prefix) throws IOException {
        try (Stream<Path> children = Files.list(folder)) {
            return children.filter(child -> child.getFileName().toString().startsWith(prefix)).sorted().toList();
        }
    }

    /** The data behind the header of a .npy file: what numcodecs encoded (arrays of objects are pickled, none here). */
    private static byte[] content(Path npy) throws IOException {
        byte[] file = Files.readAllBytes(npy);
        boolean wide = file[6] > 1;
        int length = (file[8] & 255) | (file[9] & 255) << 8
                | (wide ? (file[10] & 255) << 16 | (file[11] & 255) << 24 : 0);
        return Arrays.copyOfRange(file, (wide ? 12 : 10) + length, file.length);
    }

    @Test
    void everyEncodedFileDecodesToItsArray() throws IOException, CorruptDataException {
        int checked = 0;
        try (CountingBuffers buffers = new CountingBuffers(); Workspace workspace = new Workspace()) {
            workspace.lend(buffers);
            for (Map.Entry<String, ByteCodec> codec : CODECS.entrySet()) {
                for (Path configuration : list(fixtures().resolve(codec.getKey()), "codec.")) {
                    for (Path encoded : list(configuration, "encoded.")) {
                        String number = encoded.getFileName().toString().substring("encoded.".length(),
                                "encoded.".length() + 2);
                        byte[] expected = content(
                                fixtures().resolve(codec.getKey()).resolve("array." + number + ".npy"));
                        for (Loops loops : Loops.values()) {
                            workspace.use(loops);
                            byte[] decoded = decode(workspace, codec.getValue(), Files.readAllBytes(encoded),
                                    expected.length);
                            assertTrue(Arrays.equals(expected, decoded), () -> encoded + " " + loops);
                        }
                        checked++;
                    }
                }
            }
            workspace.release();
        }
        assertTrue(checked > 400, checked + " files");
    }

    @Test
    void noTruncationOfAnEncodedFileIsTakenForTheWhole() throws IOException {
        try (CountingBuffers buffers = new CountingBuffers(); Workspace workspace = new Workspace()) {
            workspace.lend(buffers);
            for (Map.Entry<String, ByteCodec> codec : CODECS.entrySet()) {
                for (Path configuration : list(fixtures().resolve(codec.getKey()), "codec.")) {
                    for (Path encoded : list(configuration, "encoded.")) {
                        byte[] bytes = Files.readAllBytes(encoded);
                        String number = encoded.getFileName().toString().substring("encoded.".length(),
                                "encoded.".length() + 2);
                        int size = content(
                                fixtures().resolve(codec.getKey()).resolve("array." + number + ".npy")).length;
                        for (int kept : new int[]{0, 1, 3, 4, 15, 16, 17, 20, bytes.length / 2, bytes.length - 5,
                                bytes.length - 1}) {
                            if (kept < 0 || kept >= bytes.length) {
                                continue;
                            }
                            CorruptDataException error = assertThrows(CorruptDataException.class,
                                    () -> requireSize(
                                            decode(workspace, codec.getValue(), Arrays.copyOf(bytes, kept), size),
                                            size),
                                    () -> encoded + " cut to " + kept + " of " + bytes.length);
                            assertTrue(error.getMessage().length() > 10, error::getMessage);
                        }
                    }
                }
            }
            workspace.release();
        }
    }

    private static void requireSize(byte[] decoded, int size) throws CorruptDataException {
        if (decoded.length != size) {
            throw new CorruptDataException("decoded to " + decoded.length + " bytes, expected " + size);
        }
    }

    @Test
    void theChecksumOfCrc32cIsChecked() throws CorruptDataException {
        byte[] text = "123456789".getBytes(StandardCharsets.US_ASCII);
        byte[] stored = Arrays.copyOf(text, 13);
        int crc = 0xe3069283;
        for (int i = 0; i < 4; i++) {
            stored[9 + i] = (byte) (crc >>> 8 * i);
        }
        try (Workspace workspace = new Workspace()) {
            assertEquals("123456789",
                    new String(decode(workspace, ByteCodec.CRC32C, stored, 9), StandardCharsets.US_ASCII));
            stored[3] ^= 1;
            CorruptDataException error = assertThrows(CorruptDataException.class,
                    () -> decode(workspace, ByteCodec.CRC32C, stored, 9));
            assertTrue(error.getMessage().contains("expected e3069283"), error::getMessage);
        }
    }

    static byte[] decode(Workspace workspace, ByteCodec codec, byte[] stored, int size) throws CorruptDataException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment source = arena.allocate(Math.max(1, stored.length)).asSlice(0, stored.length);
            MemorySegment.copy(stored, 0, source, ValueLayout.JAVA_BYTE, 0, stored.length);
            MemorySegment space = arena.allocate(Math.max(1, size)).asSlice(0, size);
            return workspace.decode(codec, source, space).toArray(ValueLayout.JAVA_BYTE);
        }
    }
}
