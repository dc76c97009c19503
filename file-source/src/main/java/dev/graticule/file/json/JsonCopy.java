package dev.graticule.file.json;

import dev.graticule.GraticuleException;
import dev.graticule.file.TextStreams;
import dev.graticule.file.text.JsonWriter;
import dev.graticule.spi.CopyWriter;
import java.io.Writer;
import java.util.Map;
import java.util.TreeMap;
import org.apache.arrow.vector.ipc.ArrowReader;

/** What COPY to JSON does. */
final class JsonCopy {
    private JsonCopy() {
    }

    /** @param asLines an object a line, unless the option ARRAY says otherwise */
    static CopyWriter writer(String format, String target, Map<String, Object> written, boolean asLines) {
        Map<String, Object> options = new TreeMap<>(written);
        TextStreams.Compression compression = TextStreams.compression(options.remove("compression"), target);
        Object array = options.remove("array");
        if (!options.isEmpty()) {
            throw GraticuleException.binding("COPY as " + format + " has no option "
                    + options.keySet().iterator().next() + "; it has ARRAY, COMPRESSION.");
        }
        if (array != null && !(array instanceof Boolean)) {
            throw GraticuleException.binding("ARRAY is true or false, not " + array + ".");
        }
        boolean lines = array == null ? asLines : !(Boolean) array;
        return (source, path) -> {
            try (ArrowReader rows = source.openReader(); Writer out = TextStreams.openWriter(path, compression)) {
                return new JsonWriter(out, lines).write(rows);
            }
        };
    }
}
