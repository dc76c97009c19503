package dev.graticule.zarr;

import dev.graticule.GraticuleException;
import dev.graticule.spi.Dataset;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;

/**
 * Opens Zarr stores (version 2 and 3) as tables for {@code Engine.register}. Opening reads metadata only; the result is
 * immutable and thread-safe.
 */
public final class ZarrTable {
    private ZarrTable() {
    }

    /**
     * Opens a store in a local folder: a group or a single array.
     *
     * @throws GraticuleException where there is no such store, or where it does not name its axes
     */
    public static Dataset open(Path store) {
        return open(store, Map.of());
    }

    /**
     * Opens a store in a local folder with the options of {@code read_zarr}, such as {@code "group"} or
     * {@code "decode_times"}.
     *
     * @throws GraticuleException where there is no such store, an option is unknown, or the store does not name its axes
     */
    public static Dataset open(Path store, Map<String, Object> options) {
        return new StoreOpening(Location.of(store)).open(options);
    }

    /**
     * Opens a store at an address.
     *
     * @throws GraticuleException of kind UNSUPPORTED for other addresses than {@code file:}
     */
    public static Dataset open(URI store) {
        return new StoreOpening(Location.of(store.toString())).open(Map.of());
    }
}
