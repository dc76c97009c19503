package dev.graticule.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ForeignSyntaxTest {

    private static SyntaxException error(String sql) {
        return assertThrows(SyntaxException.class, () -> SqlParser.parse(sql), sql);
    }

    /** foreign.txt holds pairs of lines: a statement, and the place and the name of what it has and the dialect has not. */
    @TestFactory
    Stream<DynamicTest> whatOtherEnginesHaveIsNamed() throws IOException {
        List<String> lines;
        try (InputStream stream = ForeignSyntaxTest.class.getResourceAsStream("foreign.txt")) {
            lines = new String(stream.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
        List<DynamicTest> tests = new ArrayList<>();
        for (int i = 0; i < lines.size(); i += 2) {
            String sql = lines.get(i);
            String expected = lines.get(i + 1).trim();
            tests.add(DynamicTest.dynamicTest(sql, () -> {
                SyntaxException error = error(sql);
                String feature = error.feature().orElse(error.getMessage());
                assertEquals(expected, error.position().textIn(sql) + " -- " + feature);
                assertEquals("Not supported yet: " + feature + ".", error.getMessage());
            }));
        }
        assertTrue(tests.size() > 150, "foreign.txt holds " + tests.size() + " statements");
        return tests.stream();
    }

    @Test
    void theStatementThatFailsIsTheOneNamed() {
        SyntaxException error = error("SELECT 1; EXPLAIN ANALYZE CREATE INDEX i ON t (a); BEGIN");
        assertEquals("CREATE INDEX", error.feature().orElseThrow());
        assertEquals(27, error.position().column());
        assertEquals("MERGE", error("PREPARE q AS MERGE INTO t").feature().orElseThrow());
        assertEquals("COPY ... FROM", error("COPY (SELECT a FROM t) FROM 'x'").feature().orElseThrow());
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "SELECT a FROM t WEHRE a = 1",
            "SELECT pivot b c FROM t",
            "SELECT a, 'FOR UPDATE' FROM t b c",
            "SELECT \"pivot\" (a b)",
            "SELECT (explain b c)",
            "SELECT a FROM begin commit rollback",
            "CREATE VIEW v AS SELEC 1",
            "CREATE TABLE t AS SELECT 1 2",
            "DROP TABLE a b",
            "SELECT a < > b",
            "COPY t TO x y",
            "COPY SELECT a FROM t TO 'x.csv'",
            "WITH x AS (SELECT 1) SELECT a b c FROM x",
    })
    void aSlipOfTheFingerStaysOne(String sql) {
        assertTrue(error(sql).feature().isEmpty(), () -> error(sql).getMessage());
    }

    /** None of the words is reserved. */
    @Test
    void theWordsAreNamesElsewhere() {
        for (String word : List.of("begin", "start", "commit", "rollback", "abort", "savepoint", "release", "lock",
                "merge", "truncate", "pivot", "unpivot", "pivot_wider", "call", "pragma", "vacuum", "checkpoint",
                "install", "load", "export", "import", "comment", "grant", "revoke", "declare", "move", "close",
                "listen", "discard", "do", "reindex", "cluster", "refresh", "type", "macro", "function", "index",
                "sequence", "secret", "trigger", "extension", "role", "domain", "rule", "policy", "json", "normalized",
                "overlaps", "explain", "operator", "variadic", "match_recognize", "share", "locked", "xmlelement",
                "version",
                "system_time", "references", "generated", "constraint", "foreign", "check", "alter", "format",
                "verbose", "search", "cycle", "depth", "breadth", "uescape", "enum", "analyze", "insert", "update",
                "delete", "at", "no")) {
            SqlParser.parse("SELECT " + word + ", t." + word + ", a AS " + word + ", f(" + word + ") FROM " + word
                    + " AS " + word + " WHERE " + word + " > 1 GROUP BY " + word + " ORDER BY " + word);
        }
    }
}
