package dev.graticule.optimize;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.graticule.Engine;
import dev.graticule.QueryOptions;
import dev.graticule.batch.Values;
import dev.graticule.expression.ValueText;
import dev.graticule.fixture.Tables;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.ipc.ArrowReader;

/** SEMANTICS 17 and the promise of every option: the same rows, however a query is run. */
class OptimizerProperties {
    private static final Map<String, QueryOptions> WAYS = Map.of("no optimizer",
            QueryOptions.defaults().withOptimizer(false), "no pruning",
            QueryOptions.defaults().withPruning(false), "rows", QueryOptions.defaults().withGridOperators(false),
            "small batches",
            QueryOptions.defaults().withBatchRows(2).withThreads(3));

    @Provide
    Arbitrary<String> gridQueries() {
        Arbitrary<String> comparison = Arbitraries.of("latitude > 40", "latitude = 40.1", "latitude < 40.05",
                "longitude = 1", "longitude * 2 >= 4", "longitude <> 1",
                "time >= '2020-01-02'", "time::date = '2020-01-01'", "hour(time) IN (22, 0)", "time IS NULL",
                "t2m > 280", "t2m IS NULL", "rh < 20", "rh IS NOT NULL",
                "lsm >= 0.5", "latitude + longitude > 42", "t2m - rh > 260", "latitude BETWEEN 40 AND 40.5",
                "latitude IN (41, 40.1, NULL)", "1 = 1", "NULL", "1 > 2",
                "coalesce(t2m, 0) = 0", "CASE WHEN latitude > 40.5 THEN t2m > 280 ELSE longitude = 2 END");
        Arbitrary<String> key = Arbitraries.of("latitude", "longitude", "time", "hour(time)", "time::date", "lsm",
                "latitude > 40.5", "t2m > 280", "longitude + 1");
        Arbitrary<String> aggregate = Arbitraries.of("count(*)", "count(t2m)", "sum(t2m)", "avg(rh)", "min(t2m)",
                "max(rh)", "sum(lsm)", "count(DISTINCT longitude)",
                "sum(t2m) FILTER (WHERE latitude > 40)", "max(time)", "avg(latitude)", "sum(t2m * lsm)");
        Arbitrary<String> column = Arbitraries.of("latitude", "time", "t2m", "rh", "lsm", "t2m + rh", "longitude",
                "t2m > 280", "1");
        Arbitrary<String> where = predicates(comparison);
        Arbitrary<String> grouped = Combinators
                .combine(key.list().ofMinSize(0).ofMaxSize(3), aggregate.list().ofMinSize(1).ofMaxSize(3), where,
                        Arbitraries.of("", " HAVING count(*) > 2"))
                .as((keys, calls, filter, having) -> "SELECT " + String.join(", ", concat(keys, calls))
                        + " FROM grid WHERE " + filter
                        + (keys.isEmpty() ? "" : " GROUP BY " + String.join(", ", keys)) + having);
        Arbitrary<String> plain = Combinators
                .combine(column.list().ofMinSize(1).ofMaxSize(3), where,
                        Arbitraries.of("", " ORDER BY ALL LIMIT 4", " ORDER BY ALL DESC LIMIT 3 OFFSET 2"))
                .as((columns, filter, end) -> "SELECT " + String.join(", ", columns) + " FROM grid WHERE " + filter
                        + end);
        return nested(Arbitraries.oneOf(grouped, plain));
    }

    /** Comparisons, and what AND, OR and NOT make of them, up to three deep. */
    private static Arbitrary<String> predicates(Arbitrary<String> comparison) {
        Arbitrary<String> all = comparison;
        for (int depth = 0; depth < 3; depth++) {
            Arbitrary<String> inner = all;
            all = Arbitraries.oneOf(comparison, inner.map(each -> "NOT (" + each + ")"),
                    Combinators.combine(inner, inner, Arbitraries.of("AND", "OR"))
                            .as((a, b, word) -> "(" + a + " " + word + " " + b + ")"));
        }
        return all;
    }

    /** Some queries inside others: what is pushed through projections and unions. */
    private static Arbitrary<String> nested(Arbitrary<String> inner) {
        return Arbitraries.oneOf(inner, inner.map(sql -> "SELECT count(*) FROM (" + sql + ")"),
                Combinators.combine(predicateOfSum(), Arbitraries.of("UNION ALL", "UNION", "EXCEPT"))
                        .as((filter, word) -> "SELECT * FROM (SELECT latitude, t2m + rh AS s FROM grid " + word
                                + " SELECT longitude, max(rh) FROM grid GROUP BY longitude) WHERE " + filter));
    }

    private static Arbitrary<String> predicateOfSum() {
        return predicates(Arbitraries.of("latitude > 2", "s > 290", "s IS NULL", "latitude < 40.05", "latitude = 2"));
    }

    private static List<String> concat(List<String> a, List<String> b) {
        List<String> all = new ArrayList<>(a);
        all.addAll(b);
        return all;
    }

    @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
    void aQueryHasTheSameRowsHoweverItIsRun(@ForAll("gridQueries") String sql) throws IOException {
        try (Engine engine = Engine.create()) {
            engine.register("grid", Tables.era5());
            List<String> expected = rows(engine, sql, QueryOptions.defaults());
            for (Map.Entry<String, QueryOptions> way : WAYS.entrySet()) {
                assertEquals(expected, rows(engine, sql, way.getValue()), way.getKey() + ": " + sql);
            }
            assertEquals(0, engine.allocatedBytes(), sql);
        }
    }

    private static List<String> rows(Engine engine, String sql, QueryOptions options) throws IOException {
        List<String> rows = new ArrayList<>();
        try (ArrowReader reader = engine.query(sql).options(options).run()) {
            List<FieldVector> vectors = reader.getVectorSchemaRoot().getFieldVectors();
            while (reader.loadNextBatch()) {
                for (int row = 0; row < reader.getVectorSchemaRoot().getRowCount(); row++) {
                    StringBuilder line = new StringBuilder();
                    for (FieldVector vector : vectors) {
                        line.append(text(Values.of(vector), row)).append('|');
                    }
                    rows.add(line.toString());
                }
            }
        }
        rows.sort(null);
        return rows;
    }

    private static String text(Values values, int row) {
        Object value = values.object(row);
        if (value instanceof Double number && Double.isFinite(number)) {
            return new BigDecimal(number).round(new MathContext(9)).stripTrailingZeros().toString();
        }
        return value == null ? "NULL" : ValueText.format(value, values.type());
    }
}
