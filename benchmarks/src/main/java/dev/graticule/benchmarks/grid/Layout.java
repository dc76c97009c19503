package dev.graticule.benchmarks.grid;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A way to store the same values: the chunks of {@code t2m} and of {@code rh}, and what they are compressed with. */
enum Layout {
    /** One time step a chunk, not compressed. */
    RAW(Codec.NONE),
    /** One time step a chunk, Zstandard. */
    ZSTD(Codec.ZSTD),
    /** One time step a chunk, blosc with LZ4 and shuffled bytes. */
    BLOSC(Codec.BLOSC),
    /** A day of a quarter of the latitudes and of the longitudes a chunk (24 x 181 x 360, the last rows padded), blosc as above. */
    BLOCKS(Codec.BLOSC),
    /** Shards of a day, in them chunks of one time step, blosc as above. */
    SHARDED(Codec.BLOSC),
    /** One time step of 64 x 64 cells a chunk, not compressed. */
    SMALL(Codec.NONE),
    /** {@code t2m} in chunks of one time step, {@code rh} in chunks of 24 x 181 x 360, not compressed. */
    MIXED(Codec.NONE);

    /** What the bytes of a chunk go through. */
    enum Codec {
        /** As they are. */
        NONE,
        /** Zstandard, level 3. */
        ZSTD,
        /** Blosc, LZ4 inside, level 5, bytes shuffled. */
        BLOSC
    }

    /** The layouts in which both variables have the same chunks. */
    static final List<Layout> UNIFORM = List.of(RAW, ZSTD, BLOSC, BLOCKS, SHARDED, SMALL);
    /** How many chunks of a time step a shard has. */
    static final int SHARD_TIMES = 24;

    private static final int SMALL_SIDE = 64;

    private final Codec codec;

    Layout(Codec codec) {
        this.codec = codec;
    }

    Codec codec() {
        return codec;
    }

    /** The chunks of a variable; of a sharded one, those in the shards. */
    ChunkGrid chunks(String variable, GridShape shape) {
        return switch (this) {
            case RAW, ZSTD, BLOSC, SHARDED -> steps(shape);
            case BLOCKS -> blocks(shape);
            case SMALL -> new ChunkGrid(shape, 1, SMALL_SIDE, SMALL_SIDE);
            case MIXED -> variable.equals(GenerateGrid.TEMPERATURE) ? steps(shape) : blocks(shape);
        };
    }

    private static ChunkGrid steps(GridShape shape) {
        return new ChunkGrid(shape, 1, shape.latitudes(), shape.longitudes());
    }

    private static ChunkGrid blocks(GridShape shape) {
        return new ChunkGrid(shape, 24, (shape.latitudes() + 3) / 4, (shape.longitudes() + 3) / 4);
    }

    /** The store's folder in the folder of all. */
    Path store(Path folder) {
        return folder.resolve(word() + ".zarr");
    }

    /** Its name in options and tables. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The layouts that a list of words names, separated by commas; {@code all} are all. */
    static List<Layout> named(String words) {
        return words.equals("all") ? List.of(values()) : Arrays.stream(words.split(",")).map(Layout::of).toList();
    }

    private static Layout of(String word) {
        return Arrays.stream(values()).filter(layout -> layout.word().equals(word)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("There is no layout " + word + "; there are "
                        + Arrays.stream(values()).map(Layout::word).collect(Collectors.joining(", ")) + ", and all."));
    }
}
