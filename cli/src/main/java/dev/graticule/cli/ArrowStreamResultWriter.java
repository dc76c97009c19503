package dev.graticule.cli;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.ipc.ArrowStreamWriter;

/** Writes each result as an Arrow IPC stream. */
final class ArrowStreamResultWriter implements ResultWriter {
    private final OutputStream out;

    ArrowStreamResultWriter(OutputStream out) {
        this.out = out;
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
        try (ArrowStreamWriter writer = new ArrowStreamWriter(root, rows, Channels.newChannel(kept))) {
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
