package dev.graticule.sql;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.antlr.v4.runtime.CommonToken;

/**
 * Makes plain strings and quoted names of {@code U&'d\\0061ta'} and {@code U&"d!0061ta" UESCAPE '!'}: four hexadecimal digits
 * after the escape character, six after it and a plus sign, or the escape character twice.
 */
final class UnicodeEscapes {

    private static final int SHORT = 4;
    private static final int LONG = 6;

    private UnicodeEscapes() {
    }

    /** The error about a token: its message and what to write instead. */
    interface Refusal {
        SyntaxException of(CommonToken token, String message, String suggestion);
    }

    /** Changes the tokens in place; those of UESCAPE are taken away. */
    static void resolve(List<CommonToken> tokens, Refusal refusal) {
        for (int i = 0; i < tokens.size(); i++) {
            CommonToken token = tokens.get(i);
            boolean string = token.getType() == GraticuleLexer.UNICODE_STRING;
            if (!string && token.getType() != GraticuleLexer.UNICODE_IDENTIFIER) {
                continue;
            }
            char escape = '\\';
            boolean named = i + 2 < tokens.size() && tokens.get(i + 1).getText().equalsIgnoreCase("UESCAPE")
                    && tokens.get(i + 2).getType() == GraticuleLexer.STRING;
            String written = token.getText();
            if (named) {
                escape = escape(tokens.get(i + 2), refusal);
                token.setStopIndex(tokens.get(i + 2).getStopIndex());
                tokens.subList(i + 1, i + 3).clear();
            }
            String body = string ? NameBuilder.plain(written.substring(2))
                    : written.substring(3, written.length() - 1).replace("\"\"", "\"");
            String value = decoded(body, escape, token, refusal);
            token.setType(string ? GraticuleLexer.STRING : GraticuleLexer.QUOTED_IDENTIFIER);
            token.setText(string ? "'" + value.replace("'", "''") + "'" : "\"" + value.replace("\"", "\"\"") + "\"");
        }
    }

    private static char escape(CommonToken token, Refusal refusal) {
        String value = NameBuilder.plain(token.getText());
        if (value.length() != 1 || Character.digit(value.charAt(0), 16) >= 0 || " +'\"".contains(value)) {
            throw refusal.of(token, "UESCAPE takes one character that is no digit, letter to F, quote, plus or blank.",
                    "");
        }
        return value.charAt(0);
    }

    private static String decoded(String text, char escape, CommonToken token, Refusal refusal) {
        StringBuilder value = new StringBuilder();
        int i = 0;
        while (i < text.length()) {
            char c = text.charAt(i++);
            if (c != escape) {
                value.append(c);
            } else if (i < text.length() && text.charAt(i) == escape) {
                value.append(c);
                i++;
            } else {
                boolean plus = i < text.length() && text.charAt(i) == '+';
                int start = plus ? i + 1 : i;
                int end = start + (plus ? LONG : SHORT);
                boolean whole = end <= text.length()
                        && text.substring(start, end).chars().allMatch(digit -> Character.digit(digit, 16) >= 0);
                if (!whole || !Character.isValidCodePoint(Integer.parseInt(text, start, end, 16))) {
                    throw noCharacter(escape, token, refusal);
                }
                value.appendCodePoint(Integer.parseInt(text, start, end, 16));
                i = end;
            }
        }
        // Two escapes may be one character, half of one is none.
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(value)) {
            throw noCharacter(escape, token, refusal);
        }
        return value.toString();
    }

    private static SyntaxException noCharacter(char escape, CommonToken token, Refusal refusal) {
        return refusal.of(token, "This text holds an escape that is no character.",
                "Write " + escape + "0061 or " + escape + "+000061.");
    }
}
