package dev.graticule.file.json;

import dev.graticule.GraticuleException;
import dev.graticule.file.Locations;
import dev.graticule.spi.Dataset;
import dev.graticule.spi.DatasetProvider;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** {@code FROM 'x.json'}, {@code 'x.jsonl'}, {@code read_json('x.json.gz')}. */
public final class JsonProvider implements DatasetProvider {
    private static final List<String> ENDINGS = List.of("json", "jsonl", "ndjson");
    private static final int SAMPLE_ROWS = 20_480;

    @Override
    public String format() {
        return "json";
    }

    @Override
    public boolean recognizes(String location) {
        return Locations.hasEnding(location, ENDINGS);
    }

    @Override
    public Dataset open(String location, Map<String, Object> options) {
        return open(List.of(location), options);
    }

    @Override
    public Dataset open(List<String> locations, Map<String, Object> written) {
        Map<String, Object> options = new TreeMap<>(written);
        Object compression = options.remove("compression");
        Object sample = options.remove("sample_size");
        // Both are found in the file.
        options.remove("format");
        if (!options.isEmpty()) {
            throw GraticuleException.binding("read_json has no option '" + options.keySet().iterator().next()
                    + "'; it has sample_size, compression.");
        }
        if (sample != null && !(sample instanceof Long)) {
            throw GraticuleException.binding("sample_size takes a whole number, not " + sample + ".");
        }
        int rows = sample == null ? SAMPLE_ROWS
                : (Long) sample < 0 ? Integer.MAX_VALUE : (int) Long.min((Long) sample, Integer.MAX_VALUE);
        List<Path> files = Locations.files(locations, ENDINGS);
        return new Dataset(locations.getFirst(), List.of(JsonTable.open(files, rows, compression)));
    }
}
