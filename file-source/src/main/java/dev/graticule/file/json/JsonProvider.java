package dev.graticule.file.json;

import dev.graticule.file.Locations;
import dev.graticule.file.TextStreams;
import dev.graticule.spi.Dataset;
import dev.graticule.spi.DatasetProvider;
import dev.graticule.spi.GivenOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** {@code FROM 'x.json'}, {@code 'x.jsonl'}, {@code read_json('x.json.gz')}. */
public final class JsonProvider implements DatasetProvider {
    private static final List<String> ENDINGS = List.of("json", "jsonl", "ndjson");

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
        GivenOptions options = GivenOptions.ofReading(format(), written);
        int rows = TextStreams.sampleRows(options);
        Function<String, TextStreams.Compression> compression = TextStreams.compression(options);
        // Whether objects stand in an array or in lines is found in the file.
        options.ignore("format");
        options.requireNoOthers();
        List<Path> files = Locations.files(locations, ENDINGS);
        return new Dataset(locations.getFirst(), List.of(JsonTable.open(files, rows, compression)));
    }
}
