package dev.graticule.zarr;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graticule.ErrorKind;
import dev.graticule.zarr.codec.ByteCodec;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Arrays of version 3 of the format: {@code zarr.json}. */
final class MetadataV3 {
    private static final Set<String> KNOWN = Set.of("zarr_format", "node_type", "shape", "data_type", "chunk_grid",
            "chunk_key_encoding",
            "fill_value", "codecs", "attributes", "dimension_names", "storage_transformers");

    /** How many chunks of a shard an index may have: it is read whole. */
    private static final long MOST_CHUNKS = 1 << 24;

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
            JsonNode configuration = codec.path("configuration");
            String inner = name.equals("sharding_indexed")
                    ? String.join(", ", codecNames(configuration.path("codecs")))
                    : configuration.path("cname").asText();
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
        int[] chunkShape;
        String typeName = typeName(array.path("data_type"));
        TextForm form = switch (typeName) {
            case "string" -> TextForm.LENGTHS;
            case "fixed_length_utf32" -> TextForm.CODE_POINTS;
            case "null_terminated_bytes" -> TextForm.BYTES;
            default -> null;
        };
        ElementType type = form != null ? form.unit()
                : ElementType.named(typeName)
                        .orElseThrow(() -> new UnsupportedMetadata("data type '" + typeName + "'"));
        JsonNode fill = array.path("fill_value");
        Sharding sharding = Sharding.NONE;
        JsonNode codecs = array.path("codecs");
        if (codecs.size() == 1 && Codecs.name(codecs.get(0), "name").equals("sharding_indexed")) {
            JsonNode configuration = codecs.get(0).path("configuration");
            long[] shardShape = Json.lengths(grid.path("configuration"), "chunk_shape", 1);
            chunkShape = chunkShape(Json.lengths(configuration, "chunk_shape", 1), shape);
            sharding = sharding(configuration, shardShape, chunkShape);
            codecs = configuration.path("codecs");
        } else {
            chunkShape = chunkShape(Json.lengths(grid.path("configuration"), "chunk_shape", 1), shape);
        }
        Chain chain = chain(codecs, shape.length, type, form == TextForm.LENGTHS ? "vlen-utf8" : "bytes");
        if (form != null) {
            return texts(form,
                    width(form, array.path("data_type").path("configuration").path("length_bytes").asText())
                            / form.unit().bytes(),
                    chain.order(), chunkShape, chain.storageOrder(), fill, chain.codecs(),
                    keys(array.path("chunk_key_encoding")), sharding);
        }
        boolean hasFill = !fill.isNull() && !fill.isMissingNode();
        long fillBits = 0;
        if (hasFill) {
            fillBits = FillValues.bits(fill, type)
                    .orElseThrow(() -> new MalformedMetadata(
                            "'fill_value' " + Json.shortened(fill) + " is no value of type " + type.zarrName()));
        }
        return small(new Encoding.Regular(type, chain.order(), chunkShape, chain.storageOrder(), fillBits, hasFill,
                chain.codecs(), keys(array.path("chunk_key_encoding")), sharding));
    }

    /**
     * How texts are stored.
     *
     * @param width units of a text, of a fixed length
     * @param chunkShape that of the array
     */
    static Encoding.Texts texts(TextForm form, int width, ByteOrder order, int[] chunkShape, int[] storageOrder,
            JsonNode fill, List<ByteCodec> codecs, ChunkKeys keys, Sharding sharding)
            throws MalformedMetadata, UnsupportedMetadata {
        boolean hasFill = !fill.isNull() && !fill.isMissingNode();
        String text = !hasFill ? ""
                : form.fill(fill).orElseThrow(
                        () -> new MalformedMetadata("'fill_value' " + Json.shortened(fill) + " is no text"));
        int axes = chunkShape.length;
        int[] lengths = chunkShape;
        int[] places = storageOrder;
        if (form != TextForm.LENGTHS) {
            if (width <= 0) {
                throw new UnsupportedMetadata("texts of length " + width);
            }
            lengths = Arrays.copyOf(chunkShape, axes + 1);
            lengths[axes] = width;
            places = Arrays.copyOf(storageOrder, axes + 1);
            places[axes] = axes;
        }
        Encoding.Regular chunks = new Encoding.Regular(form.unit(), order, lengths, places, 0, hasFill, codecs, keys,
                sharding);
        if (chunks.chunkBytes() > Integer.MAX_VALUE - 4096) {
            throw new UnsupportedMetadata("chunks of texts of 2 GiB or more");
        }
        return new Encoding.Texts(chunks, form, text, hasFill);
    }

    /** How many units a text has, from the number behind a NumPy type, or from the bytes that version 3 counts. */
    static int width(TextForm form, String length) throws MalformedMetadata {
        if (form == TextForm.LENGTHS) {
            return 0;
        }
        try {
            return Integer.parseInt(length);
        } catch (NumberFormatException none) {
            throw new MalformedMetadata("texts have the length '" + length + "'");
        }
    }

    private static Sharding sharding(JsonNode configuration, long[] shardShape, int[] chunkShape)
            throws MalformedMetadata, UnsupportedMetadata {
        if (chunkShape.length == 0) {
            throw new UnsupportedMetadata("codec 'sharding_indexed' of a scalar");
        }
        if (shardShape.length != chunkShape.length) {
            throw new MalformedMetadata("shards have " + shardShape.length + " axes, the chunks in them "
                    + chunkShape.length);
        }
        int[] chunks = new int[chunkShape.length];
        long count = 1;
        for (int axis = 0; axis < chunks.length; axis++) {
            if (shardShape[axis] % chunkShape[axis] != 0) {
                throw new MalformedMetadata("chunks of " + chunkShape[axis] + " do not fill shards of "
                        + shardShape[axis] + " along axis " + axis);
            }
            chunks[axis] = (int) Math.min(Integer.MAX_VALUE, shardShape[axis] / chunkShape[axis]);
            count *= chunks[axis];
            if (count > MOST_CHUNKS) {
                throw new UnsupportedMetadata("shards of more than " + MOST_CHUNKS + " chunks");
            }
        }
        boolean checked = false;
        boolean bytes = false;
        for (JsonNode codec : configuration.path("index_codecs")) {
            String name = Codecs.name(codec, "name");
            if (!bytes && name.equals("bytes")
                    && codec.path("configuration").path("endian").asText().equals("little")) {
                bytes = true;
            } else if (bytes && !checked && name.equals("crc32c")) {
                checked = true;
            } else {
                throw new UnsupportedMetadata("codec '" + name + "' of a shard's index");
            }
        }
        String location = configuration.path("index_location").asText("end");
        if (!bytes || !location.equals("end") && !location.equals("start")) {
            throw new MalformedMetadata("codec 'sharding_indexed' has " + (bytes ? "its index at the " + location
                    : "no codec 'bytes' for its index"));
        }
        return new Sharding(chunks, location.equals("start"), checked);
    }

    /** What the codecs of a chunk come to. */
    private record Chain(int[] storageOrder, ByteOrder order, List<ByteCodec> codecs) {
    }

    /** @param toBytes the codec from arrays to bytes */
    private static Chain chain(JsonNode list, int axes, ElementType type, String toBytes)
            throws MalformedMetadata, UnsupportedMetadata {
        int[] storageOrder = new int[axes];
        for (int place = 0; place < axes; place++) {
            storageOrder[place] = place;
        }
        ByteOrder order = null;
        List<ByteCodec> codecs = new ArrayList<>();
        for (JsonNode codec : list) {
            String name = Codecs.name(codec, "name");
            JsonNode configuration = codec.path("configuration");
            if (order == null && name.equals("transpose")) {
                storageOrder = transposed(storageOrder, configuration.path("order"));
            } else if (order == null && name.equals(toBytes)) {
                order = toBytes.equals("bytes") ? byteOrder(configuration.path("endian"), type)
                        : ByteOrder.LITTLE_ENDIAN;
            } else if (order == null) {
                if (Codecs.named(name).isPresent()) {
                    throw new MalformedMetadata("codec '" + name + "' stands before a codec from arrays to bytes");
                }
                throw new UnsupportedMetadata("codec '" + name + "'" + (name.equals("sharding_indexed")
                        ? " beside other codecs, or inside another" : ""));
            } else {
                codecs.add(Codecs.named(name).orElseThrow(() -> new UnsupportedMetadata("codec '" + name + "'")));
            }
        }
        if (order == null) {
            throw new MalformedMetadata("'codecs' has no codec from arrays to bytes (such as 'bytes')");
        }
        return new Chain(storageOrder, order, codecs);
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
