package dev.graticule.zarr;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Attributes as columns carry them: a text is itself, all else its JSON. For any number of threads. */
public final class AttributeText {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

    private AttributeText() {
    }

    /** Which attributes are texts that look like something else: the name of an attribute with their names. */
    public static final String TEXTS = "zarr.texts";

    /** All attributes as text, in their order, in a map of the caller's. */
    static Map<String, String> of(ObjectNode attributes) {
        Map<String, String> result = new LinkedHashMap<>();
        attributes.properties().forEach(entry -> result.put(entry.getKey(), of(entry.getValue())));
        List<String> texts = attributes.properties().stream().filter(
                entry -> entry.getValue().isTextual() && isAmbiguous(entry.getValue().asText()))
                .map(Map.Entry::getKey).toList();
        if (!texts.isEmpty()) {
            // Others cannot tell the text "1.0" from the number: a COPY writes these back as texts.
            result.put(TEXTS, String.join(" ", texts));
        }
        return result;
    }

    /** An attribute's value as text. */
    static String of(JsonNode value) {
        return value.isTextual() ? value.asText() : value.toString();
    }

    /** Whether a text would be read as a number, a list or the like: then something else must say that it is a text. */
    static boolean isAmbiguous(String text) {
        return !value(text).isTextual();
    }

    /** What a text stands for: the JSON that it is, else itself. */
    public static JsonNode value(String text) {
        if (mayBeJson(text)) {
            try {
                return MAPPER.readTree(text);
            } catch (JsonProcessingException none) {
                // A text, as most are.
            }
        }
        return JsonNodeFactory.instance.textNode(text);
    }

    private static boolean mayBeJson(String text) {
        return !text.isEmpty() && ("[{-0123456789".indexOf(text.charAt(0)) >= 0
                || List.of("true", "false", "null").contains(text));
    }
}
