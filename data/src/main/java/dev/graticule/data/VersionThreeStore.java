package dev.graticule.data;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * A store in version 3 of the format. Every array has a {@code fill_value} there, so what a missing cell of whole numbers
 * holds stands in the attribute {@code _FillValue}; REAL has NaN.
 */
final class VersionThreeStore implements Store {
    private static final String KEY = "zarr.json";

    private final Path folder;
    private final Compression compression;
    private final ObjectNode group = Json.object();
    private final ObjectNode arrays = Json.object();

    VersionThreeStore(Path folder, Map<String, Object> attributes, Compression compression) throws IOException {
        this.folder = folder;
        this.compression = compression;
        group.put("zarr_format", 3).put("node_type", "group");
        group.set("attributes", Json.of(new TreeMap<>(attributes)));
        Json.write(folder.resolve(KEY), group);
    }

    @Override
    public void add(Variable variable, int[] chunk) throws IOException {
        ObjectNode array = Json.object().put("zarr_format", 3).put("node_type", "array");
        array.set("shape", Json.of(variable.shape()));
        array.put("data_type", (variable.isFloatingPoint() ? "float" : "int") + 8 * variable.width());
        ObjectNode grid = array.putObject("chunk_grid").put("name", "regular");
        grid.putObject("configuration").set("chunk_shape", Json.of(chunk));
        array.putObject("chunk_key_encoding").put("name", "default").putObject("configuration").put("separator", "/");
        array.set("fill_value", Json.of(variable.missing().isEmpty() ? 0 : variable.missing().getFirst()));
        ArrayNode codecs = array.putArray("codecs");
        codecs.addObject().put("name", "bytes").putObject("configuration").put("endian", "little");
        switch (compression) {
            case NONE -> {
            }
            case BLOSC_LZ4 -> blosc(codecs, "lz4", "shuffle", variable.width());
            case BLOSC_ZSTD -> blosc(codecs, "zstd", "bitshuffle", variable.width());
        }
        Map<String, Object> attributes = new TreeMap<>(variable.attributes());
        if (!variable.isFloatingPoint() && !variable.missing().isEmpty()) {
            attributes.put("_FillValue", variable.missing().getFirst());
        }
        array.set("attributes", Json.of(attributes));
        array.set("dimension_names", Json.of(variable.dimensions()));
        array.putArray("storage_transformers");
        arrays.set(variable.name(), array);
        Json.write(folder.resolve(variable.name()).resolve(KEY), array);
        variable.writeChunks(chunk, compression, index -> {
            Path file = folder.resolve(variable.name()).resolve("c");
            for (int number : index) {
                file = file.resolve(Integer.toString(number));
            }
            return file;
        });
    }

    @Override
    public void consolidate() throws IOException {
        group.putObject("consolidated_metadata").put("kind", "inline").put("must_understand", false)
                .set("metadata", arrays);
        Json.write(folder.resolve(KEY), group);
    }

    private static void blosc(ArrayNode codecs, String compressor, String shuffle, int width) {
        codecs.addObject().put("name", "blosc").putObject("configuration").put("typesize", width)
                .put("cname", compressor).put("clevel", Compression.LEVEL).put("shuffle", shuffle).put("blocksize", 0);
    }
}
