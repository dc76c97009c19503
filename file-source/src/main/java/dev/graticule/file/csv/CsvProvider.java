package dev.graticule.file.csv;

import dev.graticule.file.Locations;
import dev.graticule.spi.Dataset;
import dev.graticule.spi.DatasetProvider;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** {@code FROM 'x.csv'}, {@code read_csv('x.csv.gz', header => true)}; CSV has no mark of its own, so the name must say it. */
public final class CsvProvider implements DatasetProvider {
    private static final List<String> ENDINGS = List.of("csv", "tsv");

    @Override
    public String format() {
        return "csv";
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
    public Dataset open(List<String> locations, Map<String, Object> options) {
        CsvOptions checked = CsvOptions.of(options);
        List<Path> files = Locations.files(locations, ENDINGS);
        return new Dataset(locations.getFirst(), List.of(CsvTable.open(files, checked)));
    }
}
