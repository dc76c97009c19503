package dev.graticule.file.json;

import dev.graticule.spi.CopyFormat;
import dev.graticule.spi.CopyWriter;
import java.util.List;
import java.util.Map;

/** {@code COPY ... TO 'x.json'}: an array of objects. */
public final class JsonFormat implements CopyFormat {
    @Override
    public String format() {
        return "json";
    }

    @Override
    public List<String> endings() {
        return List.of("json");
    }

    @Override
    public CopyWriter writer(String target, Map<String, Object> options) {
        return JsonCopy.writer(format(), target, options, false);
    }
}
