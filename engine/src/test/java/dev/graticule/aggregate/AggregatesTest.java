package dev.graticule.aggregate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graticule.ErrorKind;
import dev.graticule.GraticuleException;
import dev.graticule.batch.Batch;
import dev.graticule.batch.Box;
import dev.graticule.batch.Column;
import dev.graticule.batch.Values;
import dev.graticule.expression.Expression;
import dev.graticule.sql.Position;
import dev.graticule.type.SqlType;
import java.math.BigDecimal;
import java.util.List;
import java.util.Random;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.Float8Vector;
import org.junit.jupiter.api.Test;

class AggregatesTest {
    private static final Position HERE = new Position(3, 7, 40, 45);

    private static Expression column(SqlType type) {
        return new Expression.ColumnReference(0, "x", type);
    }

    private static AggregateCall bind(String name, boolean distinct, Expression... arguments) {
        return Aggregates.bind(name, List.of(arguments), distinct, Expression.Literal.TRUE, HERE);
    }

    private static GraticuleException refused(String name, Expression... arguments) {
        GraticuleException problem = assertThrows(GraticuleException.class, () -> bind(name, false, arguments));
        assertEquals(HERE, problem.position().orElseThrow());
        return problem;
    }

    @Test
    void results_have_the_types_that_are_promised() {
        assertEquals(SqlType.DOUBLE, bind("sum", false, column(SqlType.REAL)).type());
        assertEquals(SqlType.BIGINT, bind("sum", false, column(SqlType.UTINYINT)).type());
        assertEquals(new SqlType.Decimal(38, 3), bind("sum", false, column(new SqlType.Decimal(9, 3))).type());
        assertEquals(SqlType.DOUBLE, bind("avg", false, column(SqlType.INTEGER)).type());
        assertEquals(SqlType.REAL, bind("min", false, column(SqlType.REAL)).type());
        assertEquals(SqlType.VARCHAR, bind("max", false, column(SqlType.VARCHAR)).type());
        assertEquals(SqlType.BIGINT, bind("count", false).type());
        assertEquals(SqlType.DOUBLE, bind("stddev", false, column(SqlType.SMALLINT)).type());
    }

    @Test
    void names_are_found_in_any_case_and_synonyms_are_the_same_function() {
        assertTrue(Aggregates.exists("AVG") && Aggregates.exists("weighted_avg"));
        assertFalse(Aggregates.exists("average"));
        assertEquals(bind("avg", false, column(SqlType.REAL)), bind("Mean", false, column(SqlType.REAL)));
        assertNotEquals(bind("avg", false, column(SqlType.REAL)), bind("sum", false, column(SqlType.REAL)));
        assertEquals("weighted_avg(x, weight)", Aggregates.signature("weighted_avg").orElseThrow());
    }

    @Test
    void arguments_are_cast_where_the_function_wants_another_type() {
        AggregateCall call = bind("median", false, column(SqlType.INTEGER));
        assertEquals(SqlType.DOUBLE, call.arguments().getFirst().type());
        assertEquals(List.of(column(SqlType.REAL)), bind("stddev", false, column(SqlType.REAL)).arguments());
        assertEquals(1, bind("quantile_cont", false, column(SqlType.REAL), new Expression.Literal(new BigDecimal("0.9"),
                new SqlType.Decimal(2, 1))).arguments().size());
    }

    @Test
    void distinct_means_nothing_where_repeating_does_not_matter() {
        assertEquals(bind("max", false, column(SqlType.REAL)), bind("max", true, column(SqlType.REAL)));
        assertNotEquals(bind("sum", false, column(SqlType.REAL)), bind("sum", true, column(SqlType.REAL)));
    }

    @Test
    void a_condition_counts_as_1_or_0_in_sums_and_means() {
        assertEquals(SqlType.BIGINT, bind("sum", false, column(SqlType.BOOLEAN)).type());
        assertEquals(SqlType.INTEGER, bind("avg", false, column(SqlType.BOOLEAN)).arguments().getFirst().type());
    }

    @Test
    void what_does_not_fit_is_an_error_at_its_place() {
        assertTrue(refused("median", column(SqlType.BOOLEAN)).getMessage().contains("count_if"));
        assertTrue(refused("sum", column(SqlType.VARCHAR)).getMessage().contains("number"));
        assertTrue(refused("corr", column(SqlType.REAL)).getMessage().contains("corr(y, x)"));
        assertTrue(
                refused("quantile_cont", column(SqlType.REAL), column(SqlType.REAL)).getMessage().contains("constant"));
        assertEquals(ErrorKind.UNSUPPORTED, refused("min", column(SqlType.INTERVAL)).kind());
    }

    @Test
    void sums_of_doubles_agree_with_exact_sums_to_a_millionth_of_a_millionth() {
        Random random = new Random(5);
        int rows = 1 << 16;
        try (BufferAllocator allocator = new RootAllocator();
                Float8Vector values = new Float8Vector("x", allocator);
                Float8Vector result = new Float8Vector("sum", allocator);
                Accumulator sums = bind("sum", false, column(SqlType.DOUBLE)).function().openAccumulator(allocator)) {
            values.allocateNew(rows);
            result.allocateNew(1);
            sums.resize(1);
            BigDecimal exact = BigDecimal.ZERO;
            double size = 0;
            for (int batch = 0; batch < 8; batch++) {
                for (int row = 0; row < rows; row++) {
                    double value = random.nextGaussian() * Math.pow(10, random.nextInt(12) - 6);
                    values.set(row, value);
                    exact = exact.add(new BigDecimal(value));
                    size += Math.abs(value);
                }
                values.setValueCount(rows);
                Column column = Column.dense(Values.of(values), new int[]{rows}, 0);
                GroupCodes codes = batch % 2 == 0
                        ? new GroupCodes.PerRow(new int[rows])
                        : new GroupCodes.Gridded(0, new int[1][], new boolean[1]);
                sums.add(Batch.of(Box.rows(0, rows), batch, List.of(column)), List.of(column), codes);
            }
            sums.write(null, 0, 1, result);
            result.setValueCount(1);
            assertTrue(exact.subtract(new BigDecimal(result.get(0))).abs().doubleValue() <= 1e-12 * size);
        }
    }
}
