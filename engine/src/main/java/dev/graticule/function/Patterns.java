package dev.graticule.function;

import dev.graticule.GraticuleException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Patterns of LIKE, SIMILAR TO and regular expressions, compiled once as long as a query does not use very many. Thread-safe. */
final class Patterns {
    private static final int MOST = 500;
    private static final Map<Key, Pattern> COMPILED = new ConcurrentHashMap<>();

    private Patterns() {
    }

    private record Key(char kind, String pattern, String option) {
    }

    private interface Maker {
        Pattern make();
    }

    private static Pattern compiled(Key key, Maker maker) {
        Pattern pattern = COMPILED.get(key);
        if (pattern == null) {
            if (COMPILED.size() >= MOST) {
                COMPILED.clear();
            }
            pattern = maker.make();
            COMPILED.put(key, pattern);
        }
        return pattern;
    }

    /** A LIKE pattern, to be matched as a whole; an empty escape means that there is none. */
    static Pattern like(String pattern, String escape, boolean anyCase) {
        return compiled(new Key(anyCase ? 'i' : 'l', pattern, escape), () -> {
            int mark = escapeOf(escape);
            StringBuilder regular = new StringBuilder();
            int[] points = pattern.codePoints().toArray();
            for (int i = 0; i < points.length; i++) {
                if (points[i] == mark) {
                    if (++i == points.length) {
                        throw GraticuleException.data(null,
                                "The LIKE pattern '" + pattern + "' must not end with its escape character.");
                    }
                    quote(regular, points[i]);
                } else if (points[i] == '%') {
                    regular.append(".*");
                } else if (points[i] == '_') {
                    regular.append('.');
                } else {
                    quote(regular, points[i]);
                }
            }
            return Pattern.compile(regular.toString(),
                    Pattern.DOTALL | (anyCase ? Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE : 0));
        });
    }

    private static int escapeOf(String escape) {
        if (escape.codePointCount(0, escape.length()) > 1) {
            throw GraticuleException.data(null, "ESCAPE takes one character, not '" + escape + "'.");
        }
        return escape.isEmpty() ? -1 : escape.codePointAt(0);
    }

    private static void quote(StringBuilder regular, int point) {
        if (point < 128 && !Character.isLetterOrDigit(point)) {
            regular.append('\\');
        }
        regular.appendCodePoint(point);
    }

    /** A SIMILAR TO pattern, to be matched as a whole. */
    static Pattern similar(String pattern, String escape) {
        return compiled(new Key('s', pattern, escape), () -> {
            int mark = escapeOf(escape);
            StringBuilder regular = new StringBuilder();
            int[] points = pattern.codePoints().toArray();
            boolean inClass = false;
            for (int i = 0; i < points.length; i++) {
                int point = points[i];
                if (point == mark && i + 1 < points.length) {
                    quote(regular, points[++i]);
                } else if (inClass) {
                    inClass = point != ']';
                    regular.appendCodePoint(point);
                } else if (point == '[') {
                    inClass = true;
                    regular.append('[');
                } else if (point == '%') {
                    regular.append(".*");
                } else if (point == '_') {
                    regular.append('.');
                } else if (point == '.' || point == '^' || point == '$' || point == '\\') {
                    quote(regular, point);
                } else {
                    regular.appendCodePoint(point);
                }
            }
            return compile(pattern, regular.toString(), Pattern.DOTALL);
        });
    }

    /** A regular expression with flags: i (any case), s (. matches line ends), m (^ and $ at line ends), x (spaces do not count). */
    static Pattern regular(String pattern, String flags) {
        return compiled(new Key('r', pattern, flags), () -> {
            int options = 0;
            for (char flag : flags.toCharArray()) {
                options |= switch (flag) {
                    case 'i' -> Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE;
                    case 's' -> Pattern.DOTALL;
                    case 'm', 'n' -> Pattern.MULTILINE;
                    case 'x' -> Pattern.COMMENTS;
                    case 'c' -> 0;
                    case 'l' -> Pattern.LITERAL;
                    default -> throw GraticuleException.data(null,
                            "There is no flag '" + flag + "' of regular expressions: i s m x.");
                };
            }
            return compile(pattern, pattern, options);
        });
    }

    private static Pattern compile(String pattern, String regular, int options) {
        try {
            return Pattern.compile(regular, options);
        } catch (PatternSyntaxException malformed) {
            throw GraticuleException.data(null,
                    "The pattern '" + pattern + "' is malformed: " + malformed.getDescription() + ".");
        }
    }

    /** A replacement with \1 for a group, in Java's form. */
    static String replacement(String text) {
        StringBuilder java = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && i + 1 < text.length()) {
                char next = text.charAt(++i);
                java.append(next >= '0' && next <= '9' ? "$" + next : next == '&' ? "$0" : "\\" + next);
            } else {
                java.append(c == '$' ? "\\$" : c == '\\' ? "\\\\" : String.valueOf(c));
            }
        }
        return java.toString();
    }

    /** Every match replaced; an empty one at the end of the match before it is none. */
    static String replaceAll(Matcher matcher, String replacement) {
        StringBuilder text = new StringBuilder();
        int end = -1;
        while (matcher.find()) {
            if (matcher.start() != matcher.end() || matcher.start() != end) {
                matcher.appendReplacement(text, replacement);
            }
            end = matcher.end();
        }
        return matcher.appendTail(text).toString();
    }
}
