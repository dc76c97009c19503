package dev.graticule.cli;

import dev.graticule.file.text.CellText;
import java.io.IOException;
import java.io.Writer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Field;
import org.jline.utils.WCWidth;

/**
 * Writes {@link OutputFormat#TABLE}: a box with names and types, numbers to the right.
 *
 * <p>Where rows are limited the first and the last ones are shown; where the width is, long cells are shortened and then
 * columns in the middle left out (in what DESCRIBE and SUMMARIZE give, those after the name and the type); a last line says so. Without limits the widths are those of the first 10,000 rows, and
 * later rows stream.
 */
final class TableWriter implements ResultWriter {
    private static final int ROWS_MEASURED = 10_000;
    private static final int SHORTEST_CELL = 12;
    private static final String ELLIPSIS = "…";

    private final Writer out;
    private final TableLimits limits;
    private final CellText cells = new CellText(false);

    TableWriter(Writer out, TableLimits limits) {
        this.out = out;
        this.limits = limits;
    }

    @Override
    public long write(ArrowReader rows) throws IOException {
        List<Field> fields = rows.getVectorSchemaRoot().getSchema().getFields();
        int headRows = Integer.min(limits.rows(), ROWS_MEASURED);
        List<String[]> head = new ArrayList<>();
        Deque<String[]> tail = new ArrayDeque<>();
        Box box = null;
        long count = 0;
        while (rows.loadNextBatch()) {
            VectorSchemaRoot root = rows.getVectorSchemaRoot();
            int size = root.getRowCount();
            int row = 0;
            for (; row < size && head.size() < headRows; row++) {
                head.add(cells(root, row));
            }
            if (limits.rows() == Integer.MAX_VALUE) {
                if (row < size && box == null) {
                    box = begin(fields, head);
                }
                for (; row < size; row++) {
                    box.writeRow(cells(root, row));
                }
            } else {
                for (row = Integer.max(row, size - limits.rows() / 2); row < size; row++) {
                    tail.addLast(cells(root, row));
                }
                while (tail.size() > limits.rows() / 2) {
                    tail.removeFirst();
                }
            }
            count += size;
        }
        if (box == null) {
            box = finish(fields, head, tail, count);
        }
        box.writeRule('└', '┴', '┘');
        writeRemark(box, fields.size(), count);
        out.flush();
        return count;
    }

    private String[] cells(VectorSchemaRoot root, int row) {
        List<FieldVector> vectors = root.getFieldVectors();
        String[] texts = new String[vectors.size()];
        for (int column = 0; column < texts.length; column++) {
            texts[column] = vectors.get(column).isNull(row) ? "NULL" : visible(cells.text(vectors.get(column), row));
        }
        return texts;
    }

    private Box begin(List<Field> fields, List<String[]> rows) throws IOException {
        Box box = new Box(fields, rows);
        box.writeHead();
        for (String[] row : rows) {
            box.writeRow(row);
        }
        return box;
    }

    private Box finish(List<Field> fields, List<String[]> head, Deque<String[]> tail, long count) throws IOException {
        if (count <= head.size()) {
            return begin(fields, head);
        }
        int half = limits.rows() / 2;
        Deque<String[]> last = new ArrayDeque<>(head.subList(half, head.size()));
        last.addAll(tail);
        while (last.size() > half) {
            last.removeFirst();
        }
        List<String[]> first = head.subList(0, limits.rows() - half);
        List<String[]> shown = new ArrayList<>(first);
        shown.addAll(last);
        Box box = new Box(fields, shown);
        box.writeHead();
        for (String[] row : first) {
            box.writeRow(row);
        }
        String[] gap = new String[fields.size()];
        Arrays.fill(gap, "·");
        box.writeCentred(gap);
        for (String[] row : last) {
            box.writeRow(row);
        }
        return box;
    }

    private void writeRemark(Box box, int columns, long count) throws IOException {
        List<String> parts = new ArrayList<>();
        if (count > limits.rows()) {
            parts.add(limits.rows() / 2 * 2 + " of " + Quantity.of(count, "row"));
        }
        if (box.shown.length < columns) {
            parts.add(box.shown.length + " of " + columns + " columns");
        }
        if (!parts.isEmpty()) {
            out.append(String.join(" and ", parts)).append(" shown; the format csv gives all\n");
        }
    }

