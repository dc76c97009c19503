package dev.graticule.file;

import com.github.luben.zstd.ZstdInputStream;
import com.github.luben.zstd.ZstdOutputStream;
import dev.graticule.spi.GivenOptions;
import java.io.BufferedOutputStream;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** Text files, plain or compressed with gzip or Zstandard. */
public final class TextStreams {
    private static final int SAMPLE_ROWS = 20_480;

    private static final int BUFFER = 1 << 16;

    /** How a text file is compressed. */
    public enum Compression {
        NONE, GZIP, ZSTD;

        private static Compression ofEnding(String file) {
            String name = file.toLowerCase(Locale.ROOT);
            return name.endsWith(".gz") ? GZIP : name.endsWith(".zst") ? ZSTD : NONE;
        }
    }

    private TextStreams() {
    }

    /** From how many rows the types of columns are found: the option SAMPLE_SIZE, of which -1 means all. */
    public static int sampleRows(GivenOptions options) {
        long rows = options.wholeNumber("sample_size", -1, Long.MAX_VALUE, SAMPLE_ROWS);
        return rows < 0 ? Integer.MAX_VALUE : (int) Long.min(rows, Integer.MAX_VALUE);
    }

    /** The compression of a file by its name: what the option COMPRESSION says or, without it, what the name's ending says. */
    public static Function<String, Compression> compression(GivenOptions options) {
        Function<String, Compression> byName = Compression::ofEnding;
        return options.word("compression", "auto, none, gzip or zstd", word -> switch (word) {
            case "auto", "auto_detect" -> Optional.of(byName);
            case "none", "uncompressed" -> always(Compression.NONE);
            case "gzip", "gz" -> always(Compression.GZIP);
            case "zstd", "zst" -> always(Compression.ZSTD);
            default -> Optional.empty();
        }).orElse(byName);
    }

    private static Optional<Function<String, Compression>> always(Compression compression) {
        return Optional.of(_ -> compression);
    }

    /** The bytes of a file, decompressed; the caller closes the stream. */
    public static TextInput openInput(Path file, Compression compression) throws IOException {
        return TextInput.open(Files.newInputStream(file), in -> switch (compression) {
            case NONE -> in;
            case GZIP -> new GZIPInputStream(in, BUFFER);
            case ZSTD -> new ZstdInputStream(in);
        });
    }

    /** A UTF-8 writer into a new file; the caller closes it. */
    public static Writer openWriter(Path file, Compression compression) throws IOException {
        OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), BUFFER);
        try {
            OutputStream compressed = switch (compression) {
                case NONE -> out;
                case GZIP -> new GZIPOutputStream(out, BUFFER);
                case ZSTD -> new ZstdOutputStream(out);
            };
            return new BufferedWriter(new OutputStreamWriter(compressed, StandardCharsets.UTF_8), BUFFER);
        } catch (IOException | RuntimeException failure) {
            out.close();
            throw failure;
        }
    }
}
