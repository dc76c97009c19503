package dev.graticule.cli;

import dev.graticule.file.text.CellText;
import java.io.IOException;
import java.io.Writer;
import java.util.List;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.ipc.ArrowReader;

/** Writes {@link OutputFormat#MARKDOWN}: numbers to the right, NULL empty. */
final class MarkdownWriter implements ResultWriter {
    private final Writer out;
    private final CellText cells = new CellText(false);

    MarkdownWriter(Writer out) {
        this.out = out;
    }

    @Override
    public long write(ArrowReader rows) throws IOException {
        List<FieldVector> vectors = rows.getVectorSchemaRoot().getFieldVectors();
        StringBuilder line = new StringBuilder("|");
        StringBuilder rule = new StringBuilder("|");
        for (FieldVector vector : vectors) {
            line.append(' ').append(escaped(vector.getName())).append(" |");
            rule.append(TypeName.isNumber(vector.getField()) ? "--:|" : "---|");
        }
        out.append(line).append('\n').append(rule).append('\n');
        long count = 0;
        while (rows.loadNextBatch()) {
            vectors = rows.getVectorSchemaRoot().getFieldVectors();
            int size = rows.getVectorSchemaRoot().getRowCount();
            for (int row = 0; row < size; row++) {
                line.setLength(1);
                for (FieldVector vector : vectors) {
                    line.append(' ').append(vector.isNull(row) ? "" : escaped(cells.text(vector, row))).append(" |");
                }
                out.append(line).append('\n');
            }
            count += size;
        }
        out.flush();
        return count;
    }

    private static String escaped(String text) {
        return text.replace("\\", "\\\\").replace("|", "\\|").replace("\r\n", "<br>").replace("\n", "<br>");
    }
}
