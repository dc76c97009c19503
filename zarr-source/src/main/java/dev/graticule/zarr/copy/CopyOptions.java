package dev.graticule.zarr.copy;

import dev.graticule.GraticuleException;
import dev.graticule.zarr.codec.Compression;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The options of {@code COPY ... (FORMAT zarr, ...)}.
 *
 * @param version of the format, 2 or 3
 * @param dimensions the columns that are dimensions, in their order; none where the axes are
 */
record CopyOptions(int version, List<String> dimensions, Lengths chunks, Lengths shards, Compression compression,
        int level,
        boolean overwrite) {
    private static final String KNOWN = "CHUNKS, CODEC, DIMS, LEVEL, OVERWRITE, SHARDS and VERSION";

    CopyOptions {
        dimensions = List.copyOf(dimensions);
    }

    /** Lengths along dimensions: for all of them in order, or for some by name; what is not said is left to the writer. */
    record Lengths(List<Integer> inOrder, Map<String, Integer> byName) {
        static final Lengths NONE = new Lengths(List.of(), Map.of());

        Lengths {
            inOrder = List.copyOf(inOrder);
            byName = Map.copyOf(byName);
        }

        boolean isEmpty() {
            return inOrder.isEmpty() && byName.isEmpty();
        }
    }

    /** Checks them. @throws GraticuleException of kind BINDING */
    static CopyOptions of(Map<String, Object> options) {
        Map<String, Object> left = new TreeMap<>(options);
        Object version = left.getOrDefault("version", 3L);
        List<String> dimensions = names(left.get("dims"));
        Lengths chunks = lengths("CHUNKS", left.get("chunks"));
        Lengths shards = lengths("SHARDS", left.get("shards"));
        Object codec = left.getOrDefault("codec", "zstd");
        Compression compression = Compression.named(codec.toString().toLowerCase(Locale.ROOT))
                .orElseThrow(() -> GraticuleException.binding("CODEC of a Zarr store is " + String.join(", ",
                        Compression.names()) + ", not " + codec + "."));
        Object level = left.getOrDefault("level", (long) compression.usualLevel());
        Object overwrite = left.getOrDefault("overwrite", false);
        if (!(version instanceof Long number) || number != 2 && number != 3) {
            throw GraticuleException.binding("VERSION of a Zarr store is 2 or 3, not " + version + ".");
        }
        if (number == 2 && !shards.isEmpty()) {
            throw GraticuleException.binding("SHARDS need VERSION 3.");
        }
        if (!(level instanceof Long height) || height < compression.leastLevel() || height > compression.mostLevel()) {
            throw GraticuleException.binding("LEVEL of " + compression.word() + " is a whole number from "
                    + compression.leastLevel() + " to " + compression.mostLevel() + ", not " + level + ".");
        }
        if (!(overwrite instanceof Boolean replace)) {
            throw GraticuleException.binding("OVERWRITE is true or false, not " + overwrite + ".");
        }
        left.keySet().removeAll(Set.of("version", "dims", "chunks", "shards", "codec", "level", "overwrite"));
        if (!left.isEmpty()) {
            throw GraticuleException.binding(
                    "COPY as zarr has no option " + left.keySet().iterator().next() + "; it has " + KNOWN + ".");
        }
        return new CopyOptions((int) (long) number, dimensions, chunks, shards, compression, (int) (long) height,
                replace);
    }

    private static List<String> names(Object value) {
        List<String> names = new ArrayList<>();
        if (value instanceof List<?> list) {
            list.forEach(item -> names.add(String.valueOf(item)));
        } else if (value != null) {
            names.add(value.toString());
        }
        if (new HashSet<>(names).size() != names.size()) {
            throw GraticuleException.binding("DIMS names a column twice: " + String.join(", ", names) + ".");
        }
        return names;
    }

    private static Lengths lengths(String option, Object value) {
        return switch (value) {
            case null -> Lengths.NONE;
            case List<?> list -> new Lengths(list.stream().map(item -> length(option, item)).toList(), Map.of());
            case Map<?, ?> map -> {
                Map<String, Integer> byName = new LinkedHashMap<>();
                map.forEach((name, item) -> byName.put(name.toString(), length(option, item)));
                yield new Lengths(List.of(), byName);
            }
            default -> new Lengths(List.of(length(option, value)), Map.of());
        };
    }

    private static int length(String option, Object value) {
        if (value instanceof Long length && length > 0 && length <= Integer.MAX_VALUE) {
            return (int) (long) length;
        }
        throw GraticuleException.binding(option + " takes whole numbers from 1, one a dimension: " + option
                + " (24, 100, 100), or some by name: " + option + " {time: 24}; not " + value + ".");
    }
}
