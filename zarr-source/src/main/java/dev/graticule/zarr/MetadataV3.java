package dev.graticule.zarr;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graticule.ErrorKind;
import dev.graticule.zarr.codec.ByteCodec;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Arrays of version 3 of the format: {@code zarr.json}. */
final class MetadataV3 {
    private static final Set<String> KNOWN = Set.of("zarr_format", "node_type", "shape", "data_type", "chunk_grid",
            "chunk_key_encoding",
            "fill_value", "codecs", "attributes", "dimension_names", "storage_transformers");

    private MetadataV3() {
    }

    /** What the object says; what is wrong or unknown in it becomes an {@link Encoding.Undecodable}. */
    static ArrayMetadata array(String path, String location, ObjectNode array) {
        long[] shape = {};
        Encoding encoding;
        ObjectNode attributes = Json.emptyObject();
        try {
            attributes = Json.objectAt(array, "attributes");
            shape = Json.lengths(array, "shape", 0);
            encoding = encoding(array, shape);
        } catch (MalformedMetadata failure) {
            encoding = new Encoding.Undecodable(ErrorKind.SOURCE, failure.getMessage());
        } catch (UnsupportedMetadata failure) {
            encoding = new Encoding.Undecodable(ErrorKind.UNSUPPORTED, failure.getMessage());
        }
        return new ArrayMetadata(path, location, 3, shape, Json.texts(array.path("dimension_names")),
                typeName(array.path("data_type")),
                codecNames(array.path("codecs")), attributes, encoding);
    }

    private static String typeName(JsonNode type) {
        return type.isTextual() ? type.asText() : type.path("name").asText(type.toString());
    }

    private static List<String> codecNames(JsonNode codecs) {
        List<String> names = new ArrayList<>();
        for (JsonNode codec : codecs) {
            String name = codec.isTextual() ? codec.asText() : codec.path("name").asText();
            String inner = codec.path("configuration").path("cname").asText();
            names.add(inner.isEmpty() ? name : name + "(" + inner + ")");
        }
        return names;
    }

    private static Encoding encoding(ObjectNode array, long[] shape) throws MalformedMetadata, UnsupportedMetadata {
        refuseUnknown(array);
        JsonNode grid = array.path("chunk_grid");
        if (!grid.path("name").asText().equals("regular")) {
            throw new UnsupportedMetadata("chunk grid " + Json.shortened(grid));
        }
        int[] chunkShape = chunkShape(Json.lengths(grid.path("configuration"), "chunk_shape", 1), shape);
        String typeName = typeName(array.path("data_type"));
        ElementType type = ElementType.named(typeName)
                .orElseThrow(() -> new UnsupportedMetadata("data type '" + typeName + "'"));
        JsonNode fill = array.path("fill_value");
        boolean hasFill = !fill.isNull() && !fill.isMissingNode();
        long fillBits = 0;
        if (hasFill) {
            fillBits = FillValues.bits(fill, type)
                    .orElseThrow(() -> new MalformedMetadata(
                            "'fill_value' " + Json.shortened(fill) + " is no value of type " + type.zarrName()));
        }
        int[] storageOrder = new int[shape.length];
        for (int place = 0; place < shape.length; place++) {
            storageOrder[place] = place;
        }
        ByteOrder order = null;
        List<ByteCodec> codecs = new ArrayList<>();
        for (JsonNode codec : array.path("codecs")) {
            String name = Codecs.name(codec, "name");
            JsonNode configuration = codec.path("configuration");
            if (order == null && name.equals("transpose")) {
                storageOrder = transposed(storageOrder, configuration.path("order"));
            } else if (order == null && name.equals("bytes")) {
                order = byteOrder(configuration.path("endian"), type);
            } else if (order == null) {
                if (Codecs.named(name).isPresent()) {
                    throw new MalformedMetadata("codec '" + name + "' stands before a codec from arrays to bytes");
                }
                throw new UnsupportedMetadata("codec '" + name + "'");
            } else {
                codecs.add(Codecs.named(name).orElseThrow(() -> new UnsupportedMetadata("codec '" + name + "'")));
            }
        }
        if (order == null) {
            throw new MalformedMetadata("'codecs' has no codec from arrays to bytes (such as 'bytes')");
        }
        return small(new Encoding.Regular(type, order, chunkShape, storageOrder, fillBits, hasFill, codecs,
                keys(array.path("chunk_key_encoding"))));
    }

