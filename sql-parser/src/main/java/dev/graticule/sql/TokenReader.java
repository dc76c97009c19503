package dev.graticule.sql;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.OptionalInt;
import org.antlr.v4.runtime.CharStreams;
import org.antlr.v4.runtime.CommonToken;
import org.antlr.v4.runtime.Token;

/**
 * Cuts a text into tokens, tells keywords from names and query parentheses from others, and raises the errors that need no
 * grammar.
 */
final class TokenReader {

    /** More brackets inside each other than any person or program writes in earnest. */
    private static final int MAXIMUM_NESTING = 2_000;

    private final String sql;
    private final List<CommonToken> tokens = new ArrayList<>();
    /** For an opening bracket the index of its closing one, else -1. */
    private int[] closing = {};
    private int nesting;

    private TokenReader(String sql) {
        this.sql = sql;
    }

    /** The tokens of a text, EOF last, and how deep its brackets nest. */
    record Result(List<Token> tokens, int nesting) {
    }

    static Result read(String sql) {
        TokenReader reader = new TokenReader(sql);
        reader.cut();
        UnicodeEscapes.resolve(reader.tokens, reader::error);
        reader.matchBrackets();
        reader.markQueries();
        List<CommonToken> tokens = new TokenMarks(reader.tokens, reader.closing).marked();
        for (int i = 0; i < tokens.size(); i++) {
            tokens.get(i).setTokenIndex(i);
        }
        return new Result(List.copyOf(tokens), reader.nesting);
    }

    private void cut() {
        GraticuleLexer lexer = new GraticuleLexer(CharStreams.fromString(sql));
        lexer.removeErrorListeners();
        int previous = Token.EOF;
        CommonToken token;
        do {
            token = (CommonToken) lexer.nextToken();
            refuseBroken(token);
            if (token.getType() == GraticuleLexer.IDENTIFIER && previous != GraticuleLexer.DOT) {
                OptionalInt keyword = Keywords.type(token.getText());
                if (keyword.isPresent()) {
                    token.setType(keyword.getAsInt());
                }
            }
            previous = token.getType();
            tokens.add(token);
        } while (token.getType() != Token.EOF);
    }

    private void refuseBroken(CommonToken token) {
        String text = token.getText();
        switch (token.getType()) {
            case GraticuleLexer.UNTERMINATED_STRING -> throw error(token, 1, "This string is never closed.",
                    text.startsWith("$") ? "End it with " + text.substring(0, text.indexOf('$', 1) + 1) + "."
                            : "End it with a single quote; write a quote inside it twice.");
            case GraticuleLexer.UNTERMINATED_IDENTIFIER -> throw error(token, 1, "This quoted name is never closed.",
                    "End it with a double quote; write a double quote inside it twice.");
            case GraticuleLexer.UNTERMINATED_COMMENT -> throw error(token, 2, "This comment is never closed.",
                    "End it with */; a comment inside a comment needs its own end.");
            case GraticuleLexer.BACKTICK_IDENTIFIER -> throw error(token, text.length(),
                    "Names are not quoted with backticks.",
                    "Write \"" + text.replace("`", "").replace("\"", "\"\"") + "\".");
            case GraticuleLexer.MALFORMED_NUMBER -> throw error(token, text.length(),
                    "Column names that begin with a digit need quotes: write \""
                            + (text.startsWith(".") ? text.substring(1) : text) + "\".",
                    "");
            case GraticuleLexer.QUOTED_IDENTIFIER -> {
                if (text.length() == 2) {
                    throw error(token, 2, "A quoted name may not be empty.", "");
                }
            }
            case GraticuleLexer.STRAY ->
                throw error(token, text.length(), "Unexpected character " + visible(text) + ".",
                        switch (text) {
                            case "\u2018", "\u2019" -> "Strings need plain single quotes (').";
                            case "\u201c", "\u201d" -> "Quoted names need plain double quotes (\").";
                            case "\0", "\ufffd" -> "Is the text in another encoding than UTF-8, such as UTF-16?";
                            default -> "";
                        });
            default -> {
                // every other token is whole
            }
        }
    }

    /** A character between quotes, or the name of one that leaves no mark on paper. */
    private static String visible(String character) {
        int point = character.codePointAt(0);
        return Character.isISOControl(point) || Character.getType(point) == Character.FORMAT
                || Character.isSpaceChar(point) ? "U+%04X".formatted(point) : "'" + character + "'";
    }

    private SyntaxException error(CommonToken token, String message, String suggestion) {
        return error(token, token.getText().length(), message, suggestion);
    }

    private SyntaxException error(CommonToken token, int length, String message, String suggestion) {
        Position all = new SourceText(sql, List.of()).position(token);
        Position start = new Position(all.line(), all.column(), all.start(),
                Math.min(all.end(), all.start() + length));
        return new SyntaxException(message, start, suggestion, List.of());
    }

