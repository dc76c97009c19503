package dev.graticule.zarr.copy;

import dev.graticule.GraticuleException;
import dev.graticule.spi.GivenOptions;
import dev.graticule.zarr.codec.Compression;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;

/**
 * The options of {@code COPY ... (FORMAT zarr, ...)}.
 *
 * @param version of the format, 2 or 3
 * @param dimensions the columns that are dimensions, in their order; none where the axes are
 */
record CopyOptions(int version, List<String> dimensions, Lengths chunks, Lengths shards, Compression compression,
        int level,
        boolean overwrite) {
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
    static CopyOptions of(Map<String, Object> written) {
        GivenOptions options = GivenOptions.ofCopy("zarr", written);
        Lengths chunks = lengths(options, "chunks");
        Compression compression = options.word("codec", String.join(", ", Compression.names()), Compression::named)
                .orElse(Compression.ZSTD);
        List<String> dimensions = options.listed("dims");
        long level = options.wholeNumber("level", compression.leastLevel(), compression.mostLevel(),
                compression.usualLevel());
        boolean overwrite = options.flag("overwrite", false);
        Lengths shards = lengths(options, "shards");
        long version = options.wholeNumber("version", 2, 3, 3);
        options.requireNoOthers();
        if (version == 2 && !shards.isEmpty()) {
            throw GraticuleException.binding("SHARDS need VERSION 3.");
        }
        if (new HashSet<>(dimensions).size() != dimensions.size()) {
            throw GraticuleException.binding("DIMS names a column twice: " + String.join(", ", dimensions) + ".");
        }
        return new CopyOptions((int) version, dimensions, chunks, shards, compression, (int) level, overwrite);
    }

    private static Lengths lengths(GivenOptions options, String name) {
        return switch (options.value(name).orElse(List.of())) {
            case List<?> list -> new Lengths(list.stream().map(item -> length(options, name, item)).toList(), Map.of());
            case Map<?, ?> map -> {
                Map<String, Integer> byName = new LinkedHashMap<>();
                map.forEach((dimension, item) -> byName.put(dimension.toString(), length(options, name, item)));
                yield new Lengths(List.of(), byName);
            }
            case Object one -> new Lengths(List.of(length(options, name, one)), Map.of());
        };
    }

    private static int length(GivenOptions options, String name, Object value) {
        OptionalLong length = GivenOptions.wholeNumberOf(value);
        if (length.isPresent() && length.getAsLong() > 0 && length.getAsLong() <= Integer.MAX_VALUE) {
            return (int) length.getAsLong();
        }
        String option = name.toUpperCase(Locale.ROOT);
        throw options.wrong(name, "whole numbers from 1, one a dimension: " + option
                + " (24, 100, 100), or some by name: " + option + " {time: 24}");
    }
}
