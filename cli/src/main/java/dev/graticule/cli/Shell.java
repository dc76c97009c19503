package dev.graticule.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jline.reader.CompletingParsedLine;
import org.jline.reader.EOFError;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.ParsedLine;
import org.jline.reader.Parser;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;

/** Statements typed on a terminal, each until its semicolon, with a history that outlives the process. */
final class Shell {
    private static final String HELP = """
            Statements end with a semicolon. A store is a table: FROM 'era5.zarr';
              .tables         the tables and views that have names
              .format FORMAT  table, csv, json, jsonl, markdown
              .help           this
              .quit           leave (also \\q, Ctrl-D)
            Ctrl-C cancels the statement that runs.
            """;

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

    /** Asks until the end of input. */
    void run() throws IOException {
        try (Terminal terminal = TerminalBuilder.builder().system(true).nativeSignals(true).build()) {
            terminal.handle(Terminal.Signal.INT, _ -> interruption.cancel());
            LineReader reader = LineReaderBuilder.builder().terminal(terminal).appName("graticule")
                    .parser(new StatementParser())
                    .variable(LineReader.HISTORY_FILE, Path.of(System.getProperty("user.home"), ".graticule_history"))
                    .variable(LineReader.SECONDARY_PROMPT_PATTERN, "      ...> ")
                    .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true).build();
            streams.error().println("Graticule " + Version.text() + ". Statements end with ; and .help helps.");
            boolean more = true;
            while (more) {
                try {
                    more = accept(reader.readLine("graticule> "));
                } catch (UserInterruptException abandoned) {
                    streams.error().println("(.quit or Ctrl-D leaves)");
                } catch (EndOfFileException end) {
                    more = false;
                }
            }
        }
    }

    /** Does what a line or a statement says; false where it says to leave. Errors are reported, and end nothing. */
    boolean accept(String text) throws IOException {
        String line = text.strip();
        if (line.equals("\\q") || line.equals(".quit") || line.equals(".exit")) {
            return false;
        }
        if (line.startsWith(".") || line.startsWith("\\")) {
            command(line);
        } else if (!line.isEmpty()) {
            statement(text);
        }
        return true;
    }

    private void command(String line) throws IOException {
        String[] words = line.split("\\s+");
        switch (words[0]) {
            case ".tables" -> statement("SHOW TABLES;");
            case ".help" -> streams.error().print(HELP);
            case ".format", ".mode" -> {
                Optional<OutputFormat> format = words.length == 2 ? OutputFormat.named(words[1]) : Optional.empty();
                if (format.isEmpty() || format.get() == OutputFormat.ARROW) {
                    streams.error().println("Write .format table, csv, json, jsonl or markdown.");
                } else {
                    session.format(format.get());
                }
            }
            default -> streams.error().println("There is no command " + words[0] + "; .help lists them.");
        }
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
