package dev.graticule.data;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A store in version 2 of the format. Its {@code fill_value} says what a missing cell holds; complete variables have none.
 * The names of the dimensions stand in {@code _ARRAY_DIMENSIONS}, as xarray writes them.
 */
final class VersionTwoStore implements Store {
    private final Path folder;
    private final Compression compression;
    private final ObjectNode metadata = Json.object();

    VersionTwoStore(Path folder, Map<String, Object> attributes, Compression compression) throws IOException {
        this.folder = folder;
        this.compression = compression;
        write(".zattrs", Json.of(new TreeMap<>(attributes)).deepCopy());
        write(".zgroup", Json.object().put("zarr_format", 2));
    }

    @Override
    public void add(Variable variable, int[] chunk) throws IOException {
        ObjectNode array = Json.object();
        array.put("zarr_format", 2);
        array.set("shape", Json.of(variable.shape()));
        array.set("chunks", Json.of(chunk));
        array.put("dtype", "<" + (variable.isFloatingPoint() ? "f" : "i") + variable.width());
        array.set("compressor", switch (compression) {
            case NONE -> Json.of(null);
            case BLOSC_LZ4 -> blosc("lz4", 1);
            case BLOSC_ZSTD -> blosc("zstd", 2);
        });
        array.set("fill_value", Json.of(variable.missing().isEmpty() ? null : variable.missing().getFirst()));
        array.put("order", "C");
        array.set("filters", Json.of(null));
        write(variable.name() + "/.zarray", array);
        Map<String, Object> attributes = new TreeMap<>(variable.attributes());
        attributes.put("_ARRAY_DIMENSIONS", variable.dimensions());
        write(variable.name() + "/.zattrs", Json.of(attributes).deepCopy());
        variable.writeChunks(chunk, compression, index -> folder.resolve(variable.name())
                .resolve(IntStream.of(index).mapToObj(Integer::toString).collect(Collectors.joining("."))));
    }

    @Override
    public void consolidate() throws IOException {
        ObjectNode root = Json.object();
        root.set("metadata", metadata);
        root.put("zarr_consolidated_format", 1);
        Json.write(folder.resolve(".zmetadata"), root);
    }

    private void write(String key, ObjectNode content) throws IOException {
        metadata.set(key, content);
        Json.write(folder.resolve(key), content);
    }

    private static ObjectNode blosc(String compressor, int shuffle) {
        return Json.object().put("id", "blosc").put("cname", compressor).put("clevel", Compression.LEVEL)
                .put("shuffle", shuffle).put("blocksize", 0);
    }
}
