package dev.graticule.cli;

import dev.graticule.Engine;
import dev.graticule.ErrorKind;
import dev.graticule.GraticuleException;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The {@code graticule} command.
 *
 * <p>Exit status: 0 where all went well, 1 where a query failed, 2 where the arguments make no sense or name a script or output
 * file that cannot be opened, 130 after Ctrl-C.
 */
public final class Main {
    private static final int OK = 0;
    private static final int FAILED = 1;
    private static final int USAGE = 2;
    /** SQL without a space, such as {@code FROM'x.zarr'}. */
    private static final String STATEMENT = "(?is)\\s*(\\(|(select|from|with|values|show|describe|desc|explain|summarize|create"
            + "|drop|attach|detach|copy|set|reset|prepare|execute|table)\\b).*";

    private final InputStream in;
    private final OutputStream out;
    private final StandardStreams streams;
    private final Interruption interruption;

    Main(InputStream in, OutputStream out, StandardStreams streams, Interruption interruption) {
        this.in = in;
        this.out = out;
        this.streams = streams;
        this.interruption = interruption;
    }

    /** Runs the command and ends the process with its status. */
    public static void main(String[] arguments) {
        Thread.ofPlatform().daemon().name("prepare").start(new Preparation());
        StandardStreams streams = StandardStreams.adopt(System.getenv());
        OutputStream out = new FileOutputStream(FileDescriptor.out);
        // What a library prints by accident must not end up between the results.
        System.setOut(new PrintStream(streams.error(), true));
        System.exit(new Main(new FileInputStream(FileDescriptor.in), out, streams, new Interruption()).run(arguments));
    }

    /** Does what the arguments say; the exit status. */
    int run(String... texts) {
        Arguments arguments;
        try {
            arguments = Arguments.parse(texts);
        } catch (Arguments.UsageException wrong) {
            return usage(wrong.getMessage());
        }
        if (arguments.help() || arguments.version()) {
            String text = arguments.help() ? Arguments.usage() : "graticule " + Version.text() + "\n";
            return print(text);
        }
        try (Engine engine = Engine.create()) {
            for (Map.Entry<String, String> setting : arguments.settings().entrySet()) {
                try {
                    engine.set(setting.getKey(), setting.getValue());
                } catch (GraticuleException wrong) {
                    return usage(wrong.getMessage());
                }
            }
            return arguments.pipe() ? serve(engine) : run(engine, arguments);
        } catch (IOException failure) {
            return failed(failure);
        } catch (RuntimeException | Error failure) {
            streams.error().print(new ErrorReport(arguments.verbose()).text(failure, ""));
            return FAILED;
        }
    }

    private int usage(String message) {
        streams.error().println("graticule: " + message);
        streams.error().println("graticule --help lists the options.");
        return USAGE;
    }

    private int print(String text) {
        try {
            out.write(text.getBytes(StandardCharsets.UTF_8));
            out.flush();
            return OK;
        } catch (IOException failure) {
            return failed(failure);
        }
    }

    /** A reader that went away ({@code graticule ... | head}) has seen enough; anything else that cannot be written is an error. */
    private int failed(IOException failure) {
        String message = failure.getMessage() == null ? failure.toString() : failure.getMessage();
        if (message.contains("Broken pipe")) {
            return OK;
        }
        streams.error().println("graticule: cannot write: " + message + ".");
        return FAILED;
    }

