package dev.graticule.sql;

import java.util.List;
import java.util.Optional;

/**
 * The text is not SQL of this dialect; {@link #feature()} says whether it is that of another. {@link #getMessage()} is one sentence without position or caret;
 * {@link ErrorText} adds them.
 */
public final class SyntaxException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Position position;
    private final transient List<String> expected;
    private final String suggestion;
    private final String feature;

    /**
     * @param suggestion what to write instead, or an empty string
     * @param expected what could have stood at the position, in words fit for people; may be empty
     */
    public SyntaxException(String message, Position position, String suggestion, List<String> expected) {
        this(message, position, suggestion, expected, "");
    }

    private SyntaxException(String message, Position position, String suggestion, List<String> expected,
            String feature) {
        super(message);
        this.position = position;
        this.suggestion = suggestion;
        this.expected = List.copyOf(expected);
        this.feature = feature;
    }

    /** The error for what other engines know and this dialect does not: {@code feature} is a noun phrase. */
    static SyntaxException foreign(String feature, Position position) {
        return new SyntaxException("Not supported yet: " + feature + ".", position, "", List.of(), feature);
    }

    /** What the text asks for, where it is SQL of PostgreSQL or DuckDB that this dialect does not have; else empty. */
    public Optional<String> feature() {
        return feature.isEmpty() ? Optional.empty() : Optional.of(feature);
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
