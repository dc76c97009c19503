package dev.graticule.zarr;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.graticule.ErrorKind;
import dev.graticule.spi.GridVariable;
import dev.graticule.type.SqlType;
import dev.graticule.zarr.cf.DurationCoding;
import dev.graticule.zarr.cf.TimeCoding;
import dev.graticule.zarr.cf.UndecodableTimeException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * An array with what the conventions make of it: the type of its column, its missing values, its packing (SEMANTICS 8, 10,
 * 11).
 *
 * @param dimensions the names of the array's axes; none where the array cannot be placed on a grid
 * @param unpacking  what is left for the engine to do
 */
record StoredVariable(String name, ArrayMetadata array, List<String> dimensions, Decoding decoding,
        GridVariable.Unpacking unpacking,
        Map<String, String> attributes) {
    StoredVariable {
        dimensions = List.copyOf(dimensions);
    }

    /** The variable that an array is, under these options. */
    static StoredVariable of(ArrayMetadata array, String name, List<String> dimensions, Options options) {
        Map<String, String> attributes = describe(array);
        return switch (array.encoding()) {
            case Encoding.Undecodable undecodable ->
                new StoredVariable(name, array, dimensions, refused(array, undecodable),
                        GridVariable.Unpacking.NONE, attributes);
            case Encoding.Regular regular -> decodable(array, regular, name, dimensions, options, attributes);
            case Encoding.Texts texts -> {
                Decoding decoding = texts(array, texts, options);
                if (decoding instanceof Decoding.Texts known && !known.nulls().isEmpty()) {
                    attributes.put("zarr.null", known.nulls().stream().map(text -> "'" + text + "'")
                            .collect(Collectors.joining(", ")));
                }
                yield new StoredVariable(name, array, dimensions, decoding, GridVariable.Unpacking.NONE, attributes);
            }
        };
    }

    /** A variable that no query can have, for a reason of its own. */
    static StoredVariable refused(ArrayMetadata array, String name, String reason) {
        SqlType type = typeOf(array).map(Decoding::sqlType).orElse(SqlType.VARCHAR);
        return new StoredVariable(name, array, List.of(), new Decoding.Refused(type, ErrorKind.SOURCE,
                "Array '" + array.path() + "' cannot be read: " + reason + " (" + array.location() + ")."),
                GridVariable.Unpacking.NONE,
                describe(array));
    }

    private static Decoding refused(ArrayMetadata array, Encoding.Undecodable undecodable) {
        String verb = undecodable.kind() == ErrorKind.UNSUPPORTED ? "cannot be read yet" : "cannot be read";
        SqlType type = typeOf(array).map(Decoding::sqlType).orElse(SqlType.VARCHAR);
        return new Decoding.Refused(type, undecodable.kind(),
                "Array '" + array.path() + "' " + verb + ": " + undecodable.reason() + " (" + array.location() + ").");
    }

    /** The element type of an array whose chunks cannot be decoded, where it is one of the known types. */
    private static Optional<ElementType> typeOf(ArrayMetadata array) {
        String name = array.typeName();
        return array.version() == 3 ? ElementType.named(name)
                : name.length() < 2 ? Optional.empty() : ElementType.ofNumPy(name.substring(1));
    }

    private static StoredVariable decodable(ArrayMetadata array, Encoding.Regular regular, String name,
            List<String> dimensions, Options options,
            Map<String, String> attributes) {
        ElementType as = regular.type();
        if (options.maskAndScale() && array.attributes().has("_Unsigned") && as.isInteger()) {
            as = as.withSign(!array.attributes().path("_Unsigned").asText().equalsIgnoreCase("true"));
        }
        Sentinels sentinels = options.maskAndScale() ? Sentinels.of(array, regular, as, options) : Sentinels.NONE;
        if (!sentinels.isEmpty()) {
            attributes.put("zarr.null", sentinels.toString());
        }
        Optional<Double> scale = factor(array, "scale_factor", options);
        Optional<Double> offset = factor(array, "add_offset", options);
        boolean scaled = (scale.isPresent() || offset.isPresent()) && as != ElementType.BOOL;
        double factor = scale.orElse(1.0);
        double shift = offset.orElse(0.0);
        Optional<String> units = array.text("units");
        if (options.decodeTimes() && as != ElementType.BOOL && units.isPresent()) {
            Sentinels masked = as == ElementType.INT64 ? sentinels.withNotATime() : sentinels;
            Optional<Decoding> time = time(array, as, units.get(), masked, scaled, factor, shift);
            if (time.isPresent()) {
                return new StoredVariable(name, array, dimensions, time.get(), GridVariable.Unpacking.NONE, attributes);
            }
        }
        boolean nanIsNull = as.isFloating() && options.nanAsNull();
        return new StoredVariable(name, array, dimensions, new Decoding.Direct(as, sentinels.beyond()),
                new GridVariable.Unpacking(sentinels.numbers(), nanIsNull, scaled, factor, shift), attributes);
    }

    private static Decoding texts(ArrayMetadata array, Encoding.Texts encoding, Options options) {
        Set<String> nulls = new LinkedHashSet<>();
        for (String attribute : List.of("_FillValue", "missing_value")) {
            JsonNode node = options.maskAndScale() ? array.attributes().path(attribute) : MissingNode.getInstance();
            for (JsonNode item : node.isArray() ? node : List.of(node)) {
                if (item.isTextual()) {
                    nulls.add(item.asText());
                }
            }
        }
        if (nulls.isEmpty() && encoding.hasFill() && options.maskAndScale()
                && options.masksFillValue(array.version())) {
            nulls.add(encoding.fill());
        }
        Charset charset = StandardCharsets.UTF_8;
        Optional<String> named = array.text("_Encoding");
        if (named.isPresent()) {
            try {
                charset = Charset.forName(named.get());
            } catch (IllegalArgumentException unknown) {
                return new Decoding.Refused(SqlType.VARCHAR, ErrorKind.UNSUPPORTED, "Array '" + array.path()
                        + "' cannot be read yet: _Encoding '" + named.get() + "' (" + array.location() + ").");
            }
        }
        return new Decoding.Texts(charset, List.copyOf(nulls));
    }

    private static Optional<Decoding> time(ArrayMetadata array, ElementType as, String units, Sentinels sentinels,
            boolean scaled, double scale,
            double offset) {
        if (TimeCoding.isTime(units)) {
            try {
                TimeCoding coding = TimeCoding.of(units, array.text("calendar").orElse("standard"));
                return Optional.of(new Decoding.Times(as, coding, sentinels, scaled, scale, offset));
            } catch (UndecodableTimeException failure) {
                return Optional.of(new Decoding.Refused(SqlType.TIMESTAMP,
                        failure.isUnsupported() ? ErrorKind.UNSUPPORTED : ErrorKind.SOURCE,
                        undecodable(array, failure)));
            }
        }
        if (array.text("dtype").filter(type -> type.startsWith("timedelta64")).isPresent()) {
            return DurationCoding.of(units)
                    .map(coding -> new Decoding.Durations(as, coding, sentinels, scaled, scale, offset));
        }
        return Optional.empty();
    }

    /** The message about a time that cannot be decoded, with the way around it. */
    static String undecodable(ArrayMetadata array, UndecodableTimeException failure) {
        return "The times of '" + array.path() + "' cannot be decoded: " + failure.getMessage()
                + ". For the numbers as they are stored write read_zarr(..., decode_times => false).";
    }

    private static Optional<Double> factor(ArrayMetadata array, String name, Options options) {
        JsonNode node = array.attributes().get(name);
        if (node == null || !options.maskAndScale()) {
            return Optional.empty();
        }
        return Optional.of(node.isArray() && node.size() == 1 ? node.get(0) : node).filter(JsonNode::isNumber)
                .map(JsonNode::asDouble);
    }

    private static Map<String, String> describe(ArrayMetadata array) {
        Map<String, String> attributes = AttributeText.of(array.attributes());
        attributes.put("zarr.path", array.path());
        attributes.put("zarr.type", array.typeName());
        attributes.put("zarr.codecs", String.join(", ", array.codecNames()));
        if (array.encoding() instanceof Encoding.Decodable decodable) {
            List<String> lengths = new ArrayList<>();
            for (int length : decodable.chunkShape()) {
                lengths.add(Integer.toString(length));
            }
            attributes.put("zarr.chunks", String.join(" x ", lengths));
            attributes.put("zarr.fill_value", fill(decodable));
        }
        return attributes;
    }

    private static String fill(Encoding.Decodable encoding) {
        return switch (encoding) {
            case Encoding.Texts texts -> texts.hasFill() ? "'" + texts.fill() + "'" : "null";
            case Encoding.Regular regular -> !regular.hasFill() ? "null"
                    : regular.type() == ElementType.UINT64 ? Long.toUnsignedString(regular.fillBits())
                            : Sentinels.number(regular.fillBits(), regular.type()).toString();
        };
    }

    /** Whether {@code *} can list it: its elements have a type that this version knows. */
    boolean isListable() {
        return !(decoding instanceof Decoding.Refused refused) || refused.type() != SqlType.VARCHAR;
    }

    /** Chunk lengths along the variable's axes, as far as the array goes; the whole axis where they are not known. */
    List<Integer> chunkShape() {
        List<Integer> lengths = new ArrayList<>();
        for (int axis = 0; axis < dimensions.size(); axis++) {
            int whole = (int) Math.max(1, Math.min(Integer.MAX_VALUE, array.shape()[axis]));
            lengths.add(array.encoding() instanceof Encoding.Decodable decodable
                    ? Math.min(whole, decodable.chunkShape()[axis]) : whole);
        }
        return lengths;
    }

    /** Whether a part of a chunk can be read alone. */
    boolean isSliceable() {
        return switch (array.encoding()) {
            case Encoding.Regular regular -> regular.codecs().isEmpty() && decoding instanceof Decoding.Direct;
            case Encoding.Texts texts -> texts.chunks().codecs().isEmpty() && texts.form() != TextForm.LENGTHS;
            case Encoding.Undecodable undecodable -> false;
        };
    }
}
