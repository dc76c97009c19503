package dev.graticule.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ErrorTextTest {

    private static String caret(String sql, String word) {
        int start = sql.indexOf(word);
        int line = (int) sql.substring(0, start).chars().filter(c -> c == '\n').count() + 1;
        int lineStart = sql.lastIndexOf('\n', start - 1) + 1;
        int column = sql.codePointCount(lineStart, start) + 1;
        return ErrorText.withCaret(sql, new Position(line, column, start, start + word.length()), "No.");
    }

    @Test
    void theLineAndACaretPerCharacterAreShown() {
        assertEquals("No.\nline 2, column 3:\n    b cc d\n      ^^", caret("a\nb cc d\ne", "cc"));
    }

    @Test
    void theEndOfTheTextHasOneCaret() {
        assertEquals("No.\nline 1, column 9:\n    SELECT 1\n            ^",
                ErrorText.withCaret("SELECT 1", new Position(1, 9, 8, 8), "No."));
    }

    @Test
    void anEmptyTextHasOneCaretToo() {
        assertEquals("No.\nline 1, column 1:\n    \n    ^",
                ErrorText.withCaret("", new Position(1, 1, 0, 0), "No."));
    }

    @Test
    void tabsStayTabsSoThatTheCaretLinesUp() {
        assertEquals("No.\nline 1, column 4:\n    \ta\tbb\n    \t \t^^", caret("\ta\tbb", "bb"));
    }

    @Test
    void wideCharactersTakeTwoColumnsAndCombiningOnesNone() {
        assertEquals("No.\nline 1, column 4:\n    温度 x\n         ^", caret("温度 x", "x"));
        assertEquals("No.\nline 1, column 4:\n    e\u0301 x\n      ^", caret("e\u0301 x", "x"));
    }

    @Test
    void windowsLineEndsAreNotShown() {
        assertEquals("No.\nline 1, column 3:\n    a b\n      ^", caret("a b\r\nc", "b"));
    }

    @Test
    void aMarkThatGoesOnOverLinesEndsWithTheLine() {
        assertEquals("No.\nline 1, column 3:\n    a (b\n      ^^", caret("a (b\nc)", "(b\nc)"));
    }

    @Test
    void longLinesAreCutAroundThePlace() {
        String text = caret("x".repeat(500) + " HERE " + "y".repeat(500), "HERE");
        String[] lines = text.split("\n");
        assertEquals(4, lines.length);
        assertTrue(lines[2].length() < 110, lines[2]);
        assertTrue(lines[2].strip().startsWith("…") && lines[2].endsWith("…"), lines[2]);
        assertEquals("HERE", lines[2].substring(lines[3].indexOf('^'), lines[3].lastIndexOf('^') + 1));
    }
}
