package dev.graticule.cli;

import dev.graticule.ErrorKind;
import dev.graticule.GraticuleException;
import dev.graticule.sql.Position;
import java.io.PrintWriter;
import java.io.StringWriter;

/** An error as a person reads it: whose it is, where, what, and the line with a caret under the place. */
final class ErrorReport {
    private static final int WINDOW = 100;
    private static final int BEFORE = 60;
    private static final int LONGEST = 2000;

    private final boolean verbose;

    /** @param verbose whether stack traces are shown */
    ErrorReport(boolean verbose) {
        this.verbose = verbose;
    }

    /** The report, which ends with a line feed. */
    String text(Throwable error, String sql) {
        return text(error, sql, "");
    }

    /** The same of SQL that was not typed, but comes from a file. */
    String text(Throwable error, String sql, String file) {
        String report = switch (error) {
            case GraticuleException known -> known(known, sql, file);
            case OutOfMemoryError exhausted ->
                "Out of memory: " + exhausted.getMessage() + ". GRATICULE_JAVA_OPTIONS=-Xmx4g gives more.\n";
            case StackOverflowError deep -> "Out of resources: the statement is nested too deeply.\n";
            default -> "Internal error: " + error + "\nThis is a defect of Graticule"
                    + (verbose ? ".\n" : "; --verbose shows where.\n");
        };
        return verbose ? report + trace(error) : report;
    }

    /** The report of an error in what is not the user's own SQL, which is not shown. */
    String textWithoutPlace(GraticuleException error) {
        return label(error.kind()) + ": " + error.getMessage() + "\n" + (verbose ? trace(error) : "");
    }

    private static String known(GraticuleException error, String sql, String file) {
        String of = file.isEmpty() ? "" : " in " + file;
        String place = error.position().map(at -> of + " at line " + at.line() + ", column " + at.column()).orElse("");
        String excerpt = error.position().map(at -> excerpt(at, sql)).orElse("");
        String message = error.kind() == ErrorKind.CANCELLED && place.isEmpty() ? "Cancelled."
                : label(error.kind()) + place + ": " + shortened(error.getMessage());
        return message + "\n" + excerpt;
    }

    /** A message without the middle of words that no person wrote. */
    private static String shortened(String message) {
        return message.length() <= LONGEST ? message
                : message.replaceAll("(\\S{" + WINDOW + "})\\S{" + WINDOW + ",}", "$1…");
    }

    private static String label(ErrorKind kind) {
        return switch (kind) {
            case SYNTAX -> "Syntax error";
            case BINDING -> "Error in the query";
            case UNSUPPORTED -> "Unsupported";
            case DATA -> "Error in the data";
            case SOURCE -> "Error of a source";
            case RESOURCE -> "Out of resources";
            case CANCELLED -> "Cancelled";
            case INTERNAL -> "Internal error";
        };
    }

    /** The line and the caret; a long line is cut around the place. */
    private static String excerpt(Position at, String sql) {
        String[] lines = sql.split("\r\n|\n|\r", -1);
        if (at.line() < 1 || at.line() > lines.length) {
            return "";
        }
        String line = lines[at.line() - 1].replaceAll("\\p{Cntrl}", " ");
        int[] points = line.codePoints().toArray();
        int column = Integer.max(0, Integer.min(at.column() - 1, points.length));
        int length = Integer.max(1, Integer.min(at.end() - at.start(), points.length - column));
        int from = column > BEFORE && points.length > WINDOW ? column - BEFORE : 0;
        int to = Integer.min(points.length, from + WINDOW);
        String shown = (from > 0 ? "…" : "") + new String(points, from, to - from) + (to < points.length ? "…" : "");
        String before = (from > 0 ? " " : "") + " ".repeat(TableWriter.width(new String(points, from, column - from)));
        return "  " + shown + "\n  " + before + "^".repeat(Integer.max(1, Integer.min(length, to - column))) + "\n";
    }

    private static String trace(Throwable error) {
        StringWriter text = new StringWriter();
        error.printStackTrace(new PrintWriter(text, true));
        return text.toString();
    }
}
