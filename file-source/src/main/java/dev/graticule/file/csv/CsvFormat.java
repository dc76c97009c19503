package dev.graticule.file.csv;

import dev.graticule.GraticuleException;
import dev.graticule.file.TextStreams;
import dev.graticule.file.text.CsvWriter;
import dev.graticule.spi.CopyFormat;
import dev.graticule.spi.CopyWriter;
import java.io.Writer;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.arrow.vector.ipc.ArrowReader;

/** {@code COPY ... TO 'x.csv'} and {@code 'x.tsv'}, plain or compressed. */
public final class CsvFormat implements CopyFormat {
    @Override
    public String format() {
        return "csv";
    }

    @Override
    public List<String> endings() {
        return List.of("csv", "tsv");
    }

    @Override
    public CopyWriter writer(String target, Map<String, Object> written) {
        Map<String, Object> options = new TreeMap<>(written);
        TextStreams.Compression compression = TextStreams.compression(options.remove("compression"), target);
        char tab = target.toLowerCase(Locale.ROOT).contains(".tsv") ? '\t' : ',';
        Object delimiter = CsvOptions.take(options, "delimiter", "delim", "sep");
        CsvWriter.Dialect dialect = new CsvWriter.Dialect(CsvOptions.character("DELIMITER", delimiter, tab),
                CsvOptions.character("QUOTE", options.remove("quote"), '"'),
                CsvOptions.flag("HEADER", options.remove("header"), true),
                Objects.toString(CsvOptions.take(options, "null", "nullstr"), ""),
                CsvOptions.flag("FORCE_QUOTE", options.remove("force_quote"), false));
        if (!options.isEmpty()) {
            throw GraticuleException.binding("COPY as csv has no option " + options.keySet().iterator().next()
                    + "; it has HEADER, DELIMITER, QUOTE, NULL, FORCE_QUOTE, COMPRESSION.");
        }
        return (source, path) -> {
            try (ArrowReader rows = source.openReader(); Writer out = TextStreams.openWriter(path, compression)) {
                return new CsvWriter(out, dialect).write(rows);
            }
        };
    }

}
