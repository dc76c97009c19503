package dev.graticule.file;

import com.github.luben.zstd.ZstdInputStream;
import com.github.luben.zstd.ZstdOutputStream;
import dev.graticule.GraticuleException;
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
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** Text files, plain or compressed with gzip or Zstandard. */
public final class TextStreams {
    private static final int BUFFER = 1 << 16;

    /** How a text file is compressed. */
    public enum Compression {
        NONE, GZIP, ZSTD
    }

    private TextStreams() {
    }

    /**
     * The compression that an option or, without one ({@code null} or {@code auto}), a name's ending asks for.
     *
     * @throws GraticuleException of kind BINDING for any other word
     */
    public static Compression compression(Object option, String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return switch (option == null ? "auto" : option.toString().toLowerCase(Locale.ROOT)) {
            case "auto", "auto_detect" ->
                lower.endsWith(".gz") ? Compression.GZIP : lower.endsWith(".zst") ? Compression.ZSTD : Compression.NONE;
            case "none", "uncompressed" -> Compression.NONE;
            case "gzip", "gz" -> Compression.GZIP;
            case "zstd", "zst" -> Compression.ZSTD;
            default ->
                throw GraticuleException
                        .binding("COMPRESSION of text files is none, gzip or zstd, not " + option + ".");
        };
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
