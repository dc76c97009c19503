package dev.graticule.file.csv;

import dev.graticule.GraticuleException;
import dev.graticule.file.RecordTable;
import dev.graticule.file.csv.CsvLines.Line;
import dev.graticule.file.text.TextColumn;
import dev.graticule.file.text.TextKind;
import dev.graticule.spi.RowTable.RowColumn;
import dev.graticule.type.SqlType;
import java.io.IOException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Finds what a CSV file is like, and reads it so. */
final class CsvTable {
    private static final char[] DELIMITERS = {',', '|', ';', '\t'};
    private static final int LINES_FOR_DELIMITER = 100;

    private final CsvOptions options;
    private final char delimiter;
    private final boolean header;
    private final List<RowColumn> columns;

    private CsvTable(CsvOptions options, char delimiter, boolean header, List<RowColumn> columns) {
        this.options = options;
        this.delimiter = delimiter;
        this.header = header;
        this.columns = columns;
    }

    /**
     * A table over files with the columns of the first.
     *
     * @throws GraticuleException of kind SOURCE where the first file is no CSV, of kind BINDING where options do not fit it
     */
    static RecordTable open(List<Path> files, CsvOptions options) {
        Path first = files.getFirst();
        try {
            char delimiter = options.delimiter() == 0 ? delimiter(first, options) : options.delimiter();
            CsvTable table = sniff(first, options, delimiter);
            return new RecordTable(RecordTable.nameOf(first), files, table.columns, List.of(), table::records);
        } catch (IOException failure) {
            throw RecordTable.failed(first, failure);
        }
    }

    /** The separator with which the first lines have the same number of fields, and most of them. */
    private static char delimiter(Path file, CsvOptions options) {
        char best = ',';
        int most = 1;
        for (char candidate : DELIMITERS) {
            int width = width(file, options, candidate);
            if (width > most) {
                most = width;
                best = candidate;
            }
        }
        return best;
    }

    /** How many fields each of the first lines has; 0 where they differ or cannot be read so. */
    private static int width(Path file, CsvOptions options, char delimiter) {
        try (CsvLines lines = CsvLines.open(file, options, delimiter)) {
            Line line = lines.next();
            int width = line == null ? 0 : line.fields().size();
            for (int i = 1; i < LINES_FOR_DELIMITER && line != null; i++) {
                line = lines.next();
                width = line != null && line.fields().size() != width ? 0 : width;
            }
            return width;
        } catch (IOException notThisOne) {
            // With the right one it is read again, and told if that fails too.
            return 0;
        }
    }

    private static CsvTable sniff(Path file, CsvOptions options, char delimiter) throws IOException {
        Line first;
        List<Set<TextKind>> kinds = new ArrayList<>();
        try (CsvLines lines = CsvLines.open(file, options, delimiter)) {
            first = lines.next();
            if (first == null) {
                throw new IOException("it is empty: there is no line with names or values");
            }
            first.fields().forEach(field -> kinds.add(TextKind.all()));
            Line line = lines.next();
            for (int i = 0; i < options.sampleRows() && line != null; i++) {
                for (int field = 0; field < Integer.min(kinds.size(), line.fields().size()); field++) {
                    narrow(kinds.get(field), line, field, options);
                }
                line = lines.next();
            }
        }
        boolean header = options.header() != null ? options.header() : looksLikeHeader(first, options);
        if (!header) {
            for (int field = 0; field < kinds.size(); field++) {
                narrow(kinds.get(field), first, field, options);
            }
        }
        return new CsvTable(options, delimiter, header, columns(first, header, kinds, options));
    }

    private static void narrow(Set<TextKind> kinds, Line line, int field, CsvOptions options) {
        String value = line.value(field, options.nullTexts());
        if (value != null) {
            TextKind.narrow(kinds, value);
        }
    }

    /** Names are texts that are nothing else. */
    private static boolean looksLikeHeader(Line first, CsvOptions options) {
        for (int field = 0; field < first.fields().size(); field++) {
            String value = first.value(field, options.nullTexts());
            Set<TextKind> kinds = TextKind.all();
            TextKind.narrow(kinds, value == null ? "" : value);
            if (value == null || kinds.size() > 1) {
                return false;
            }
        }
        return true;
    }

