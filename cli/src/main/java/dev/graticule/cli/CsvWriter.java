package dev.graticule.cli;

import java.io.IOException;
import java.io.Writer;
import java.util.List;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;

/** Writes {@link OutputFormat#CSV}. */
final class CsvWriter implements ResultWriter {
    private final Writer out;
    private final CellText cells = new CellText(false);

    CsvWriter(Writer out) {
        this.out = out;
    }

    @Override
    public long write(ArrowReader rows) throws IOException {
        VectorSchemaRoot root = rows.getVectorSchemaRoot();
        StringBuilder line = new StringBuilder();
        List<FieldVector> vectors = root.getFieldVectors();
        for (int column = 0; column < vectors.size(); column++) {
            appendField(line.append(column > 0 ? "," : ""), vectors.get(column).getName());
        }
        out.append(line).append('\n');
        long count = 0;
        while (rows.loadNextBatch()) {
            vectors = rows.getVectorSchemaRoot().getFieldVectors();
            int size = rows.getVectorSchemaRoot().getRowCount();
            for (int row = 0; row < size; row++) {
                line.setLength(0);
                for (int column = 0; column < vectors.size(); column++) {
                    line.append(column > 0 ? "," : "");
                    if (!vectors.get(column).isNull(row)) {
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

    private static void appendField(StringBuilder line, String text) {
        boolean quoted = text.isEmpty();
        for (int i = 0; i < text.length() && !quoted; i++) {
            char c = text.charAt(i);
            quoted = c == ',' || c == '"' || c == '\n' || c == '\r';
        }
        if (quoted) {
            line.append('"').append(text.replace("\"", "\"\"")).append('"');
        } else {
            line.append(text);
        }
    }
}
