package dev.graticule.file.parquet;

import dev.graticule.spi.CopyFormat;
import dev.graticule.spi.CopyWriter;
import java.util.List;
import java.util.Map;

/** {@code COPY ... TO 'x.parquet'}, with the options of {@link ParquetOptions}. */
public final class ParquetFormat implements CopyFormat {
    @Override
    public String format() {
        return "parquet";
    }

    @Override
    public List<String> endings() {
        return List.of("parquet", "pq");
    }

    @Override
    public CopyWriter writer(String target, Map<String, Object> options) {
        ParquetOptions checked = ParquetOptions.of(options);
        return (source, path) -> new ParquetCopy(checked).write(source, path);
    }
}
