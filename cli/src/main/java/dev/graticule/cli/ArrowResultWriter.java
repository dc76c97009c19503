package dev.graticule.cli;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowFileWriter;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.ipc.ArrowStreamWriter;
import org.apache.arrow.vector.ipc.ArrowWriter;

/** Writes each result as an Arrow IPC stream, or the only one as an IPC file. */
final class ArrowResultWriter implements ResultWriter {
    private final OutputStream out;
    private final boolean file;

    ArrowResultWriter(OutputStream out, boolean file) {
        this.out = out;
        this.file = file;
    }

    @Override
    public long write(ArrowReader rows) throws IOException {
        VectorSchemaRoot root = rows.getVectorSchemaRoot();
        long count = 0;
        OutputStream kept = new FilterOutputStream(out) {
            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                out.write(bytes, offset, length);
            }

            @Override
            public void close() throws IOException {
                flush();
            }
        };
        WritableByteChannel channel = Channels.newChannel(kept);
        try (ArrowWriter writer = file ? new ArrowFileWriter(root, rows, channel)
                : new ArrowStreamWriter(root, rows, channel)) {
            writer.start();
            while (rows.loadNextBatch()) {
                writer.writeBatch();
                count += root.getRowCount();
            }
            writer.end();
        }
        return count;
    }
}
