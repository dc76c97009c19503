package dev.graticule.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrecedenceTest {

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '`', value = {
            "a OR b AND c                    ; (a OR (b AND c))",
            "a OR b OR c AND d AND e         ; (a OR b OR (c AND d AND e))",
            "a AND (b AND c)                 ; (a AND (b AND c))",
            "NOT a AND b                     ; ((NOT a) AND b)",
            "NOT a = b                       ; (NOT (a = b))",
            "NOT a IS NULL                   ; (NOT (a IS NULL))",
            "NOT a IN (1)                    ; (NOT (a IN (1)))",
            "a = b IS NULL                   ; ((a = b) IS NULL)",
            "a < b = c                       ; ((a < b) = c)",
            "a = b LIKE c                    ; (a = (b LIKE c))",
            "a || b LIKE c || d              ; ((a || b) LIKE (c || d))",
            "a + b || c                      ; ((a + b) || c)",
            "a || b + c                      ; (a || (b + c))",
            "a || b || c                     ; ((a || b) || c)",
            "a & b = c                       ; ((a & b) = c)",
            "a << 1 + b                      ; (a << (1 + b))",
            "a - b - c                       ; ((a - b) - c)",
            "a + b * c                       ; (a + (b * c))",
            "a * b / c // d % e              ; ((((a * b) / c) // d) % e)",
            "a * b ^ c                       ; (a * (b ^ c))",
            "a ^ b ^ c                       ; ((a ^ b) ^ c)",
            "-a ^ b                          ; ((- a) ^ b)",
            "2 ^ -1                          ; (2 ^ (- 1))",
            "- a * b                         ; ((- a) * b)",
            "a - -b                          ; (a - (- b))",
            "-a::int                         ; (- (a)::INT)",
            "a + b::int                      ; (a + (b)::INT)",
            "a::int::text                    ; ((a)::INT)::TEXT",
            "-a[1]                           ; (- (a)[1])",
            "~a + b                          ; (~ (a + b))",
            "c * ~a + b                      ; ((c * (~ a)) + b)",
            "~ ~a                            ; (~ (~ a))",
            "a | ~b & c                      ; ((a | (~ b)) & c)",
            "a.b ~ 'x'                       ; (a.b ~ 'x')",
            "name ~ 'x'                      ; (name ~ 'x')",
            "a BETWEEN b AND c AND d         ; ((a BETWEEN b AND c) AND d)",
            "a NOT BETWEEN b + 1 AND c OR d  ; ((a NOT BETWEEN (b + 1) AND c) OR d)",
            "a BETWEEN b AND c = d           ; ((a BETWEEN b AND c) = d)",
            "a IN (1) IS TRUE                ; ((a IN (1)) IS TRUE)",
            "a IS DISTINCT FROM b AND c      ; ((a IS DISTINCT FROM b) AND c)",
            "a IS DISTINCT FROM b = c        ; (a IS DISTINCT FROM (b = c))",
            "a AT TIME ZONE 'x' + b          ; ((a AT TIME ZONE 'x') + b)",
            "-a AT TIME ZONE 'x'             ; ((- a) AT TIME ZONE 'x')",
            "a || b COLLATE c                ; (a || (b COLLATE c))",
            "a COLLATE c < b                 ; ((a COLLATE c) < b)",
            "a -> 'x' = b                    ; ((a -> 'x') = b)",
            "a = ANY ([1]) AND b             ; ((a = ANY ([1])) AND b)",
            "a LIKE b ESCAPE c AND d         ; ((a LIKE b ESCAPE c) AND d)",
            "INTERVAL '1 day' * 2 + t        ; ((INTERVAL '1 day' * 2) + t)",
            "DATE '2020-01-01' - DATE '2019' ; (DATE '2020-01-01' - DATE '2019')",
            "time - INTERVAL 1 DAY < x       ; ((time - INTERVAL 1 DAY) < x)",
            "CASE WHEN a OR b THEN c END + 1 ; (CASE WHEN (a OR b) THEN c END + 1)",
            "(a)                             ; a",
            "((a + b)) * c                   ; ((a + b) * c)",
    })
    void operatorsBindAsInPostgres(String expression, String printed) {
        Statement.Query statement = (Statement.Query) SqlParser.parse("SELECT " + expression);
        QueryBody.Select select = (QueryBody.Select) statement.query().body();
        assertEquals(printed, AstPrinter.toSql(select.items().getFirst().expression()));
    }
}
