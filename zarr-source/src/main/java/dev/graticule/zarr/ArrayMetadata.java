package dev.graticule.zarr;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graticule.ErrorKind;
import dev.graticule.GraticuleException;
import java.util.List;
import java.util.Optional;

/**
 * What an array's metadata says of it, in one form for both versions of the format.
 *
 * @param path           the array's key in its store, without a slash at either end
 * @param location       the file of the metadata, for messages
 * @param version        2 or 3
 * @param shape          the length of each axis; empty where the metadata is too broken to tell
 * @param dimensionNames the names of the axes; empty where there are none, or where one is missing
 * @param typeName       the element type as the metadata spells it
 * @param codecNames     the names of filters and codecs, as the metadata spells them
 * @param attributes     the array's attributes, without {@code _ARRAY_DIMENSIONS}
 */
record ArrayMetadata(String path, String location, int version, long[] shape, List<String> dimensionNames,
        String typeName,
        List<String> codecNames, ObjectNode attributes, Encoding encoding) {
    ArrayMetadata {
        dimensionNames = List.copyOf(dimensionNames);
        codecNames = List.copyOf(codecNames);
    }

    /** The last part of the path. */
    String name() {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    int axes() {
        return shape.length;
    }

    /** Whether every axis has a name (an array without axes needs none). */
    boolean isNamed() {
        return dimensionNames.size() == shape.length;
    }

    /** Why the array cannot be decoded, if it cannot. */
    Optional<String> defect() {
        return switch (encoding) {
            case Encoding.Decodable decodable -> Optional.empty();
            case Encoding.Undecodable undecodable -> Optional.of(undecodable.reason());
        };
    }

    /**
     * How to decode the array.
     *
     * @throws GraticuleException naming the array, the reason and the file, where this reader cannot decode it
     */
    Encoding.Decodable decodable() {
        return switch (encoding) {
            case Encoding.Decodable decodable -> decodable;
            case Encoding.Undecodable undecodable -> {
                String verb = undecodable.kind() == ErrorKind.UNSUPPORTED ? "cannot be read yet" : "cannot be read";
                throw GraticuleException.of(undecodable.kind(), null,
                        "Array '" + (path.isEmpty() ? "/" : path) + "' " + verb + ": " + undecodable.reason() + " ("
                                + location + ").",
                        null);
            }
        };
    }

    /** The value of a text attribute, if it is there and a text. */
    Optional<String> text(String attribute) {
        return Optional.ofNullable(attributes.get(attribute)).filter(node -> node.isTextual())
                .map(node -> node.asText());
    }
}
