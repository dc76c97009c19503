package dev.graticule.arrow;

import dev.graticule.spi.CopySource;
import dev.graticule.spi.CopyWriter;
import dev.graticule.spi.GivenOptions;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;
import org.apache.arrow.compression.CommonsCompressionFactory;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.compression.CompressionCodec;
import org.apache.arrow.vector.compression.CompressionUtil.CodecType;
import org.apache.arrow.vector.compression.NoCompressionCodec;
import org.apache.arrow.vector.ipc.ArrowFileWriter;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.ipc.ArrowStreamWriter;
import org.apache.arrow.vector.ipc.ArrowWriter;
import org.apache.arrow.vector.ipc.message.IpcOption;

/** Writes rows as Arrow IPC, batch by batch as the query gives them; fields keep their metadata. */
record ArrowCopyWriter(boolean stream, CodecType compression) implements CopyWriter {

    /** A writer with the options of a COPY. */
    static ArrowCopyWriter of(String format, boolean stream, Map<String, Object> options) {
        GivenOptions given = GivenOptions.ofCopy(format, options);
        CodecType compression = given.word("compression", "zstd or none", word -> switch (word) {
            case "none", "uncompressed" -> Optional.of(CodecType.NO_COMPRESSION);
            case "zstd" -> Optional.of(CodecType.ZSTD);
            default -> Optional.empty();
        }).orElse(CodecType.NO_COMPRESSION);
        given.requireNoOthers();
        return new ArrowCopyWriter(stream, compression);
    }

    @Override
    public long write(CopySource source, Path path) throws IOException {
        long rows = 0;
        try (ArrowReader reader = source.openReader();
                FileChannel channel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                ArrowWriter writer = writer(reader, channel)) {
            writer.start();
            while (reader.loadNextBatch()) {
                writer.writeBatch();
                rows += reader.getVectorSchemaRoot().getRowCount();
            }
            writer.end();
        }
        return rows;
    }

    private ArrowWriter writer(ArrowReader reader, FileChannel channel) throws IOException {
        VectorSchemaRoot root = reader.getVectorSchemaRoot();
        CompressionCodec.Factory codecs = compression == CodecType.NO_COMPRESSION ? NoCompressionCodec.Factory.INSTANCE
                : CommonsCompressionFactory.INSTANCE;
        return stream ? new ArrowStreamWriter(root, reader, channel, IpcOption.DEFAULT, codecs, compression)
                : new ArrowFileWriter(root, reader, channel, null, IpcOption.DEFAULT, codecs, compression);
    }
}
