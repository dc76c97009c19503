package dev.graticule.arrow;

import dev.graticule.GraticuleException;
import dev.graticule.spi.Dataset;
import dev.graticule.spi.DatasetProvider;
import dev.graticule.spi.GivenOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Arrow IPC streams and files in {@code FROM 'x.arrows'}, {@code read_arrow('x.arrow')} and {@code STORED AS ARROW}; a folder of them
 * and a pattern ({@code 'days/*.arrow'}) are one table.
 */
public final class ArrowDatasetProvider implements DatasetProvider {
    @Override
    public String format() {
        return "arrow";
    }

    @Override
    public boolean recognizes(String location) {
        try {
            if (ArrowFiles.isPattern(location)) {
                return ArrowFiles.matching(location).stream().findFirst().filter(ArrowIpc::recognizes).isPresent();
            }
            Optional<Path> path = ArrowFiles.path(location);
            if (path.filter(Files::isDirectory).isPresent()) {
                return ArrowFiles.in(path.get()).stream().findFirst().filter(ArrowIpc::recognizes).isPresent();
            }
            return path.filter(ArrowIpc::recognizes).isPresent();
        } catch (IOException | UncheckedIOException | IllegalArgumentException unreadable) {
            return false;
        }
    }

    @Override
    public Dataset open(String location, Map<String, Object> options) {
        GivenOptions.ofReading(format(), options).requireNoOthers();
        if (ArrowFiles.isPattern(location)) {
            return new Dataset(location, List.of(ArrowIpc.open(matching(location)).named(location)));
        }
        Path path = ArrowFiles.path(location).orElseThrow(() -> GraticuleException.binding("'" + location
                + "' is not a path of a file: Arrow streams and files are read from local files only for now."));
        return new Dataset(String.valueOf(path.getFileName()), List.of(ArrowIpc.open(path)));
    }

    private static List<Path> matching(String pattern) {
        try {
            List<Path> files = ArrowFiles.matching(pattern);
            if (files.isEmpty()) {
                throw GraticuleException.source("No file matches '" + pattern + "' (current folder "
                        + Path.of("").toAbsolutePath() + ").", null);
            }
            return files;
        } catch (IOException | UncheckedIOException failure) {
            throw GraticuleException.source("'" + pattern + "' cannot be read: " + failure.getMessage(), failure);
        } catch (IllegalArgumentException malformed) {
            throw GraticuleException.source("'" + pattern + "' is not a pattern: " + malformed.getMessage(), malformed);
        }
    }
}
