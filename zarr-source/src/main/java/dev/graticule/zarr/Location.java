package dev.graticule.zarr;

import dev.graticule.ErrorKind;
import dev.graticule.GraticuleException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a store is said to be.
 *
 * @param text as the user wrote it
 * @param path the folder or file it means
 */
record Location(String text, Path path) {
    private static final Pattern SCHEME = Pattern.compile("([a-zA-Z][a-zA-Z0-9+.-]+):(?://|/).*");

    static Location of(Path path) {
        return new Location(path.toString(), path);
    }

    /** A path, or a {@code file:} address. @throws GraticuleException of kind UNSUPPORTED for other addresses */
    static Location of(String text) {
        return local(text).orElseThrow(() -> GraticuleException.of(ErrorKind.UNSUPPORTED, null, "'" + text
                + "' is not a local path: stores are read from local folders only for now (copy it, or mount it).",
                null));
    }

    /** The same; empty for addresses that are not local. */
    static Optional<Location> local(String text) {
        Matcher scheme = SCHEME.matcher(text);
        try {
            if (!scheme.matches()) {
                return Optional.of(new Location(text, Path.of(text)));
            }
            return scheme.group(1).equalsIgnoreCase("file") ? Optional.of(new Location(text, Path.of(URI.create(text))))
                    : Optional.empty();
        } catch (InvalidPathException failure) {
            throw GraticuleException
                    .source("'" + text.replace("\0", "\\0") + "' is no path: " + failure.getReason() + ".", failure);
        } catch (IllegalArgumentException failure) {
            throw GraticuleException.source("'" + text + "' is no address of a file: " + failure.getMessage() + ".",
                    failure);
        }
    }

    /** Whether there is a Zarr group or array. */
    boolean isStore() {
        for (String file : new String[]{"zarr.json", ".zmetadata", ".zgroup", ".zarray"}) {
            if (Files.exists(path.resolve(file))) {
                return true;
            }
        }
        return false;
    }

    /** The last part of the path, for messages. */
    String name() {
        Path name = path.toAbsolutePath().normalize().getFileName();
        return name == null ? text : name.toString();
    }
}
