package dev.graticule.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jline.reader.CompletingParsedLine;
import org.jline.reader.EOFError;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.ParsedLine;
import org.jline.reader.Parser;
import org.jline.reader.Reference;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;

/** Statements typed on a terminal, each until its semicolon, with a history that outlives the process. */
final class Shell {
    private static final Set<String> LEAVE = Set.of("quit", "exit", ".quit", ".exit", ".q", "\\q");
    private static final String HELP = """
            Statements end with a semicolon. A store is a table: FROM 'era5.zarr';
              .tables         the tables and views that have names (also \\d; \\d NAME describes one)
              .read FILE      run the statements in a file (also \\i)
              .format FORMAT  table, csv, json, jsonl, markdown
              .help           this
              .quit           leave (also quit, exit, \\q, Ctrl-D)
            Ctrl-C cancels the statement that runs.
            """;

    /** Its warnings, of a terminal without a name for example, come with stack traces. */
    private static final Logger LINE_READER = Logger.getLogger("org.jline");

    private final Session session;
    private final StandardStreams streams;
    private final Interruption interruption;
    private final ErrorReport errors;

    Shell(Session session, StandardStreams streams, Interruption interruption, ErrorReport errors) {
        this.session = session;
        this.streams = streams;
        this.interruption = interruption;
        this.errors = errors;
    }

    /** Asks on the process's terminal until the end of input. */
    void run() throws IOException {
        String home = System.getenv().getOrDefault("HOME", System.getProperty("user.home"));
        try (Terminal terminal = terminals().system(true).nativeSignals(true).build()) {
            ask(terminal, Path.of(home, ".graticule_history"));
        }
    }

    /**
     * A terminal of which nothing is asked when it is opened: JLine would look for the answer to its question (does the
     * terminal cluster graphemes) in what was typed ahead, and throw the rest away.
     */
    static TerminalBuilder terminals() {
        return TerminalBuilder.builder().graphemeCluster(false);
    }

    /** Asks until the end of input; what was typed before the prompt appears counts. */
    void ask(Terminal terminal, Path history) throws IOException {
        LINE_READER.setLevel(Level.OFF);
        if (terminal.getWidth() <= 0 || terminal.getHeight() <= 0) {
            terminal.setSize(new Size(80, 24));
        }
        session.limits(() -> TableLimits.ofWidth(terminal.getWidth()));
        terminal.handle(Terminal.Signal.INT, _ -> interruption.cancel());
        LineReader reader = LineReaderBuilder.builder().terminal(terminal).appName("graticule")
                .parser(new StatementParser()).variable(LineReader.HISTORY_FILE, history)
                .variable(LineReader.SECONDARY_PROMPT_PATTERN, "      ...> ")
                .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true).build();
        // There is nothing to complete: a tab, typed or pasted, is white space.
        reader.getKeyMaps().get(LineReader.MAIN).bind(new Reference(LineReader.SELF_INSERT), "\t");
        streams.error().println("Graticule " + Version.text() + ". Statements end with ; and .help helps.");
        boolean more = true;
        while (more) {
            try {
                more = accept(reader.readLine("graticule> "));
            } catch (UserInterruptException abandoned) {
                if (abandoned.getPartialLine() == null || abandoned.getPartialLine().isBlank()) {
                    streams.error().println("(.quit or Ctrl-D leaves)");
                }
            } catch (EndOfFileException end) {
                more = false;
            }
        }
    }

    /** Does what a line or a statement says; false where it says to leave. Errors are reported, and end nothing. */
    boolean accept(String text) throws IOException {
        String line = StatementEnd.isCommand(text) ? text.strip().replaceFirst("\\s*;+$", "") : text.strip();
        if (LEAVE.contains(line.toLowerCase(Locale.ROOT))) {
            return false;
        }
        if (StatementEnd.isCommand(text)) {
            command(line);
        } else if (!line.isEmpty()) {
            statement(text);
        }
        return true;
    }

    private void command(String line) throws IOException {
        String[] words = line.split("\\s+");
        switch (words[0].toLowerCase(Locale.ROOT)) {
            case ".tables", ".schema", "\\d", "\\dt" ->
                statement(words.length == 1 ? "SHOW TABLES;" : "DESCRIBE " + words[1] + ";");
            case ".read", "\\i" -> read(line.substring(words[0].length()).strip());
            case ".help", "help", "?", "\\?", "\\h" -> streams.error().print(HELP);
            case ".format", ".mode" -> {
                Optional<OutputFormat> format = words.length == 2 ? OutputFormat.named(words[1]) : Optional.empty();
                if (format.isEmpty() || format.get().isBinary()) {
                    streams.error().println("Write .format table, csv, json, jsonl or markdown.");
                } else {
                    session.format(format.get());
                }
            }
            default -> streams.error().println("There is no command " + words[0] + "; .help lists them.");
        }
    }

    private void read(String file) throws IOException {
        String sql;
        try {
            sql = Files.readString(Path.of(file));
        } catch (IOException | InvalidPathException failure) {
            streams.error().println(file.isEmpty() ? "Write .read FILE."
                    : "Cannot read '" + file + "': " + Main.reason(failure) + ".");
            return;
        }
        statement(sql);
    }

    private void statement(String sql) throws IOException {
        try {
            session.run(sql);
        } catch (RuntimeException | Error error) {
            streams.error().print(errors.text(error, sql));
        }
    }

    /** Lets JLine ask for more lines until the statement is complete; words mean nothing to us. */
    private static final class StatementParser implements Parser {
        @Override
        public ParsedLine parse(String line, int cursor, ParseContext context) {
            if (context == ParseContext.ACCEPT_LINE && !StatementEnd.isComplete(line)) {
                throw new EOFError(-1, -1, "a statement ends with a semicolon");
            }
            return new WholeLine(line, cursor);
        }
    }

    /** A line that is one word: nothing is completed, but JLine wants to know how it would be. */
    private record WholeLine(String line, int cursor) implements CompletingParsedLine {
        @Override
        public String word() {
            return line;
        }

        @Override
        public int wordCursor() {
            return cursor;
        }

        @Override
        public int wordIndex() {
            return 0;
        }

        @Override
        public List<String> words() {
            return List.of(line);
        }

        @Override
        public CharSequence escape(CharSequence candidate, boolean complete) {
            return candidate;
        }

        @Override
        public int rawWordCursor() {
            return cursor;
        }

        @Override
        public int rawWordLength() {
            return line.length();
        }
    }
}
