package dev.graticule.zarr;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.luben.zstd.Zstd;
import com.scalableminds.bloscjava.Blosc;
import dev.graticule.ErrorKind;
import dev.graticule.GraticuleException;
import dev.graticule.spi.GriddedTable;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Damaged stores (SEMANTICS 27): the error names array and chunk, nothing partial is read, and the rest works. */
class DamageTest {
    @TempDir
    Path folder;

    private static final byte[] DATA = StoreWriter
            .ints(java.util.stream.IntStream.range(0, 600).map(i -> i / 3).toArray());

    /** Codecs of version 3 with a chunk that was written by them. */
    private static Map<String, byte[]> chunks() throws IOException {
        ByteArrayOutputStream gzip = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(gzip)) {
            out.write(DATA);
        }
        ByteArrayOutputStream zlib = new ByteArrayOutputStream();
        try (DeflaterOutputStream out = new DeflaterOutputStream(zlib)) {
            out.write(DATA);
        }
        Map<String, byte[]> chunks = new LinkedHashMap<>();
        chunks.put("", DATA);
        chunks.put(", {'name': 'gzip', 'configuration': {'level': 5}}", gzip.toByteArray());
        chunks.put(", {'name': 'numcodecs.zlib', 'configuration': {'level': 5}}", zlib.toByteArray());
        chunks.put(", {'name': 'zstd', 'configuration': {'level': 0}}", Zstd.compress(DATA));
        for (Blosc.Compressor compressor : Blosc.Compressor.values()) {
            chunks.put(
                    ", {'name': 'blosc', 'configuration': {'cname': '"
                            + compressor.name().toLowerCase(java.util.Locale.ROOT) + "'}}",
                    Blosc.compress(DATA, 4, compressor, 5, Blosc.Shuffle.BYTE_SHUFFLE));
        }
        return chunks;
    }

    private GriddedTable store(String codec, byte[] chunk) {
        new StoreWriter(folder).group3("", "{}").array3("v", "int32", "600", "600", "'x'", "0", "{}",
                "{'name': 'bytes', 'configuration': {'endian': 'little'}}" + codec).bytes("v/c/0", chunk)
                .array3("sound", "int32", "600", "600", "'x'", "1", "{}");
        return (GriddedTable) ZarrTable.open(folder).tables().get(0);
    }

    @Test
    void everyCutOfAChunkOfEveryCodecIsAnErrorThatNamesArrayAndChunk() throws IOException {
        for (Map.Entry<String, byte[]> entry : chunks().entrySet()) {
            byte[] chunk = entry.getValue();
            assertEquals(199, Columns.read(store(entry.getKey(), chunk), "v").get(599), entry.getKey());
            for (int kept = 0; kept < chunk.length; kept += kept < 40 || kept > chunk.length - 12 ? 1 : 37) {
                GriddedTable table = store(entry.getKey(), Arrays.copyOf(chunk, kept));
                GraticuleException error = assertThrows(GraticuleException.class, () -> Columns.read(table, "v"),
                        entry.getKey() + " cut to " + kept + " of " + chunk.length);
                assertEquals(ErrorKind.SOURCE, error.kind());
                assertTrue(error.getMessage().contains("Chunk 'v/c/0' of array 'v'")
                        && error.getMessage().contains(folder.toString()), error::getMessage);
            }
            assertEquals(600, Columns.read(store(entry.getKey(), new byte[0]), "sound").size());
        }
    }

    @Test
    void aChunkOfAnotherSizeSaysBothSizes() throws IOException {
        GraticuleException error = assertThrows(GraticuleException.class,
                () -> Columns.read(store("", Arrays.copyOf(DATA, 2404)), "v"));
        assertTrue(error.getMessage().contains("2404 bytes, expected 2400"), error::getMessage);
        byte[] half = Arrays.copyOf(DATA, 1200);
        error = assertThrows(GraticuleException.class,
                () -> Columns.read(store(", {'name': 'zstd', 'configuration': {'level': 0}}", Zstd.compress(half)),
                        "v"));
        assertTrue(error.getMessage().contains("decodes to 1200 bytes, expected 2400"), error::getMessage);
        byte[] twice = Arrays.copyOf(DATA, 4800);
        for (String codec : List.of("zstd", "blosc")) {
            byte[] chunk = codec.equals("zstd") ? Zstd.compress(twice) : Blosc.compress(twice, 4);
            error = assertThrows(GraticuleException.class,
                    () -> Columns.read(store(", {'name': '" + codec + "', 'configuration': {}}", chunk), "v"));
            assertTrue(error.getMessage().contains("2400"), error::getMessage);
        }
    }

    @Test
    void partsOfAChunkOfAnotherSizeAreRefusedToo() {
        GriddedTable table = store("", Arrays.copyOf(DATA, 2399));
        GraticuleException error = assertThrows(GraticuleException.class,
                () -> Columns.read(table, Columns.variable(table, "v"), new int[]{7}));
        assertTrue(error.getMessage().contains("2399 bytes, expected 2400"), error::getMessage);
    }

    @Test
    void flippedBytesOfCheckedCodecsAreErrors() throws IOException {
        for (Map.Entry<String, byte[]> entry : chunks().entrySet()) {
            if (entry.getKey().contains("gzip") || entry.getKey().contains("numcodecs.zlib")) {
                for (int at = 10; at < entry.getValue().length; at += 5) {
                    byte[] damaged = entry.getValue().clone();
                    damaged[at] ^= 0x55;
                    assertThrows(GraticuleException.class, () -> Columns.read(store(entry.getKey(), damaged), "v"),
                            entry.getKey() + " at " + at);
                }
            }
        }
    }

    @Test
    void aFolderInPlaceOfAChunkIsAnError() throws IOException {
        GriddedTable table = store("", DATA);
        Files.delete(folder.resolve("v/c/0"));
        Files.createDirectory(folder.resolve("v/c/0"));
        GraticuleException error = assertThrows(GraticuleException.class, () -> Columns.read(table, "v"));
        assertTrue(error.getMessage().contains("Chunk 'v/c/0' of array 'v'"), error::getMessage);
    }

    @Test
    void metadataWithWrongKeysNamesThem() {
        Map<String, String> broken = Map.of("{'zarr_format': 3, 'node_type': 'array'}", "'shape' is missing",
                "{'zarr_format': 3, 'node_type': 'array', 'shape': 5}", "'shape' is not a list",
                "{'zarr_format': 3, 'node_type': 'array', 'shape': [-5]}",
                "'shape' holds -5",
                "{'zarr_format': 3, 'node_type': 'array', 'shape': [5], 'chunk_grid': {'name': 'rectangular'}}",
                "chunk grid",
                "[]", "not a JSON object", "", "the file is empty", "{'a': 1,", "line 1",
                "{'zarr_format': 3, 'node_type': 'array', 'shape': [5], 'new': 1}",
                "metadata field 'new'");
        for (Map.Entry<String, String> entry : broken.entrySet()) {
            store("", DATA);
            new StoreWriter(folder).file("v/zarr.json", entry.getKey());
            GriddedTable table = (GriddedTable) ZarrTable.open(folder).tables().get(0);
            assertEquals(600, Columns.read(table, "sound").size());
            String message = table.remarks().toString();
            assertTrue(message.contains("v ") && message.contains(entry.getValue()), message);
        }
    }

    @Test
    void aRootThatCannotBeReadIsAnErrorThatNamesTheFile() {
        new StoreWriter(folder).file("zarr.json", "{'zarr_format': 3, 'node_type': 'thing'}");
        GraticuleException error = assertThrows(GraticuleException.class, () -> ZarrTable.open(folder));
        assertTrue(error.getMessage().contains("zarr.json") && error.getMessage().contains("node_type"),
                error::getMessage);
        new StoreWriter(folder).file("zarr.json", "{'zarr_format': ");
        error = assertThrows(GraticuleException.class, () -> ZarrTable.open(folder));
        assertTrue(error.getMessage().contains("not valid JSON at line 1"), error::getMessage);
    }
}
