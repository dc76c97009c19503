package dev.graticule.sql;

import java.util.List;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.Token;

/** The text being parsed, with its tokens: turns what ANTLR counts (code points) into positions in the string. */
final class SourceText {

    private final String sql;
    private final List<Token> tokens;
    /** UTF-16 index per code point index; empty where the two are the same. */
    private final int[] offsets;

    SourceText(String sql, List<Token> tokens) {
        this.sql = sql;
        this.tokens = tokens;
        this.offsets = offsets(sql);
    }

    private static int[] offsets(String sql) {
        int codePoints = sql.codePointCount(0, sql.length());
        if (codePoints == sql.length()) {
            return new int[0];
        }
        int[] offsets = new int[codePoints + 1];
        int offset = 0;
        for (int i = 0; i < codePoints; i++) {
            offsets[i] = offset;
            offset += Character.charCount(sql.codePointAt(offset));
        }
        offsets[codePoints] = offset;
        return offsets;
    }

    Position position(Token token) {
        return position(token, token);
    }

    Position position(ParserRuleContext context) {
        Token last = context.getStop() == null ? context.getStart() : context.getStop();
        return position(context.getStart(), last);
    }

    Position position(Token first, Token last) {
        int start = offset(first.getStartIndex());
        int end = offset(last.getStopIndex() + 1);
        return new Position(first.getLine(), first.getCharPositionInLine() + 1, start, Math.max(start, end));
    }

    private int offset(int codePointIndex) {
        return offsets.length == 0 ? codePointIndex : offsets[codePointIndex];
    }

    /** The source of a piece of the tree, every run of white space and comments between tokens made one blank. */
    String text(ParserRuleContext context) {
        StringBuilder text = new StringBuilder();
        int first = context.getStart().getTokenIndex();
        int last = context.getStop().getTokenIndex();
        for (int i = first; i <= last; i++) {
            Token token = tokens.get(i);
            if (i > first && token.getStartIndex() > tokens.get(i - 1).getStopIndex() + 1) {
                text.append(' ');
            }
            text.append(position(token).textIn(sql));
        }
        return text.toString();
    }
}
