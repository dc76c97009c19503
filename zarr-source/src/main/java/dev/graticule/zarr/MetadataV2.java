package dev.graticule.zarr;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graticule.ErrorKind;
import dev.graticule.zarr.codec.ByteCodec;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** Arrays of version 2 of the format: {@code .zarray} and {@code .zattrs}. */
final class MetadataV2 {
    static final String DIMENSIONS = "_ARRAY_DIMENSIONS";

    private MetadataV2() {
    }

    /** What the two objects say; what is wrong or unknown in them becomes an {@link Encoding.Undecodable}. */
    static ArrayMetadata array(String path, String location, ObjectNode array, ObjectNode attributes) {
        long[] shape = {};
        Encoding encoding;
        try {
            shape = Json.lengths(array, "shape", 0);
            encoding = encoding(array, shape);
        } catch (MalformedMetadata failure) {
            encoding = new Encoding.Undecodable(ErrorKind.SOURCE, failure.getMessage());
        } catch (UnsupportedMetadata failure) {
            encoding = new Encoding.Undecodable(ErrorKind.UNSUPPORTED, failure.getMessage());
        }
        JsonNode type = array.get("dtype");
        ObjectNode others = attributes.deepCopy();
        others.remove(DIMENSIONS);
        return new ArrayMetadata(path, location, 2, shape, Json.texts(attributes.path(DIMENSIONS)),
                type == null ? "" : type.isTextual() ? type.asText() : type.toString(), codecNames(array), others,
                encoding);
    }

    private static List<String> codecNames(ObjectNode array) {
        List<String> names = new ArrayList<>();
        array.path("filters").forEach(filter -> names.add(filter.path("id").asText()));
        JsonNode compressor = array.path("compressor");
        if (compressor.isObject()) {
            String inner = compressor.path("cname").asText();
            names.add(compressor.path("id").asText() + (inner.isEmpty() ? "" : "(" + inner + ")"));
        }
        return names;
    }

    private static Encoding encoding(ObjectNode array, long[] shape) throws MalformedMetadata, UnsupportedMetadata {
        int[] chunkShape = MetadataV3.chunkShape(Json.lengths(array, "chunks", 1), shape);
        JsonNode dtype = array.get("dtype");
        if (dtype == null) {
            throw new MalformedMetadata("'dtype' is missing");
        }
        String text = dtype.asText();
        boolean known = dtype.isTextual() && text.length() >= 2 && "<>|=".indexOf(text.charAt(0)) >= 0;
        TextForm form = known ? textForm(text, array.path("filters")) : null;
        ElementType type = !known ? null
                : form != null ? form.unit() : ElementType.ofNumPy(text.substring(1)).orElse(null);
        if (type == null) {
            throw new UnsupportedMetadata("data type " + Json.shortened(dtype));
        }
        ByteOrder order = text.charAt(0) == '>' ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        int filters = 0;
        for (JsonNode filter : array.path("filters")) {
            if (form != TextForm.LENGTHS || filters > 0) {
                throw new UnsupportedMetadata("filter '" + Codecs.name(filter, "id") + "'");
            }
            filters++;
        }
        List<ByteCodec> codecs = new ArrayList<>();
        JsonNode compressor = array.path("compressor");
        if (!compressor.isNull() && !compressor.isMissingNode()) {
            String name = Codecs.name(compressor, "id");
            codecs.add(Codecs.named(name).orElseThrow(() -> new UnsupportedMetadata("codec '" + name + "'")));
        }
        int[] storageOrder = new int[shape.length];
        String layout = array.path("order").asText("C");
        for (int place = 0; place < shape.length; place++) {
            storageOrder[place] = layout.equals("F") ? shape.length - 1 - place : place;
        }
        if (!layout.equals("C") && !layout.equals("F")) {
            throw new MalformedMetadata(
                    "'order' is " + Json.shortened(array.get("order")) + ", expected \"C\" or \"F\"");
        }
        JsonNode fill = array.path("fill_value");
        boolean hasFill = !fill.isNull() && !fill.isMissingNode();
        ChunkKeys keys = new ChunkKeys(false, MetadataV3.separator(array.path("dimension_separator"), '.'));
        if (form != null) {
            return MetadataV3.texts(form, MetadataV3.width(form, text.substring(2)), order, chunkShape, storageOrder,
                    fill,
                    codecs, keys, Sharding.NONE);
        }
        long fillBits = 0;
        if (hasFill) {
            fillBits = FillValues.bits(fill, type)
                    .orElseThrow(() -> new MalformedMetadata(
                            "'fill_value' " + Json.shortened(fill) + " is no value of type " + type.zarrName()));
        }
        return MetadataV3.small(new Encoding.Regular(type, order, chunkShape, storageOrder, fillBits, hasFill, codecs,
                keys, Sharding.NONE));
    }

    /** The form of texts that a NumPy type has; {@code null} where it is none. Objects are texts only by their filter. */
    private static TextForm textForm(String type, JsonNode filters) {
        return switch (type.charAt(1)) {
            case 'U' -> TextForm.CODE_POINTS;
            case 'S' -> TextForm.BYTES;
            case 'O' -> filters.path(0).path("id").asText().equals("vlen-utf8") ? TextForm.LENGTHS : null;
            default -> null;
        };
    }
}
