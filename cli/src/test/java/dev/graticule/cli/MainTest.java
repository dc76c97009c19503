package dev.graticule.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graticule.cli.Command.Outcome;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command as a user calls it. */
final class MainTest {
    private static final String STORE = Path.of(System.getProperty("graticule.data", "../data"), "synthetic_v3.zarr")
            .toString();
    private static final String VALUES = "SELECT * FROM (VALUES (1, 'a'), (2, NULL)) AS t(n, s)";

    @TempDir
    private Path folder;

    private static void assertOutput(String expected, Outcome outcome) {
        assertEquals(expected, outcome.output(), outcome.error());
        assertEquals(0, outcome.status(), outcome.error());
    }

    @Test
    void sql_comes_from_an_argument_an_option_a_file_or_standard_input() throws IOException {
        Path file = Files.writeString(folder.resolve("x.sql"), "SELECT 3 AS n;\nSELECT 4 AS n;\n");
        assertOutput("n\n1\n", Command.run("-csv", "SELECT 1 AS n"));
        assertOutput("n\n2\n", Command.run("-csv", "-c", "SELECT 2 AS n"));
        assertOutput("n\n3\nn\n4\n", Command.run("-csv", "-f", file.toString()));
        assertOutput("n\n5\n", Command.runWithInput("SELECT 5 AS n", "-csv"));
        assertOutput("n\n6\n", Command.runWithInput("SELECT 6 AS n;\n", "-csv", "-f", "-"));
        assertOutput("", Command.runWithInput("", "-csv"));
    }

    @Test
    void a_table_is_what_comes_without_options_and_its_size_is_on_standard_error() {
        Outcome outcome = Command.run(VALUES);
        assertOutput("""
                ┌─────────┬─────────┐
                │    n    │    s    │
                │ integer │ varchar │
                ├─────────┼─────────┤
                │       1 │ a       │
                │       2 │ NULL    │
                └─────────┴─────────┘
                """, outcome);
        assertTrue(outcome.error().matches("2 rows \\(\\d+\\.\\d{3} s\\)\n"), outcome.error());
        assertEquals("", Command.run("-q", VALUES).error());
    }

    @Test
    void a_store_alone_is_described() {
        Outcome outcome = Command.run("-csv", STORE);
        assertEquals(0, outcome.status(), outcome.error());
        for (String column : new String[]{"time", "lat", "lon", "temperature", "humidity"}) {
            assertTrue(outcome.output().contains("\n" + column + ","), outcome.output());
        }
    }

    @Test
    void a_store_is_a_table() {
        assertOutput("700\n",
                Command.run("-q", "-csv", "-c", "SELECT count(*) AS c FROM '" + STORE + "'").withoutHeader());
    }

    @Test
    void an_error_is_one_message_with_a_caret_and_status_1() {
        Outcome outcome = Command.run("SELECT humidty FROM '" + STORE + "'");
        assertEquals(1, outcome.status());
        assertEquals("", outcome.output());
        String[] lines = outcome.error().split("\n");
        assertTrue(lines[0].startsWith("Error in the query at line 1, column 8: "), outcome.error());
        assertTrue(lines[0].contains("humidity"), outcome.error());
        assertTrue(lines[2].startsWith("         ^"), outcome.error());
        assertFalse(outcome.error().contains("\tat "));
        assertTrue(Command.run("--verbose", "SELECT humidty FROM '" + STORE + "'").error().contains("\tat "));
    }

    @Test
    void a_syntax_error_is_an_error_of_the_query() {
        Outcome outcome = Command.run("SELEC 1");
        assertEquals(1, outcome.status());
        assertTrue(outcome.error().startsWith("Syntax error at line 1, column 1: "), outcome.error());
    }

    @Test
    void arguments_that_make_no_sense_are_status_2() {
        assertEquals(2, Command.run("--nonsense").status());
        assertEquals(2, Command.run("--format", "xml", "SELECT 1").status());
        assertEquals(2, Command.run("--threads", "many", "SELECT 1").status());
        assertEquals(2, Command.runOnTerminal(80, "-arrow", "SELECT 1").status());
        assertEquals(2, Command.run("--set", "no_such_setting=1", "SELECT 1").status());
    }

    @Test
    void help_and_version_need_no_engine() {
        assertTrue(Command.run("--help").output().startsWith("Usage: graticule"));
        assertTrue(Command.run("--version").output().matches("graticule \\d.*\n"), Command.run("--version").output());
    }

