package dev.graticule.spi;

import dev.graticule.GraticuleException;
import java.util.List;
import java.util.Map;

/** A format that can stand in FROM 'path', read_format('path') and STORED AS FORMAT; found by {@link java.util.ServiceLoader}. */
public interface DatasetProvider {
    /** The word after STORED AS and after {@code read_}, in lower case: {@code zarr}. */
    String format();

    /** Whether FROM 'location' is of this format; looks at content, not at the name, and reads little. */
    boolean recognizes(String location);

    /**
     * Opens a location; reads metadata only.
     *
     * @param options the named arguments, their names in lower case; values are String, Long, Double, Boolean, List or Map of those
     * @throws dev.graticule.GraticuleException where the location holds no such thing or an option is unknown
     */
    Dataset open(String location, Map<String, Object> options);

    /**
     * Opens several locations as one dataset: {@code read_parquet(['a.parquet', 'b.parquet'])}.
     *
     * @param locations at least one
     */
    default Dataset open(List<String> locations, Map<String, Object> options) {
        if (locations.size() > 1) {
            throw GraticuleException.binding("read_" + format() + " takes one path, not a list of them.");
        }
        return open(locations.getFirst(), options);
    }

    /** A better message for a location that no provider recognizes (what it is instead, what is nearby), or an empty string. */
    default String explainUnrecognized(String location) {
        return "";
    }
}