    private void matchBrackets() {
        closing = new int[tokens.size()];
        Arrays.fill(closing, -1);
        Deque<Integer> open = new ArrayDeque<>();
        for (int i = 0; i < tokens.size(); i++) {
            switch (tokens.get(i).getType()) {
                case GraticuleLexer.OPEN, GraticuleLexer.OPEN_BRACKET, GraticuleLexer.OPEN_BRACE,
                        GraticuleLexer.CASE -> {
                    open.push(i);
                    nesting = Math.max(nesting, open.size());
                    if (nesting > MAXIMUM_NESTING) {
                        throw error(tokens.get(i), 1,
                                "Brackets may be nested " + MAXIMUM_NESTING + " deep at most.", "");
                    }
                }
                case GraticuleLexer.CLOSE, GraticuleLexer.CLOSE_BRACKET, GraticuleLexer.CLOSE_BRACE -> close(open, i);
                case GraticuleLexer.END -> {
                    if (!open.isEmpty() && tokens.get(open.peek()).getType() == GraticuleLexer.CASE) {
                        open.pop();
                    }
                }
                default -> {
                    // no bracket
                }
            }
        }
    }

    /** Pairs a closing bracket; a CASE without END, or the word used as a name, does not stand in the way. */
    private void close(Deque<Integer> open, int index) {
        while (!open.isEmpty() && tokens.get(open.peek()).getType() == GraticuleLexer.CASE) {
            open.pop();
        }
        if (!open.isEmpty()) {
            closing[open.pop()] = index;
        }
    }

    /** From right to left, so that an inner parenthesis is decided before the one around it. */
    private void markQueries() {
        for (int i = tokens.size() - 1; i >= 0; i--) {
            if (tokens.get(i).getType() == GraticuleLexer.OPEN && opensQuery(i)) {
                tokens.get(i).setType(GraticuleLexer.OPEN_QUERY);
            }
        }
    }

    private boolean opensQuery(int index) {
        int before = type(index - 1);
        if (before == GraticuleLexer.TRIM || before == GraticuleLexer.SUBSTRING) {
            return false;
        }
        int next = type(index + 1);
        return switch (next) {
            case GraticuleLexer.SELECT, GraticuleLexer.WITH, GraticuleLexer.FROM, GraticuleLexer.DESCRIBE,
                    GraticuleLexer.SHOW, GraticuleLexer.SUMMARIZE ->
                !TokenMarks.isNaming(type(index + 2));
            case GraticuleLexer.VALUES -> type(index + 2) == GraticuleLexer.OPEN
                    || type(index + 2) == GraticuleLexer.OPEN_QUERY;
            case GraticuleLexer.TABLE -> type(index + 2) == GraticuleLexer.IDENTIFIER
                    || type(index + 2) == GraticuleLexer.QUOTED_IDENTIFIER || Keywords.isKeyword(type(index + 2));
            case GraticuleLexer.OPEN_QUERY -> !opensArguments(before) && closing[index + 1] >= 0
                    && continuesQuery(type(closing[index + 1] + 1));
            default -> false;
        };
    }

    /** Whether a parenthesis after this token holds arguments or values, so that a query in it needs its own. */
    static boolean opensArguments(int type) {
        return type == GraticuleLexer.IDENTIFIER || type == GraticuleLexer.QUOTED_IDENTIFIER
                || type == GraticuleLexer.INTERVAL_UNIT
                || type != GraticuleLexer.EXISTS && type != GraticuleLexer.IN && type != GraticuleLexer.AS
                        && type != GraticuleLexer.ANY && type != GraticuleLexer.SOME && type != GraticuleLexer.ALL
                        && type != GraticuleLexer.MATERIALIZED && type != GraticuleLexer.LATERAL
                        && type != GraticuleLexer.FROM && type != GraticuleLexer.JOIN && type != GraticuleLexer.UNION
                        && type != GraticuleLexer.EXCEPT && type != GraticuleLexer.INTERSECT
                        && type != GraticuleLexer.DISTINCT && type != GraticuleLexer.NOT
                        && type != GraticuleLexer.SELECT && type != GraticuleLexer.WHERE && type != GraticuleLexer.AND
                        && type != GraticuleLexer.OR && type != GraticuleLexer.ON && type != GraticuleLexer.BY
                        && type != GraticuleLexer.WHEN && type != GraticuleLexer.THEN && type != GraticuleLexer.ELSE
                        && type != GraticuleLexer.CASE && type != GraticuleLexer.HAVING && Keywords.isKeyword(type);
    }

    private static boolean continuesQuery(int type) {
        return switch (type) {
            case GraticuleLexer.CLOSE, GraticuleLexer.UNION, GraticuleLexer.INTERSECT, GraticuleLexer.EXCEPT,
                    GraticuleLexer.ORDER, GraticuleLexer.LIMIT, GraticuleLexer.OFFSET, GraticuleLexer.FETCH ->
                true;
            default -> false;
        };
    }

    private int type(int index) {
        return index < 0 || index >= tokens.size() ? Token.EOF : tokens.get(index).getType();
    }
}
