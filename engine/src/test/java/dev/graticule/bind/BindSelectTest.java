package dev.graticule.bind;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.LocalDate;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BindSelectTest {
    private final Binding binding = new Binding();

    @Test
    void columnsKeepTheirSpellingAndUnnamedExpressionsAreCalledByTheirText() {
        assertEquals("a INTEGER, B2 VARCHAR, a + 1 INTEGER, sum(a) BIGINT",
                binding.columns("SELECT A, b AS B2, a + 1, sum(a) FROM t GROUP BY ALL"));
    }

    @Test
    void anExactNameWinsOverAnotherCase() {
        assertEquals("T INTEGER, t INTEGER", binding.columns("SELECT T, t FROM (SELECT a AS t, a + 1 AS T FROM t)"));
        assertTrue(binding.failure("SELECT Ab FROM (SELECT a AS AB, a AS ab FROM t)").getMessage()
                .startsWith("The name Ab is ambiguous"));
    }

    @Test
    void aStarListsAxesThenVariablesAndNoBroadcastOnes() {
        assertEquals("time TIMESTAMP, latitude REAL, longitude DOUBLE, t2m REAL, rh DOUBLE",
                binding.columns("SELECT * FROM grid"));
        assertEquals("lsm REAL", binding.columns("SELECT lsm FROM grid"));
    }

    @Test
    void aStarCanExcludeReplaceRenameAndFilterByName() {
        assertEquals("a DOUBLE, c DOUBLE", binding.columns("SELECT * EXCLUDE (b) REPLACE (a / 2.0 AS a) FROM t"));
        assertEquals("a INTEGER, bee VARCHAR, c DOUBLE", binding.columns("SELECT * RENAME (b AS bee) FROM t"));
        assertEquals("latitude REAL, longitude DOUBLE", binding.columns("SELECT * LIKE '%itude' FROM grid"));
        assertEquals("a INTEGER, a INTEGER, b VARCHAR, c DOUBLE", binding.columns("SELECT a, t.* FROM t"));
    }

    @Test
    void unpackingStandsAboveTheScanOnlyWhereItIsNeeded() {
        assertEquals("""
                Project: latitude, lsm
                  GridScan era5 [latitude 3 x longitude 2]: latitude, longitude, lsm""",
                binding.text("SELECT latitude, lsm FROM era5.latitude_longitude").replace(
                        "GridScan latitude_longitude", "GridScan era5"));
        assertTrue(binding.text("SELECT t2m FROM grid").contains("  Project: time"));
    }

    @Test
    void groupByTakesExpressionsOrdinalsAliasesAndAll() {
        String byExpression = binding.text("SELECT a % 2 AS odd, count(*) FROM t GROUP BY a % 2");
        assertEquals(byExpression,
                binding.text("SELECT a % 2 AS odd, count(*) FROM t GROUP BY 1").replace("odd AS odd", "key1 AS odd"));
        assertEquals(byExpression,
                binding.text("SELECT a % 2 AS odd, count(*) FROM t GROUP BY odd").replace("odd AS odd", "key1 AS odd"));
        assertEquals(binding.text("SELECT a % 2 AS odd, count(*) FROM t GROUP BY 1"),
                binding.text("SELECT a % 2 AS odd, count(*) FROM t GROUP BY ALL"));
    }

    @Test
    void equalAggregatesAreComputedOnce() {
        assertEquals("""
                Project: sum + 1 AS sum(a) + 1, sum AS sum(a)
                  Filter: sum > 2
                    Aggregate: sum(a)
                      RowScan t: a, b, c""", binding.text("SELECT sum(a) + 1, sum(a) FROM t HAVING sum(a) > 2"));
    }

    @Test
    void aggregatesTakeDistinctAndFilter() {
        assertEquals("""
                Project: count AS n
                  Aggregate: count(DISTINCT b) FILTER (WHERE a > 1)
                    RowScan t: a, b, c""", binding.text("SELECT count(DISTINCT b) FILTER (WHERE a > 1) AS n FROM t"));
    }

    @Test
    void orderByTakesOrdinalsAliasesUnselectedExpressionsAndAll() {
        assertEquals("Sort: x DESC",
                binding.text("SELECT a AS x FROM t ORDER BY 1 DESC").lines().findFirst().orElseThrow());
        assertEquals("Sort: x NULLS FIRST",
                binding.text("SELECT a AS x FROM t ORDER BY x NULLS FIRST").lines().findFirst().orElseThrow());
        assertEquals("Sort: a, b", binding.text("SELECT a, b FROM t ORDER BY ALL").lines().findFirst().orElseThrow());
        assertEquals("""
                Project: b
                  Sort: order1, b DESC
                    Project: b, a + 1 AS order1
                      RowScan t: a, b, c""", binding.text("SELECT b FROM t ORDER BY a + 1, b DESC"));
        assertEquals("""
                Project: b
                  Sort: order1 DESC
                    Project: b, max AS order1
                      Aggregate: max(a) by b
                        RowScan t: a, b, c""", binding.text("SELECT b FROM t GROUP BY b ORDER BY max(a) DESC"));
    }

    @Test
    void distinctIsAnAggregationWithoutAggregates() {
        assertEquals("""
                Sort: b
                  Aggregate: distinct b
                    Project: b
                      RowScan t: a, b, c""", binding.text("SELECT DISTINCT b FROM t ORDER BY b"));
    }

    @Test
    void aliasesCanBeUsedInWhereAndInLaterItems() {
        assertEquals("x INTEGER, y INTEGER", binding.columns("SELECT a AS x, x * 2 AS y FROM t WHERE y > 2"));
        assertTrue(binding.text("SELECT a AS x, x * 2 AS y FROM t WHERE y > 2").contains("Filter: a * 2 > 2"));
    }

    @Test
    void limitTakesConstantsAndParameters() {
        binding.with(Map.of("n", 4), Map.of(1, 2));
        assertEquals("Limit: 4 from 3",
                binding.text("SELECT a FROM t LIMIT $n OFFSET 1 + $1").lines().findFirst().orElseThrow());
        binding.with(Map.of(), Map.of());
        assertEquals("Limit: 2",
                binding.text("SELECT a FROM t FETCH FIRST 2 ROWS ONLY").lines().findFirst().orElseThrow());
        assertEquals("Limit: all from 2", binding.text("SELECT a FROM t OFFSET 2").lines().findFirst().orElseThrow());
    }

    @Test
    void parametersCountAsLiterals() {
        binding.with(Map.of("lat", 40.1), Map.of());
        assertTrue(binding.text("SELECT t2m FROM grid WHERE latitude = $lat").contains("Filter: latitude = 40.1"));
        binding.with(Map.of("day", LocalDate.of(2020, 1, 2)), Map.of());
        assertEquals("$day DATE", binding.columns("SELECT $day"));
        assertEquals("A value is given for $day, but there is no such parameter. There is: $x.",
                binding.failure("SELECT $x").getMessage());
        binding.with(Map.of(), Map.of());
        assertEquals("Parameter $x has no value. Bind one before running the query.",
                binding.failure("SELECT $x").getMessage());
    }

    @Test
    void unionsMeetInACommonTypeAndAreNamedByTheFirst() {
        assertEquals("a DOUBLE", binding.columns("SELECT a FROM t UNION ALL SELECT c FROM t"));
        assertEquals("""
                Aggregate: distinct a
                  Union: a
                    Project: a
                      RowScan t: a, b, c
                    Project: 7
                      Values: 1 row""", binding.text("SELECT a FROM t UNION SELECT 7"));
        assertEquals("x INTEGER, y VARCHAR", binding.columns("SELECT 1 AS x UNION ALL BY NAME SELECT 'b' AS y"));
    }

    @Test
    void valuesAreRowsWithNumberedColumns() {
        assertEquals("column1 DECIMAL(11,1), column2 VARCHAR", binding.columns("VALUES (1, 'a'), (2.5, NULL)"));
        assertEquals("x DECIMAL(11,1), y VARCHAR",
                binding.columns("SELECT * FROM (VALUES (1, 'a'), (2.5, NULL)) AS v(x, y)"));
    }

    @Test
    void commonTablesSeeThoseBeforeThemAndHideTables() {
        assertEquals("n BIGINT",
                binding.columns("WITH t AS (SELECT a FROM t), u AS (SELECT count(*) AS n FROM t) SELECT * FROM u"));
        assertEquals("x INTEGER", binding.columns("WITH v(x) AS (SELECT a FROM t) SELECT x FROM v"));
    }

    @Test
    void columnsOfValuesMayBeCalledAsInOtherDialects() {
        assertEquals("column2 VARCHAR", binding.columns("SELECT col1 FROM (VALUES (1, 'a'))"));
    }

    @Test
    void rowsAreComparedValueByValue() {
        assertTrue(binding.text("SELECT a FROM t WHERE (a, b) = (1, 'x')").contains("Filter: a = 1 AND b = 'x'"));
        assertTrue(binding.text("SELECT a FROM t WHERE (a, b) IN ((1, 'x'), (2, 'y'))")
                .contains("a = 1 AND b = 'x' OR a = 2 AND b = 'y'"));
    }

    @Test
    void arrowNamesOfTypesCanBeCastTo() {
        assertEquals("x SMALLINT, y TIMESTAMP_NS", binding.columns(
                "SELECT arrow_cast(1, 'Int16') AS x, arrow_cast('2020-01-01', 'Timestamp(Nanosecond, None)') AS y"));
    }

    @Test
    void inIsASetWhereItsValuesAreConstant() {
        assertTrue(binding.text("SELECT a FROM t WHERE a IN (1, 2, NULL)").contains("a IN (1, 2, NULL)"));
        assertTrue(binding.text("SELECT a FROM t WHERE a IN (1, length(b))").contains("OR"));
    }
}
