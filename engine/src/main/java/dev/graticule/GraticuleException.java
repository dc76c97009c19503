package dev.graticule;

import dev.graticule.sql.Position;
import java.util.Optional;

/**
 * The one exception that the engine and its sources throw at users: it says whose error it is, where, and what to do.
 *
 * <p>Immutable and unchecked. The message is one or two sentences without a stack trace's vocabulary; the position, where
 * there is one, points into the SQL text of the query.
 */
public final class GraticuleException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorKind kind;
    private final transient Position position;

    private GraticuleException(ErrorKind kind, String message, Position position, Throwable cause) {
        super(message, cause);
        this.kind = kind;
        this.position = position;
    }

    /** An error of the query's text against the tables' schema, at a position of the text. */
    public static GraticuleException binding(Position position, String message) {
        return new GraticuleException(ErrorKind.BINDING, message, position, null);
    }

    /** An error that concerns the whole query or a name given through the API. */
    public static GraticuleException binding(String message) {
        return new GraticuleException(ErrorKind.BINDING, message, null, null);
    }

    /** A feature that is understood and cannot be run yet: {@code feature} is a noun phrase, such as "window functions". */
    public static GraticuleException unsupported(Position position, String feature) {
        return new GraticuleException(ErrorKind.UNSUPPORTED, "Not supported yet: " + feature + ".", position, null);
    }

    /** A value that the query cannot work with. */
    public static GraticuleException data(Position position, String message) {
        return new GraticuleException(ErrorKind.DATA, message, position, null);
    }

    /** A failure of a store, file, stream or producer. */
    public static GraticuleException source(String message, Throwable cause) {
        return new GraticuleException(ErrorKind.SOURCE, message, null, cause);
    }

    /** An error of any kind, with an optional position and cause ({@code null} where there is none). */
    public static GraticuleException of(ErrorKind kind, Position position, String message, Throwable cause) {
        return new GraticuleException(kind, message, position, cause);
    }

    /** Whose error it is. */
    public ErrorKind kind() {
        return kind;
    }

    /** Where in the query's text, if it is about a place in it. */
    public Optional<Position> position() {
        return Optional.ofNullable(position);
    }

    /** The same error at a position, unless it has one already. */
    public GraticuleException at(Position where) {
        return position != null || where == null ? this : new GraticuleException(kind, getMessage(), where, this);
    }
}
