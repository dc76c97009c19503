package dev.graticule.arrow;

import dev.graticule.GraticuleException;
import dev.graticule.spi.CopySource;
import dev.graticule.spi.CopyWriter;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
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
        Map<String, Object> left = new TreeMap<>(options);
        Object compression = left.remove("compression");
        if (!left.isEmpty()) {
            throw GraticuleException.binding("COPY as " + format + " has no option " + left.keySet().iterator().next()
                    + "; it has COMPRESSION.");
        }
        return new ArrowCopyWriter(stream, switch (compression == null ? "none" : compression.toString()
                .toLowerCase(Locale.ROOT)) {
            case "none", "uncompressed" -> CodecType.NO_COMPRESSION;
            case "zstd" -> CodecType.ZSTD;
            default -> throw GraticuleException.binding(
                    "COMPRESSION of Arrow files is none or zstd, not " + compression + ".");
        });
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
