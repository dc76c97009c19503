package dev.graticule.sql;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import org.antlr.v4.runtime.CommonToken;
import org.antlr.v4.runtime.Token;

/**
 * The decisions of the grammar that need more than one token of lookahead, made in one pass over the tokens: words whose
 * special syntax does not follow become identifiers, and markers without text go before what begins like something else.
 */
final class TokenMarks {

    private final List<CommonToken> tokens;
    /** For an opening bracket the index of its closing one, else -1. */
    private final int[] closing;
    private final List<CommonToken> marked = new ArrayList<>();
    /** The brackets around the current token, the innermost first. */
    private final Deque<Integer> open = new ArrayDeque<>();
    private boolean loose;

    TokenMarks(List<CommonToken> tokens, int[] closing) {
        this.tokens = tokens;
        this.closing = closing;
    }

    /** The tokens with their final types and with markers; to be called once. */
    List<CommonToken> marked() {
        for (int i = 0; i < tokens.size(); i++) {
            CommonToken token = tokens.get(i);
            if (closing[i] < 0 && !open.isEmpty() && closing[open.peek()] == i) {
                open.pop();
            }
            int marker = marker(i);
            if (marker != Token.EOF) {
                CommonToken mark = new CommonToken(token);
                mark.setType(marker);
                mark.setText("");
                mark.setStopIndex(token.getStartIndex() - 1);
                marked.add(mark);
            }
            retype(token, i);
            marked.add(token);
            if (closing[i] >= 0) {
                open.push(i);
            }
        }
        return marked;
    }

    private int type(int index) {
        return index < 0 || index >= tokens.size() ? Token.EOF : tokens.get(index).getType();
    }

    private boolean isOpen(int index) {
        return type(index) == GraticuleLexer.OPEN || type(index) == GraticuleLexer.OPEN_QUERY;
    }

    private boolean isString(int index) {
        return switch (type(index)) {
            case GraticuleLexer.STRING, GraticuleLexer.ESCAPE_STRING, GraticuleLexer.DOLLAR_STRING -> true;
            default -> false;
        };
    }

    private boolean isWord(int index) {
        return switch (type(index)) {
            case GraticuleLexer.IDENTIFIER, GraticuleLexer.QUOTED_IDENTIFIER, GraticuleLexer.INTERVAL_UNIT -> true;
            default -> Keywords.isKeyword(type(index));
        };
    }

    // ---- words

