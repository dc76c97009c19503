package dev.graticule.arrow;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.graticule.spi.RowGrid;
import dev.graticule.spi.RowTable.RowColumn;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * What xarray writes into the metadata of a schema for a {@code DataArray} that is exported as a stream ({@code __arrow_c_stream__},
 * version v1): the dimensions with their lengths, on which of them each coordinate lies, and attributes. The rows are the cells in C order,
 * with every coordinate repeated.
 *
 * <p>Whoever filters or sorts the stream keeps the metadata, so they say what rows may be, not what they are.
 *
 * @param grid the grid, if it has axes and cells
 * @param attributes by column
 * @param problem why the metadata are not understood, if they are there and are not
 */
record XarrayMetadata(Optional<RowGrid> grid, Map<String, Map<String, String>> attributes, Optional<String> problem) {
    private static final String VERSION_KEY = "xarray:arrow_schema_version";
    private static final String KEY = "xarray";
    private static final String VERSION = "v1";
    private static final JsonMapper MAPPER = JsonMapper.builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

    /** What is wrong with metadata, as the end of a sentence. */
    private static final class Malformed extends Exception {
        private static final long serialVersionUID = 1L;

        Malformed(String message) {
            super(message);
        }
    }

    /** The metadata of a schema; metadata that are not understood are a problem, and no error: rows can be read without. */
    static XarrayMetadata of(Schema schema) {
        Map<String, String> metadata = schema.getCustomMetadata() == null ? Map.of() : schema.getCustomMetadata();
        if (!metadata.containsKey(KEY)) {
            return new XarrayMetadata(Optional.empty(), Map.of(), Optional.empty());
        }
        try {
            String version = metadata.get(VERSION_KEY);
            if (!VERSION.equals(version)) {
                throw new Malformed(version == null ? "they have no version" : "their version is " + version);
            }
            return of(schema, MAPPER.readTree(metadata.get(KEY)));
        } catch (JsonProcessingException problem) {
            return unread("they are no JSON: " + problem.getOriginalMessage());
        } catch (Malformed problem) {
            return unread(problem.getMessage());
        }
    }

    private static XarrayMetadata unread(String problem) {
        return new XarrayMetadata(Optional.empty(), Map.of(), Optional.of(problem));
    }

    private static XarrayMetadata of(Schema schema, JsonNode array) throws Malformed {
        List<String> axes = names(array, "dims");
        List<Integer> lengths = lengths(array.path("shape"));
        if (lengths.size() != axes.size()) {
            throw new Malformed("there are " + axes.size() + " dimensions and " + lengths.size() + " lengths");
        }
        JsonNode coordinates = array.path("coords");
        List<Integer> all = IntStream.range(0, axes.size()).boxed().toList();
        String value = array.path("name").isTextual() && !array.path("name").asText().isEmpty()
                ? array.path("name").asText() : "values";
        Map<String, Map<String, String>> attributes = new HashMap<>();
        List<List<Integer>> columns = new ArrayList<>();
        for (Field field : schema.getFields()) {
            String name = field.getName() == null ? "" : field.getName();
            JsonNode coordinate = coordinates.path(name);
            columns.add(coordinate.isObject() ? over(name, coordinate, axes) : all);
            JsonNode described = coordinate.isObject() ? coordinate : value.equals(name) ? array : null;
            if (described != null) {
                attributes.put(name, attributes(described.path("attrs")));
            }
        }
        boolean cells = !axes.isEmpty() && lengths.stream().allMatch(length -> length > 0);
        return new XarrayMetadata(cells ? Optional.of(new RowGrid(axes, lengths, columns)) : Optional.empty(),
                attributes,
                Optional.empty());
    }

    private static List<String> names(JsonNode node, String key) throws Malformed {
        List<String> names = new ArrayList<>();
        for (JsonNode name : node.path(key)) {
            names.add(name.asText());
        }
        if (!node.path(key).isArray() || new HashSet<>(names).size() < names.size()) {
            throw new Malformed("'" + key + "' is no list of different names");
        }
        return names;
    }

    /** Their product may be anything that fits a long. */
    private static List<Integer> lengths(JsonNode shape) throws Malformed {
        List<Integer> lengths = new ArrayList<>();
        long cells = 1;
        for (JsonNode length : shape) {
            if (!length.isIntegralNumber() || !length.canConvertToInt() || length.asInt() < 0
                    || Math.multiplyHigh(cells, length.asInt()) != 0 || cells * length.asInt() < 0) {
                throw new Malformed("'shape' is no list of lengths");
            }
            cells *= length.asInt();
            lengths.add(length.asInt());
        }
        if (!shape.isArray()) {
            throw new Malformed("'shape' is no list of lengths");
        }
        return lengths;
    }

    private static List<Integer> over(String name, JsonNode coordinate, List<String> axes) throws Malformed {
        List<Integer> over = new ArrayList<>();
        for (String axis : names(coordinate, "dims")) {
            int number = axes.indexOf(axis);
            if (number < 0) {
                throw new Malformed("the coordinate " + name + " lies on '" + axis + "', which is no dimension");
            }
            over.add(number);
        }
        return over.stream().sorted().toList();
    }

    private static Map<String, String> attributes(JsonNode node) {
        Map<String, String> attributes = new HashMap<>();
        node.properties().forEach(entry -> attributes.put(entry.getKey(),
                entry.getValue().isTextual() ? entry.getValue().asText() : entry.getValue().toString()));
        // The zone of a column is what its type says.
        attributes.remove(RowColumn.TIME_ZONE);
        return attributes;
    }

    /** Sentences for DESCRIBE. */
    List<String> remarks(Schema schema) {
        List<String> remarks = new ArrayList<>();
        problem.ifPresent(text -> remarks.add("The metadata of the stream under 'xarray' are not used: " + text + "."));
        grid.ifPresent(known -> {
            remarks.add("By its metadata the stream holds the cells of a grid, " + known
                    + "; each batch is looked at, and rows that are not are read as rows.");
            for (String axis : known.axes()) {
                if (schema.getFields().stream().noneMatch(field -> axis.equals(field.getName()))) {
                    remarks.add("Axis " + axis + " has no coordinate, and the stream no column for it.");
                }
            }
        });
        return remarks;
    }
}
