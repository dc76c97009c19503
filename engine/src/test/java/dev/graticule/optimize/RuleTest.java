package dev.graticule.optimize;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.graticule.bind.Binding;
import dev.graticule.bind.Catalog;
import dev.graticule.fixture.Tables;
import dev.graticule.plan.LogicalPlan;
import dev.graticule.plan.PlanText;
import dev.graticule.spi.RowScan.FilterAnswer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Each rule: on what it fires and what it gives, and something on which it does not fire. */
class RuleTest {
    private final Binding binding = new Binding();

    private void assertGives(Rule rule, String sql, String expected) {
        assertEquals(expected.strip(), PlanText.of(rule.apply(binding.plan(sql))).strip());
    }

    private void assertGives(List<Rule> rules, String sql, String expected) {
        LogicalPlan plan = binding.plan(sql);
        for (Rule rule : rules) {
            plan = rule.apply(plan);
        }
        assertEquals(expected.strip(), PlanText.of(plan).strip());
    }

    private void assertDoesNotFire(Rule rule, String sql) {
        LogicalPlan plan = binding.plan(sql);
        assertEquals(PlanText.of(plan), PlanText.of(rule.apply(plan)));
    }

    @Test
    void simplifyComputesConstantsAndTakesNotApart() {
        assertGives(new SimplifyExpressions(), "SELECT a FROM t WHERE a > 1 + 2 AND TRUE AND NOT (a = 5 OR c < 2)", """
                Project: a
                  Filter: a > 3 AND a <> 5 AND c >= 2.0
                    RowScan t: a, b, c
                """);
        assertGives(new SimplifyExpressions(),
                "SELECT CASE WHEN 1 = 2 THEN a WHEN TRUE THEN a + 1 ELSE 0 END AS x FROM t WHERE 1 < 2", """
                Project: a + 1 AS x
                  RowScan t: a, b, c
                """);
        assertGives(new SimplifyExpressions(), "SELECT a FROM t WHERE a > 1 AND 1 > 2", """
                Project: a
                  Values: 0 rows of a, b, c
                """);
        assertGives(new SimplifyExpressions(), "SELECT a FROM t WHERE a = NULL", """
                Project: a
                  Values: 0 rows of a, b, c
                """);
    }

    @Test
    void simplifyLeavesErrorsToTheRowsThatReachThem() {
        assertDoesNotFire(new SimplifyExpressions(), "SELECT 1 / 0, a FROM t WHERE a > 1");
    }

    @Test
    void filtersArePushedThroughProjectUnionSortAndIntoAggregate() {
        assertGives(new PushDownFilter(), "SELECT * FROM (SELECT a + 1 AS x FROM t ORDER BY x) WHERE x > 1", """
                Project: x
                  Sort: x
                    Project: a + 1 AS x
                      Filter: a + 1 > 1
                        RowScan t: a, b, c
                """);
        assertGives(new PushDownFilter(), "SELECT * FROM (SELECT a FROM t UNION ALL SELECT a + 1 FROM t) WHERE a > 1", """
                Project: a
                  Union: a
                    Project: a
                      Filter: a > 1
                        RowScan t: a, b, c
                    Project: a + 1
                      Filter: a + 1 > 1
                        RowScan t: a, b, c
                """.replace("a + 1\n", "a + 1\n"));
        assertGives(new PushDownFilter(),
                "SELECT * FROM (SELECT a + 1 AS x, sum(c) AS s FROM t GROUP BY 1) WHERE x > 1 AND s > 2", """
                Project: x, s
                  Project: key1 AS x, sum AS s
                    Filter: sum > 2.0
                      Aggregate: sum(c) by a + 1
                        Filter: a + 1 > 1
                          RowScan t: a, b, c
                """);
    }

    @Test
    void filtersAreNotPushedBelowALimit() {
        assertDoesNotFire(new PushDownFilter(),
                "SELECT * FROM (SELECT a, b FROM t LIMIT 2) AS u WHERE a > 1".replace("SELECT *", "SELECT a"));
    }

