package dev.graticule.zarr;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graticule.ErrorKind;
import dev.graticule.GraticuleException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
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
            if (!digest(WholeArray.read(new DirectoryStore(place), array))
                    .equals(entry.path("sha256_c_order_le").asText())) {
                wrong.add(place + ": content");
            }
        }
        assertEquals(List.of(), wrong);
        assertTrue(read > 200 && unsupported > 50, read + " read, " + unsupported + " unsupported");
    }

    /** Strings and filters. */
    private static boolean isBeyondThisVersion(JsonNode entry) {
        String text = entry.path("codecs") + " " + entry.path("dtype");
        return text.contains("String") || text.contains("U7") || text.contains("U13")
                || text.contains("S7")
                || text.contains("Delta") || text.contains("Shuffle(") || text.contains("BitRound")
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
