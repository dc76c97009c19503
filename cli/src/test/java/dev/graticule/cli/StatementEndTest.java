package dev.graticule.cli;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When the shell stops asking for more lines. */
final class StatementEndTest {
    @ParameterizedTest
    @ValueSource(strings = {"", "  ", ".help", "\\q", "SELECT 1;", "SELECT 1; -- done", "SELECT ';' ;",
            "SELECT 1; /* a /* b */ c */ ", "-- only a comment", "/* only */ -- comments", "quit", "Exit;", " help ",
            "?", "SELECT 1 - 2;",
            "SELECT 'it''s';\n", "SELECT 1; -- done\n"})
    void a_statement_is_complete(String text) {
        assertTrue(StatementEnd.isComplete(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"SELECT 1", "SELECT ';", "SELECT ';'", "SELECT \";", "SELECT 1 -- ;", "SELECT 1 /* ;",
            "SELECT 1 /* ; */", "SELECT 1; SELECT",
            "SELECT 'it''s;", "/* only", "-- a comment\nSELECT", "quit SELECT"})
    void a_statement_goes_on(String text) {
        assertFalse(StatementEnd.isComplete(text));
    }

    @Test
    void the_progress_line_says_how_far_it_is() {
        assertTrue(Progress.line(0.5, 2).contains(" 50 %  2.0 s"));
        assertTrue(Progress.line(-1, 2).equals("2.0 s"));
        assertTrue(Progress.line(2, 2).contains("100 %"));
    }
}
