package dev.graticule.zarr.copy;

import dev.graticule.GraticuleException;
import dev.graticule.spi.CopyFormat;
import dev.graticule.spi.CopyWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** {@code COPY ... TO 'x.zarr'}: a Zarr store, in which columns that are axes are dimensions and all others are variables over them. */
public final class ZarrFormat implements CopyFormat {
    private static final List<String> MARKS = List.of("zarr.json", ".zgroup", ".zarray", ".zmetadata");

    @Override
    public String format() {
        return "zarr";
    }

    @Override
    public List<String> endings() {
        return List.of("zarr");
    }

    @Override
    public CopyWriter writer(String target, Map<String, Object> options) {
        return new ZarrCopy(CopyOptions.of(options));
    }

    /** An empty folder, and a Zarr store where OVERWRITE says so. */
    @Override
    public boolean replaces(Path existing, Map<String, Object> options) {
        if (!Files.isDirectory(existing)) {
            return false;
        }
        try (Stream<Path> content = Files.list(existing)) {
            if (content.findAny().isEmpty()) {
                return true;
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        if (MARKS.stream().noneMatch(mark -> Files.exists(existing.resolve(mark)))) {
            return false;
        }
        if (CopyOptions.of(options).overwrite()) {
            return true;
        }
        throw GraticuleException
                .binding("'" + existing + "' is a Zarr store already: (OVERWRITE true) would replace it.");
    }
}
