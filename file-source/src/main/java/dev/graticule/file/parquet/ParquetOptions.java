package dev.graticule.file.parquet;

import dev.graticule.GraticuleException;
import dev.graticule.spi.GivenOptions;
import java.util.Map;
import java.util.Optional;

/**
 * The options of COPY to Parquet.
 *
 * @param level of the compression; 0 for the codec's own default
 * @param rowGroupRows how many rows a row group has at most
 * @param rowGroupBytes how many encoded bytes a row group may have before it ends, roughly
 */
record ParquetOptions(Compression compression, int level, int rowGroupRows, long rowGroupBytes) {
    private static final int ROW_GROUP_ROWS = 1 << 20;
    private static final long ROW_GROUP_BYTES = 128L << 20;

    /** The codecs that are written. */
    enum Compression {
        ZSTD, SNAPPY, GZIP, UNCOMPRESSED
    }

    static ParquetOptions of(Map<String, Object> written) {
        GivenOptions options = GivenOptions.ofCopy("parquet", written);
        Compression compression = options
                .word("compression", "zstd, snappy, gzip or uncompressed", ParquetOptions::compression)
                .orElse(Compression.ZSTD);
        long level = options.wholeNumber("compression_level", 0, 22, 0);
        long rows = options.wholeNumber("row_group_size", 1, Integer.MAX_VALUE, ROW_GROUP_ROWS);
        long bytes = options.wholeNumber("row_group_size_bytes", 1, Long.MAX_VALUE, ROW_GROUP_BYTES);
        options.requireNoOthers();
        if (level != 0 && compression != Compression.ZSTD) {
            throw GraticuleException.binding("COMPRESSION_LEVEL of COPY as parquet needs COMPRESSION zstd.");
        }
        return new ParquetOptions(compression, (int) level, (int) rows, bytes);
    }

    private static Optional<Compression> compression(String word) {
        return switch (word) {
            case "zstd" -> Optional.of(Compression.ZSTD);
            case "snappy" -> Optional.of(Compression.SNAPPY);
            case "gzip" -> Optional.of(Compression.GZIP);
            case "uncompressed", "none" -> Optional.of(Compression.UNCOMPRESSED);
            default -> Optional.empty();
        };
    }
}
