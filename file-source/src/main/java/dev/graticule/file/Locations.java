package dev.graticule.file;

import dev.graticule.GraticuleException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What files a location means: one file, all that match a pattern ({@code *}, {@code **}, {@code ?}, {@code [...]}), or all of a folder. */
public final class Locations {
    private static final Set<String> COMPRESSIONS = Set.of("gz", "zst");

    private Locations() {
    }

    /** The last ending of a name in lower case, before that of a compression; empty where there is none. */
    public static String ending(String location) {
        String name = location.substring(Integer.max(location.lastIndexOf('/'), location.lastIndexOf('\\')) + 1)
                .toLowerCase(Locale.ROOT);
        String ending = lastEnding(name);
        return COMPRESSIONS.contains(ending) ? lastEnding(name.substring(0, name.length() - ending.length() - 1))
                : ending;
    }

    private static String lastEnding(String name) {
        int dot = name.lastIndexOf('.');
        return dot < 0 ? "" : name.substring(dot + 1);
    }

    /** The local path that a location is, if it is one. */
    public static Optional<Path> path(String location) {
        try {
            if (location.startsWith("file:")) {
                return Optional.of(Path.of(URI.create(location)));
            }
            return location.contains("://") ? Optional.empty() : Optional.of(Path.of(location));
        } catch (IllegalArgumentException notLocal) {
            return Optional.empty();
        }
    }

    /** Whether a location is a pattern: it holds wildcards and no file has that name. */
    public static boolean isPattern(String location) {
        return firstWildcard(location) >= 0 && path(location).filter(Files::exists).isEmpty();
    }

    private static int firstWildcard(String location) {
        for (int i = 0; i < location.length(); i++) {
            if ("*?[".indexOf(location.charAt(i)) >= 0) {
                return i;
            }
        }
        return -1;
    }

    /** Whether a location is a file, or a pattern of files, with one of these endings. */
    public static boolean hasEnding(String location, List<String> endings) {
        return endings.contains(ending(location))
                && (isPattern(location) || path(location).filter(Files::isRegularFile).isPresent());
    }

    /** The files of several locations, one after the other, as {@link #files(String, List)} finds them. */
    public static List<Path> files(List<String> locations, List<String> endings) {
        return locations.stream().flatMap(location -> files(location, endings).stream()).toList();
    }

    /**
     * The files of a location, in the order of their names; at least one.
     *
     * @param endings those that count in a folder
     * @throws GraticuleException of kind SOURCE where there is none
     */
    public static List<Path> files(String location, List<String> endings) {
        if (isPattern(location)) {
            List<Path> found = matching(location);
            if (found.isEmpty()) {
                throw GraticuleException.source("No file matches '" + location + "' (current folder "
                        + Path.of("").toAbsolutePath() + ").", null);
            }
            return found;
        }
        Path path = path(location).orElseThrow(() -> GraticuleException
                .binding("'" + location + "' is not a path: files are read from the local file system only for now."));
        if (Files.isDirectory(path)) {
            List<Path> found = inFolder(path, endings);
            if (found.isEmpty()) {
                throw GraticuleException.source(
                        "The folder '" + location + "' holds no file ending in ." + String.join(", .", endings) + ".",
                        null);
            }
            return found;
        }
        if (!Files.exists(path)) {
            throw GraticuleException.source("No such file: " + location + " (current folder "
                    + Path.of("").toAbsolutePath() + ").", null);
        }
        return List.of(path);
    }

    /** The files with one of these endings in a folder and its folders, in order; hidden ones and their like ({@code _x}) are left out. */
    public static List<Path> inFolder(Path folder, List<String> endings) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> endings.contains(ending(file.toString())) && !isHidden(folder, file)
                    && Files.isRegularFile(file)).sorted().toList();
        } catch (IOException unreadable) {
            throw GraticuleException.source("The folder '" + folder + "' cannot be read: " + unreadable.getMessage()
                    + ".", unreadable);
        }
    }

    private static boolean isHidden(Path folder, Path file) {
        for (Path part : folder.relativize(file)) {
            if (part.toString().startsWith(".") || part.toString().startsWith("_")) {
                return true;
            }
        }
        return false;
    }

    private static List<Path> matching(String pattern) {
        String steady = pattern.substring(0, firstWildcard(pattern));
        int slash = steady.lastIndexOf('/');
        Path start = Path.of(slash < 0 ? "" : slash == 0 ? "/" : steady.substring(0, slash));
        if (!Files.isDirectory(start)) {
            return List.of();
        }
        PathMatcher matcher;
        try {
            matcher = FileSystems.getDefault().getPathMatcher("glob:" + pattern);
        } catch (IllegalArgumentException wrong) {
            throw GraticuleException
                    .binding("'" + pattern + "' is not a pattern of files: " + wrong.getMessage() + ".");
        }
        int depth = pattern.contains("**") ? Integer.MAX_VALUE
                : (int) pattern.substring(slash + 1).chars().filter(c -> c == '/').count() + 1;
        try (Stream<Path> files = Files.walk(start, depth)) {
            return files.filter(file -> matcher.matches(file) && Files.isRegularFile(file)).sorted().toList();
        } catch (IOException unreadable) {
            throw GraticuleException.source(
                    "'" + pattern + "' cannot be searched: " + unreadable.getMessage() + ".", unreadable);
        }
    }
}