    private void retype(CommonToken token, int index) {
        int next = type(index + 1);
        int previous = type(index - 1);
        boolean keyword = switch (token.getType()) {
            case GraticuleLexer.EXTRACT, GraticuleLexer.SUBSTRING, GraticuleLexer.POSITION, GraticuleLexer.TRIM,
                    GraticuleLexer.OVERLAY, GraticuleLexer.TRY_CAST, GraticuleLexer.ROLLUP, GraticuleLexer.CUBE,
                    GraticuleLexer.VALUES ->
                isOpen(index + 1)
                        && (previous != GraticuleLexer.AS || token.getType() == GraticuleLexer.VALUES)
                        || token.getType() == GraticuleLexer.VALUES && previous == GraticuleLexer.DEFAULT;
            case GraticuleLexer.LEFT, GraticuleLexer.RIGHT -> !isOpen(index + 1);
            case GraticuleLexer.GROUPING -> next == GraticuleLexer.SETS;
            case GraticuleLexer.IDENTIFIER -> {
                token.setType(wordInPlace(index));
                yield true;
            }
            case GraticuleLexer.MAP -> next == GraticuleLexer.OPEN_BRACE;
            case GraticuleLexer.INTERVAL -> beginsInterval(index)
                    && (previous != GraticuleLexer.AS || next == GraticuleLexer.INTERVAL_UNIT);
            case GraticuleLexer.IGNORE, GraticuleLexer.RESPECT -> next == GraticuleLexer.NULLS;
            case GraticuleLexer.WITHIN -> next == GraticuleLexer.GROUP;
            case GraticuleLexer.FILTER -> previous == GraticuleLexer.CLOSE && isOpen(index + 1);
            case GraticuleLexer.OVER -> previous == GraticuleLexer.CLOSE || previous == GraticuleLexer.NULLS;
            case GraticuleLexer.AT -> next == GraticuleLexer.TIME && type(index + 2) == GraticuleLexer.ZONE;
            case GraticuleLexer.LAMBDA -> isWord(index + 1)
                    && (type(index + 2) == GraticuleLexer.COLON || type(index + 2) == GraticuleLexer.COMMA);
            case GraticuleLexer.ROW -> {
                if (isOpen(index + 1)) {
                    token.setType(GraticuleLexer.ROW_VALUE);
                }
                yield true;
            }
            case GraticuleLexer.WITH -> {
                if (next == GraticuleLexer.ORDINALITY && previous == GraticuleLexer.CLOSE) {
                    token.setType(GraticuleLexer.WITH_ORDINALITY);
                }
                yield true;
            }
            case GraticuleLexer.EXCEPT -> {
                boolean names = next == GraticuleLexer.OPEN || next == GraticuleLexer.IDENTIFIER
                        || next == GraticuleLexer.QUOTED_IDENTIFIER;
                if (previous == GraticuleLexer.STAR && names) {
                    token.setType(GraticuleLexer.EXCLUDE);
                }
                yield true;
            }
            case GraticuleLexer.PERCENT_SIGN -> {
                if (endsList(next) && endsLimit(index - 1)) {
                    token.setType(GraticuleLexer.PERCENT);
                }
                yield true;
            }
            case GraticuleLexer.OPEN -> {
                boolean element = previous == GraticuleLexer.BY || previous == GraticuleLexer.COMMA
                        || previous == GraticuleLexer.OPEN || previous == GraticuleLexer.OPEN_EMPTY;
                if (next == GraticuleLexer.CLOSE && element) {
                    token.setType(GraticuleLexer.OPEN_EMPTY);
                }
                yield true;
            }
            case GraticuleLexer.COMMA -> {
                if (endsList(next) && !isNaming(type(index + 2))) {
                    token.setType(GraticuleLexer.TRAILING_COMMA);
                }
                yield true;
            }
            default -> true;
        };
        boolean name = type(index + 1) == GraticuleLexer.EQUAL && isReservedHere(token.getType())
                && beginsArgument(index);
        if (!keyword || name) {
            token.setType(GraticuleLexer.IDENTIFIER);
        }
    }

    /** Whether a token makes the word before it a name: {@code table => 't'}, {@code group = 'a'}. */
    static boolean isNaming(int type) {
        return type == GraticuleLexer.NAMED || type == GraticuleLexer.ASSIGN || type == GraticuleLexer.EQUAL;
    }

    /** Whether a keyword in an argument list can only be meant as a name before an equals sign. */
    private static boolean isReservedHere(int type) {
        return Keywords.isKeyword(type) && type != GraticuleLexer.NULL && type != GraticuleLexer.TRUE
                && type != GraticuleLexer.FALSE && type != GraticuleLexer.USER
                && (type < GraticuleLexer.CURRENT_CATALOG || type > GraticuleLexer.CURRENT_USER);
    }

