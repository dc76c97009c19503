package dev.graticule.file.parquet;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.zip.GZIPOutputStream;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory.BytesInputCompressor;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.xerial.snappy.Snappy;

/** Compresses pages. Stateless: any number of threads may use one. */
record Compressors(ParquetOptions options) implements BytesInputCompressor {
    @Override
    public BytesInput compress(BytesInput page) throws IOException {
        return switch (options.compression()) {
            case ZSTD -> BytesInput.from(Zstd.compress(page.toByteArray(),
                    options.level() == 0 ? Zstd.defaultCompressionLevel() : options.level()));
            case SNAPPY -> BytesInput.from(Snappy.compress(page.toByteArray()));
            case GZIP -> {
                ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
                    page.writeAllTo(out);
                }
                yield BytesInput.from(bytes.toByteArray());
            }
            case UNCOMPRESSED -> page;
        };
    }

    @Override
    public CompressionCodecName getCodecName() {
        return switch (options.compression()) {
            case ZSTD -> CompressionCodecName.ZSTD;
            case SNAPPY -> CompressionCodecName.SNAPPY;
            case GZIP -> CompressionCodecName.GZIP;
            case UNCOMPRESSED -> CompressionCodecName.UNCOMPRESSED;
        };
    }

    @Override
    public void release() {
        // Nothing is held.
    }
}
