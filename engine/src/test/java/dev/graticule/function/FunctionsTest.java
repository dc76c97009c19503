package dev.graticule.function;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graticule.GraticuleException;
import dev.graticule.batch.Interval;
import dev.graticule.expression.Expression;
import dev.graticule.expression.Expression.ColumnReference;
import dev.graticule.expression.Expression.Literal;
import dev.graticule.expression.ExpressionText;
import dev.graticule.expression.Expressions;
import dev.graticule.expression.ValueText;
import dev.graticule.type.SqlType;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Functions are found by name and bound to their arguments' types; what DuckDB does not have or does otherwise. */
final class FunctionsTest {
    private static Literal text(String text) {
        return new Literal(text, SqlType.VARCHAR);
    }

    private static Literal time(String text) {
        return new Literal(ValueText.parse(text, SqlType.TIMESTAMP), SqlType.TIMESTAMP);
    }

    private static Object value(String name, Expression... arguments) {
        return Expressions.value(Functions.bind(name, Arrays.asList(arguments), null));
    }

    @Test
    void every_function_is_described() {
        List<FunctionDescription> all = Functions.all();
        assertTrue(all.size() > 150, () -> "only " + all.size());
        for (FunctionDescription description : all) {
            assertTrue(Functions.exists(description.name()));
            assertTrue(!description.purpose().isBlank() && !description.signatures().isEmpty(), description::name);
        }
    }

    @Test
    void an_unknown_name_gets_the_nearest_known_one_26() {
        GraticuleException error = assertThrows(GraticuleException.class, () -> value("substrin", text("x")));
        assertEquals("There is no function substrin. Did you mean substr or substring or substring_grapheme?",
                error.getMessage());
    }

    @Test
    void arguments_that_do_not_fit_are_an_error_with_the_signatures() {
        GraticuleException error = assertThrows(GraticuleException.class,
                () -> Functions.bind("lower", List.of(new ColumnReference(0, "n", SqlType.INTEGER)), null));
        assertEquals("No function lower(INTEGER). There is lower(VARCHAR) -> VARCHAR.", error.getMessage());
        assertThrows(GraticuleException.class, () -> value("nullif", text("x")));
        GraticuleException field = assertThrows(GraticuleException.class,
                () -> value("date_part", text("huor"), time("2020-01-01")));
        assertEquals("There is no field 'huor' of a date or time. Did you mean hour?", field.getMessage());
    }

    @Test
    void calls_that_compute_the_same_are_equal() {
        ColumnReference time = new ColumnReference(0, "time", SqlType.TIMESTAMP);
        Expression hour = Functions.bind("hour", List.of(time), null);
        assertEquals(hour, Functions.bind("date_part", List.of(text("hour"), time), null));
        assertEquals(Functions.bind("date_trunc", List.of(text("day"), time), null),
                Functions.bind("date_trunc", List.of(text("day"), time), null));
        assertNotEquals(Functions.bind("date_trunc", List.of(text("day"), time), null),
                Functions.bind("date_trunc", List.of(text("hour"), time), null));
        assertEquals("hour(time)", ExpressionText.of(hour));
        assertEquals("date_trunc('day', time)",
                ExpressionText.of(Functions.bind("date_trunc", List.of(text("day"), time), null)));
    }

    @Test
    void ieee_754_and_not_errors_8() {
        assertEquals(Double.NEGATIVE_INFINITY, value("ln", Coercion.number("0")));
        assertEquals(Double.NaN, value("sqrt", Coercion.number("-1")));
        assertEquals(2.0, value("log", Coercion.number("100")));
        assertEquals(3.0, value("log2", Coercion.number("8")));
        assertEquals(8.0, value("power", Coercion.number("2"), Coercion.number("3")));
    }

    @Test
    void greatest_and_least_pass_over_nulls() {
        assertEquals(3, value("greatest", Coercion.number("1"), new Literal(null, SqlType.NULL), Coercion.number("3")));
        assertNull(value("least", new Literal(null, SqlType.INTEGER), new Literal(null, SqlType.NULL)));
    }

    @Test
    void strings_as_postgresql() {
        assertEquals("al", value("substring", text("alphabet"), Coercion.number("0"), Coercion.number("3")));
        assertEquals("lphabe", value("substring", text("alphabet"), Coercion.number("2"), Coercion.number("6")));
        assertEquals("def", value("split_part", text("abc~def~ghi"), text("~"), Coercion.number("2")));
        assertEquals("Hi Thomas", value("initcap", text("hi THOMAS")));
        assertEquals(3L, value("position", text("lo"), text("helo")));
        assertEquals("7fffffff", value("to_hex", Coercion.number("2147483647")));
        assertEquals(true, value("similar_to", text("abc"), text("(a|x)b_")));
        assertEquals(false, value("similar_to", text("abcd"), text("abc")));
        assertEquals(true, value("like", text("50%"), text("50x%"), text("x")));
        assertEquals("a1b2", value("concat", text("a"), Coercion.number("1"), new Literal(null, SqlType.NULL),
                text("b"), Coercion.number("2")));
    }

    @Test
    void times() {
        assertEquals("2001-01-01 00:00:00",
                ValueText.format(value("date_trunc", text("century"), time("2024-05-06 07:08:09")), SqlType.TIMESTAMP));
        assertEquals(new Interval(43 * 12 + 9, 27, 0), value("age", time("2001-04-10"), time("1957-06-13")));
        assertEquals(ValueText.parse("2020-02-29 01:02:03.5", SqlType.TIMESTAMP),
                value("make_timestamp", Coercion.number("2020"), Coercion.number("2"),
                        Coercion.number("29"), Coercion.number("1"), Coercion.number("2"), Coercion.number("3.5")));
        assertThrows(GraticuleException.class,
                () -> value("make_date", Coercion.number("2021"), Coercion.number("2"), Coercion.number("29")));
        assertEquals("2020-01-06 00:00:00",
                ValueText.format(
                        value("time_bucket", new Literal(new Interval(0, 7, 0), SqlType.INTERVAL), time("2020-01-10")),
                        SqlType.TIMESTAMP));
        assertEquals(1.5, value("epoch", time("1970-01-01 00:00:01.5")));
    }

    @Test
    void intervals_read_and_write_as_postgresql() {
        assertEquals("1 year 2 mons 3 days 04:05:06.5", ValueText
                .format(ValueText.parse("1 year 2 months 3 days 04:05:06.5", SqlType.INTERVAL), SqlType.INTERVAL));
        assertEquals(new Interval(0, 1, 43_200_000_000_000L), ValueText.parse("1.5 days", SqlType.INTERVAL));
        assertEquals(new Interval(14, 3, 3_600_000_000_000L), ValueText.parse("P1Y2M3DT1H", SqlType.INTERVAL));
        assertEquals(new Interval(-2, 0, 0), ValueText.parse("2 months ago", SqlType.INTERVAL));
    }
}