    /** The type of a word that is a keyword in one place only, and a name elsewhere. */
    private int wordInPlace(int index) {
        int previous = type(index - 1);
        boolean explained = followsExplain(index);
        String next = text(index + 1);
        return switch (text(index)) {
            case "VERBOSE" -> explained ? GraticuleLexer.VERBOSE : GraticuleLexer.IDENTIFIER;
            case "FORMAT" -> explained ? GraticuleLexer.FORMAT : GraticuleLexer.IDENTIFIER;
            case "SEARCH" -> previous == GraticuleLexer.CLOSE && (next.equals("DEPTH") || next.equals("BREADTH"))
                    ? GraticuleLexer.SEARCH : GraticuleLexer.IDENTIFIER;
            case "DEPTH" -> previous == GraticuleLexer.SEARCH ? GraticuleLexer.DEPTH : GraticuleLexer.IDENTIFIER;
            case "BREADTH" -> previous == GraticuleLexer.SEARCH ? GraticuleLexer.BREADTH : GraticuleLexer.IDENTIFIER;
            case "CYCLE" -> beginsCycle(index) ? GraticuleLexer.CYCLE : GraticuleLexer.IDENTIFIER;
            default -> GraticuleLexer.IDENTIFIER;
        };
    }

    /** Whether only words of EXPLAIN stand between the beginning of a statement and the word at an index. */
    private boolean followsExplain(int index) {
        int i = index - 1;
        while (type(i) == GraticuleLexer.ANALYZE || type(i) == GraticuleLexer.VERBOSE) {
            i--;
        }
        return type(i) == GraticuleLexer.EXPLAIN && switch (type(i - 1)) {
            case Token.EOF, GraticuleLexer.SEMICOLON, GraticuleLexer.AS, GraticuleLexer.EXPLAIN,
                    GraticuleLexer.ANALYZE ->
                true;
            default -> false;
        };
    }

    /** Whether a token is the last of what a LIMIT counts with: {@code LIMIT 10}, {@code LIMIT (SELECT n FROM t)}. */
    private boolean endsLimit(int index) {
        int first = index;
        if (type(index) == GraticuleLexer.CLOSE) {
            do {
                first--;
            } while (first >= 0 && closing[first] != index);
        }
        return type(first - 1) == GraticuleLexer.LIMIT;
    }

    /** The word at an index in capitals; empty where no plain name stands. */
    private String text(int index) {
        return type(index) == GraticuleLexer.IDENTIFIER ? tokens.get(index).getText().toUpperCase(Locale.ROOT) : "";
    }

    /** {@code CYCLE a, b SET c USING d} after a table of WITH. */
    private boolean beginsCycle(int index) {
        int i = index + 1;
        while (isWord(i) && type(i + 1) == GraticuleLexer.COMMA) {
            i += 2;
        }
        return isWord(i) && type(i + 1) == GraticuleLexer.SET && isWord(i + 2)
                && (type(i + 3) == GraticuleLexer.USING || type(i + 3) == GraticuleLexer.TO);
    }

    private boolean beginsInterval(int index) {
        return switch (type(index + 1)) {
            case GraticuleLexer.STRING, GraticuleLexer.ESCAPE_STRING, GraticuleLexer.DOLLAR_STRING,
                    GraticuleLexer.NUMBER, GraticuleLexer.QUESTION, GraticuleLexer.PARAMETER,
                    GraticuleLexer.OPEN, GraticuleLexer.OPEN_QUERY, GraticuleLexer.INTERVAL_UNIT ->
                true;
            case GraticuleLexer.COLON -> isWord(index + 2) && type(index + 3) == GraticuleLexer.INTERVAL_UNIT;
            case GraticuleLexer.PLUS, GraticuleLexer.MINUS -> type(index + 2) == GraticuleLexer.NUMBER
                    && type(index + 3) == GraticuleLexer.INTERVAL_UNIT;
            default -> false;
        };
    }

    private static boolean endsList(int type) {
        return switch (type) {
            case GraticuleLexer.CLOSE, GraticuleLexer.CLOSE_BRACKET, GraticuleLexer.CLOSE_BRACE, GraticuleLexer.FROM,
                    GraticuleLexer.WHERE, GraticuleLexer.GROUP, GraticuleLexer.HAVING, GraticuleLexer.ORDER,
                    GraticuleLexer.LIMIT, GraticuleLexer.OFFSET, GraticuleLexer.FETCH, GraticuleLexer.WINDOW,
                    GraticuleLexer.QUALIFY, GraticuleLexer.UNION, GraticuleLexer.INTERSECT, GraticuleLexer.EXCEPT,
                    GraticuleLexer.SELECT, GraticuleLexer.SEMICOLON, Token.EOF ->
                true;
            default -> false;
        };
    }

