package dev.graticule.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class DialectTest {

    @TestFactory
    Stream<DynamicTest> everyFormOfTheDialectParsesAndPrintsBack() throws IOException {
        String sql;
        try (InputStream stream = DialectTest.class.getResourceAsStream("dialect.sql")) {
            sql = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        }
        List<Statement> statements;
        try {
            statements = SqlParser.parseAll(sql);
        } catch (SyntaxException e) {
            throw new AssertionError(ErrorText.withCaret(sql, e), e);
        }
        assertTrue(statements.size() > 100, "dialect.sql holds " + statements.size() + " statements");
        return statements.stream()
                .map(statement -> DynamicTest.dynamicTest(statement.position().textIn(sql),
                        () -> check(statement, sql)));
    }

    private static void check(Statement statement, String sql) {
        assertEquals("", Trees.misplaced(statement, statement.position(), sql));
        String printed = AstPrinter.toSql(statement);
        Statement again;
        try {
            again = SqlParser.parse(printed);
        } catch (SyntaxException e) {
            throw new AssertionError(ErrorText.withCaret(printed, e), e);
        }
        assertEquals("", Trees.difference(statement, again), printed);
    }
}
