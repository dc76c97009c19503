package dev.graticule.sql;

/** Renders a message with the source line it is about and a caret under the place. */
public final class ErrorText {

    private static final int SHOWN = 100;
    private static final int SHOWN_BEFORE = 60;
    private static final String ELISION = "…";

    private ErrorText() {
    }

    /**
     * The message, {@code line L, column C}, the source line and a line of carets under the position, without a line break
     * at the end. Lines longer than {@value #SHOWN} characters are cut to the part around the position, tabs stay tabs,
     * wide characters get two carets.
     *
     * @param sql the text the position belongs to
     */
    public static String withCaret(String sql, Position position, String message) {
        int start = Math.min(position.start(), sql.length());
        int lineStart = start == 0 ? 0 : sql.lastIndexOf('\n', start - 1) + 1;
        int lineEnd = sql.indexOf('\n', start);
        if (lineEnd < 0) {
            lineEnd = sql.length();
        }
        if (lineEnd > start && sql.charAt(lineEnd - 1) == '\r') {
            lineEnd--;
        }
        int shownStart = lineStart;
        int shownEnd = lineEnd;
        if (lineEnd - lineStart > SHOWN) {
            shownStart = Math.max(lineStart, Math.min(start - SHOWN_BEFORE, lineEnd - SHOWN));
            shownEnd = Math.min(lineEnd, shownStart + SHOWN);
            shownStart = wholeCharacter(sql, shownStart);
            shownEnd = wholeCharacter(sql, shownEnd);
        }
        int end = Math.max(start, Math.min(position.end(), shownEnd));
        String before = shownStart > lineStart ? ELISION : "";
        String after = shownEnd < lineEnd ? ELISION : "";
        return message + "\n" + position + ":\n    " + before + sql.substring(shownStart, shownEnd) + after + "\n    "
                + " ".repeat(before.length()) + blanks(sql.substring(shownStart, start))
                + "^".repeat(Math.max(1, width(sql.substring(start, end))));
    }

    /** {@link #withCaret(String, Position, String)} of a syntax error, its suggestion after the message. */
    public static String withCaret(String sql, SyntaxException exception) {
        String message = exception.suggestion().map(suggestion -> exception.getMessage() + " " + suggestion)
                .orElse(exception.getMessage());
        return withCaret(sql, exception.position(), message);
    }

    private static int wholeCharacter(String sql, int index) {
        return index > 0 && index < sql.length() && Character.isLowSurrogate(sql.charAt(index)) ? index - 1 : index;
    }

    private static String blanks(String text) {
        StringBuilder blanks = new StringBuilder();
        text.codePoints().forEach(c -> blanks.append(c == '\t' ? "\t" : " ".repeat(width(c))));
        return blanks.toString();
    }

    private static int width(String text) {
        return text.codePoints().map(ErrorText::width).sum();
    }

    /** How many cells of a terminal a character takes: none for a combining mark, two for East Asian wide ones. */
    private static int width(int codePoint) {
        int type = Character.getType(codePoint);
        if (type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK || type == Character.FORMAT) {
            return 0;
        }
        boolean wide = codePoint >= 0x1100 && codePoint <= 0x115F || codePoint >= 0x2E80 && codePoint <= 0xA4CF
                || codePoint >= 0xAC00 && codePoint <= 0xD7A3 || codePoint >= 0xF900 && codePoint <= 0xFAFF
                || codePoint >= 0xFE30 && codePoint <= 0xFE6F || codePoint >= 0xFF00 && codePoint <= 0xFF60
                || codePoint >= 0x1F300 && codePoint <= 0x1FAFF || codePoint >= 0x20000 && codePoint <= 0x3FFFD;
        return wide ? 2 : 1;
    }
}