    @Test
    void statements_of_one_call_see_each_other() {
        assertOutput("n\n3\n", Command.run("-csv", "CREATE VIEW v AS SELECT 3 AS n", "SELECT n FROM v"));
    }

    @Test
    void a_result_goes_to_a_file_whole_or_not_at_all() throws IOException {
        Path file = folder.resolve("x.jsonl");
        assertOutput("", Command.run("-o", file.toString(), VALUES));
        assertEquals("{\"n\":1,\"s\":\"a\"}\n{\"n\":2,\"s\":null}\n", Files.readString(file));
        Path other = folder.resolve("y.csv");
        assertEquals(1, Command.run("-o", other.toString(), VALUES, "SELECT nothing FROM nowhere").status());
        try (var files = Files.list(folder)) {
            assertEquals(1, files.count());
        }
        assertEquals(2, Command.run("-o", folder.resolve("no/z.csv").toString(), VALUES).status());
    }

    @Test
    void a_script_that_cannot_be_read_is_named_and_nothing_is_run() throws IOException {
        Path binary = Files.write(folder.resolve("x.sql"), new byte[]{'S', (byte) 0xff});
        Outcome missing = Command.run("-c", "SELECT 1", "-f", folder.resolve("no.sql").toString());
        assertEquals(2, missing.status());
        assertEquals("", missing.output());
        assertTrue(missing.error().startsWith("graticule: cannot read '" + folder.resolve("no.sql") + "': there is no"),
                missing.error());
        assertTrue(Command.run("-f", folder.toString()).error().contains("cannot read '" + folder),
                Command.run("-f", folder.toString()).error());
        assertTrue(Command.run("-f", binary.toString()).error().contains("not text in UTF-8"));
    }

    @Test
    void an_error_names_the_file_that_it_is_in() throws IOException {
        Path file = Files.writeString(folder.resolve("x.sql"), "SELECT 1;\nSELECT nope;");
        assertTrue(Command.run("-f", file.toString()).error()
                .contains("Error in the query in " + file + " at line 2, column 8: "),
                Command.run("-f", file.toString()).error());
    }

    @Test
    void an_error_about_a_store_shows_no_sql() {
        Outcome outcome = Command.run(folder.toString());
        assertEquals(1, outcome.status());
        assertTrue(outcome.error().startsWith("Error of a source: '" + folder + "' is a folder"), outcome.error());
        assertFalse(outcome.error().contains("DESCRIBE"), outcome.error());
    }

    @Test
    void words_without_quotes_are_told_to_be_quoted() {
        assertTrue(Command.run("SELECT", "1").error().endsWith("write SQL in quotes.\n"));
        assertFalse(Command.run("SELECT").error().contains("quotes."));
    }

    @Test
    void settings_are_those_of_set() {
        assertOutput("2.5\n",
                Command.run("-csv", "--threads", "1", "--memory-limit", "100MB", "--set", "integer_division=false",
                        "SELECT 5 / 2 AS x")
                        .withoutHeader());
    }

    @Test
    void a_terminal_shows_the_first_and_the_last_rows() {
        Outcome outcome = Command.runOnTerminal(60, "SELECT * FROM '" + STORE + "'");
        assertEquals(0, outcome.status(), outcome.error());
        assertTrue(outcome.output().contains("40 of 700 rows"), outcome.output());
        assertTrue(outcome.output().lines().allMatch(line -> line.length() <= 60), outcome.output());
        assertTrue(Command.run("SELECT * FROM '" + STORE + "'").output().lines().count() > 700);
    }

    @Test
    void an_arrow_stream_is_a_table_for_the_next_call() {
        Path file = folder.resolve("x.arrows");
        assertOutput("", Command.run("-o", file.toString(), VALUES));
        assertOutput("s,n\na,1\n,2\n", Command.run("-csv", "SELECT s, n FROM '" + file + "'"));
    }

