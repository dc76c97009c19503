package dev.graticule.zarr.copy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The files of written stores. */
final class StoreFiles {
    private static final JsonMapper JSON = new JsonMapper();

    private StoreFiles() {
    }

    /** Adds attributes to an array, or to the group where its name is empty, and takes the consolidated metadata away. */
    static void annotate(int version, Path store, String array, Map<String, Object> attributes) throws IOException {
        Files.deleteIfExists(store.resolve(".zmetadata"));
        if (version == 3) {
            ObjectNode group = read(store.resolve("zarr.json"));
            group.remove("consolidated_metadata");
            JSON.writeValue(store.resolve("zarr.json").toFile(), group);
        }
        Path file = store.resolve(array).resolve(version == 3 ? "zarr.json" : ".zattrs");
        ObjectNode metadata = read(file);
        ObjectNode target = version == 3 ? (ObjectNode) metadata.get("attributes") : metadata;
        attributes.forEach((name, value) -> target.set(name, JSON.valueToTree(value)));
        JSON.writeValue(file.toFile(), metadata);
    }

    /**
     * Both stores have the same files: chunks byte by byte, metadata as JSON, but that consolidated.
     *
     * @param masked arrays whose fill value may differ, since the copy has the one that masks, and so what lies beyond the edge
     */
    static void assertSame(Path expected, Path actual, Set<String> masked) throws IOException {
        assertEquals(names(expected), names(actual));
        for (String name : names(expected)) {
            Path one = expected.resolve(name);
            Path other = actual.resolve(name);
            if (name.endsWith("zarr.json") || name.endsWith(".zarray") || name.endsWith(".zattrs")
                    || name.endsWith(".zgroup")) {
                assertEquals(plain(one, masked), plain(other, masked), name);
            } else if (!masked.contains(name.split("/")[0])) {
                assertArrayEquals(Files.readAllBytes(one), Files.readAllBytes(other), name);
            }
        }
    }

    private static ObjectNode plain(Path file, Set<String> masked) throws IOException {
        ObjectNode metadata = read(file);
        metadata.remove("consolidated_metadata");
        if (masked.contains(file.getParent().getFileName().toString())) {
            metadata.remove("fill_value");
            metadata.remove("_FillValue");
            if (metadata.get("attributes") instanceof ObjectNode attributes) {
                attributes.remove("_FillValue");
            }
        }
        return metadata;
    }

    private static ObjectNode read(Path file) throws IOException {
        return (ObjectNode) JSON.readTree(file.toFile());
    }

    /** The files of a folder, below it. */
    static Set<String> names(Path folder) throws IOException {
        try (Stream<Path> paths = Files.walk(folder)) {
            return paths.filter(Files::isRegularFile).map(path -> folder.relativize(path).toString())
                    .filter(name -> !name.equals(".zmetadata")).collect(Collectors.toCollection(TreeSet::new));
        }
    }
}
