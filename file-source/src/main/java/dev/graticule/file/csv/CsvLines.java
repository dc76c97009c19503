package dev.graticule.file.csv;

import de.siegmar.fastcsv.reader.AbstractBaseCsvCallbackHandler;
import de.siegmar.fastcsv.reader.CloseableIterator;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import dev.graticule.file.TextInput;
import dev.graticule.file.TextStreams;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The records of a CSV file as texts; a field in quotes may go over several lines. Used by one thread. */
final class CsvLines implements AutoCloseable {
    private static final int LONGEST_FIELD = 1 << 26;

    private final TextInput input;
    private final CsvReader<Line> reader;
    private final CloseableIterator<Line> lines;

    /**
     * A record.
     *
     * @param number of its first line, from 1
     * @param quoted whether a field stood in quotes: then it is not NULL
     */
    record Line(long number, List<String> fields, List<Boolean> quoted) {
        /** The field's text, or {@code null} where it means NULL. */
        String value(int field, List<String> nullTexts) {
            String text = fields.get(field);
            return !quoted.get(field) && nullTexts.contains(text) ? null : text;
        }
    }

    private CsvLines(TextInput input, CsvReader<Line> reader) {
        this.input = input;
        this.reader = reader;
        this.lines = reader.iterator();
    }

    /** Opens a file after the first {@code options.skip()} lines; the caller closes it. */
    static CsvLines open(Path file, CsvOptions options, char delimiter) throws IOException {
        // Bytes that are not UTF-8 are an error, not a question mark.
        TextInput input = TextStreams.openInput(file, options.compression().apply(file.toString()));
        Reader text = new BufferedReader(new InputStreamReader(input, StandardCharsets.UTF_8.newDecoder()), 1 << 16);
        try {
            text.mark(1);
            if (text.read() != '\uFEFF') {
                text.reset();
            }
            for (int i = 0; i < options.skip(); i++) {
                ((BufferedReader) text).readLine();
            }
            return new CsvLines(input, CsvReader.builder().fieldSeparator(delimiter).quoteCharacter(options.quote())
                    .skipEmptyLines(true).allowExtraFields(true).allowMissingFields(true)
                    .maxBufferSize(LONGEST_FIELD).build(new Handler(options.skip()), text));
        } catch (IOException failure) {
            text.close();
            throw explained(failure);
        } catch (RuntimeException failure) {
            text.close();
            throw failure;
        }
    }

    long bytesRead() {
        return input.bytesRead();
    }

    /** The next record, or {@code null} after the last. */
    Line next() throws IOException {
        try {
            return lines.hasNext() ? lines.next() : null;
        } catch (UncheckedIOException failure) {
            throw explained(failure.getCause());
        } catch (CsvParseException failure) {
            Throwable cause = failure.getCause() == null ? failure : failure.getCause();
            throw explained(cause instanceof IOException known ? known : new IOException(cause.getMessage(), failure));
        }
    }

    private static IOException explained(IOException failure) {
        return failure instanceof CharacterCodingException ? new IOException("it is not UTF-8 text", failure) : failure;
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }

    private static final class Handler extends AbstractBaseCsvCallbackHandler<Line> {
        private final int skipped;
        private List<String> fields = new ArrayList<>();
        private List<Boolean> quoted = new ArrayList<>();

        Handler(int skipped) {
            this.skipped = skipped;
        }

        @Override
        protected void handleBegin(long line) {
            fields = new ArrayList<>(fields.size());
            quoted = new ArrayList<>(quoted.size());
        }

        @Override
        protected void handleField(int index, char[] buffer, int offset, int length, boolean inQuotes) {
            fields.add(new String(buffer, offset, length));
            quoted.add(inQuotes);
        }

        @Override
        protected Line buildRecord() {
            return new Line(getStartingLineNumber() + skipped, fields, quoted);
        }
    }
}