    private static List<RowColumn> columns(Line first, boolean header, List<Set<TextKind>> kinds,
            CsvOptions options) {
        if (options.names().size() > kinds.size()) {
            throw GraticuleException.binding("The file has " + kinds.size() + " columns, and " + options.names().size()
                    + " names are given.");
        }
        List<RowColumn> columns = new ArrayList<>();
        Map<String, Integer> taken = new HashMap<>();
        Set<String> found = new HashSet<>();
        for (int i = 0; i < kinds.size(); i++) {
            String written = i < options.names().size() ? options.names().get(i)
                    : header && !first.fields().get(i).isEmpty() ? first.fields().get(i) : "column" + i;
            int before = taken.merge(written, 1, Integer::sum) - 1;
            String name = before == 0 ? written : written + "_" + before;
            found.add(name);
            SqlType type = options.type(name, i).map(TextKind::named).orElse(options.allVarchar() ? SqlType.VARCHAR
                    : TextKind.narrowest(kinds.get(i)).type());
            columns.add(new RowColumn(name, type, Map.of()));
        }
        for (String name : options.types().keySet()) {
            if (!name.startsWith("#") && !found.contains(name)) {
                throw GraticuleException.binding("types names a column " + name + ", and there is "
                        + String.join(", ", columns.stream().map(RowColumn::name).toList()) + ".");
            }
        }
        return columns;
    }

    private RecordTable.Records records(Path file) throws IOException {
        CsvLines lines = CsvLines.open(file, options, delimiter);
        try {
            Line names = header ? lines.next() : null;
            if (names != null && names.fields().size() != columns.size()) {
                throw ragged(file, names);
            }
            return new Rows(file, lines);
        } catch (IOException | RuntimeException failure) {
            lines.close();
            throw failure;
        }
    }

    private GraticuleException ragged(Path file, Line line) {
        return GraticuleException.source("'" + file + "', line " + line.number() + ": it has " + line.fields().size()
                + (line.fields().size() == 1 ? " field" : " fields") + ", and the table " + columns.size()
                + " columns. Is the delimiter (" + (delimiter == '\t' ? "tab" : delimiter)
                + ") right? ignore_errors => true leaves such lines out.", null);
    }

    private final class Rows implements RecordTable.Records {
        private final Path file;
        private final CsvLines lines;

        Rows(Path file, CsvLines lines) {
            this.file = file;
            this.lines = lines;
        }

        @Override
        public boolean next(TextColumn[] values, int row) throws IOException {
            for (Line line = lines.next(); line != null; line = lines.next()) {
                if (line.fields().size() == columns.size()) {
                    if (set(values, row, line)) {
                        return true;
                    }
                } else if (!options.ignoreErrors()) {
                    throw ragged(file, line);
                }
            }
            return false;
        }

        /** Whether the line could be used. */
        private boolean set(TextColumn[] values, int row, Line line) {
            for (int field = 0; field < values.length; field++) {
                if (values[field] == null) {
                    continue;
                }
                String value = line.value(field, options.nullTexts());
                if (value == null) {
                    values[field].setNull(row);
                    continue;
                }
                try {
                    values[field].set(row, value);
                } catch (IllegalArgumentException | DateTimeException | ArithmeticException wrong) {
                    if (options.ignoreErrors()) {
                        return false;
                    }
                    throw wrongValue(line, field, value);
                }
            }
            return true;
        }

        private GraticuleException wrongValue(Line line, int field, String value) {
            RowColumn column = columns.get(field);
            String shown = value.length() > 40 ? value.substring(0, 40) + "..." : value;
            boolean given = options.type(column.name(), field).isPresent();
            return GraticuleException.source("'" + file + "', line " + line.number() + ", column " + column.name()
                    + ": '" + shown + "' is no " + column.type() + "."
                    + (given ? "" : " That type was found in the first lines: write types => {'"
                            + column.name().replace("'", "''") + "': 'VARCHAR'}, or sample_size => -1."),
                    null);
        }

        @Override
        public long bytesRead() {
            return lines.bytesRead();
        }

        @Override
        public void close() throws IOException {
            lines.close();
        }
    }
}
