package dev.graticule.cli;

/** Where statements end in text that is being typed. */
final class StatementEnd {
    private StatementEnd() {
    }

    /** Whether the text is a command of the shell: begins with a point or a backslash, or is one of the words that psql knows. */
    static boolean isCommand(String text) {
        String stripped = text.strip();
        return stripped.startsWith(".") || stripped.startsWith("\\")
                || stripped.matches("(?i)(quit|exit|help|\\?)\\s*;*");
    }

    /** Whether the text is nothing or only comments, a command of the shell, or ends with a semicolon outside of strings and comments. */
    static boolean isComplete(String text) {
        if (isCommand(text)) {
            return true;
        }
        boolean ended = true;
        int i = 0;
        while (i < text.length()) {
            char c = text.charAt(i);
            int next = switch (c) {
                case '\'', '"' -> after(text, text.indexOf(c, i + 1), 1);
                case '-' -> text.startsWith("--", i) ? after(text, text.indexOf('\n', i), 1) : i + 1;
                case '/' -> text.startsWith("/*", i) ? afterComment(text, i) : i + 1;
                default -> i + 1;
            };
            if (next < 0) {
                return c == '-' && ended;
            }
            boolean comment = next > i + 1 && c != '\'' && c != '"';
            if (!comment && !Character.isWhitespace(c)) {
                ended = c == ';';
            }
            i = next;
        }
        return ended;
    }

    private static int after(String text, int found, int length) {
        return found < 0 ? -1 : found + length;
    }

    /** Comments nest. */
    private static int afterComment(String text, int start) {
        int depth = 0;
        for (int i = start; i + 1 < text.length(); i++) {
            if (text.startsWith("/*", i)) {
                depth++;
                i++;
            } else if (text.startsWith("*/", i)) {
                depth--;
                i++;
                if (depth == 0) {
                    return i + 1;
                }
            }
        }
        return -1;
    }
}
