package dev.graticule.file.parquet;

import dev.graticule.GraticuleException;
import dev.graticule.file.Locations;
import dev.graticule.spi.Dataset;
import dev.graticule.spi.DatasetProvider;
import dev.graticule.spi.GivenOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** {@code FROM 'x.parquet'}, {@code read_parquet('folder/*.parquet')}: files of one schema, one after the other. */
public final class ParquetProvider implements DatasetProvider {
    private static final byte[] MAGIC = "PAR1".getBytes(StandardCharsets.US_ASCII);
    private static final List<String> ENDINGS = List.of("parquet", "pq");

    @Override
    public String format() {
        return "parquet";
    }

    @Override
    public boolean recognizes(String location) {
        if (Locations.isPattern(location)) {
            return ENDINGS.contains(Locations.ending(location));
        }
        return Locations.path(location).filter(ParquetProvider::isParquet).isPresent();
    }

    private static boolean isParquet(Path path) {
        if (Files.isRegularFile(path)) {
            if (ENDINGS.contains(Locations.ending(path.toString()))) {
                return true;
            }
            try (InputStream in = Files.newInputStream(path)) {
                return Arrays.equals(in.readNBytes(MAGIC.length), MAGIC);
            } catch (IOException unreadable) {
                return false;
            }
        }
        try {
            return Files.isDirectory(path) && !Locations.inFolder(path, ENDINGS).isEmpty();
        } catch (GraticuleException unreadable) {
            return false;
        }
    }

    @Override
    public Dataset open(String location, Map<String, Object> options) {
        return open(List.of(location), options);
    }

    @Override
    public Dataset open(List<String> locations, Map<String, Object> options) {
        GivenOptions.ofReading(format(), options).requireNoOthers();
        List<Path> files = Locations.files(locations, ENDINGS);
        return new Dataset(locations.getFirst(), List.of(ParquetTable.open(files)));
    }
}
