package dev.graticule.arrow;

import java.io.IOException;
import java.net.URI;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The files that a location means: itself, the Arrow files in a folder, or what a pattern matches. */
final class ArrowFiles {
    private static final Set<String> ENDINGS = Set.of("arrow", "arrows", "feather", "ipc");
    private static final String WILD = "*?[{";

    private ArrowFiles() {
    }

    /** The files of a folder that end like Arrow files, by name; hidden ones, and those of folders inside, are left out. */
    static List<Path> in(Path folder) throws IOException {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                String name = entry.getFileName().toString();
                String ending = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
                if (!name.startsWith(".") && ENDINGS.contains(ending) && Files.isRegularFile(entry)) {
                    files.add(entry);
                }
            }
        }
        files.sort(null);
        return files;
    }

    /** Whether the last parts of a location are a pattern: with {@code *}, {@code ?}, {@code [...]} or <code>{...}</code>. */
    static boolean isPattern(String location) {
        return location.chars().anyMatch(character -> WILD.indexOf(character) >= 0)
                && path(location).filter(Files::exists).isEmpty();
    }

    /** The files that a pattern matches, by their paths; {@code **} goes through folders. */
    static List<Path> matching(String pattern) throws IOException {
        int wild = 0;
        while (WILD.indexOf(pattern.charAt(wild)) < 0) {
            wild++;
        }
        int slash = pattern.lastIndexOf('/', wild);
        Path root = Path.of(slash < 0 ? "" : pattern.substring(0, Integer.max(slash, 1)));
        String below = pattern.substring(slash + 1);
        if (!Files.isDirectory(root)) {
            return List.of();
        }
        PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + below);
        int depth = below.contains("**") ? Integer.MAX_VALUE
                : (int) below.chars().filter(each -> each == '/').count() + 1;
        try (Stream<Path> files = Files.walk(root, depth)) {
            return files.filter(file -> matcher.matches(root.relativize(file)) && Files.isRegularFile(file)).sorted()
                    .toList();
        }
    }

    /** A local path, or the one of a {@code file:} address; empty for what is none. */
    static Optional<Path> path(String location) {
        try {
            if (location.startsWith("file:")) {
                return Optional.of(Path.of(URI.create(location)));
            }
            return location.contains("://") ? Optional.empty() : Optional.of(Path.of(location));
        } catch (IllegalArgumentException notLocal) {
            return Optional.empty();
        }
    }
}
