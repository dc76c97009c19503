package dev.graticule.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;

/** Runs the command inside the test's process. */
final class Command {
    private Command() {
    }

    /** What came of it. */
    record Outcome(int status, String output, String error) {
        /** The same without the first line of output. */
        Outcome withoutHeader() {
            return new Outcome(status, output.substring(output.indexOf('\n') + 1), error);
        }
    }

    /** With nothing on standard input, and no terminal anywhere. */
    static Outcome run(String... arguments) {
        return runWithInput("", arguments);
    }

    static Outcome runWithInput(String input, String... arguments) {
        return run(input, OptionalInt.empty(), arguments);
    }

    /** With standard output on a terminal of that width. */
    static Outcome runOnTerminal(int columns, String... arguments) {
        return run("", OptionalInt.of(columns), arguments);
    }

    private static Outcome run(String input, OptionalInt columns, String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream error = new ByteArrayOutputStream();
        StandardStreams streams = new StandardStreams(new PrintStream(error, true, StandardCharsets.UTF_8), false,
                columns.isPresent(), false, columns);
        int status = new Main(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)), out, streams,
                new Interruption()).run(arguments);
        return new Outcome(status, out.toString(StandardCharsets.UTF_8), error.toString(StandardCharsets.UTF_8));
    }
}
