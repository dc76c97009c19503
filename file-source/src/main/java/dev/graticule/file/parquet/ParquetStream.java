package dev.graticule.file.parquet;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.arrow.vector.ipc.ArrowReader;

/** Writes rows as one Parquet file into a stream, by way of a temporary file. */
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
        Path file = Files.createTempFile("graticule", ".parquet");
        try {
            long count = new ParquetCopy(ParquetOptions.of(Map.of())).write(rows,
                    Runtime.getRuntime().availableProcessors(), file);
            Files.copy(file, out);
            out.flush();
            return count;
        } finally {
            Files.deleteIfExists(file);
        }
    }
}
