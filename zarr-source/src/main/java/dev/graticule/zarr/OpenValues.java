package dev.graticule.zarr;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The values of a store that were read last, still open: of a chunk that is read part by part, or of a shard, more is wanted soon, and
 * opening a file costs as much as reading many of its cells. At most {@value #MOST}, which is more than the variables that queries
 * mostly read in turn. Used by one thread.
 */
final class OpenValues implements AutoCloseable {
    private static final int MOST = 8;

    private final Store store;
    private final Map<String, Store.Reading> open = new LinkedHashMap<>(16, 0.75f, true);

    OpenValues(Store store) {
        this.store = store;
    }

    /** The value of a key, valid until {@value #MOST} others were asked for; this closes it. */
    Optional<Store.Reading> open(String key) throws IOException {
        Store.Reading known = open.get(key);
        if (known != null) {
            return Optional.of(known);
        }
        while (open.size() >= MOST) {
            close(open.keySet().iterator().next());
        }
        Optional<Store.Reading> opened = store.open(key);
        opened.ifPresent(value -> open.put(key, value));
        return opened;
    }

    /** Closes the value of a key, if it is open. */
    void close(String key) {
        Store.Reading value = open.remove(key);
        if (value != null) {
            try {
                value.close();
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
    }

    @Override
    public void close() {
        while (!open.isEmpty()) {
            close(open.keySet().iterator().next());
        }
    }
}
