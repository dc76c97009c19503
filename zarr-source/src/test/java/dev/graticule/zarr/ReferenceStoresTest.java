package dev.graticule.zarr;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graticule.ErrorKind;
import dev.graticule.GraticuleException;
import dev.graticule.spi.GriddedTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

/** Stores written by other implementations, against what zarr-python reads in them. */
class ReferenceStoresTest {
    @Test
    void everyArrayHasTheBytesThatZarrPythonReadsOrAnErrorThatNamesArrayAndReason() throws IOException {
        JsonNode expected = Shared.json("zarr/expected.json").path("arrays");
        List<String> wrong = new ArrayList<>();
        int read = 0;
        int unsupported = 0;
        for (JsonNode entry : expected) {
            Path place = Shared.path("zarr").resolve(entry.path("array").asText());
            if (!Files.isDirectory(place) || entry.has("zarr_python_error")) {
                continue;
            }
            ArrayMetadata array = Hierarchy.read(new DirectoryStore(place)).orElseThrow().arrays().get("");
            List<Long> shape = new ArrayList<>();
            entry.path("shape").forEach(length -> shape.add(length.asLong()));
            if (!shape.equals(java.util.Arrays.stream(array.shape()).boxed().toList())) {
                wrong.add(place + ": shape");
                continue;
            }
            if (array.defect().isPresent()) {
                unsupported++;
                GraticuleException error = assertThrows(GraticuleException.class, array::decodable);
                assertEquals(ErrorKind.UNSUPPORTED, error.kind(), () -> place + ": " + error.getMessage());
                assertTrue(isBeyondThisVersion(entry), () -> place + " should be readable: " + error.getMessage());
                continue;
            }
            read++;
            if (array.encoding() instanceof Encoding.Texts texts) {
                List<String> first = new ArrayList<>();
                entry.path("first").forEach(text -> first.add(text.asText()));
                if (!first.equals(texts(place, texts.form(), first.size()))) {
                    wrong.add(place + ": texts");
                }
                continue;
            }
            if (!digest(WholeArray.read(new DirectoryStore(place), array))
                    .equals(entry.path("sha256_c_order_le").asText())) {
                wrong.add(place + ": content");
            }
        }
        assertEquals(List.of(), wrong);
        assertTrue(read > 230 && unsupported > 5, read + " read, " + unsupported + " unsupported");
    }

    /** The first texts of an array; bytes in hexadecimal. */
    private static List<String> texts(Path place, TextForm form, int count) {
        int axes = Hierarchy.read(new DirectoryStore(place)).orElseThrow().arrays().get("").axes();
        GriddedTable table = (GriddedTable) ZarrTable
                .open(place, Map.of("axes", List.of("x", "y", "z").subList(0, axes),
                        "use_zarr_fill_value_as_mask", false))
                .tables().getFirst();
        return Columns.read(table, table.variables().getFirst().name()).stream().limit(count)
                .map(text -> form != TextForm.BYTES ? text.toString()
                        : HexFormat.of().formatHex(text.toString().getBytes(StandardCharsets.UTF_8)))
                .toList();
    }

    /** Filters, and texts that are JSON. */
    private static boolean isBeyondThisVersion(JsonNode entry) {
        String text = entry.path("codecs") + " " + entry.path("dtype");
        return text.contains("JSON") || text.contains("Delta") || text.contains("Shuffle(") || text.contains("BitRound")
                || text.contains("FixedScaleOffset");
    }

    @Test
    void storesThatZarrPythonRefusesAreRefusedWithAReason() throws IOException {
        for (JsonNode entry : Shared.json("zarr/expected.json").path("arrays")) {
            Path place = Shared.path("zarr").resolve(entry.path("array").asText());
            if (!Files.isDirectory(place) || !entry.has("zarr_python_error")) {
                continue;
            }
            GraticuleException error = assertThrows(GraticuleException.class, () -> {
                GroupMetadata root = Hierarchy.read(new DirectoryStore(place)).orElseThrow();
                for (ArrayMetadata array : root.arrays().values()) {
                    array.decodable();
                }
            }, place::toString);
            assertTrue(error.kind() == ErrorKind.SOURCE || error.kind() == ErrorKind.UNSUPPORTED);
            assertTrue(error.getMessage().contains(place.toString()), error::getMessage);
        }
    }

    @Test
    void hierarchiesAreWalkedWithoutConsolidatedMetadata() {
        GroupMetadata root = Hierarchy.read(new DirectoryStore(Shared.path("zarr/zarr-java/testdata/ome/v0.4")))
                .orElseThrow();
        assertEquals(List.of("0", "1"), List.copyOf(root.arrays().keySet()));
        assertEquals("labels/nuclei/0", root.groups().get("labels").groups().get("nuclei").arrays().get("0").path());
    }

    @Test
    void consolidatedMetadataOfVersion3HoldsNestedGroups() {
        GroupMetadata root = Hierarchy
                .read(new DirectoryStore(Shared.path("zarr/zarrita.js/fixtures/v3/data.zarr/consolidated")))
                .orElseThrow();
        assertEquals(42, root.attributes().path("answer").asInt());
        assertEquals("A nested group", root.groups().get("nested").attributes().path("description").asText());
        ArrayMetadata nested = root.groups().get("nested").arrays().get("1d.i2");
        assertEquals("nested/1d.i2", nested.path());
        Assertions.assertArrayEquals(new byte[]{10, 0, 20, 0, 30, 0, 40, 0},
                WholeArray.read(new DirectoryStore(Shared.path("zarr/zarrita.js/fixtures/v3/data.zarr/consolidated")),
                        nested));
    }

    private static String digest(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException absent) {
            throw new IllegalStateException(absent);
        }
    }
}
