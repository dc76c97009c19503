package dev.graticule.bind;

import dev.graticule.GraticuleException;
import dev.graticule.plan.LogicalPlan;
import dev.graticule.spi.CopyFormat;
import dev.graticule.sql.Position;
import java.net.URI;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Binds {@code COPY ... TO}: finds the format, by FORMAT or by the target's ending, and has it check its options. */
final class BindCopy {
    private final CopyFormats formats;
    private final Position position;

    BindCopy(CopyFormats formats, Position position) {
        this.formats = formats;
        this.position = position;
    }

    /** @param options as they were written, their names in lower case */
    BoundStatement.Copy bind(LogicalPlan rows, String location, Map<String, Object> options) {
        if (rows.output().isEmpty()) {
            throw GraticuleException.binding(position, "COPY needs rows with at least one column.");
        }
        Map<String, Object> left = new HashMap<>(options);
        Object named = left.remove("format");
        CopyFormat format = named != null ? formats.named(named.toString(), position)
                : formats.ofEnding(location).orElseThrow(() -> GraticuleException.binding(position,
                        "'" + location + "' does not say in which format to write: add (FORMAT ...), one of "
                                + String.join(", ", formats.names()) + "."));
        Path target = path(location);
        try {
            requireFree(target, location, format, left);
            return new BoundStatement.Copy(rows, format, format.writer(location, left), target, location);
        } catch (GraticuleException problem) {
            throw problem.at(position);
        }
    }

    private static void requireFree(Path target, String location, CopyFormat format, Map<String, Object> options) {
        if (Files.exists(target) && (Files.isRegularFile(target) || Files.isDirectory(target))
                && !format.replaces(target, options)) {
            throw GraticuleException.binding("'" + location + "' is a "
                    + (Files.isDirectory(target, LinkOption.NOFOLLOW_LINKS) ? "folder" : "file")
                    + " that COPY as " + format.format() + " would not replace. Delete it, or write elsewhere.");
        }
    }

    private Path path(String written) {
        String location = Formats.atHome(written);
        try {
            if (location.startsWith("file:")) {
                return Path.of(URI.create(location));
            }
            if (!location.contains("://")) {
                return Path.of(location);
            }
        } catch (IllegalArgumentException | FileSystemNotFoundException wrong) {
            throw GraticuleException.binding(position, "'" + location + "' is not a path: " + wrong.getMessage() + ".");
        }
        throw GraticuleException.unsupported(position, "COPY to anything but the local file system ('" + location
                + "')");
    }
}
