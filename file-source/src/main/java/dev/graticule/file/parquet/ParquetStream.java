package dev.graticule.file.parquet;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;

/** Writes rows as one Parquet file into a stream. */
public final class ParquetStream {
    private ParquetStream() {
    }

    /**
     * Reads rows to their end and writes them, with the options that COPY has when none are written.
     *
     * @param out stays open
     * @return how many rows there were
     */
    public static long write(ArrowReader rows, OutputStream out) throws IOException {
        ParquetCopy copy = new ParquetCopy(ParquetOptions.of(Map.of()));
        Schema schema = rows.getVectorSchemaRoot().getSchema();
        int threads = Runtime.getRuntime().availableProcessors();
        boolean intervals = WrittenSchema.hasIntervals(WrittenSchema.of(schema));
        BufferAllocator allocator = rows.getVectorSchemaRoot().getVector(0).getAllocator();
        if (!intervals) {
            long count = copy.write(rows, threads, allocator, new Stream(out));
            out.flush();
            return count;
        }
        // The footer of these is written twice: that needs a file.
        Path file = Files.createTempFile("graticule", ".parquet");
        file.toFile().deleteOnExit();
        try {
            long count = copy.write(rows, threads, allocator, file);
            Files.copy(file, out);
            out.flush();
            return count;
        } finally {
            Files.deleteIfExists(file);
        }
    }

    /** A stream that counts what was written to it; not closed. */
    private record Stream(OutputStream out) implements OutputFile {
        @Override
        public PositionOutputStream create(long blockSize) {
            return new PositionOutputStream() {
                private long position;

                @Override
                public long getPos() {
                    return position;
                }

                @Override
                public void write(int value) throws IOException {
                    out.write(value);
                    position++;
                }

                @Override
                public void write(byte[] bytes, int offset, int length) throws IOException {
                    out.write(bytes, offset, length);
                    position += length;
                }
            };
        }

        @Override
        public PositionOutputStream createOrOverwrite(long blockSize) {
            return create(blockSize);
        }

        @Override
        public boolean supportsBlockSize() {
            return false;
        }

        @Override
        public long defaultBlockSize() {
            return 0;
        }
    }
}
