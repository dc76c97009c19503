package dev.graticule.file.json;

import dev.graticule.file.TextStreams;
import dev.graticule.file.text.JsonWriter;
import dev.graticule.spi.CopyWriter;
import dev.graticule.spi.GivenOptions;
import java.io.Writer;
import java.util.Map;
import org.apache.arrow.vector.ipc.ArrowReader;

/** What COPY to JSON does. */
final class JsonCopy {
    private JsonCopy() {
    }

    /** @param asLines an object a line, unless the option ARRAY says otherwise */
    static CopyWriter writer(String format, String target, Map<String, Object> written, boolean asLines) {
        GivenOptions options = GivenOptions.ofCopy(format, written);
        boolean lines = !options.flag("array", !asLines);
        TextStreams.Compression compression = TextStreams.compression(options).apply(target);
        options.requireNoOthers();
        return (source, path) -> {
            try (ArrowReader rows = source.openReader(); Writer out = TextStreams.openWriter(path, compression)) {
                return new JsonWriter(out, lines).write(rows);
            }
        };
    }
}
