package dev.graticule.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file is there whole, or not at all. */
final class OutputFileTest {
    @TempDir
    private Path folder;

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    @Test
    void it_appears_when_it_is_committed() throws IOException {
        Path target = Files.writeString(folder.resolve("x.csv"), "old");
        try (OutputFile file = new OutputFile(target)) {
            file.stream().write("new".getBytes());
            assertEquals("old", Files.readString(target));
            file.commit();
        }
        assertEquals("new", Files.readString(target));
        assertEquals(List.of("x.csv"), names());
    }

    @Test
    void nothing_is_left_without_that() throws IOException {
        try (OutputFile file = new OutputFile(folder.resolve("x.csv"))) {
            file.stream().write(7);
        }
        assertEquals(List.of(), names());
    }

    @Test
    void what_is_no_file_is_written_to_and_stays() throws Exception {
        Path pipe = folder.resolve("pipe.csv");
        assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
        Process reader = new ProcessBuilder("cat", pipe.toString()).start();
        try (OutputFile file = new OutputFile(pipe)) {
            file.stream().write("new".getBytes());
            file.commit();
        }
        assertEquals("new", new String(reader.getInputStream().readAllBytes()));
        assertTrue(Files.exists(pipe) && !Files.isRegularFile(pipe));
        try (OutputFile file = new OutputFile(Path.of("/dev/null"))) {
            file.stream().write(7);
        }
        assertTrue(!Files.isRegularFile(Path.of("/dev/null")));
    }

    @Test
    void a_link_stays_a_link_and_permissions_are_kept() throws IOException {
        Path target = Files.writeString(folder.resolve("x.csv"), "old");
        Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rw-------"));
        Path link = Files.createSymbolicLink(folder.resolve("link.csv"), target);
        try (OutputFile file = new OutputFile(link)) {
            file.stream().write("new".getBytes());
            file.commit();
        }
        assertTrue(Files.isSymbolicLink(link));
        assertEquals("new", Files.readString(target));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(target)));
    }

    @Test
    void a_folder_that_is_not_there_is_named() {
        IOException error = assertThrows(IOException.class, () -> new OutputFile(folder.resolve("no/x.csv")));
        assertTrue(error.getMessage().contains(folder.resolve("no").toString()), error.getMessage());
        assertThrows(IOException.class, () -> new OutputFile(folder));
    }
}
