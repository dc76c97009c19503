package dev.graticule.zarr.copy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graticule.zarr.ElementType;
import dev.graticule.zarr.codec.Compression;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes the metadata of a group of arrays, in version 2 or 3 of the format, consolidated too. */
final class StoreMetadata {
    private static final JsonMapper MAPPER = new JsonMapper();
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final Path root;
    private final CopyOptions options;
    private final Map<String, ObjectNode> consolidated = new LinkedHashMap<>();

    StoreMetadata(Path root, CopyOptions options) {
        this.root = root;
        this.options = options;
    }

    /**
     * Adds an array.
     *
     * @param tiles the shape of what one value of the store holds
     * @param chunks the shape of chunks: another than {@code tiles} where these are shards
     * @param fill the bits of the element that stands for a missing one
     * @param misses whether an element is missing: the attribute {@code _FillValue} says so then
     */
    void add(String name, List<String> dimensions, int[] shape, int[] tiles, int[] chunks, ElementType element,
            long fill,
            boolean misses, ObjectNode attributes) throws IOException {
        // NaN needs no mask. Version 2 takes fill_value for one, so it says one only where a value is missing.
        boolean masked = misses && !element.isFloating();
        ElementType type = masked && element == ElementType.BOOL ? ElementType.INT8 : element;
        JsonNode fillValue = element.isFloating() ? JSON.textNode("NaN")
                : masked ? whole(fill, type)
                        : options.version() == 2 ? JSON.nullNode()
                                : type == ElementType.BOOL ? JSON.booleanNode(false) : JSON.numberNode(0);
        if (masked) {
            attributes.set("_FillValue", fillValue);
        }
        if (options.version() == 3) {
            write(name + "/zarr.json", name, array3(dimensions, shape, tiles, chunks, type, fillValue, attributes));
        } else {
            ArrayNode names = JSON.arrayNode();
            dimensions.forEach(names::add);
            attributes.set("_ARRAY_DIMENSIONS", names);
            write(name + "/.zarray", name + "/.zarray", array2(shape, chunks, type, fillValue));
            write(name + "/.zattrs", name + "/.zattrs", attributes);
        }
    }

    private static JsonNode whole(long bits, ElementType type) {
        if (type.isUnsigned()) {
            return JSON.numberNode(new BigInteger(Long.toUnsignedString(bits)));
        }
        int shift = 64 - 8 * type.bytes();
        return JSON.numberNode(bits << shift >> shift);
    }

    private ObjectNode array3(List<String> dimensions, int[] shape, int[] tiles, int[] chunks, ElementType type,
            JsonNode fill,
            ObjectNode attributes) {
        ObjectNode array = JSON.objectNode();
        array.put("zarr_format", 3);
        array.put("node_type", "array");
        array.set("shape", lengths(shape));
        array.put("data_type", type.zarrName());
        ObjectNode grid = array.putObject("chunk_grid");
        grid.put("name", "regular");
        grid.putObject("configuration").set("chunk_shape", lengths(tiles));
        ObjectNode keys = array.putObject("chunk_key_encoding");
        keys.put("name", "default");
        keys.putObject("configuration").put("separator", "/");
        array.set("fill_value", fill);
        ArrayNode codecs = array.putArray("codecs");
        if (!Arrays.equals(tiles, chunks)) {
            ObjectNode sharding = codecs.addObject();
            sharding.put("name", "sharding_indexed");
            ObjectNode configuration = sharding.putObject("configuration");
            configuration.set("chunk_shape", lengths(chunks));
            codecs = configuration.putArray("codecs");
            ArrayNode indexCodecs = configuration.putArray("index_codecs");
            bytes(indexCodecs, ElementType.UINT64);
            indexCodecs.addObject().put("name", "crc32c");
            configuration.put("index_location", "end");
        }
        bytes(codecs, type);
        if (options.compression() != Compression.NONE) {
            ObjectNode compressor = codecs.addObject();
            compressor.put("name", options.compression().word());
            ObjectNode configuration = compressor.putObject("configuration");
            configuration.put("level", options.level());
            if (options.compression() == Compression.ZSTD) {
                configuration.put("checksum", false);
            }
        }
        array.set("attributes", attributes);
        ArrayNode names = array.putArray("dimension_names");
        dimensions.forEach(names::add);
        array.putArray("storage_transformers");
        return array;
    }

    private static void bytes(ArrayNode codecs, ElementType type) {
        ObjectNode bytes = codecs.addObject();
        bytes.put("name", "bytes");
        if (type.bytes() > 1) {
            bytes.putObject("configuration").put("endian", "little");
        }
    }

    private ObjectNode array2(int[] shape, int[] chunks, ElementType type, JsonNode fill) {
        ObjectNode array = JSON.objectNode();
        array.put("zarr_format", 2);
        array.set("shape", lengths(shape));
        array.set("chunks", lengths(chunks));
        array.put("dtype", type.numPyName());
        array.set("fill_value", fill);
        array.put("order", "C");
        array.set("filters", JSON.nullNode());
        if (options.compression() == Compression.NONE) {
            array.set("compressor", JSON.nullNode());
        } else {
            ObjectNode compressor = array.putObject("compressor");
            compressor.put("id", options.compression().word());
            compressor.put("level", options.level());
        }
        return array;
    }

    private static ArrayNode lengths(int[] values) {
        ArrayNode array = JSON.arrayNode();
        for (int value : values) {
            array.add(value);
        }
        return array;
    }

    /** Writes the group over the arrays added. */
    void complete() throws IOException {
        if (options.version() == 3) {
            ObjectNode group = JSON.objectNode();
            group.put("zarr_format", 3);
            group.put("node_type", "group");
            group.putObject("attributes");
            ObjectNode together = group.putObject("consolidated_metadata");
            together.put("kind", "inline");
            together.put("must_understand", false);
            together.putObject("metadata").setAll(consolidated);
            write("zarr.json", null, group);
            return;
        }
        ObjectNode group = JSON.objectNode();
        group.put("zarr_format", 2);
        write(".zgroup", ".zgroup", group);
        write(".zattrs", ".zattrs", JSON.objectNode());
        ObjectNode together = JSON.objectNode();
        together.put("zarr_consolidated_format", 1);
        together.putObject("metadata").setAll(consolidated);
        write(".zmetadata", null, together);
    }

    private void write(String file, String key, ObjectNode content) throws IOException {
        Path path = root.resolve(file);
        Files.createDirectories(path.getParent());
        try {
            Files.write(path, MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(content));
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
        if (key != null) {
            consolidated.put(key, content);
        }
    }
}
