package dev.graticule.zarr;

import dev.graticule.spi.Dataset;
import dev.graticule.spi.DatasetProvider;
import java.util.Map;

/** Zarr stores in {@code FROM 'path'}, {@code read_zarr('path', ...)} and {@code STORED AS ZARR}. */
public final class ZarrProvider implements DatasetProvider {
    @Override
    public String format() {
        return "zarr";
    }

    @Override
    public boolean recognizes(String location) {
        return Location.local(location).filter(Location::isStore).isPresent();
    }

    @Override
    public Dataset open(String location, Map<String, Object> options) {
        return new StoreOpening(Location.of(location)).open(options);
    }

    @Override
    public String explainUnrecognized(String location) {
        return Location.local(location).map(Diagnosis::of)
                .orElse("'" + location
                        + "' is not a local path: stores are read from local folders only for now (copy it, or mount it).");
    }
}
