package dev.graticule.file.text;

import java.io.IOException;
import java.io.Writer;
import java.util.List;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.ipc.ArrowReader;

/**
 * Writes rows as RFC 4180: a NULL is empty and an empty string {@code ""}, unless NULL has a text of its own; lines end with a line
 * feed. Used by one thread.
 */
public final class CsvWriter {
    private final Writer out;
    private final Dialect dialect;
    private final CellText cells = new CellText(false);

    /**
     * How CSV is written.
     *
     * @param header whether the first line has the names
     * @param nullText what stands for NULL; a string that is equal to it is quoted
     * @param quoteAll whether every string is quoted
     */
    public record Dialect(char delimiter, char quote, boolean header, String nullText, boolean quoteAll) {
        /** With commas, double quotes, a header, and nothing for NULL. */
        public static final Dialect STANDARD = new Dialect(',', '"', true, "", false);
    }

    /** A writer to {@code out}, which it flushes and never closes. */
    public CsvWriter(Writer out, Dialect dialect) {
        this.out = out;
        this.dialect = dialect;
    }

    /** Reads rows to their end and writes them; how many there were. */
    public long write(ArrowReader rows) throws IOException {
        StringBuilder line = new StringBuilder();
        List<FieldVector> vectors = rows.getVectorSchemaRoot().getFieldVectors();
        if (dialect.header) {
            for (int column = 0; column < vectors.size(); column++) {
                separate(line, column);
                appendField(line, vectors.get(column).getName());
            }
            out.append(line).append('\n');
        }
        long count = 0;
        while (rows.loadNextBatch()) {
            vectors = rows.getVectorSchemaRoot().getFieldVectors();
            int size = rows.getVectorSchemaRoot().getRowCount();
            for (int row = 0; row < size; row++) {
                line.setLength(0);
                for (int column = 0; column < vectors.size(); column++) {
                    separate(line, column);
                    if (vectors.get(column).isNull(row)) {
                        line.append(dialect.nullText);
                    } else {
                        appendField(line, cells.text(vectors.get(column), row));
                    }
                }
                out.append(line).append('\n');
            }
            count += size;
        }
        out.flush();
        return count;
    }

    private void separate(StringBuilder line, int column) {
        if (column > 0) {
            line.append(dialect.delimiter);
        }
    }

    private void appendField(StringBuilder line, String text) {
        boolean quoted = dialect.quoteAll || text.isEmpty() || text.equals(dialect.nullText);
        for (int i = 0; i < text.length() && !quoted; i++) {
            char c = text.charAt(i);
            quoted = c == dialect.delimiter || c == dialect.quote || c == '\n' || c == '\r';
        }
        if (quoted) {
            String quote = String.valueOf(dialect.quote);
            line.append(quote).append(text.replace(quote, quote + quote)).append(quote);
        } else {
            line.append(text);
        }
    }
}
