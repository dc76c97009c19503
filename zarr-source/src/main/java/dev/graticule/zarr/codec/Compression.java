package dev.graticule.zarr.codec;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** How this version writes chunks. */
public enum Compression {
    NONE("none", 0, 0, 0),
    ZSTD("zstd", 3, -22, 22),
    GZIP("gzip", 5, 0, 9),
    /** Blosc 1 with LZ4 and shuffled bytes, from level 6 on LZ4 HC. */
    BLOSC("blosc", 5, 0, 9);

    private final String word;
    private final int usualLevel;
    private final int leastLevel;
    private final int mostLevel;

    Compression(String word, int usualLevel, int leastLevel, int mostLevel) {
        this.word = word;
        this.usualLevel = usualLevel;
        this.leastLevel = leastLevel;
        this.mostLevel = mostLevel;
    }

    /** The codec's name, in options and, but for {@link #NONE}, in the metadata of both versions of the format. */
    public String word() {
        return word;
    }

    public int usualLevel() {
        return usualLevel;
    }

    public int leastLevel() {
        return leastLevel;
    }

    public int mostLevel() {
        return mostLevel;
    }

    /** The one of that name. */
    public static Optional<Compression> named(String word) {
        return Arrays.stream(values()).filter(each -> each.word.equals(word)).findFirst();
    }

    /** All names. */
    public static List<String> names() {
        return Arrays.stream(values()).map(Compression::word).toList();
    }
}