    private int serve(Engine engine) throws IOException {
        new PipeServer(engine, new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8), 1 << 16),
                new OutputStreamWriter(out, StandardCharsets.UTF_8)).run();
        return OK;
    }

    private int run(Engine engine, Arguments arguments) throws IOException {
        boolean asks = arguments.scripts().isEmpty();
        boolean toTerminal = streams.outputIsTerminal() && arguments.output().isEmpty();
        if (arguments.format().isBinary() && toTerminal) {
            return usage((arguments.format() == OutputFormat.PARQUET ? "A Parquet file" : "An Arrow stream")
                    + " on a terminal is of no use: add -o FILE, or pipe it somewhere.");
        }
        if (arguments.format() == OutputFormat.ZARR) {
            return arguments.output().isEmpty() ? usage("A Zarr store is a folder: add -o x.zarr.")
                    : run(engine, arguments, OutputFormat.ZARR, OutputStream.nullOutputStream(), false, asks);
        }
        if (arguments.output().isPresent()) {
            if (arguments.output().get().endsWith("/")) {
                return usage("'" + arguments.output().get() + "' names a folder: -o wants the name of a file.");
            }
            Path target;
            try {
                target = Path.of(arguments.output().get());
            } catch (InvalidPathException wrong) {
                return usage("'" + arguments.output().get() + "' is not a path: " + wrong.getReason() + ".");
            }
            OutputFile opened;
            try {
                opened = new OutputFile(target);
            } catch (IOException failure) {
                return usage(failure.getMessage() + ".");
            }
            try (OutputFile file = opened) {
                OutputFormat format = file.isFile() ? arguments.format() : arguments.format().withoutFile();
                int status = run(engine, arguments, format, file.stream(), false, asks);
                if (status == OK) {
                    file.commit();
                }
                return status;
            }
        }
        return run(engine, arguments, arguments.format().withoutFile(), out, toTerminal, asks);
    }

    private int run(Engine engine, Arguments arguments, OutputFormat format, OutputStream results, boolean toTerminal,
            boolean asks) throws IOException {
        Session session = new Session(engine, streams, interruption, arguments.quiet(), results, toTerminal,
                format);
        if (format == OutputFormat.ZARR) {
            session.copyLastTo(arguments.output().orElseThrow());
        }
        ErrorReport errors = new ErrorReport(arguments.verbose());
        if (asks && streams.inputIsTerminal()) {
            new Shell(session, streams, interruption, errors).run();
            return OK;
        }
        interruption.handleSignal();
        List<Script> scripts = asks ? List.of(new Script(Script.Kind.FILE, "-")) : arguments.scripts();
        List<String> texts = new ArrayList<>();
        for (Script script : scripts) {
            try {
                texts.add(sql(script));
            } catch (IOException | InvalidPathException failure) {
                return usage("cannot read " + (script.text().equals("-") ? "standard input" : "'" + script.text() + "'")
                        + ": " + reason(failure) + ".");
            }
        }
        for (int i = 0; i < texts.size(); i++) {
            try {
                session.run(texts.get(i));
            } catch (GraticuleException error) {
                streams.error().print(report(errors, error, scripts.get(i), texts.get(i)));
                if (error.kind() == ErrorKind.SYNTAX) {
                    hint(scripts, scripts.get(i));
                }
                return error.kind() == ErrorKind.CANCELLED && interruption.happened() ? Interruption.STATUS : FAILED;
            } catch (RuntimeException | Error defect) {
                streams.error().print(errors.text(defect, texts.get(i)));
                return FAILED;
            }
        }
        return OK;
    }

    private String sql(Script script) throws IOException {
        String text = script.text();
        return switch (script.kind()) {
            case SQL -> text;
            case FILE ->
                text.equals("-") ? StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(in.readAllBytes()))
                        .toString() : Files.readString(Path.of(text));
            case ARGUMENT -> isStore(text) ? "DESCRIBE '" + text.replace("'", "''") + "'" : text;
        };
    }

    static String reason(Exception failure) {
        return switch (failure) {
            case NoSuchFileException missing -> "there is no such file";
            case AccessDeniedException denied -> "no permission";
            case CharacterCodingException binary -> "it is not text in UTF-8";
            case InvalidPathException wrong -> wrong.getReason();
            default -> String.valueOf(failure.getMessage());
        };
    }

    private static String report(ErrorReport errors, GraticuleException error, Script script, String sql) {
        return switch (script.kind()) {
            case SQL -> errors.text(error, sql);
            case FILE -> errors.text(error, sql, script.text().equals("-") ? "" : script.text());
            // The SQL is not the user's, but made of a path.
            case ARGUMENT -> sql.equals(script.text()) || error.kind() == ErrorKind.CANCELLED ? errors.text(error, sql)
                    : errors.textWithoutPlace(error);
        };
    }

    /** What an argument was perhaps meant as that is no SQL. */
    private void hint(List<Script> scripts, Script wrong) {
        if (isUnquoted(scripts)) {
            streams.error().println("Each argument is a script of its own: write SQL in quotes.");
        } else if (wrong.kind() == Script.Kind.ARGUMENT && wrong.text().matches("\\S+")
                && !wrong.text().matches(STATEMENT)) {
            streams.error().println("If a store was meant: there is no file or folder '" + wrong.text() + "' here.");
        }
    }

    /** Whether the arguments look like the words of one statement. */
    private static boolean isUnquoted(List<Script> scripts) {
        return scripts.stream().filter(script -> script.kind() == Script.Kind.ARGUMENT
                && script.text().chars().noneMatch(Character::isWhitespace)).count() > 1;
    }

    /** Whether an argument is a path and not SQL: it exists, or it looks like one. */
    static boolean isStore(String text) {
        try {
            if (!text.isBlank() && Files.exists(Path.of(text))) {
                return true;
            }
        } catch (InvalidPathException sql) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (Character.isWhitespace(text.charAt(i)) || text.charAt(i) == ';') {
                return false;
            }
        }
        return (text.contains("/") || text.contains("\\") || text.contains(".")) && !text.matches(STATEMENT);
    }
}
