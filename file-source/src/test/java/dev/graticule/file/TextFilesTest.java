package dev.graticule.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graticule.Engine;
import dev.graticule.ErrorKind;
import dev.graticule.GraticuleException;
import dev.graticule.Query;
import dev.graticule.type.SqlType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** CSV and JSON as people write them. */
final class TextFilesTest {
    private final Engine engine = Engine.create();
    @TempDir
    private Path folder;

    @AfterEach
    void close() {
        assertEquals(0, engine.allocatedBytes());
        engine.close();
    }

    private String file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text).toString();
    }

    /** Column names with types, then the rows. */
    private String read(String from) throws IOException {
        StringBuilder text = new StringBuilder();
        try (Query query = engine.query("SELECT * FROM " + from); ArrowReader reader = query.run()) {
            text.append(String.join(", ", reader.getVectorSchemaRoot().getSchema().getFields().stream()
                    .map(field -> field.getName() + " " + SqlType.of(field)).toList()));
            while (reader.loadNextBatch()) {
                for (int row = 0; row < reader.getVectorSchemaRoot().getRowCount(); row++) {
                    List<String> values = new ArrayList<>();
                    for (FieldVector vector : reader.getVectorSchemaRoot().getFieldVectors()) {
                        values.add(String.valueOf(vector.getObject(row)));
                    }
                    text.append(" | ").append(String.join(", ", values));
                }
            }
        }
        return text.toString();
    }

    private String failure(String from) {
        GraticuleException error = assertThrows(GraticuleException.class, () -> read(from));
        assertEquals(ErrorKind.SOURCE, error.kind(), error.getMessage());
        return error.getMessage().replace(folder.toString() + "/", "").replaceFirst("^Table \\w+: ", "");
    }

    @Test
    void types_and_header_of_csv_are_found() throws IOException {
        assertEquals(
                "a BIGINT, b DOUBLE, c BOOLEAN, d DATE, e TIMESTAMP, f VARCHAR, g TIMESTAMP WITH TIME ZONE | 1, 1.5, true, 19723, "
                        + "2024-01-01T10:00, x, 1704106800000000 | -2, 3.0, false, 19724, 2024-01-02T00:00:00.250, null, null",
                read("'" + file("x.csv",
                        "a,b,c,d,e,f,g\n1,1.5,true,2024-01-01,2024-01-01 10:00:00,x,2024-01-01T12:00:00+01:00\n"
                                + "-2,3,FALSE,2024-01-02,2024-01-02T00:00:00.25,,\n")
                        + "'"));
        assertEquals("column0 BIGINT, column1 VARCHAR | 1, a | 2, b", read("'" + file("n.csv", "1,a\n2,b\n") + "'"));
        assertEquals("k VARCHAR, v VARCHAR | a, b", read("'" + file("s.csv", "k,v\na,b") + "'"));
    }

    @Test
    void quotes_hold_lines_delimiters_and_quotes_and_quoted_nothing_is_an_empty_string() throws IOException {
        assertEquals("a VARCHAR, b VARCHAR | two\nlines, x,\"y\" | , null",
                read("'" + file("q.csv", "a,b\r\n\"two\nlines\",\"x,\"\"y\"\"\"\r\n\"\",\r\n") + "'"));
    }

    @Test
    void the_delimiter_is_found() throws IOException {
        for (String delimiter : List.of(";", "|", "\t", ",")) {
            assertEquals("a BIGINT, b VARCHAR | 1, x y", read(
                    "'" + file("d.csv", "a" + delimiter + "b\n1" + delimiter + "x y\n") + "'"), delimiter);
        }
    }

    @Test
    void options_of_read_csv_are_heeded() throws IOException {
        String file = file("o.txt", "# made by hand\na:b\n7:'NA'\n8:NA\n");
        assertEquals("a SMALLINT, b VARCHAR | 7, NA | 8, null", read("read_csv('" + file
                + "', skip => 1, delim => ':', quote => '''', nullstr => 'NA', types => {'a': 'SMALLINT'})"));
        assertEquals("x VARCHAR, y VARCHAR | 7, NA | 8, null", read("read_csv('" + file
                + "', skip => 2, sep = ':', quote => '''', nullstr => ['NA', ''], header => false, names => ['x', 'y'], all_varchar => true)"));
        assertEquals("x DECIMAL(5,2), y VARCHAR | 7.00, NA | 8.00, null", read("read_csv('" + file
                + "', skip => 1, delim => ':', quote => '''', nullstr => 'NA', columns => {'x': 'DECIMAL(5,2)', 'y': 'VARCHAR'})"));
    }

    @Test
    void what_is_wrong_in_csv_is_shown_with_its_line_and_column() throws IOException {
        assertEquals("'r.csv', line 3: it has 3 fields, and the table 2 columns. Is the delimiter (,) right?"
                + " ignore_errors => true leaves such lines out.",
                failure("read_csv('" + file("r.csv", "a,b\n1,2\n1,2,3\n") + "', delim => ',')"));
        assertEquals("a BIGINT, b BIGINT | 1, 2", read("read_csv('" + folder.resolve("r.csv")
                + "', delim => ',', ignore_errors => true)"));
        assertEquals("'w.csv', line 4, column b: 'x' is no BIGINT. That type was found in the first lines: write"
                + " types => {'b': 'VARCHAR'}, or sample_size => -1.",
                failure("read_csv('" + file("w.csv", "a,b\n1,2\n3,4\n5,x\n") + "', sample_size => 2)"));
        assertEquals("'e.csv' cannot be read: it is empty: there is no line with names or values.",
                failure("'" + file("e.csv", "") + "'"));
        Files.write(folder.resolve("l.csv"), "a,b\n1,\u00e4\n".getBytes(StandardCharsets.ISO_8859_1));
        assertEquals("'l.csv' cannot be read: it is not UTF-8 text.", failure("'" + folder.resolve("l.csv") + "'"));
        Files.write(folder.resolve("g.csv.gz"), Arrays.copyOf(new byte[]{31, -117, 8, 0}, 12));
        assertTrue(failure("'" + folder.resolve("g.csv.gz") + "'").startsWith("'g.csv.gz' cannot be read: "));
    }

    @Test
    void json_is_an_array_or_an_object_a_line() throws IOException {
        String expected = "a BIGINT, b VARCHAR, c DOUBLE, d DATE, e VARCHAR | 1, x, null, 19723, [1,{\"k\":null}] | null, null, 2.5, null, null";
        String first = "{\"a\": 1, \"b\": \"x\", \"d\": \"2024-01-01\", \"e\": [1, {\"k\": null}]}";
        String second = "{\"c\": 2.5, \"b\": null}";
        assertEquals("a BIGINT, b VARCHAR, d DATE, e VARCHAR, c DOUBLE".length(),
                expected.substring(0, expected.indexOf(" |")).length());
        assertEquals(sorted(expected), sorted(read("'" + file("a.json", "[" + first + ",\n" + second + "]") + "'")));
        assertEquals(sorted(expected), sorted(read("'" + file("l.jsonl", first + "\n" + second + "\n") + "'")));
        assertEquals("n DOUBLE | 1.0 | NaN | 1.0E30",
                read("'" + file("n.json", "[{\"n\":1},{\"n\":\"NaN\"},{\"n\":1e30}]") + "'"));
        assertEquals("s VARCHAR | 1", read("'" + file("s.json", "[{\"s\":\"1\"}]") + "'"));
    }

    /** The columns in the order of their names: objects have their keys in any. */
    private static List<String> sorted(String text) {
        return Arrays.stream(text.split("[,|] ?")).map(String::strip).sorted().toList();
    }

    @Test
    void what_is_wrong_in_json_is_shown_with_its_line() throws IOException {
        assertTrue(failure("'" + file("c.json", "[{\"a\":1},\n{\"a\":") + "'").startsWith("'c.json', line 2: "));
        assertEquals("'o.json', line 1: an object was expected.", failure("'" + file("o.json", "[1, 2]") + "'"));
        assertEquals("'z.json' cannot be read: there is no object with keys in it.",
                failure("'" + file("z.json", "[]") + "'"));
        assertEquals("'k.jsonl', line 2: the key b was not among those of the first objects: write sample_size => -1.",
                failure("read_json('" + file("k.jsonl", "{\"a\":1}\n{\"b\":1}\n") + "', sample_size => 1)"));
        assertEquals("'t.jsonl', line 2, key a: x is no BIGINT. That type was found in the first objects: write"
                + " sample_size => -1.",
                failure("read_json('" + file("t.jsonl", "{\"a\":1}\n{\"a\":\"x\"}\n") + "', sample_size => 1)"));
    }

    @Test
    void the_bytes_that_were_read_are_told_also_of_compressed_files() throws IOException {
        StringBuilder lines = new StringBuilder("n\n");
        for (int i = 0; i < 100_000; i++) {
            lines.append(i).append('\n');
        }
        String plain = file("b.csv", lines.toString());
        String compressed = folder.resolve("b.jsonl.gz").toString();
        try (Query query = engine.query("SELECT * FROM '" + plain + "'")) {
            query.copyTo(compressed, Map.of());
        }
        for (String each : List.of(plain, compressed)) {
            String size = String.format(Locale.ROOT, "%,d bytes", Files.size(Path.of(each)));
            try (Query query = engine.query("EXPLAIN ANALYZE SELECT sum(n) FROM '" + each + "'");
                    ArrowReader reader = query.run()) {
                assertTrue(reader.loadNextBatch());
                String text = reader.getVectorSchemaRoot().contentToTSVString();
                assertTrue(text.contains(size), text + " should tell of " + size);
            }
        }
    }

    @Test
    void limits_stop_early_and_files_follow_each_other() throws IOException {
        StringBuilder lines = new StringBuilder("n\n");
        for (int i = 0; i < 100_000; i++) {
            lines.append(i).append('\n');
        }
        file("p1.csv", lines.toString());
        file("p2.csv", "n\n-1\n");
        assertEquals("n BIGINT | 99999 | -1",
                read("(SELECT n FROM '" + folder.resolve("p*.csv") + "' LIMIT 5 OFFSET 99999)"));
        file("p1.csv", lines + "not a number\n");
        assertEquals("n BIGINT | 0", read("(SELECT n FROM read_csv('" + folder.resolve("p1.csv")
                + "', sample_size => 10) LIMIT 1)"));
    }
}
