package dev.graticule.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UnicodeEscapesTest {

    private static SqlExpression expression(String sql) {
        Statement.Query query = (Statement.Query) SqlParser.parse("SELECT " + sql + " FROM t");
        return ((QueryBody.Select) query.query().body()).items().getFirst().expression();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "U&'d\\0061t\\0061'            | data",
            "u&'\\+01F30D'                 | \uD83C\uDF0D",
            "u&'\\D83C\\DF0D'              | \uD83C\uDF0D",
            "U&'a\\\\b'                    | a\\b",
            "U&'it''s'                     | it's",
            "U&'d!0061t\\0061' UESCAPE '!' | dat\\0061",
            "U&'!!' uescape '!'            | !",
    })
    void aStringIsResolved(String sql, String value) {
        assertEquals(value, assertInstanceOf(SqlExpression.StringLiteral.class, expression(sql)).value());
    }

    @Test
    void aNameIsQuotedAndItsPositionCoversTheEscape() {
        String sql = "U&\"d!0061t\"\"a\" UESCAPE '!'";
        SqlExpression.Name name = assertInstanceOf(SqlExpression.Name.class, expression(sql));
        assertEquals("dat\"a", name.parts().getFirst().name());
        assertTrue(name.parts().getFirst().quoted());
        assertEquals(sql, name.position().textIn("SELECT " + sql + " FROM t"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "U&'\\00'",
            "U&'a\\'",
            "U&'\\00g1'",
            "U&'\\+110000'",
            "U&'\\D83C'",
            "U&'\\DF0D\\D83C'",
    })
    void whatIsNoCharacterIsRefused(String sql) {
        SyntaxException error = assertThrows(SyntaxException.class, () -> expression(sql));
        assertEquals("This text holds an escape that is no character.", error.getMessage());
        assertEquals(sql, error.position().textIn("SELECT " + sql));
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', value = {"'ab'", "'a'", "'+'", "''", "' '"})
    void someCharactersAreNoEscapes(String escape) {
        SyntaxException error = assertThrows(SyntaxException.class, () -> expression("U&'x' UESCAPE " + escape));
        assertEquals("UESCAPE takes one character that is no digit, letter to F, quote, plus or blank.",
                error.getMessage());
    }
}
