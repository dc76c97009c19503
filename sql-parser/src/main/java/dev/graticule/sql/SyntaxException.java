package dev.graticule.sql;

import java.util.List;
import java.util.Optional;

/**
 * The text is not SQL of this dialect. {@link #getMessage()} is one sentence without position or caret;
 * {@link ErrorText} adds them.
 */
public final class SyntaxException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Position position;
    private final transient List<String> expected;
    private final String suggestion;

    /**
     * @param suggestion what to write instead, or an empty string
     * @param expected what could have stood at the position, in words fit for people; may be empty
     */
    public SyntaxException(String message, Position position, String suggestion, List<String> expected) {
        super(message);
        this.position = position;
        this.suggestion = suggestion;
        this.expected = List.copyOf(expected);
    }

    /** Where the first thing wrong stands. */
    public Position position() {
        return position;
    }

    /** What to write instead, if there is something better to say than the message. */
    public Optional<String> suggestion() {
        return suggestion.isEmpty() ? Optional.empty() : Optional.of(suggestion);
    }

    /** What could have stood there: keywords in capitals, and phrases such as {@code an expression}. */
    public List<String> expected() {
        return expected;
    }
}