    // ---- markers

    /** The marker that belongs before a token, EOF for none. */
    private int marker(int index) {
        int previous = type(index - 1);
        int type = type(index);
        if (type == GraticuleLexer.OPEN) {
            return beginsLambdaList(index) ? GraticuleLexer.LAMBDA_AHEAD : Token.EOF;
        }
        if (type == GraticuleLexer.STAR) {
            return beginsUnpacking(index) ? GraticuleLexer.UNPACK_AHEAD : Token.EOF;
        }
        if (type == GraticuleLexer.TILDE || type == GraticuleLexer.AT_SIGN) {
            return isLoose(previous) ? GraticuleLexer.LOOSE_AHEAD : Token.EOF;
        }
        if (type == GraticuleLexer.IGNORE || type == GraticuleLexer.RESPECT) {
            if (type(index + 1) == GraticuleLexer.NULLS && type(index + 2) == GraticuleLexer.CLOSE) {
                return GraticuleLexer.NULLS_AHEAD;
            }
        }
        if (!isWord(index) || previous == GraticuleLexer.DOT) {
            return Token.EOF;
        }
        int next = type(index + 1);
        if (next == GraticuleLexer.NAMED || next == GraticuleLexer.ASSIGN) {
            return GraticuleLexer.NAME_AHEAD;
        }
        if (next == GraticuleLexer.ARROW && beginsArgument(index)) {
            return GraticuleLexer.LAMBDA_AHEAD;
        }
        if (next == GraticuleLexer.DOT && beginsQualifiedStar(index)) {
            return GraticuleLexer.STAR_AHEAD;
        }
        return beginsTypedLiteral(index) ? GraticuleLexer.TYPE_AHEAD : Token.EOF;
    }

    /** Whether a prefix operator follows a token after which the operand may be as loose as ~ is. */
    private boolean isLoose(int previous) {
        loose = switch (previous) {
            case GraticuleLexer.TILDE, GraticuleLexer.AT_SIGN -> loose;
            case GraticuleLexer.SELECT, GraticuleLexer.DISTINCT, GraticuleLexer.ALL, GraticuleLexer.WHERE,
                    GraticuleLexer.HAVING, GraticuleLexer.QUALIFY, GraticuleLexer.ON, GraticuleLexer.AND,
                    GraticuleLexer.OR, GraticuleLexer.NOT, GraticuleLexer.CASE, GraticuleLexer.WHEN,
                    GraticuleLexer.THEN, GraticuleLexer.ELSE, GraticuleLexer.BY, GraticuleLexer.BETWEEN,
                    GraticuleLexer.SYMMETRIC, GraticuleLexer.FROM, GraticuleLexer.FOR, GraticuleLexer.LIKE,
                    GraticuleLexer.ILIKE, GraticuleLexer.LIMIT, GraticuleLexer.OFFSET, GraticuleLexer.OPEN,
                    GraticuleLexer.OPEN_BRACKET, GraticuleLexer.OPEN_BRACE, GraticuleLexer.COMMA,
                    GraticuleLexer.COLON, GraticuleLexer.NAMED, GraticuleLexer.ASSIGN, GraticuleLexer.EQUAL,
                    GraticuleLexer.NOT_EQUAL, GraticuleLexer.LESS, GraticuleLexer.LESS_OR_EQUAL,
                    GraticuleLexer.GREATER, GraticuleLexer.GREATER_OR_EQUAL, GraticuleLexer.CONCATENATION,
                    GraticuleLexer.AMPERSAND, GraticuleLexer.PIPE, GraticuleLexer.HASH, GraticuleLexer.SHIFT_LEFT,
                    GraticuleLexer.SHIFT_RIGHT, GraticuleLexer.TILDE_STAR, GraticuleLexer.NOT_TILDE,
                    GraticuleLexer.NOT_TILDE_STAR, GraticuleLexer.STARTS_WITH, GraticuleLexer.CONTAINS,
                    GraticuleLexer.CONTAINED_BY, GraticuleLexer.OVERLAPS, GraticuleLexer.ARROW,
                    GraticuleLexer.DOUBLE_ARROW ->
                true;
            default -> false;
        };
        return loose;
    }