    @Test
    void projectsAreMergedWhereNothingIsComputedTwice() {
        assertGives(new MergeProjects(), "SELECT x * 2 AS y FROM (SELECT a + 1 AS x FROM t)", """
                Project: (a + 1) * 2 AS y
                  RowScan t: a, b, c
                """);
        assertGives(new MergeProjects(), "SELECT sum(x) AS s FROM (SELECT a + 1 AS x FROM t)", """
                Project: sum AS s
                  Aggregate: sum(a + 1)
                    RowScan t: a, b, c
                """);
        assertGives(new MergeProjects(), "SELECT a, b, c FROM t", "RowScan t: a, b, c");
        assertDoesNotFire(new MergeProjects(), "SELECT x * x AS y FROM (SELECT a + 1 AS x FROM t)");
    }

    @Test
    void whatIsMadeOfNoRowsIsNoRows() {
        assertGives(List.of(new SimplifyExpressions(), new RemoveEmptyInputs()),
                "SELECT a FROM t WHERE 1 > 2 ORDER BY a LIMIT 3", "Values: 0 rows of a");
        assertGives(new RemoveEmptyInputs(), "SELECT a FROM t LIMIT 0", "Values: 0 rows of a");
        assertGives(List.of(new SimplifyExpressions(), new RemoveEmptyInputs()),
                "SELECT a FROM t WHERE 1 > 2 UNION ALL SELECT a FROM t", """
                Union: a
                  Project: a
                    RowScan t: a, b, c
                """);
        assertDoesNotFire(new RemoveEmptyInputs(), "SELECT count(*) FROM (SELECT a FROM t LIMIT 1)");
    }

    @Test
    void aLimitMakesASortATopN() {
        assertGives(new PushDownLimit(), "SELECT a FROM t ORDER BY c LIMIT 2", """
                Project: a
                  TopN 2: order1
                    Project: a, c AS order1
                      RowScan t: a, b, c
                """);
        assertGives(new PushDownLimit(), "SELECT a FROM t ORDER BY a LIMIT 2 OFFSET 3", """
                Limit: 2 from 3
                  TopN 5: a
                    Project: a
                      RowScan t: a, b, c
                """);
        assertGives(new PushDownLimit(), "SELECT a FROM (SELECT a FROM t LIMIT 10 OFFSET 4) LIMIT 8 OFFSET 5", """
                Limit: 5 from 9
                  Project: a
                    Project: a
                      RowScan t: a, b, c limit 14
                """);
        assertDoesNotFire(new PushDownLimit(), "SELECT a FROM t WHERE a > 1 LIMIT 2");
    }

    @Test
    void unusedColumnsAreNotRead() {
        assertGives(new PruneColumns(), "SELECT avg(t2m) AS m FROM grid GROUP BY latitude HAVING max(rh) > 3", """
                Project: avg AS m
                  Filter: max > 3.0
                    Project: avg, max
                      Aggregate: avg(t2m), max(rh) by latitude
                        Project: latitude, t2m, rh
                          GridScan grid [time 4 x latitude 3 x longitude 2]: latitude, t2m, rh
                """);
        assertGives(new PruneColumns(), "SELECT count(*) AS n FROM t", """
                Project: count AS n
                  Aggregate: count(*)
                    RowScan t: no columns
                """);
        assertGives(new PruneColumns(), "SELECT b FROM (SELECT * FROM t ORDER BY c)", """
                Project: b
                  Sort: c
                    Project: b, c
                      RowScan t: b, c
                """);
        assertDoesNotFire(new PruneColumns(), "SELECT a, b, c FROM t");
    }

    @Test
    void conditionsOnOneAxisGoToTheScan() {
        List<Rule> rules = List.of(new SimplifyExpressions(), new PushDownFilter(), new FilterAxes());
        assertGives(rules,
                "SELECT 1 AS one FROM grid WHERE latitude > 40 AND t2m > 280 AND (longitude < 1.5 OR longitude * 2 = 4)",
                """
                Project: 1 AS one
                  Project: time, latitude, longitude, t2m, rh, lsm
                    Filter: t2m > 280.0
                      GridScan grid [time 4 x latitude 3 x longitude 2]: time, latitude, longitude, t2m, rh, lsm where latitude > 40.0 AND (longitude < 1.5 OR longitude * 2.0 = 4.0)
                """);
        assertGives(rules,
                "SELECT 1 AS one FROM grid WHERE time::date = '2020-01-01' AND NOT (hour(time) = 3 OR time IS NULL)", """
                Project: 1 AS one
                  Project: time, latitude, longitude, t2m, rh, lsm
                    GridScan grid [time 4 x latitude 3 x longitude 2]: time, latitude, longitude, t2m, rh, lsm where CAST(time AS DATE) = DATE '2020-01-01' AND hour(time) <> 3 AND time IS NOT NULL
                """);
        assertGives(rules, "SELECT 1 AS one FROM grid WHERE latitude > longitude", """
                Project: 1 AS one
                  Project: time, latitude, longitude, t2m, rh, lsm
                    Filter: CAST(latitude AS DOUBLE) > longitude
                      GridScan grid [time 4 x latitude 3 x longitude 2]: time, latitude, longitude, t2m, rh, lsm
                """);
    }

