package dev.graticule.arrow;

import dev.graticule.GraticuleException;
import dev.graticule.spi.Dataset;
import dev.graticule.spi.DatasetProvider;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Arrow IPC streams and files in {@code FROM 'x.arrows'}, {@code read_arrow('x.arrow')} and {@code STORED AS ARROW}. */
public final class ArrowDatasetProvider implements DatasetProvider {
    @Override
    public String format() {
        return "arrow";
    }

    @Override
    public boolean recognizes(String location) {
        return path(location).filter(ArrowIpc::recognizes).isPresent();
    }

    @Override
    public Dataset open(String location, Map<String, Object> options) {
        if (!options.isEmpty()) {
            throw GraticuleException.binding(
                    "read_arrow has no option '" + options.keySet().iterator().next() + "'; it takes a path only.");
        }
        Path file = path(location).orElseThrow(() -> GraticuleException.binding("'" + location
                + "' is not a path of a file: Arrow streams and files are read from local files only for now."));
        ArrowStreamTable table = ArrowIpc.open(file);
        return new Dataset(String.valueOf(file.getFileName()), List.of(table));
    }

    private static Optional<Path> path(String location) {
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
