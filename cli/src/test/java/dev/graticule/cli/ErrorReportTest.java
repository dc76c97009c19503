package dev.graticule.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graticule.ErrorKind;
import dev.graticule.GraticuleException;
import dev.graticule.sql.Position;
import org.junit.jupiter.api.Test;

/** SEMANTICS 26: an error says whose it is, where, and what. */
final class ErrorReportTest {
    private final ErrorReport errors = new ErrorReport(false);

    @Test
    void the_caret_stands_under_the_place() {
        String sql = "SELECT a,\n\tfoo + 1\nFROM t";
        GraticuleException error = GraticuleException.binding(new Position(2, 2, 11, 14),
                "There is no column foo. Did you mean fog?");
        assertEquals("""
                Error in the query at line 2, column 2: There is no column foo. Did you mean fog?
                   foo + 1
                   ^^^
                """, errors.text(error, sql));
    }

    @Test
    void a_long_line_is_cut_around_the_place() {
        String sql = "SELECT " + "a, ".repeat(100) + "foo, " + "b, ".repeat(100) + "c FROM t";
        int at = sql.indexOf("foo");
        String[] lines = errors.text(GraticuleException.binding(new Position(1, at + 1, at, at + 3), "no foo"), sql)
                .split("\n");
        assertEquals(3, lines.length);
        assertTrue(lines[1].length() < 110);
        assertEquals(lines[1].indexOf("foo"), lines[2].indexOf("^^^"));
    }

    @Test
    void wide_characters_before_the_place_are_counted() {
        String sql = "SELECT '漢字', foo";
        String[] lines = errors.text(GraticuleException.binding(new Position(1, 14, 13, 16), "no foo"), sql)
                .split("\n");
        assertEquals("  SELECT '漢字', foo", lines[1]);
        assertEquals("  " + " ".repeat(15) + "^^^", lines[2]);
    }

    @Test
    void a_place_at_the_end_or_beyond_the_text_does_no_harm() {
        assertEquals("Syntax error at line 1, column 7: unexpected end\n  SELECT\n        ^\n",
                errors.text(GraticuleException.of(ErrorKind.SYNTAX, new Position(1, 7, 6, 6), "unexpected end", null),
                        "SELECT"));
        assertTrue(errors.text(GraticuleException.binding(new Position(9, 1, 90, 91), "no foo"), "SELECT 1")
                .startsWith("Error in the query"));
    }

    @Test
    void a_stack_trace_is_shown_only_where_it_is_asked_for() {
        IllegalStateException defect = new IllegalStateException("broken");
        assertFalse(errors.text(defect, "").contains("\tat "));
        assertTrue(errors.text(defect, "").contains("Internal error"));
        assertTrue(new ErrorReport(true).text(defect, "").contains("\tat "));
    }
}
