package dev.graticule.zarr;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** Reading the JSON of metadata: what Python writes (bare NaN and Infinity included) is accepted. */
final class Json {
    private static final JsonMapper MAPPER = JsonMapper.builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .build();

    private Json() {
    }

    static ObjectNode emptyObject() {
        return JsonNodeFactory.instance.objectNode();
    }

    /**
     * The object that a file holds.
     *
     * @throws MalformedMetadata saying what is wrong and where in the text
     */
    static ObjectNode object(byte[] bytes) throws MalformedMetadata {
        JsonNode node;
        try {
            node = MAPPER.readTree(bytes);
        } catch (JsonProcessingException failure) {
            String place = failure.getLocation() == null ? ""
                    : " at line " + failure.getLocation().getLineNr() + ", column "
                            + failure.getLocation().getColumnNr();
            throw new MalformedMetadata("not valid JSON" + place + ": " + failure.getOriginalMessage().split("\n")[0]);
        } catch (IOException failure) {
            throw new MalformedMetadata("not valid JSON: " + failure.getMessage());
        }
        if (node instanceof ObjectNode object) {
            return object;
        }
        throw new MalformedMetadata(bytes.length == 0 ? "the file is empty" : "not a JSON object");
    }

    /** The object under a key; an empty one where there is none or null. */
    static ObjectNode objectAt(JsonNode parent, String key) throws MalformedMetadata {
        JsonNode node = parent.get(key);
        if (node == null || node.isNull()) {
            return emptyObject();
        }
        if (node instanceof ObjectNode object) {
            return object;
        }
        throw new MalformedMetadata("'" + key + "' is not an object: " + shortened(node));
    }

    /** The list of non-negative whole numbers under a key. */
    static long[] lengths(JsonNode parent, String key, long least) throws MalformedMetadata {
        JsonNode node = parent.get(key);
        if (!(node instanceof ArrayNode list)) {
            throw new MalformedMetadata(
                    node == null ? "'" + key + "' is missing" : "'" + key + "' is not a list: " + shortened(node));
        }
        long[] lengths = new long[list.size()];
        for (int i = 0; i < lengths.length; i++) {
            OptionalLong length = wholeNumber(list.get(i));
            if (length.isEmpty() || length.getAsLong() < least) {
                throw new MalformedMetadata(
                        "'" + key + "' holds " + shortened(list.get(i)) + ", expected whole numbers from " + least);
            }
            lengths[i] = length.getAsLong();
        }
        return lengths;
    }

    /** A number without a fraction, whatever way it is written ({@code 10}, {@code 10.0}). */
    static OptionalLong wholeNumber(JsonNode node) {
        if (node.isIntegralNumber() && node.canConvertToLong()) {
            return OptionalLong.of(node.longValue());
        }
        if (node.isFloatingPointNumber() && node.doubleValue() == Math.rint(node.doubleValue())
                && Math.abs(node.doubleValue()) < 1L << 53) {
            return OptionalLong.of((long) node.doubleValue());
        }
        return OptionalLong.empty();
    }

    /** The texts of a list; empty where it is no list of texts only. */
    static List<String> texts(JsonNode node) {
        List<String> texts = new ArrayList<>();
        if (node instanceof ArrayNode list) {
            for (JsonNode item : list) {
                if (!item.isTextual()) {
                    return List.of();
                }
                texts.add(item.asText());
            }
        }
        return texts;
    }

    /** JSON text for messages, cut where it is long. */
    static String shortened(JsonNode node) {
        String text = node.toString();
        return text.length() > 60 ? text.substring(0, 57) + "..." : text;
    }
}
