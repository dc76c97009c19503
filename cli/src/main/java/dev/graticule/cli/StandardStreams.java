package dev.graticule.cli;

import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Constructor;
import java.lang.reflect.InaccessibleObjectException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.OptionalInt;

/**
 * The process's standard streams as {@code ./graticule} found them.
 *
 * <p>The launcher keeps file descriptor 2 for the JVM's own notices, which it filters, and hands over the real standard
 * error as the descriptor that {@code GRATICULE_STDERR_FD} names. It also tells what a JVM cannot find out by itself:
 * which streams are terminals ({@code GRATICULE_STDIN_TTY}, {@code GRATICULE_STDOUT_TTY}, {@code GRATICULE_STDERR_TTY},
 * 1 or 0) and their width ({@code COLUMNS}). A JVM that was started without the launcher has {@link System#err} and what
 * {@link System#console()} says.
 *
 * @param error            where messages and progress go; unbuffered beyond a line, UTF-8
 * @param inputIsTerminal  whether standard input is a terminal
 * @param outputIsTerminal whether standard output is a terminal
 * @param errorIsTerminal  whether standard error is a terminal
 * @param columns          the terminal's width in characters, where it is known
 */
public record StandardStreams(PrintStream error, boolean inputIsTerminal, boolean outputIsTerminal,
        boolean errorIsTerminal, OptionalInt columns) {

    /**
     * Takes over the streams and makes {@link System#err} the real standard error. To be called once, before anything is
     * written to standard error.
     *
     * @param environment the process's environment
     */
    public static StandardStreams adopt(Map<String, String> environment) {
        String descriptor = environment.get("GRATICULE_STDERR_FD");
        if (descriptor != null) {
            System.setErr(open(Integer.parseInt(descriptor)));
        }
        return new StandardStreams(System.err, isTerminal(environment, "GRATICULE_STDIN_TTY"),
                isTerminal(environment, "GRATICULE_STDOUT_TTY"), isTerminal(environment, "GRATICULE_STDERR_TTY"),
                columns(environment));
    }

    private static PrintStream open(int descriptor) {
        try {
            // Opening /dev/fd/3 instead would give a file a second write position, and fails on a socket.
            Constructor<FileDescriptor> constructor = FileDescriptor.class.getDeclaredConstructor(int.class);
            constructor.setAccessible(true);
            return new PrintStream(new FileOutputStream(constructor.newInstance(descriptor)), true,
                    StandardCharsets.UTF_8);
        } catch (ReflectiveOperationException | InaccessibleObjectException failure) {
            return System.err;
        }
    }

    private static boolean isTerminal(Map<String, String> environment, String name) {
        String told = environment.get(name);
        if (told != null) {
            return told.equals("1");
        }
        Console console = System.console();
        return console != null && console.isTerminal();
    }

    private static OptionalInt columns(Map<String, String> environment) {
        String columns = environment.getOrDefault("COLUMNS", "");
        return columns.matches("[1-9][0-9]{0,4}") ? OptionalInt.of(Integer.parseInt(columns)) : OptionalInt.empty();
    }
}
