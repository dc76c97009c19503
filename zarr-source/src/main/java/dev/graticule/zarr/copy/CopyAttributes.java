package dev.graticule.zarr.copy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graticule.type.SqlType;
import dev.graticule.zarr.AttributeText;
import dev.graticule.zarr.cf.TimeCoding;
import dev.graticule.zarr.cf.UndecodableTimeException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import java.util.stream.Collectors;

/** The attributes of a written array: those that its column came with, without what told how the source stores it. */
final class CopyAttributes {
    /** How values are stored, which is no longer so. */
    private static final Set<String> ENCODING = Set.of("_FillValue", "missing_value", "scale_factor", "add_offset",
            "_Unsigned", "dtype", "_ARRAY_DIMENSIONS");
    /** In packed numbers, where a variable is packed. */
    private static final Set<String> PACKED = Set.of("valid_min", "valid_max", "valid_range");
    /** Names of other variables. */
    private static final Set<String> REFERENCES = Set.of("bounds", "climatology", "coordinates");

    private CopyAttributes() {
    }

    /**
     * The attributes of a variable: with those of how its source stores it where it is stored so again, but for {@code _FillValue}.
     *
     * @param columns the names that are written; references to others fall away
     */
    static ObjectNode of(CopyVariable variable, Set<String> columns) {
        if (!variable.form().kept()) {
            return of(variable.attributes(), variable.type(), columns);
        }
        return kept(variable.attributes(), variable.encoding(), columns);
    }

    /** The attributes of what is stored as its source stores it, but for {@code _FillValue}. */
    static ObjectNode kept(Map<String, String> metadata, CellEncoding encoding, Set<String> columns) {
        boolean times = encoding instanceof CellEncoding.Times;
        return select(metadata, columns, (name, value) -> switch (name) {
            case "_FillValue", "_ARRAY_DIMENSIONS" -> false;
            case "missing_value" -> value.isNumber();
            case "dtype" -> !times;
            default -> true;
        });
    }

    /** The attributes of a coordinate, or of a variable that is stored as its type is usually. */
    static ObjectNode of(Map<String, String> metadata, SqlType type, Set<String> columns) {
        boolean packed = metadata.containsKey("scale_factor") || metadata.containsKey("add_offset");
        boolean time = type instanceof SqlType.Timestamp || type == SqlType.DATE || type == SqlType.INTERVAL;
        ObjectNode attributes = select(metadata, columns, (name, value) -> !ENCODING.contains(name)
                && !(packed && PACKED.contains(name))
                && !(time && (name.equals("units") || name.equals("calendar"))));
        if (type == SqlType.DATE) {
            time(attributes, "days since 1970-01-01");
        } else if (type instanceof SqlType.Timestamp timestamp) {
            time(attributes, unit(timestamp) + " since 1970-01-01");
        } else if (type == SqlType.INTERVAL) {
            attributes.put("units", "nanoseconds");
            attributes.put("dtype", "timedelta64[ns]");
        }
        return attributes;
    }

    /** The attributes of the store as a whole. */
    static ObjectNode ofStore(Map<String, String> metadata, Set<String> columns) {
        return select(metadata, columns, (name, value) -> true);
    }

    private static ObjectNode select(Map<String, String> metadata, Set<String> columns,
            BiPredicate<String, JsonNode> which) {
        ObjectNode attributes = JsonNodeFactory.instance.objectNode();
        Set<String> texts = Set.of(metadata.getOrDefault(AttributeText.TEXTS, "").split(" "));
        new TreeMap<>(metadata).forEach((name, text) -> {
            JsonNode value = texts.contains(name) ? JsonNodeFactory.instance.textNode(text)
                    : AttributeText.value(text);
            if (name.startsWith("zarr.") || !which.test(name, value)) {
                return;
            }
            if (REFERENCES.contains(name)) {
                String left = Arrays.stream(text.strip().split("\\s+")).filter(columns::contains)
                        .collect(Collectors.joining(" "));
                if (!left.isEmpty()) {
                    attributes.put(name, left);
                }
                return;
            }
            attributes.set(name, value);
        });
        return attributes;
    }

    private static void time(ObjectNode attributes, String units) {
        attributes.put("units", units);
        attributes.put("calendar", "proleptic_gregorian");
    }

    private static String unit(SqlType.Timestamp type) {
        return switch (type.unit()) {
            case SECOND -> "seconds";
            case MILLISECOND -> "milliseconds";
            case MICROSECOND -> "microseconds";
            case NANOSECOND -> "nanoseconds";
        };
    }

    /**
     * Times counted as the source did where all of them can be, and its attributes; else nothing changes.
     *
     * @param micros since 1970-01-01, replaced by the counts
     * @param metadata as the column has it
     */
    static void count(long[] micros, Map<String, String> metadata, ObjectNode attributes) {
        String units = metadata.getOrDefault("units", "");
        String calendar = metadata.getOrDefault("calendar", "standard");
        int since = units.indexOf(" since ");
        if (since < 0) {
            return;
        }
        for (String unit : List.of(units.substring(0, since), "hours", "minutes", "seconds", "microseconds")) {
            String text = unit + units.substring(since);
            long[] counts = counts(micros, text, calendar);
            if (counts.length == micros.length) {
                System.arraycopy(counts, 0, micros, 0, counts.length);
                attributes.put("units", text);
                attributes.put("calendar", calendar);
                return;
            }
        }
    }

    /** As many counts as there are times, or fewer. */
    private static long[] counts(long[] micros, String units, String calendar) {
        try {
            TimeCoding coding = TimeCoding.of(units, calendar);
            return Arrays.stream(micros).mapToObj(coding::encode).takeWhile(count -> count.isPresent())
                    .mapToLong(count -> count.getAsLong()).toArray();
        } catch (UndecodableTimeException otherCalendar) {
            return new long[0];
        }
    }
}
