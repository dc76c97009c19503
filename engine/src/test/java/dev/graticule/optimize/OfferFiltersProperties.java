package dev.graticule.optimize;

import static dev.graticule.fixture.MemoryRows.column;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.graticule.Engine;
import dev.graticule.QueryOptions;
import dev.graticule.batch.Values;
import dev.graticule.expression.ValueText;
import dev.graticule.fixture.MemoryRows;
import dev.graticule.spi.RowScan.FilterAnswer;
import dev.graticule.type.SqlType;
import dev.graticule.type.SqlType.Timestamp;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.TimeUnit;

/** SEMANTICS 14 and 17 on rows: what a source leaves out by a predicate is what the condition rejects. */
class OfferFiltersProperties {
    private static final long DAY = 86_400;
    private static final MemoryRows ROWS = new MemoryRows("t", 2,
            List.of(column("small", SqlType.SMALLINT, (short) 1, (short) -2, null, (short) 300, (short) 5, (short) 0),
                    column("tiny", SqlType.UTINYINT, (byte) 1, (byte) -1, (byte) 127, null, (byte) -128, (byte) 0),
                    column("whole", SqlType.INTEGER, 1, 2, null, 4, -5, 0),
                    column("single", SqlType.REAL, 0.1f, Float.NaN, null, -0.0f, 40.1f, 5f),
                    column("wide", SqlType.DOUBLE, 0.1, Double.NaN, null, -0.0, Double.POSITIVE_INFINITY, 5.0),
                    column("word", SqlType.VARCHAR, "a", "", null, "B", "é", "5"),
                    column("flag", SqlType.BOOLEAN, true, false, null, true, false, null),
                    column("day", SqlType.DATE, 0, 1, null, -1, 365, 2),
                    column("at", new Timestamp(TimeUnit.SECOND, false), 0L, DAY, null, -1L, DAY + 1, 2 * DAY)));

    @Provide
    Arbitrary<String> conditions() {
        Arbitrary<String> number = Arbitraries.of("0", "1", "-1", "5", "200", "300", "70000", "0.1", "40.1", "2.5",
                "'NaN'::DOUBLE", "NULL", "1::BIGINT");
        Arbitrary<String> numeric = Arbitraries.of("small", "tiny", "whole", "single", "wide", "small + 1",
                "small::BIGINT", "tiny::SMALLINT");
        Arbitrary<String> time = Arbitraries.of("'1970-01-02'", "'1970-01-01 00:00:00.5'::TIMESTAMP",
                "'1970-01-02'::TIMESTAMP", "'1970-01-02 00:00:01'::TIMESTAMP", "'1970-01-01'::DATE");
        Arbitrary<String> when = Arbitraries.of("day", "at");
        Arbitrary<String> text = Arbitraries.of("'a'", "''", "'é'", "'b'", "NULL");
        Arbitrary<String> operator = Arbitraries.of("=", "<>", "<", "<=", ">", ">=", "IS DISTINCT FROM",
                "IS NOT DISTINCT FROM");
        Arbitrary<String> simple = Arbitraries.oneOf(compared(numeric, operator, number),
                compared(number, operator, numeric), compared(when, operator, time), compared(time, operator, when),
                compared(Arbitraries.just("word"), operator, text),
                Combinators.combine(numeric, number, number).as((a, b, c) -> a + " IN (" + b + ", " + c + ")"),
                Combinators.combine(numeric, number, number).as((a, b, c) -> a + " BETWEEN " + b + " AND " + c),
                Arbitraries.of("flag", "NOT flag", "flag IS NULL", "word IS NOT NULL", "flag = true", "flag <> true",
                        "word IN ('a', NULL)", "word NOT IN ('a', 'B')", "day IN ('1970-01-02', '1970-01-03')"));
        return Arbitraries.oneOf(simple, simple.map(each -> "NOT (" + each + ")"),
                Combinators.combine(simple, simple, Arbitraries.of("AND", "OR"))
                        .as((a, b, word) -> a + " " + word + " " + b),
                Combinators.combine(simple, simple, simple).as((a, b, c) -> "(" + a + " OR " + b + ") AND " + c));
    }

    private static Arbitrary<String> compared(Arbitrary<String> left, Arbitrary<String> operator,
            Arbitrary<String> right) {
        return Combinators.combine(left, operator, right).as((a, b, c) -> a + " " + b + " " + c);
    }

    @Property(tries = 250)
    void sources_that_heed_conditions_give_what_filters_give(@ForAll("conditions") String condition,
            @ForAll boolean counted) throws Exception {
        String sql = counted ? "SELECT count(*) FROM t WHERE " + condition
                : "SELECT whole, single, word FROM t WHERE " + condition + " LIMIT 4";
        List<String> expected = rows(ROWS, sql, false);
        for (FilterAnswer answer : FilterAnswer.values()) {
            assertEquals(expected, rows(ROWS.heeding(answer), sql, true), answer + ": " + sql);
        }
    }

    private static List<String> rows(MemoryRows table, String sql, boolean pruning) throws Exception {
        List<String> rows = new ArrayList<>();
        try (Engine engine = Engine.create(QueryOptions.defaults().withPruning(pruning).withThreads(1))) {
            engine.register("t", table);
            try (ArrowReader reader = engine.query(sql).run()) {
                while (reader.loadNextBatch()) {
                    for (int row = 0; row < reader.getVectorSchemaRoot().getRowCount(); row++) {
                        List<String> cells = new ArrayList<>();
                        for (FieldVector vector : reader.getVectorSchemaRoot().getFieldVectors()) {
                            Object value = Values.of(vector).object(row);
                            cells.add(value == null ? "NULL" : ValueText.format(value, SqlType.of(vector.getField())));
                        }
                        rows.add(cells.toString());
                    }
                }
            }
        }
        assertEquals(0, table.open());
        return rows;
    }
}
