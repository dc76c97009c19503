package dev.graticule.cli;

import dev.graticule.file.parquet.ParquetStream;
import dev.graticule.file.text.CsvWriter;
import dev.graticule.file.text.JsonWriter;
import java.io.BufferedWriter;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The formats in which results are written. */
enum OutputFormat {
    /** A box with aligned columns, for people. */
    TABLE(List.of("-table", "-box"), List.of("txt")),
    /** RFC 4180 with a header: a NULL is empty, an empty string is {@code ""}; lines end with a line feed. */
    CSV(List.of("-csv"), List.of("csv")),
    /** One array of objects. */
    JSON(List.of("-json"), List.of("json")),
    /** One object a line. */
    JSONL(List.of("-jsonl", "-jsonlines"), List.of("jsonl", "ndjson")),
    /** A table of GitHub's Markdown. */
    MARKDOWN(List.of("-markdown"), List.of("md")),
    /** Arrow IPC for one result: a file, as COPY writes it; a stream where the output is no file. */
    ARROW(List.of("-arrow"), List.of("arrow", "feather", "ipc")),
    /** An Arrow IPC stream, one after the other for several results. */
    ARROWS(List.of("-arrows"), List.of("arrows")),
    /** A Parquet file, for one result. */
    PARQUET(List.of("-parquet"), List.of("parquet", "pq")),
    /** A Zarr store, for one result: a folder, so only with a name of its own. */
    ZARR(List.of("-zarr"), List.of("zarr"));

    private final List<String> options;
    private final List<String> endings;

    OutputFormat(List<String> options, List<String> endings) {
        this.options = options;
        this.endings = endings;
    }

    /** The short options that choose it. */
    List<String> options() {
        return options;
    }

    /** The name after {@code --format}. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** All names, for messages. */
    static String words() {
        return String.join(", ", Arrays.stream(values()).map(OutputFormat::word).toList());
    }

    /** The format of that name, with or without the dash of its short option. */
    static Optional<OutputFormat> named(String name) {
        String word = name.toLowerCase(Locale.ROOT);
        for (OutputFormat format : values()) {
            if (format.word().equals(word) || format.options.contains("-" + word)) {
                return Optional.of(format);
            }
        }
        return Optional.empty();
    }

    /** The format that a file's name asks for. */
    static Optional<OutputFormat> ofFile(String file) {
        String ending = file.substring(file.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        for (OutputFormat format : values()) {
            if (format.endings.contains(ending)) {
                return Optional.of(format);
            }
        }
        return Optional.empty();
    }

    /** Whether it is nothing that a terminal shows. */
    boolean isBinary() {
        return this == ARROW || this == ARROWS || this == PARQUET;
    }

    /** Whether what is written cannot be followed by another result. */
    boolean holdsOneResult() {
        return this == ARROW || this == PARQUET;
    }

    /** The format for standard output, pipes and devices: readers of those expect a stream of Arrow. */
    OutputFormat withoutFile() {
        return this == ARROW ? ARROWS : this;
    }

    /**
     * A writer to a stream, which it flushes after each result and never closes.
     *
     * @param limits how much of a table is shown
     */
    ResultWriter writer(OutputStream out, TableLimits limits) {
        if (this == ARROW || this == ARROWS) {
            return new ArrowResultWriter(out, this == ARROW);
        }
        if (this == PARQUET) {
            return rows -> ParquetStream.write(rows, out);
        }
        Writer text = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8), 1 << 16);
        return switch (this) {
            case TABLE -> new TableWriter(text, limits);
            case CSV -> new CsvWriter(text, CsvWriter.Dialect.STANDARD)::write;
            case JSON -> new JsonWriter(text, false)::write;
            case JSONL -> new JsonWriter(text, true)::write;
            case MARKDOWN -> new MarkdownWriter(text);
            case ARROW, ARROWS, PARQUET, ZARR -> throw new IllegalStateException();
        };
    }
}
