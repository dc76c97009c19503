package dev.graticule.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graticule.Engine;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import org.jline.terminal.Terminal;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the shell does with a statement or a command; typing itself is JLine's. */
final class ShellTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream error = new ByteArrayOutputStream();
    private final StandardStreams streams = new StandardStreams(new PrintStream(error, true, StandardCharsets.UTF_8),
            true, true, false, OptionalInt.of(80));
    private final Interruption interruption = new Interruption();
    private final Engine engine = Engine.create();
    private final Session session = new Session(engine, streams, interruption, false, out, true, OutputFormat.CSV);
    private final Shell shell = new Shell(session, streams, interruption, new ErrorReport(false));

    @AfterEach
    void close() {
        engine.close();
    }

    @Test
    void it_leaves_where_it_is_told_to() throws IOException {
        assertFalse(shell.accept(" .quit "));
        assertFalse(shell.accept("\\q"));
        assertFalse(shell.accept(".exit"));
        for (String word : new String[]{"quit", "exit;", "QUIT", ".q", ".quit;"}) {
            assertFalse(shell.accept(word), word);
        }
        assertTrue(shell.accept(""));
        assertTrue(shell.accept("SELECT 1 AS quit;"));
    }

    @Test
    void help_is_found_as_in_other_shells() throws IOException {
        for (String word : new String[]{".help", "help", "?", "\\?", ".HELP", "help;"}) {
            error.reset();
            assertTrue(shell.accept(word));
            assertTrue(error.toString(StandardCharsets.UTF_8).contains(".tables"), word);
        }
    }

    @Test
    void a_file_is_read_and_a_table_described(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("a b.sql"), "CREATE VIEW v AS SELECT 1 AS n; FROM v;");
        shell.accept(".read " + file);
        shell.accept("\\d v");
        String text = out.toString(StandardCharsets.UTF_8);
        assertTrue(text.startsWith("n\n1\n") && text.contains("INTEGER"), text);
        shell.accept("\\i no.sql");
        assertTrue(error.toString(StandardCharsets.UTF_8).contains("Cannot read 'no.sql': there is no such file"));
    }

    @Test
    void an_error_ends_nothing() throws IOException {
        assertTrue(shell.accept("SELECT foo;"));
        assertTrue(error.toString(StandardCharsets.UTF_8).contains("foo"));
        assertTrue(shell.accept("SELECT 1 AS n;"));
        assertEquals("n\n1\n", out.toString(StandardCharsets.UTF_8));
    }

    @Test
    void the_format_changes_and_tables_are_listed() throws IOException {
        shell.accept(".format jsonl");
        shell.accept("CREATE VIEW v AS SELECT 1 AS n;");
        shell.accept("FROM v;");
        assertEquals("{\"n\":1}\n", out.toString(StandardCharsets.UTF_8));
        shell.accept(".tables");
        assertTrue(out.toString(StandardCharsets.UTF_8).contains("\"v\""), out.toString(StandardCharsets.UTF_8));
        shell.accept(".format pdf");
        shell.accept(".nonsense");
        assertTrue(error.toString(StandardCharsets.UTF_8).contains(".nonsense"));
    }

    @Test
    void without_a_running_query_there_is_nothing_to_cancel() {
        assertFalse(interruption.cancel());
    }

    @Test
    @Timeout(60)
    void what_is_typed_before_the_prompt_appears_counts(@TempDir Path folder) throws IOException {
        byte[] typed = "SELECT 1 AS n;\nSELECT\n 2 AS m;\n.quit\n".getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream screen = new ByteArrayOutputStream();
        // Kept open: JLine closes a terminal at the end of its input, whatever is still to be read.
        try (PipedOutputStream keyboard = new PipedOutputStream();
                Terminal terminal = Shell.terminals().system(false).type("xterm-256color")
                        .streams(new PipedInputStream(keyboard), screen).build()) {
            keyboard.write(typed);
            keyboard.flush();
            shell.ask(terminal, folder.resolve("history"));
        }
        assertEquals("n\n1\nm\n2\n", out.toString(StandardCharsets.UTF_8));
        assertFalse(screen.toString(StandardCharsets.UTF_8).contains("\u001b[c"), "the terminal is asked something");
    }
}
