package dev.graticule.file.text;

import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.ipc.ArrowReader;

/** Writes rows as one JSON array of objects, or an object a line. A second column of one name becomes {@code name_1}. Used by one thread. */
public final class JsonWriter {
    private final Writer out;
    private final boolean lines;
    private final CellText cells = new CellText(false);

    /** A writer to {@code out}, which it flushes and never closes; {@code lines} for an object a line. */
    public JsonWriter(Writer out, boolean lines) {
        this.out = out;
        this.lines = lines;
    }

    /** Reads rows to their end and writes them; how many there were. */
    public long write(ArrowReader rows) throws IOException {
        List<String> names = names(rows.getVectorSchemaRoot().getFieldVectors());
        StringBuilder line = new StringBuilder(lines ? "" : "[");
        long count = 0;
        while (rows.loadNextBatch()) {
            List<FieldVector> vectors = rows.getVectorSchemaRoot().getFieldVectors();
            int size = rows.getVectorSchemaRoot().getRowCount();
            for (int row = 0; row < size; row++) {
                line.append(!lines && count > 0 ? ",\n" : "").append('{');
                for (int column = 0; column < vectors.size(); column++) {
                    line.append(column > 0 ? "," : "").append(names.get(column)).append(':');
                    cells.appendJson(line, vectors.get(column), row);
                }
                out.append(line.append('}').append(lines ? "\n" : ""));
                line.setLength(0);
                count++;
            }
        }
        out.append(line).append(lines ? "" : "]\n");
        out.flush();
        return count;
    }

    private static List<String> names(List<FieldVector> vectors) {
        Set<String> taken = new HashSet<>();
        vectors.forEach(vector -> taken.add(vector.getName()));
        Set<String> used = new HashSet<>();
        List<String> names = new ArrayList<>();
        for (FieldVector vector : vectors) {
            String name = vector.getName();
            for (int number = 1; !used.add(name); number++) {
                name = taken.contains(vector.getName() + "_" + number) ? name : vector.getName() + "_" + number;
            }
            StringBuilder quoted = new StringBuilder();
            CellText.appendString(quoted, name);
            names.add(quoted.toString());
        }
        return names;
    }
}
