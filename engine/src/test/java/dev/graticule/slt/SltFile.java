package dev.graticule.slt;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads and writes {@code .slt} files: records with a blank line after each. */
public final class SltFile {
    private static final String RESULTS = "----";

    private SltFile() {
    }

    /** The records of a file in order. */
    public static List<SltRecord> read(Path file) throws IOException {
        List<String> lines = Files.readAllLines(file);
        List<SltRecord> records = new ArrayList<>();
        int at = 0;
        while (at < lines.size()) {
            int start = at;
            if (lines.get(at).isBlank() || lines.get(at).startsWith("#")) {
                while (at < lines.size() && (lines.get(at).isBlank() || lines.get(at).startsWith("#"))) {
                    at++;
                }
                records.add(new SltRecord.Comment(start + 1, List.copyOf(lines.subList(start, at))));
                continue;
            }
            while (at < lines.size() && !lines.get(at).isBlank()) {
                at++;
            }
            records.add(record(start + 1, lines.subList(start, at)));
        }
        return records;
    }

    private static SltRecord record(int line, List<String> lines) {
        String[] words = lines.getFirst().split("\\s+");
        int separator = lines.indexOf(RESULTS);
        String sql = String.join("\n", lines.subList(1, separator < 0 ? lines.size() : separator));
        List<String> expected = separator < 0 ? List.of() : List.copyOf(lines.subList(separator + 1, lines.size()));
        if (words[0].equals("statement") && words.length == 2 && words[1].equals("ok")) {
            return new SltRecord.StatementOk(line, sql);
        }
        if (words[0].equals("statement") && words.length == 2 && words[1].equals("error")) {
            return new SltRecord.StatementError(line, sql, expected);
        }
        if (words[0].equals("query") && words.length >= 2 && words[1].matches("[IRT]+")) {
            List<String> modes = List.of(words);
            return new SltRecord.Query(line, words[1], modes.contains("rowsort"), modes.contains("notices"), sql,
                    expected);
        }
        throw new IllegalArgumentException("Line " + line + " begins no record: " + lines.getFirst());
    }

    /** Writes records back as {@link #read} reads them. */
    public static void write(Path file, List<SltRecord> records) throws IOException {
        StringBuilder text = new StringBuilder();
        for (SltRecord record : records) {
            switch (record) {
                case SltRecord.Comment comment -> comment.text().forEach(line -> text.append(line).append('\n'));
                case SltRecord.StatementOk ok -> text.append("statement ok\n").append(ok.sql()).append('\n');
                case SltRecord.StatementError error -> {
                    text.append("statement error\n").append(error.sql()).append('\n').append(RESULTS).append('\n');
                    error.expected().forEach(line -> text.append(line).append('\n'));
                }
                case SltRecord.Query query -> {
                    text.append("query ").append(query.types()).append(query.sorted() ? " rowsort" : "")
                            .append(query.notices() ? " notices" : "").append('\n')
                            .append(query.sql()).append('\n').append(RESULTS).append('\n');
                    query.expected().forEach(line -> text.append(line).append('\n'));
                }
            }
        }
        Files.writeString(file, text.toString());
    }
}