    /** Codecs work on less than 2 GiB at once. */
    static Encoding.Regular small(Encoding.Regular encoding) throws UnsupportedMetadata {
        if (!encoding.codecs().isEmpty() && encoding.chunkBytes() > Integer.MAX_VALUE - 4096) {
            throw new UnsupportedMetadata("compressed chunks of 2 GiB or more");
        }
        return encoding;
    }

    private static void refuseUnknown(ObjectNode array) throws UnsupportedMetadata {
        for (Map.Entry<String, JsonNode> field : array.properties()) {
            JsonNode mustUnderstand = field.getValue().path("must_understand");
            if (!KNOWN.contains(field.getKey()) && !(mustUnderstand.isBoolean() && !mustUnderstand.booleanValue())) {
                throw new UnsupportedMetadata("metadata field '" + field.getKey() + "'");
            }
        }
        for (JsonNode transformer : array.path("storage_transformers")) {
            throw new UnsupportedMetadata("storage transformer '" + typeName(transformer) + "'");
        }
    }

    /** Chunk lengths as numbers of one chunk's size: as many as axes, and together below 2 GiB. */
    static int[] chunkShape(long[] lengths, long[] shape) throws MalformedMetadata, UnsupportedMetadata {
        if (lengths.length != shape.length) {
            throw new MalformedMetadata("chunks have " + lengths.length + " axes, the array " + shape.length);
        }
        int[] chunkShape = new int[lengths.length];
        long elements = 1;
        for (int axis = 0; axis < lengths.length; axis++) {
            chunkShape[axis] = (int) Math.min(lengths[axis], Integer.MAX_VALUE);
            elements = Math.multiplyHigh(elements, lengths[axis]) == 0 ? elements * lengths[axis] : Long.MAX_VALUE;
            if (elements < 0 || elements > Integer.MAX_VALUE) {
                throw new UnsupportedMetadata("chunks of more than 2^31 elements");
            }
        }
        return chunkShape;
    }

    /** {@code inner}: the axes as they are stored so far; the codec then stores axis {@code order[i]} of that at place i. */
    private static int[] transposed(int[] inner, JsonNode order) throws MalformedMetadata {
        int[] result = new int[inner.length];
        boolean[] seen = new boolean[inner.length];
        for (int place = 0; place < inner.length; place++) {
            int from = order.isTextual() ? order.asText().equals("F") ? inner.length - 1 - place : place
                    : order.path(place).asInt(-1);
            if (from < 0 || from >= inner.length || seen[from] || order.isArray() && order.size() != inner.length) {
                throw new MalformedMetadata(
                        "codec 'transpose' has order " + Json.shortened(order) + " for " + inner.length + " axes");
            }
            seen[from] = true;
            result[place] = inner[from];
        }
        return result;
    }

    private static ByteOrder byteOrder(JsonNode endian, ElementType type) throws MalformedMetadata {
        return switch (endian.asText()) {
            case "little" -> ByteOrder.LITTLE_ENDIAN;
            case "big" -> ByteOrder.BIG_ENDIAN;
            case "" -> {
                if (type.bytes() > 1) {
                    throw new MalformedMetadata("codec 'bytes' says no byte order for " + type.zarrName());
                }
                yield ByteOrder.LITTLE_ENDIAN;
            }
            default -> throw new MalformedMetadata("codec 'bytes' has byte order " + Json.shortened(endian));
        };
    }

    private static ChunkKeys keys(JsonNode encoding) throws MalformedMetadata, UnsupportedMetadata {
        JsonNode separator = encoding.path("configuration").path("separator");
        String name = encoding.isTextual() ? encoding.asText() : encoding.path("name").asText();
        return switch (name) {
            case "default" -> new ChunkKeys(true, separator(separator, '/'));
            case "v2" -> new ChunkKeys(false, separator(separator, '.'));
            default -> throw new UnsupportedMetadata("chunk key encoding '" + name + "'");
        };
    }

    /** A separator of chunk keys: a dot or a slash. */
    static char separator(JsonNode node, char otherwise) throws MalformedMetadata {
        if (node.isMissingNode() || node.isNull()) {
            return otherwise;
        }
        if (node.asText().equals(".") || node.asText().equals("/")) {
            return node.asText().charAt(0);
        }
        throw new MalformedMetadata(
                "the chunk keys' separator is " + Json.shortened(node) + ", expected \".\" or \"/\"");
    }
}
