package dev.graticule.spi;

import java.io.IOException;
import java.nio.file.Path;

/** Writes the rows of one COPY; used once, by one thread. */
@FunctionalInterface
public interface CopyWriter {
    /**
     * Writes all rows into a file or a folder.
     *
     * <p>The path lies in the target's folder under a hidden name and does not exist yet (but a device such as
     * {@code /dev/stdout}, which is written as it is). When this returns, everything is closed and the path gets the target's name
     * in one step; when it throws, whatever lies there is deleted.
     *
     * @return how many rows were written
     * @throws IOException where writing fails; errors of the query come from the source's readers as they are
     * @throws dev.graticule.GraticuleException of kind UNSUPPORTED or DATA where the format cannot hold the rows
     */
    long write(CopySource source, Path path) throws IOException;
}
