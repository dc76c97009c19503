package dev.graticule.python;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.graticule.Engine;
import dev.graticule.ErrorKind;
import dev.graticule.GraticuleException;
import dev.graticule.python.StatementText.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;

final class StatementTextTest {
    private static StatementText of(String sql) {
        try (Engine engine = Engine.create()) {
            return StatementText.of(engine, sql);
        }
    }

    @Test
    void a_query_s_text_ends_before_its_semicolon() {
        assertEquals(new StatementText(Kind.QUERY, "SELECT 1", List.of()), of("SELECT 1; -- one"));
    }

    @Test
    void its_tables_are_the_first_parts_of_names_wherever_they_stand_each_once() {
        assertEquals(List.of("air", "era5", "stations"), of("""
                SELECT * FROM air
                UNION ALL SELECT * FROM (SELECT * FROM era5.time_lat_lon WHERE x IN (SELECT y FROM stations))
                UNION ALL SELECT * FROM air""").tables());
    }

    @Test
    void statements_are_told_apart_by_what_becomes_of_them() {
        assertEquals(Kind.QUERY, of("WITH a AS (SELECT 1) SELECT * FROM a").kind());
        assertEquals(Kind.ROWS, of("EXPLAIN SELECT 1").kind());
        assertEquals(Kind.ROWS, of("DESCRIBE air").kind());
        assertEquals(Kind.EFFECT, of("CREATE VIEW v AS SELECT 1").kind());
        assertEquals(Kind.EFFECT, of("SET threads = 1").kind());
        assertEquals(List.of("air"), of("DESCRIBE air").tables());
    }

    @Test
    void what_is_no_statement_fails_as_a_query_of_it_would() {
        GraticuleException failure = assertThrows(GraticuleException.class, () -> of("SELEC 1"));
        assertEquals(ErrorKind.SYNTAX, failure.kind());
    }
}
