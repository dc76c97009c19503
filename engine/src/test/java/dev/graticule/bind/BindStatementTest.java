package dev.graticule.bind;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graticule.expression.Expression;
import dev.graticule.expression.Expression.Literal;
import dev.graticule.plan.LogicalPlan;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class BindStatementTest {
    private final Binding binding = new Binding();

    private List<String> rows(String sql) {
        return ((LogicalPlan.Values) binding.plan(sql)).rows().stream()
                .map(row -> row.stream().map(BindStatementTest::value).collect(Collectors.joining("|")))
                .toList();
    }

    private static String value(Expression expression) {
        return String.valueOf(((Literal) expression).value());
    }

    @Test
    void settingsAreSetShownAndReset() {
        binding.statement("SET memory_limit = '4GB'");
        assertEquals(4_000_000_000L, binding.session().settings().options().memoryLimit());
        binding.statement("SET threads TO 3");
        assertEquals(List.of("3"), rows("SHOW threads"));
        binding.statement("SET pruning = off");
        assertEquals(false, binding.session().settings().options().pruning());
        binding.statement("RESET ALL");
        assertEquals(true, binding.session().settings().options().pruning());
        assertEquals("No setting named thread. Did you mean threads?", binding.failure("SET thread = 3").getMessage());
        assertEquals("threads needs a whole number from 1 to 16777216, not 0.",
                binding.failure("SET threads = 0").getMessage());
        assertEquals("memory_limit needs a size such as '4GB', not many.",
                binding.failure("SET memory_limit = 'many'").getMessage());
    }

    @Test
    void noSupplierIsAskedForTheWordsOfAnError() {
        binding.session().catalog().put("lazy", new Catalog.DatasetEntry(() -> {
            throw new AssertionError("asked");
        }));
        assertEquals("There is a table named lazy already. Write CREATE OR REPLACE, or DROP it first.",
                binding.failure("CREATE EXTERNAL TABLE lazy STORED AS TEST LOCATION 'x.test'").getMessage());
        assertEquals("lazy is a table: write DROP TABLE lazy.", binding.failure("DROP VIEW lazy").getMessage());
    }

    @Test
    void externalTablesAreDefinedReplacedAndDropped() {
        binding.statement("CREATE EXTERNAL TABLE e STORED AS TEST LOCATION 'x.test' OPTIONS (variables ['t2m'])");
        assertEquals("t2m REAL", binding.columns("SELECT t2m FROM e"));
        assertEquals("There is a dataset named e already. Write CREATE OR REPLACE, or DROP it first.",
                binding.failure("CREATE EXTERNAL TABLE e STORED AS TEST LOCATION 'x.test'").getMessage());
        binding.statement("CREATE EXTERNAL TABLE IF NOT EXISTS e STORED AS TEST LOCATION 'x.test'");
        binding.statement(
                "CREATE OR REPLACE EXTERNAL TABLE e STORED AS TEST LOCATION 'x.test' OPTIONS (table 'latitude_longitude')");
        assertEquals("latitude REAL, longitude DOUBLE, lsm REAL", binding.columns("FROM e"));
        binding.statement("DROP TABLE e");
        binding.statement("DROP TABLE IF EXISTS e");
        assertTrue(binding.failure("DROP TABLE e").getMessage().startsWith("No table named e."));
        assertEquals("No format named testt. Did you mean test?",
                binding.failure("CREATE EXTERNAL TABLE e STORED AS TESTT LOCATION 'x.test'").getMessage()
                        .replace("TESTT", "testt"));
    }

    @Test
    void tablesAreShownWithTheirRows() {
        assertEquals(List.of("era5.time_latitude_longitude|table|24", "era5.latitude_longitude|table|6",
                "grid|table|24", "t|table|5"), rows("SHOW TABLES"));
        binding.statement("ATTACH 'y.test' AS y");
        assertEquals(6, rows("SHOW TABLES").size());
        binding.statement("DETACH y");
        assertEquals(4, rows("SHOW TABLES").size());
    }

    @Test
    void describeShowsAxesChunksUnitsPackingAndWhatIsLeftOut() {
        assertEquals(
                List.of("time|TIMESTAMP|NO|axis|time|4|null|null|null",
                        "latitude|REAL|NO|axis|latitude|3|null|null|null",
                        "longitude|DOUBLE|NO|axis|longitude|2|null|null|null",
                        "t2m|REAL|YES|data|time, latitude, longitude|1 x 3 x 2|K|null|null",
                        "rh|DOUBLE|YES|data|time, latitude, longitude|4 x 3 x 2|null|null|NULL is stored as -999; stored as SMALLINT * 0.01 + 5.0",
                        "lsm|REAL|NO|broadcast|latitude, longitude|3 x 2|null|null|null",
                        "null|null|null|null|null|null|null|null|time_bnds is left out: bounds."),
                rows("DESCRIBE grid"));
        assertEquals(List.of("a|INTEGER|YES|null", "b|VARCHAR|YES|null", "c|DOUBLE|YES|null"), rows("DESCRIBE t"));
        assertEquals(List.of("one|INTEGER|YES"), rows("DESCRIBE SELECT 1 AS one"));
        assertEquals("time_latitude_longitude", rows("DESCRIBE 'x.test'").getFirst().split("\\|")[0]);
    }

    @Test
    void summarizeIsOneAggregationWithARowForEachColumn() {
        BoundStatement.Derived bound = assertInstanceOf(BoundStatement.Derived.class,
                binding.statement("SUMMARIZE SELECT a, b FROM t"));
        LogicalPlan.Values rows = bound.result().apply(List.of(5L, 4L, "1", "5", 3.0, 1.5, 3L, "x", "z", "", ""));
        assertEquals(List.of("a", "INTEGER", "1", "5", "3.0", "1.5", "5", "20.0"),
                rows.rows().getFirst().stream().map(BindStatementTest::value).toList());
    }

    @Test
    void preparedStatementsTakeTheirValuesFromExecute() {
        binding.statement("PREPARE p AS SELECT a FROM t WHERE a > $1");
        assertTrue(binding.text("EXECUTE p(1 + 2)").contains("Filter: a > 3"));
        binding.statement("DEALLOCATE p");
        assertEquals("No prepared statement named p.", binding.failure("EXECUTE p(1)").getMessage());
    }

    @Test
    void explainNeedsAQuery() {
        assertInstanceOf(BoundStatement.Explain.class, binding.statement("EXPLAIN ANALYZE SELECT 1"));
        assertInstanceOf(BoundStatement.Explain.class, binding.statement("EXPLAIN (ANALYZE) SELECT 1"));
        assertEquals("Not supported yet: EXPLAIN with the option FORMAT.",
                binding.failure("EXPLAIN (FORMAT json) SELECT 1").getMessage());
        assertEquals("Not supported yet: EXPLAIN with the option ANALYZE.",
                binding.failure("EXPLAIN (ANALYZE false) SELECT 1").getMessage());
        assertEquals("Only a query can be explained.", binding.failure("EXPLAIN SET threads = 1").getMessage());
    }

    @Test
    void functionsAreListedByKind() {
        assertTrue(rows("SHOW FUNCTIONS").containsAll(List.of("avg|aggregate", "abs|scalar", "read_test|table")));
    }
}
