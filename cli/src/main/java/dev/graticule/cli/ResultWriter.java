package dev.graticule.cli;

import java.io.IOException;
import org.apache.arrow.vector.ipc.ArrowReader;

/** Writes results in one format, one result after the other; used by one thread. */
interface ResultWriter {
    /**
     * Reads a result to its end and writes it.
     *
     * @return how many rows it has
     * @throws IOException where writing fails; errors of the query come as they are
     */
    long write(ArrowReader rows) throws IOException;
}