    /** Control characters as escapes: a cell is one line, and cannot drive the terminal. */
    private static String visible(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isISOControl(text.charAt(i))) {
                StringBuilder out = new StringBuilder();
                text.chars().forEach(c -> {
                    switch (c) {
                        case '\n' -> out.append("\\n");
                        case '\r' -> out.append("\\r");
                        case '\t' -> out.append("\\t");
                        default -> out.append(
                                Character.isISOControl(c) ? String.format("\\u%04x", c) : String.valueOf((char) c));
                    }
                });
                return out.toString();
            }
        }
        return text;
    }

    /** How many places of a terminal a text takes. */
    static int width(String text) {
        int width = text.length();
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 0x300) {
                return text.codePoints().map(point -> Integer.max(0, WCWidth.wcwidth(point))).sum();
            }
        }
        return width;
    }

    private static String shortened(String text, int width) {
        if (width(text) <= width) {
            return text;
        }
        int end = 0;
        int used = 1;
        while (end < text.length()) {
            int point = text.codePointAt(end);
            used += Integer.max(0, WCWidth.wcwidth(point));
            if (used > width) {
                break;
            }
            end += Character.charCount(point);
        }
        return text.substring(0, end) + ELLIPSIS;
    }

    /** The measured columns, and the lines drawn with them. */
    private final class Box {
        private final List<Field> fields;
        private final int[] widths;
        private final boolean[] numbers;
        /** The columns that are shown; where some are left out, the gap is before {@code shown[gap]}. */
        private int[] shown;
        private int gap = -1;

        Box(List<Field> fields, List<String[]> rows) {
            this.fields = fields;
            this.widths = new int[fields.size()];
            this.numbers = new boolean[fields.size()];
            this.shown = new int[widths.length];
            for (int column = 0; column < widths.length; column++) {
                shown[column] = column;
                numbers[column] = TypeName.isNumber(fields.get(column));
                widths[column] = Integer.max(width(visible(fields.get(column).getName())),
                        width(TypeName.of(fields.get(column))));
                for (String[] row : rows) {
                    widths[column] = Integer.max(widths[column], width(row[column]));
                }
            }
            if (total() > limits.columns()) {
                fit();
            }
        }

        private long total() {
            long total = gap >= 0 ? 5 : 1;
            for (int column : shown) {
                total += widths[column] + 3L;
            }
            return total;
        }

        /**
         * Leaves out columns in the middle as long as even the shortest cells that are worth reading do not fit, and then makes the
         * cells of the others as long as there is room. A shortened number would be another number: those stay.
         */
        private void fit() {
            int[] natural = widths.clone();
            int kept = kept();
            cap(natural, SHORTEST_CELL);
            while (total() > limits.columns() && shown.length > 1) {
                gap = Integer.max(shown.length / 2, Integer.min(kept, shown.length - 1));
                int left = gap;
                shown = IntStream.range(0, shown.length).filter(i -> i != left).map(i -> shown[i]).toArray();
            }
            int cap = SHORTEST_CELL;
            while (total() <= limits.columns() && cap < limits.columns()) {
                cap++;
                cap(natural, cap);
            }
            while (total() > limits.columns() && cap > 1) {
                cap--;
                cap(natural, cap);
            }
        }

        /** How many of the first columns stay as long as any: a description's up to the name and the type that it is about. */
        private int kept() {
            for (int column = 1; column < fields.size(); column++) {
                if (fields.get(column - 1).getName().equals("column_name")
                        && fields.get(column).getName().equals("column_type")) {
                    return column + 1;
                }
            }
            return 0;
        }

        private void cap(int[] natural, int cap) {
            for (int column = 0; column < widths.length; column++) {
                widths[column] = numbers[column] ? natural[column] : Integer.min(natural[column], cap);
            }
        }

        void writeHead() throws IOException {
            writeRule('┌', '┬', '┐');
            String[] names = new String[fields.size()];
            String[] types = new String[fields.size()];
            for (int column = 0; column < names.length; column++) {
                names[column] = visible(fields.get(column).getName());
                types[column] = TypeName.of(fields.get(column));
            }
            writeCentred(names);
            writeCentred(types);
            writeRule('├', '┼', '┤');
        }

        void writeRule(char left, char middle, char right) throws IOException {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < shown.length; i++) {
                if (i == gap) {
                    line.append(middle).append("───");
                }
                line.append(i == 0 ? left : middle).append("─".repeat(widths[shown[i]] + 2));
            }
            if (gap == shown.length) {
                line.append(middle).append("───");
            }
            out.append(shown.length == 0 ? String.valueOf(left) : line).append(right).append('\n');
        }

        void writeRow(String[] cells) throws IOException {
            write(cells, false);
        }

        void writeCentred(String[] cells) throws IOException {
            write(cells, true);
        }

        private void write(String[] cells, boolean centred) throws IOException {
            StringBuilder line = new StringBuilder("│");
            for (int i = 0; i < shown.length; i++) {
                if (i == gap) {
                    line.append(' ').append(ELLIPSIS).append(" │");
                }
                int column = shown[i];
                String text = shortened(cells[column], widths[column]);
                int space = Integer.max(0, widths[column] - width(text));
                int before = centred ? space / 2 : numbers[column] ? space : 0;
                line.append(' ').repeat(" ", before).append(text).repeat(" ", space - before).append(" │");
            }
            if (gap == shown.length) {
                line.append(' ').append(ELLIPSIS).append(" │");
            }
            out.append(line).append('\n');
        }
    }
}
