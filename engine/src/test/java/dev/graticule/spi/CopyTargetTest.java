package dev.graticule.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file or folder is there whole, or not at all. */
final class CopyTargetTest {
    @TempDir
    private Path folder;

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    private static void fill(Path path, String text) throws IOException {
        Files.createDirectory(path);
        Files.writeString(Files.createDirectory(path.resolve("inner")).resolve("chunk"), text);
    }

    @Test
    void a_file_appears_when_it_is_committed() throws IOException {
        Path written = Files.writeString(folder.resolve("x.csv"), "old");
        try (CopyTarget target = CopyTarget.open(written)) {
            Files.writeString(target.path(), "new");
            assertEquals("old", Files.readString(written));
            target.commit();
        }
        assertEquals("new", Files.readString(written));
        assertEquals(List.of("x.csv"), names());
    }

    @Test
    void a_folder_replaces_another_whole() throws IOException {
        Path written = folder.resolve("x.zarr");
        fill(written, "old");
        Files.writeString(written.resolve("more"), "old");
        try (CopyTarget target = CopyTarget.open(written)) {
            fill(target.path(), "new");
            target.commit();
        }
        assertEquals("new", Files.readString(written.resolve("inner").resolve("chunk")));
        assertTrue(Files.notExists(written.resolve("more")));
        assertEquals(List.of("x.zarr"), names());
    }

    @Test
    void nothing_is_left_without_a_commit() throws IOException {
        try (CopyTarget target = CopyTarget.open(folder.resolve("x.csv"))) {
            Files.writeString(target.path(), "half");
        }
        try (CopyTarget target = CopyTarget.open(folder.resolve("x.zarr"))) {
            fill(target.path(), "half");
        }
        CopyTarget.open(folder.resolve("untouched")).close();
        assertEquals(List.of(), names());
    }

    @Test
    void a_link_is_followed() throws IOException {
        Path real = Files.writeString(folder.resolve("real"), "old");
        Path link = Files.createSymbolicLink(folder.resolve("link"), real);
        try (CopyTarget target = CopyTarget.open(link)) {
            Files.writeString(target.path(), "new");
            target.commit();
        }
        assertTrue(Files.isSymbolicLink(link));
        assertEquals("new", Files.readString(real));
    }

    @Test
    void a_folder_that_is_not_there_is_named() {
        IOException error = assertThrows(IOException.class,
                () -> CopyTarget.open(folder.resolve("no").resolve("x.csv")));
        assertTrue(error.getMessage().endsWith("there is no folder " + folder.resolve("no")), error.getMessage());
    }
}
