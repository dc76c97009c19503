package dev.graticule.file.csv;

import dev.graticule.file.TextStreams;
import dev.graticule.file.text.CsvWriter;
import dev.graticule.spi.CopyFormat;
import dev.graticule.spi.CopyWriter;
import dev.graticule.spi.GivenOptions;
import java.io.Writer;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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
        GivenOptions options = GivenOptions.ofCopy(format(), written);
        char usual = target.toLowerCase(Locale.ROOT).contains(".tsv") ? '\t' : ',';
        boolean header = options.flag("header", true);
        char delimiter = options.character("delimiter", "delim", "sep").orElse(usual);
        char quote = options.character("quote").orElse('"');
        String nullText = options.text("null", "nullstr").orElse("");
        boolean quoteAll = options.flag("force_quote", false);
        TextStreams.Compression compression = TextStreams.compression(options).apply(target);
        options.requireNoOthers();
        CsvWriter.Dialect dialect = new CsvWriter.Dialect(delimiter, quote, header, nullText, quoteAll);
        return (source, path) -> {
            try (ArrowReader rows = source.openReader(); Writer out = TextStreams.openWriter(path, compression)) {
                return new CsvWriter(out, dialect).write(rows);
            }
        };
    }
}