    @Test
    void arrow_in_a_file_is_an_ipc_file_as_copy_writes_it_and_a_stream_anywhere_else() throws Exception {
        Path file = folder.resolve("x.arrow");
        Path stream = folder.resolve("x.arrows");
        assertOutput("", Command.run("-o", file.toString(), VALUES));
        assertOutput("", Command.run("-o", stream.toString(), VALUES));
        Path copied = folder.resolve("copied.arrow");
        assertOutput("Count\n2\n", Command.run("-csv", "COPY (" + VALUES + ") TO '" + copied + "'"));
        assertArrayEquals(Files.readAllBytes(copied), Files.readAllBytes(file));
        assertEquals("ARROW1", Files.readString(file, StandardCharsets.ISO_8859_1).substring(0, 6));
        assertEquals((char) 0xff, Files.readString(stream, StandardCharsets.ISO_8859_1).charAt(0));
        for (Path each : List.of(file, stream)) {
            assertOutput("s,n\na,1\n,2\n", Command.run("-csv", "SELECT s, n FROM '" + each + "'"));
        }
        assertEquals(1, Command.run("-o", file.toString(), VALUES + "; " + VALUES).status());
        assertOutput("", Command.run("-o", stream.toString(), VALUES + "; " + VALUES));
    }

    @Test
    void an_interrupted_query_is_cancelled_and_leaves_no_file() throws Exception {
        String table = "SELECT * FROM '" + STORE + "'";
        String slow = "SELECT count(DISTINCT sqrt(temperature) + humidity) FROM (" + table
                + (" UNION ALL " + table).repeat(300) + ") AS t";
        ByteArrayOutputStream error = new ByteArrayOutputStream();
        StandardStreams streams = new StandardStreams(new PrintStream(error, true), false, false, false,
                OptionalInt.empty());
        Interruption interruption = new Interruption();
        AtomicInteger status = new AtomicInteger();
        Path file = folder.resolve("x.csv");
        Thread command = Thread.ofPlatform().start(() -> status.set(
                new Main(InputStream.nullInputStream(), OutputStream.nullOutputStream(), streams, interruption)
                        .run("-o", file.toString(), slow)));
        while (!interruption.cancel() && command.isAlive()) {
            Thread.sleep(1);
        }
        command.join();
        assertEquals(Interruption.STATUS, status.get(), error.toString());
        assertEquals("Cancelled.\n", error.toString());
        try (var files = Files.list(folder)) {
            assertEquals(0, files.count());
        }
    }

    @Test
    void a_path_and_sql_are_told_apart() {
        assertTrue(Main.isStore(STORE));
        assertTrue(Main.isStore("missing/era5.zarr"));
        assertTrue(Main.isStore("era6.zarr"));
        assertFalse(Main.isStore("SELECT 1"));
        assertFalse(Main.isStore("FROM'x.zarr'"));
        assertFalse(Main.isStore("SELECT(1.5)"));
        assertFalse(Main.isStore("nonsense"));
        assertFalse(Main.isStore(""));
    }

    @Test
    void a_store_is_written_from_the_last_statement() {
        String store = folder.resolve("x.zarr").toString();
        String table = "CREATE VIEW g AS SELECT lat, lon, temperature FROM '" + System.getProperty("graticule.data")
                + "/synthetic_v3.zarr' WHERE time = 3;";
        assertOutput("", Command.run("-o", store, table + "SELECT * FROM g"));
        assertOutput("100,100\n", Command.run("-csv", "SELECT count(*), count(temperature) FROM '" + store + "'")
                .withoutHeader());
        assertEquals(1, Command.run("-o", store, table + "SELECT * FROM g").status());
        assertEquals(1, Command.run("-o", folder.resolve("y.zarr").toString(), "SELECT 1; SELECT 2").status());
        assertEquals(2, Command.run("-zarr", "SELECT 1").status());
    }

    @Test
    void an_empty_name_of_a_script_and_a_folder_to_write_to_are_refused() {
        assertEquals(2, Command.run("-f", "").status());
        assertTrue(Command.run("-f", "").error().startsWith("graticule: -f wants the name of a file."));
        Outcome folders = Command.run("-o", folder + "/new/", "SELECT 1");
        assertEquals(2, folders.status());
        assertTrue(folders.error().contains("names a folder"), folders.error());
    }

    @Test
    void a_word_that_is_no_sql_may_have_been_meant_as_a_store() {
        Outcome outcome = Command.run("nope");
        assertEquals(1, outcome.status());
        assertTrue(outcome.error().contains("Expected a statement, found 'nope'."), outcome.error());
        assertTrue(outcome.error().endsWith("If a store was meant: there is no file or folder 'nope' here.\n"));
        assertFalse(Command.run("select").error().contains("store"));
    }

    @Test
    void a_word_that_no_person_wrote_is_cut() {
        String error = Command.run("SELECT x" + "y".repeat(1_000_000)).error();
        assertTrue(error.length() < 1000, () -> error.length() + " characters");
        assertTrue(error.startsWith("Error in the query at line 1, column 8: No column named xyyy"));
    }
}
