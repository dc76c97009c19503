package dev.graticule.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SyntaxErrorTest {

    private static SyntaxException error(String sql) {
        return assertThrows(SyntaxException.class, () -> SqlParser.parse(sql));
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '`', value = {
            "SELCT a FROM t                    ; SELCT     ; Did you mean SELECT?",
            "SELECT a FORM t                   ; FORM      ; Did you mean FROM?",
            "SELECT * FORM t                   ; FORM      ; Did you mean FROM?",
            "SELECT a FROM t WEHRE a > 1       ; WEHRE     ; Did you mean WHERE?",
            "SELECT a FROM t GRUOP BY a        ; GRUOP     ; Did you mean GROUP?",
            "SELECT a FROM t ODER BY a         ; ODER      ; Did you mean ORDER?",
            "SELECT a FROM t LIMT 5            ; LIMT      ; Did you mean LIMIT?",
            "SELECT a FROM t JION u ON a = b   ; JION      ; Did you mean JOIN?",
            "DESCIRBE t                        ; DESCIRBE  ; Did you mean DESCRIBE?",
            "SELECT a FROM t ORDER BY a LIMIT 5 OFSET 2 ; OFSET ; Did you mean OFFSET?",
    })
    void aMisspeltKeywordIsNamed(String sql, String place, String suggestion) {
        SyntaxException error = error(sql);
        assertEquals(place, error.position().textIn(sql));
        assertEquals(suggestion, error.suggestion().orElseThrow());
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '@', ignoreLeadingAndTrailingWhitespace = true, value = {
            "SELECT a + ) FROM t         ; )      ; Expected an expression, found ')'.",
            "SELECT                      ; @@     ; Expected an expression, found the end of the text.",
            "SELECT a FROM t WHERE       ; @@     ; Expected an expression, found the end of the text.",
            "SELECT a FROM               ; @@     ; Expected a table, found the end of the text.",
            "SELECT (a + b FROM t        ; FROM   ; Expected an operator, ',' or ')', found 'FROM'.",
            "SELECT a FROM t GROUP a     ; a      ; Expected BY, found 'a'.",
            "SELECT CAST(a, int)         ; ,      ; Expected an operator or AS, found ','.",
            "SELECT CASE WHEN a THEN b   ; @@     ; Expected an operator, ELSE, END or WHEN, found the end of the text.",
            "SELECT f(a                  ; @@     ; Expected ')', found the end of the text.",
            "SELECT a b c                ; c      ; Expected the end of the text, found 'c'.",
            "SELECT a FROM t JOIN u      ; @@     ; Expected ON or USING, found the end of the text.",
            "SELECT a = FROM t           ; FROM   ; Expected an expression, found 'FROM'.",
            "SELECT 'abc                 ; '      ; This string is never closed.",
            "SELECT \"abc                ; \"     ; This quoted name is never closed.",
            "SELECT /* abc               ; /*     ; This comment is never closed.",
            "SELECT $x$abc               ; $      ; This string is never closed.",
            "SELECT `abc`                ; `abc`  ; Names are not quoted with backticks.",
            "SELECT 2m_temperature FROM t ; 2m_temperature ; Column names that begin with a digit need quotes: write \"2m_temperature\".",
            "SELECT t.2m_temperature     ; .2m_temperature ; Column names that begin with a digit need quotes: write \"2m_temperature\".",
            "SELECT 1a                   ; 1a     ; Column names that begin with a digit need quotes: write \"1a\".",
            "SELECT \"\"                 ; \"\"   ; A quoted name may not be empty.",
            "SELECT a IN (               ; @@     ; Expected an expression, found the end of the text.",
            "SELECT $0                   ; $0     ; Parameters are numbered from $1.",
            "CREATE TABLE t (a, b INT)   ; a      ; Column a needs a type.",
    })
    void theMessageSaysWhatWasExpected(String sql, String place, String message) {
        SyntaxException error = error(sql);
        assertEquals(message, error.getMessage());
        assertEquals(place == null ? "" : place, error.position().textIn(sql));
    }

    @Test
    void aKeywordUsedAsANameIsToldToBeQuoted() {
        assertEquals("If it is meant as a name, write it in quotes: \"end\".",
                error("SELECT end FROM t").suggestion().orElseThrow());
    }

    @Test
    void anUnclosedParenthesisIsPointedAt() {
        assertEquals("The '(' at line 1, column 9 is never closed.", error("SELECT f(a").suggestion().orElseThrow());
    }

    @Test
    void typographicQuotesAreExplained() {
        assertEquals("Strings need plain single quotes (').", error("SELECT ‘a’").suggestion().orElseThrow());
        assertEquals("Quoted names need plain double quotes (\").", error("SELECT “a”").suggestion().orElseThrow());
    }

    @Test
    void aSecondStatementIsOneTooMany() {
        SyntaxException error = error("SELECT a; SELECT b");
        assertEquals("Only one statement is expected here.", error.getMessage());
        assertEquals(new Position(1, 11, 10, 18), error.position());
    }

    @Test
    void anEmptyTextHasNoStatement() {
        assertEquals("There is no statement here.", error(" -- nothing\n").getMessage());
        assertTrue(SqlParser.parseAll(" ; ;; -- nothing\n").isEmpty());
    }

    @Test
    void positionsCountLinesAndCharactersNotUtf16Units() {
        String sql = "SELECT '\uD83E\uDD86',\n  '\uD83E\uDD86' + )";
        SyntaxException error = error(sql);
        assertEquals(new Position(2, 9, sql.length() - 1, sql.length()), error.position());
    }

    @Test
    void theCaretStandsUnderThePlace() {
        String sql = "SELECT a\nFROM t\nWEHRE a > 1";
        assertEquals("""
                'WEHRE' is not understood here. Did you mean WHERE?
                line 3, column 1:
                    WEHRE a > 1
                    ^^^^^""", ErrorText.withCaret(sql, error(sql)));
    }

    @Test
    void aWordThatBeginsNoStatementIsToldWhatDoes() {
        assertEquals("Expected a statement, found 'nope'.", error("nope").getMessage());
        assertEquals(11, error("SELECT 1; nope").position().column());
        assertEquals("Did you mean SELECT?", error("selct 1").suggestion().orElseThrow());
    }

    @Test
    void aCharacterThatCannotBeSeenIsCalledByItsNumber() {
        assertEquals("Unexpected character U+0000.", error("S\0E\0").getMessage());
        assertTrue(error("S\0E\0").suggestion().orElseThrow().contains("UTF-16"));
        assertEquals("Unexpected character U+001A.", error("SELECT 1\u001a").getMessage());
    }

    @Test
    void aMapWithoutItsWordIsToldHowMapsAreWritten() {
        for (String key : new String[]{"('lat', 'lon')", "['lat', 'lon']", "1"}) {
            SyntaxException error = error("FROM read_zarr('x', table_names => {" + key + ": 'm'})");
            assertEquals("What has keys other than names is written MAP {key: value}.",
                    error.suggestion().orElseThrow());
        }
    }
}
