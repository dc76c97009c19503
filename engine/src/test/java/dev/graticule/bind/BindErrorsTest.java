package dev.graticule.bind;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graticule.ErrorKind;
import dev.graticule.GraticuleException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BindErrorsTest {
    private final Binding binding = new Binding();

    @Test
    void anUnknownColumnIsShownWithTheNearestOnes() {
        binding.assertFails("SELECT lattitude FROM grid", //
                "       ^^^^^^^^^", //
                "No column named lattitude. Did you mean latitude or longitude?");
        binding.assertFails("SELECT \"x\" FROM t", //
                "       ^^^", //
                "No column named x. A string is written in single quotes: 'x'. There is: a, b, c.");
    }

    @Test
    void anUnknownTableIsShownWithTheNearestOnes() {
        binding.assertFails("SELECT 1 FROM er5", "              ^^^", "No table named er5. Did you mean era5?");
        binding.assertFails("SELECT 1 FROM era5.test", "              ^^^^^^^^^",
                "era5 holds no table test. It holds: time_latitude_longitude, latitude_longitude.");
        binding.assertFails("SELECT 1 FROM x.test", "              ^^^^^^",
                "No table named x.test. A path needs quotes: FROM 'x.test'.");
        binding.assertFails("SELECT u.a FROM t", "       ^^^", "No table named u in FROM. There is: t.");
    }

    @Test
    void anUnknownFunctionIsShownWithTheNearestOnes() {
        binding.assertFails("SELECT 1 + avgg(a) FROM t", "           ^^^^^^^",
                "No function named avgg. Did you mean avg?");
    }

    @Test
    void aColumnOutsideOfGroupsIsPointedAt() {
        binding.assertFails("SELECT latitude, 1 + t2m FROM grid GROUP BY latitude", //
                "                     ^^^", //
                "t2m must be in GROUP BY or inside an aggregate.");
        binding.assertFails("SELECT a FROM t HAVING count(*) > 1", "       ^",
                "a must be in GROUP BY or inside an aggregate.");
        binding.assertFails("SELECT count(*) FROM t ORDER BY a", "                                ^",
                "a must be in GROUP BY or inside an aggregate.");
    }

    @Test
    void aggregatesStandWhereGroupsAre() {
        binding.assertFails("SELECT a FROM t WHERE sum(a) > 1", "                      ^^^^^^",
                "The aggregate sum cannot stand in WHERE. Write HAVING for conditions on groups.");
        binding.assertFails("SELECT sum(max(a)) FROM t", "           ^^^^^^",
                "The aggregate max cannot stand in another aggregate.");
        binding.assertFails("SELECT count(*) FROM t GROUP BY 1", "                                ^",
                "count(*) is an aggregate: GROUP BY cannot use it.");
    }

    @Test
    void typesThatDoNotFitArePointedAt() {
        binding.assertFails("SELECT a FROM t WHERE b", "                      ^",
                "WHERE needs a BOOLEAN; this is VARCHAR.");
        assertEquals("a + b".length(),
                binding.failure("SELECT a + b FROM t").position().map(p -> p.end() - p.start()).orElseThrow());
        binding.assertFails("SELECT CAST(a AS FLOATT) FROM t", "                 ^^^^^^",
                "No type named FLOATT. Did you mean FLOAT or FLOAT4 or FLOAT8?");
    }

    @Test
    void monthsAndYearsAreNotTimestamps() {
        binding.assertFails("SELECT t2m FROM grid WHERE time = '2013-01'",
                "                                  ^^^^^^^^^",
                "'2013-01' is a month, not a timestamp. Write time >= '2013-01-01' AND time < '2013-02-01'.");
        binding.assertFails("SELECT t2m FROM grid WHERE time BETWEEN '2013' AND '2014'",
                "                                        ^^^^^^",
                "'2013' is a year, not a timestamp. Write time >= '2013-01-01' AND time < '2014-01-01'.");
    }

    @Test
    void ordinalsAreCheckedAgainstTheSelectList() {
        binding.assertFails("SELECT a, b FROM t ORDER BY 3", "                            ^",
                "ORDER BY 3 is not a column of the select list: it has 2 columns.");
        binding.assertFails("SELECT a FROM t GROUP BY 2", "                         ^",
                "GROUP BY 2 is not a column of the select list: it has 1 column.");
    }

    @Test
    void whatIsParsedAndNotBoundYetIsNamed() {
        Map<String, String> features = Map.ofEntries(Map.entry("SELECT sum(a) OVER () FROM t", "window functions"),
                Map.entry("SELECT (SELECT 1)", "scalar subqueries"),
                Map.entry("SELECT a FROM t WHERE EXISTS (SELECT 1)", "EXISTS"),
                Map.entry("SELECT a FROM t WHERE a IN (SELECT 1)", "IN (subquery)"),
                Map.entry("SELECT * FROM t JOIN t u ON true", "joins"),
                Map.entry("SELECT 1 FROM t, t u", "joins (several tables in FROM)"),
                Map.entry("SELECT 1 INTERSECT ALL SELECT 1", "INTERSECT ALL"),
                Map.entry("SELECT a FROM t GROUP BY ROLLUP (a)", "ROLLUP"),
                Map.entry("SELECT DISTINCT ON (a) a FROM t", "DISTINCT ON"),
                Map.entry("SELECT a FROM t QUALIFY a > 1", "QUALIFY"), Map.entry("SELECT [1, 2]", "lists"),
                Map.entry("SELECT make_array(1)", "lists (make_array)"),
                Map.entry("SELECT DISTINCT b FROM t ORDER BY a",
                        "ORDER BY an expression that SELECT DISTINCT does not select"),
                Map.entry("SELECT {'a': 1}", "structs"), Map.entry("SELECT b GLOB 'a*' FROM t", "GLOB"),
                Map.entry("SELECT a[:-:2] FROM t", "slices"),
                Map.entry("INSERT INTO t SELECT 1", "INSERT"),
                Map.entry("WITH RECURSIVE r AS (SELECT 1 UNION ALL SELECT * FROM r) SELECT * FROM r",
                        "WITH RECURSIVE"));
        features.forEach((sql, feature) -> {
            GraticuleException failure = binding.failure(sql);
            assertEquals(ErrorKind.UNSUPPORTED, failure.kind(), sql);
            assertEquals("Not supported yet: " + feature + ".", failure.getMessage());
            assertTrue(failure.position().isPresent(), sql);
        });
    }

    @Test
    void namesOfValuesAndUnionsNeedEqualWidths() {
        assertEquals("Each row of VALUES needs the same number of values: the first has 1, this one has 2.",
                binding.failure("VALUES (1), (2, 3)").getMessage());
        assertEquals("Each part of UNION needs the same number of columns: the first has 1, this one has 2.",
                binding.failure("SELECT 1 UNION ALL SELECT 2, 3").getMessage());
    }
}
