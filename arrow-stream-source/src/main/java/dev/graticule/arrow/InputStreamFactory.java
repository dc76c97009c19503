package dev.graticule.arrow;

import java.io.IOException;
import java.io.InputStream;

/** Starts a stream of bytes anew; called by every query, from any thread. */
@FunctionalInterface
public interface InputStreamFactory {
    /**
     * Starts the stream; whoever asked closes it.
     *
     * @throws IOException where it cannot be started: the query then fails with its message
     */
    InputStream openStream() throws IOException;
}
