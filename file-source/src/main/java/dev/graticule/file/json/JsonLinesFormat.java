package dev.graticule.file.json;

import dev.graticule.spi.CopyFormat;
import dev.graticule.spi.CopyWriter;
import java.util.List;
import java.util.Map;

/** {@code COPY ... TO 'x.jsonl'}: an object a line. */
public final class JsonLinesFormat implements CopyFormat {
    @Override
    public String format() {
        return "jsonl";
    }

    @Override
    public List<String> endings() {
        return List.of("jsonl", "ndjson");
    }

    @Override
    public CopyWriter writer(String target, Map<String, Object> options) {
        return JsonCopy.writer(format(), target, options, true);
    }
}