    @Test
    void aConditionThatMayFailStaysWithTheRows() {
        List<Rule> rules = List.of(new PushDownFilter(), new FilterAxes());
        assertGives(rules, "SELECT 1 AS one FROM range(3) WHERE 1 / range > 0", """
                Project: 1 AS one
                  Filter: 1 / range > 0
                    RowScan range: range
                """.replace("(1 / range)", "(1 / range)"));
    }

    @Test
    void conditionsOnRowsAreGivenToASourceThatHeedsThem() {
        String sql = "SELECT a FROM t WHERE a > 1 AND 2 >= c AND b IN ('x', NULL, 'y') AND a + 1 < 7 AND a IS NOT NULL";
        binding.session().catalog().put("t", new Catalog.TableEntry(Tables.t().heeding(FilterAnswer.EXACT)));
        assertGives(new OfferFilters(), sql, """
                Project: a
                  Filter: a + 1 < 7
                    RowScan t: a, b, c where a > 1 AND c <= 2.0 AND b IN ('x', 'y') AND a IS NOT NULL
                """);
        binding.session().catalog().put("t", new Catalog.TableEntry(Tables.t().heeding(FilterAnswer.PRUNES)));
        assertGives(new OfferFilters(), "SELECT a FROM t WHERE a > 1 AND c < 2", """
                Project: a
                  Filter: a > 1 AND c < 2.0
                    RowScan t: a, b, c where a > 1 AND c < 2.0
                """);
        assertDoesNotFire(new OfferFilters(), "SELECT a FROM t WHERE a + 1 > 2 AND a <> 3 AND a < c");
    }

    @Test
    void aSourceThatIgnoresConditionsIsNotTold() {
        assertDoesNotFire(new OfferFilters(), "SELECT a FROM t WHERE a > 1 AND c < 2");
    }

    @Test
    void aLimitGoesBelowConditionsThatTheSourceHeedsExactly() {
        List<Rule> rules = List.of(new OfferFilters(), new PushDownLimit(), new PruneColumns());
        binding.session().catalog().put("t", new Catalog.TableEntry(Tables.t().heeding(FilterAnswer.EXACT)));
        assertGives(rules, "SELECT a FROM t WHERE c > 1 LIMIT 2", """
                Limit: 2
                  Project: a
                    RowScan t: a where c > 1.0 limit 2
                """);
        binding.session().catalog().put("t", new Catalog.TableEntry(Tables.t().heeding(FilterAnswer.PRUNES)));
        assertGives(rules, "SELECT a FROM t WHERE c > 1 LIMIT 2", """
                Limit: 2
                  Project: a
                    Filter: c > 1.0
                      RowScan t: a, c where c > 1.0
                """);
    }

    @Test
    void aTopNReadsForTheWinnersWhatOnlyTheyNeed() {
        List<Rule> rules = List.of(new MergeProjects(), new PushDownLimit(), new PruneColumns(), new MergeProjects(),
                new FetchLate());
        assertGives(rules, "SELECT latitude, rh, t2m FROM grid ORDER BY t2m DESC LIMIT 3", """
                Project: latitude, rh, t2m
                  Fetch: rh
                    TopN 3: t2m DESC
                      GridScan grid [time 4 x latitude 3 x longitude 2]: latitude, t2m, cell of time, cell of latitude, cell of longitude
                """);
    }

    @Test
    void aTopNThatNeedsAllItsVariablesStays() {
        List<Rule> rules = List.of(new MergeProjects(), new PushDownLimit(), new PruneColumns(), new MergeProjects());
        LogicalPlan plan = binding.plan("SELECT latitude, t2m FROM grid ORDER BY t2m DESC LIMIT 3");
        for (Rule rule : rules) {
            plan = rule.apply(plan);
        }
        assertEquals(PlanText.of(plan), PlanText.of(new FetchLate().apply(plan)));
    }
}
