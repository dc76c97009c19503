package dev.graticule.file.parquet;

import dev.graticule.GraticuleException;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

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
    private static final String KNOWN = "COMPRESSION (zstd, snappy, gzip, uncompressed), COMPRESSION_LEVEL, ROW_GROUP_SIZE, ROW_GROUP_SIZE_BYTES";

    /** The codecs that are written. */
    enum Compression {
        ZSTD, SNAPPY, GZIP, UNCOMPRESSED
    }

    static ParquetOptions of(Map<String, Object> written) {
        Map<String, Object> options = new TreeMap<>(written);
        Compression compression = compression(options.remove("compression"));
        long level = number("COMPRESSION_LEVEL", options.remove("compression_level"), 0);
        long rows = number("ROW_GROUP_SIZE", options.remove("row_group_size"), ROW_GROUP_ROWS);
        long bytes = number("ROW_GROUP_SIZE_BYTES", options.remove("row_group_size_bytes"), ROW_GROUP_BYTES);
        if (!options.isEmpty()) {
            throw GraticuleException.binding(
                    "COPY as parquet has no option " + options.keySet().iterator().next() + "; it has " + KNOWN + ".");
        }
        if (level != 0 && compression != Compression.ZSTD || level < 0 || level > 22) {
            throw GraticuleException.binding("COMPRESSION_LEVEL is 1 to 22, of COMPRESSION zstd.");
        }
        if (rows < 1 || rows > Integer.MAX_VALUE || bytes < 1) {
            throw GraticuleException.binding("A row group has at least one row and at most 2147483647.");
        }
        return new ParquetOptions(compression, (int) level, (int) rows, bytes);
    }

    private static Compression compression(Object written) {
        String name = written == null ? "zstd" : written.toString().toLowerCase(Locale.ROOT);
        return switch (name) {
            case "zstd" -> Compression.ZSTD;
            case "snappy" -> Compression.SNAPPY;
            case "gzip" -> Compression.GZIP;
            case "uncompressed", "none" -> Compression.UNCOMPRESSED;
            default -> throw GraticuleException.binding(
                    "COMPRESSION of Parquet files is zstd, snappy, gzip or uncompressed, not " + written + ".");
        };
    }

    private static long number(String name, Object value, long otherwise) {
        if (value == null) {
            return otherwise;
        }
        if (value instanceof Long number) {
            return number;
        }
        throw GraticuleException.binding(name + " takes a whole number, not " + value + ".");
    }
}
