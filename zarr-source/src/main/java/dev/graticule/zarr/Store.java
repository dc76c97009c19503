package dev.graticule.zarr;

import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;

/**
 * Keys with bytes: what a Zarr hierarchy is kept in. A key is a path with {@code /} between its parts and none at either
 * end; the empty key is the root.
 *
 * <p>Thread-safe. Nothing here knows about arrays or chunks. A key that is not there is an empty result; every other
 * failure is an {@link IOException}.
 */
interface Store {
    /** How messages name the place of a key: a file name, an address. */
    String describe(String key);

    /** All bytes of a (small) value. */
    Optional<byte[]> read(String key) throws IOException;

    /** A value opened for reading in parts; the caller closes it. */
    Optional<Reading> open(String key) throws IOException;

    /**
     * The names of the folders directly under a key, sorted. Called for groups only: the chunks of an array are never
     * listed.
     */
    List<String> folders(String key) throws IOException;

    /** One value, open for reading by one thread. */
    interface Reading extends Closeable {
        /** How many bytes the value has. */
        long size() throws IOException;

        /**
         * Fills the whole target with the bytes from {@code position}.
         *
         * @throws java.io.EOFException where the value ends before the target is full
         */
        void read(long position, MemorySegment target) throws IOException;
    }
}