    /** {@code *COLUMNS(...)} where a value begins. */
    private boolean beginsUnpacking(int index) {
        return type(index + 1) == GraticuleLexer.COLUMNS && isOpen(index + 2) && switch (type(index - 1)) {
            case GraticuleLexer.SELECT, GraticuleLexer.DISTINCT, GraticuleLexer.ALL, GraticuleLexer.COMMA,
                    GraticuleLexer.OPEN ->
                true;
            default -> false;
        };
    }

    /** Whether the current token stands first in an argument of a call. */
    private boolean beginsArgument(int index) {
        if (open.isEmpty() || type(open.peek()) != GraticuleLexer.OPEN
                || !TokenReader.opensArguments(type(open.peek() - 1))) {
            return false;
        }
        int previous = type(index - 1);
        return open.peek() == index - 1 || previous == GraticuleLexer.COMMA || previous == GraticuleLexer.DISTINCT
                || previous == GraticuleLexer.ALL;
    }

    /** {@code (x, y) ->} as an argument. */
    private boolean beginsLambdaList(int index) {
        if (closing[index] < 0 || type(closing[index] + 1) != GraticuleLexer.ARROW || !beginsArgument(index)) {
            return false;
        }
        for (int i = index + 1; i < closing[index]; i++) {
            boolean name = (i - index) % 2 == 1;
            if (name ? !isWord(i) : type(i) != GraticuleLexer.COMMA) {
                return false;
            }
        }
        return true;
    }

    private boolean beginsQualifiedStar(int index) {
        int i = index + 1;
        while (type(i) == GraticuleLexer.DOT && isWord(i + 1)) {
            i += 2;
        }
        return type(i) == GraticuleLexer.DOT && type(i + 1) == GraticuleLexer.STAR;
    }

    private boolean beginsTypedLiteral(int index) {
        int end = index + 1;
        switch (type(index)) {
            case GraticuleLexer.DOUBLE -> {
                if (type(end) == GraticuleLexer.PRECISION) {
                    end++;
                }
            }
            case GraticuleLexer.CHARACTER -> {
                if (type(end) == GraticuleLexer.VARYING) {
                    end++;
                }
                end = afterModifiers(end);
            }
            case GraticuleLexer.TIME, GraticuleLexer.TIMESTAMP -> {
                end = afterModifiers(end);
                boolean zone = (type(end) == GraticuleLexer.WITH || type(end) == GraticuleLexer.WITHOUT)
                        && type(end + 1) == GraticuleLexer.TIME && type(end + 2) == GraticuleLexer.ZONE;
                if (zone) {
                    end += 3;
                }
            }
            case GraticuleLexer.IDENTIFIER, GraticuleLexer.QUOTED_IDENTIFIER, GraticuleLexer.NAME ->
                end = afterModifiers(end);
            default -> {
                return false;
            }
        }
        return isString(end);
    }

    /** The index after {@code (10, 2)} at an index, or the index itself. */
    private int afterModifiers(int index) {
        if (type(index) != GraticuleLexer.OPEN) {
            return index;
        }
        int i = index + 1;
        while (type(i) == GraticuleLexer.NUMBER || type(i) == GraticuleLexer.COMMA || type(i) == GraticuleLexer.MINUS) {
            i++;
        }
        return type(i) == GraticuleLexer.CLOSE && i > index + 1 ? i + 1 : index;
    }
}
