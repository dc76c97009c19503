package dev.graticule.zarr.copy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graticule.zarr.ElementType;
import dev.graticule.zarr.codec.BloscEncoder;
import dev.graticule.zarr.codec.Compression;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Writes the metadata of a group of arrays, in version 2 or 3 of the format, consolidated too. */
final class StoreMetadata {
    private static final JsonMapper MAPPER = new JsonMapper();
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    /** Instead of a type of elements: texts. */
    private static final ElementType TEXTS = null;

    private final Path root;
    private final CopyOptions options;
    private final Map<String, ObjectNode> consolidated = new LinkedHashMap<>();

    private final ObjectNode attributes;

    /**
     * @param attributes of the store that the rows come from
     * @param columns the names that are written
     */
    StoreMetadata(Path root, CopyOptions options, Map<String, String> attributes, Set<String> columns) {
        this.root = root;
        this.options = options;
        this.attributes = CopyAttributes.ofStore(attributes, columns);
    }

    /** Adds a variable. */
    void add(CopyVariable variable, List<String> dimensions, CopyGrid grid, ObjectNode attributes) throws IOException {
        if (variable.isText()) {
            addTexts(variable.name(), dimensions, grid, variable.misses(), attributes);
            return;
        }
        StoredForm form = variable.form();
        CellEncoding encoding = variable.encoding();
        Optional<Boolean> fill = options.version() == 2 && encoding.element() == ElementType.BOOL && !variable.misses()
                ? StoredForm.maskedTruth(variable.attributes()) : Optional.empty();
        if (fill.isPresent()) {
            write(variable.name(), dimensions, grid, ElementType.BOOL, JSON.booleanNode(fill.get()), attributes);
            return;
        }
        add(variable.name(), dimensions, grid, form.element(), encoding.fill(),
                form.masked() || variable.misses() && !encoding.element().isFloating(), attributes);
    }

    /** A floating {@code _FillValue} as xarray has it in version 3: the bytes of a double in base64. */
    private static String base64(long bits, ElementType type) {
        ByteBuffer bytes = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putDouble(number(bits, type));
        return Base64.getEncoder().encodeToString(bytes.array());
    }

    private static double number(long bits, ElementType type) {
        return type == ElementType.FLOAT16 ? Float.float16ToFloat((short) bits)
                : type == ElementType.FLOAT32 ? Float.intBitsToFloat((int) bits) : Double.longBitsToDouble(bits);
    }

    private static JsonNode floating(double number) {
        return Double.isFinite(number) ? JSON.numberNode(number)
                : JSON.textNode(Double.isNaN(number) ? "NaN" : number > 0 ? "Infinity" : "-Infinity");
    }

    /** Adds an array of texts. {@code missing}: whether empty ones are missing, which version 2 can say. */
    void addTexts(String name, List<String> dimensions, CopyGrid grid, boolean missing, ObjectNode attributes)
            throws IOException {
        write(name, dimensions, grid, TEXTS,
                options.version() == 2 && !missing ? JSON.nullNode() : JSON.textNode(""), attributes);
    }

    /**
     * Adds an array of numbers or booleans.
     *
     * @param fill the bits of the element that stands for a missing one
     * @param masked whether {@code _FillValue} says so; of floating elements NaN needs none
     */
    void add(String name, List<String> dimensions, CopyGrid grid, ElementType element, long fill, boolean masked,
            ObjectNode attributes) throws IOException {
        // Version 2 takes fill_value for a mask, so it says one only where a value is missing.
        ElementType type = masked && element == ElementType.BOOL ? ElementType.INT8 : element;
        boolean floating = element.isFloating();
        JsonNode fillValue = floating ? floating(number(fill, element))
                : masked ? whole(fill, type)
                        : options.version() == 2 ? JSON.nullNode()
                                : type == ElementType.BOOL ? JSON.booleanNode(false) : JSON.numberNode(0);
        if (masked && !floating) {
            attributes.set("_FillValue", fillValue);
        } else if (masked && options.version() == 3) {
            attributes.put("_FillValue", base64(fill, element));
        }
        write(name, dimensions, grid, type, fillValue, attributes);
    }

    private void write(String name, List<String> dimensions, CopyGrid grid, ElementType type, JsonNode fill,
            ObjectNode attributes) throws IOException {
        if (options.version() == 3) {
            write(name + "/zarr.json", name,
                    array3(dimensions, grid.shape(), grid.tileShape(), grid.chunkShape(), type, fill, attributes));
        } else {
            ArrayNode names = JSON.arrayNode();
            dimensions.forEach(names::add);
            attributes.set("_ARRAY_DIMENSIONS", names);
            write(name + "/.zarray", name + "/.zarray", array2(grid.shape(), grid.chunkShape(), type, fill));
            write(name + "/.zattrs", name + "/.zattrs", attributes);
        }
    }

    private static JsonNode whole(long bits, ElementType type) {
        long number = CellEncoding.number(bits, type);
        return type.isUnsigned() ? JSON.numberNode(new BigInteger(Long.toUnsignedString(number)))
                : JSON.numberNode(number);
    }

    private ObjectNode array3(List<String> dimensions, int[] shape, int[] tiles, int[] chunks, ElementType type,
            JsonNode fill,
            ObjectNode attributes) {
        ObjectNode array = JSON.objectNode();
        array.put("zarr_format", 3);
        array.put("node_type", "array");
        array.set("shape", lengths(shape));
        array.put("data_type", type == TEXTS ? "string" : type.zarrName());
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
            switch (options.compression()) {
                case NONE, GZIP -> configuration.put("level", options.level());
                case ZSTD -> configuration.put("level", options.level()).put("checksum", false);
                case BLOSC -> configuration.put("typesize", type == TEXTS ? 1 : type.bytes())
                        .put("cname", BloscEncoder.inner(options.level())).put("clevel", options.level())
                        .put("shuffle", type == TEXTS || type.bytes() == 1 ? "noshuffle" : "shuffle")
                        .put("blocksize", 0);
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
        bytes.put("name", type == TEXTS ? "vlen-utf8" : "bytes");
        if (type == TEXTS) {
            return;
        }
        if (type.bytes() > 1) {
            bytes.putObject("configuration").put("endian", "little");
        }
    }

    private ObjectNode array2(int[] shape, int[] chunks, ElementType type, JsonNode fill) {
        ObjectNode array = JSON.objectNode();
        array.put("zarr_format", 2);
        array.set("shape", lengths(shape));
        array.set("chunks", lengths(chunks));
        array.put("dtype", type == TEXTS ? "|O" : type.numPyName());
        array.set("fill_value", fill);
        array.put("order", "C");
        if (type == TEXTS) {
            array.putArray("filters").addObject().put("id", "vlen-utf8");
        } else {
            array.set("filters", JSON.nullNode());
        }
        if (options.compression() == Compression.NONE) {
            array.set("compressor", JSON.nullNode());
        } else {
            ObjectNode compressor = array.putObject("compressor");
            compressor.put("id", options.compression().word());
            if (options.compression() == Compression.BLOSC) {
                compressor.put("cname", BloscEncoder.inner(options.level())).put("clevel", options.level())
                        .put("shuffle", type == TEXTS || type.bytes() == 1 ? 0 : 1).put("blocksize", 0);
            } else {
                compressor.put("level", options.level());
            }
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
            group.set("attributes", attributes);
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
        write(".zattrs", ".zattrs", attributes);
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
