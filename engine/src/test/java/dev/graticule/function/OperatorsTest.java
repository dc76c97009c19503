package dev.graticule.function;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graticule.ErrorKind;
import dev.graticule.GraticuleException;
import dev.graticule.batch.Interval;
import dev.graticule.expression.Expression;
import dev.graticule.expression.Expression.ColumnReference;
import dev.graticule.expression.Expression.Literal;
import dev.graticule.expression.ExpressionText;
import dev.graticule.expression.Expressions;
import dev.graticule.type.SqlType;
import java.math.BigDecimal;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which types operands meet in, and what errors say. */
final class OperatorsTest {
    private static final Expression REAL = column("t2m", SqlType.REAL);
    private static final Expression INTEGER = column("n", SqlType.INTEGER);
    private static final Expression SMALL = column("s", SqlType.SMALLINT);
    private static final Expression DATE = column("d", SqlType.DATE);
    private static final Expression TIME = column("time", SqlType.TIMESTAMP);
    private static final Expression NAME = column("name", SqlType.VARCHAR);

    private static ColumnReference column(String name, SqlType type) {
        return new ColumnReference(0, name, type);
    }

    private static Literal text(String text) {
        return new Literal(text, SqlType.VARCHAR);
    }

    private static Expression binary(String operator, Expression left, Expression right) {
        return Operators.binary(operator, left, right, null);
    }

    @Test
    void a_number_of_the_query_takes_the_type_of_the_real_it_meets_15() {
        assertEquals(SqlType.REAL, binary("-", REAL, Coercion.number("273.15")).type());
        assertEquals("t2m >= 40.1", ExpressionText.of(binary(">=", REAL, Coercion.number("40.1"))));
        Expression.Comparison comparison = (Expression.Comparison) binary("=", REAL, Coercion.number("40.1"));
        assertEquals(new Literal(40.1f, SqlType.REAL), comparison.right());
    }

    @Test
    void arithmetic_of_numbers_of_the_query_is_a_number_of_the_query() {
        Expression sum = binary("+", Coercion.number("273"), Coercion.number("0.15"));
        assertEquals(new BigDecimal("273.15"), ((Literal) sum).value());
        assertEquals(SqlType.REAL, binary("-", REAL, sum).type());
        assertEquals(new Literal(-2147483648, SqlType.INTEGER),
                Operators.unary("-", Coercion.number("2147483648"), null));
    }

    @Test
    void typed_operands_meet_in_the_wider_type_15() {
        assertEquals(SqlType.DOUBLE, binary("+", REAL, INTEGER).type());
        assertEquals(SqlType.DOUBLE, binary("+", REAL, column("x", SqlType.DOUBLE)).type());
        assertEquals(SqlType.DOUBLE,
                binary("-", REAL, Coercion.cast(Coercion.number("1"), SqlType.DOUBLE, false, null)).type());
        assertEquals(SqlType.INTEGER, binary("+", SMALL, Coercion.number("1")).type());
        assertEquals(SqlType.BIGINT, binary("*", INTEGER, column("b", SqlType.BIGINT)).type());
        assertEquals(SqlType.SMALLINT, binary("+", column("a", SqlType.TINYINT), column("b", SqlType.UTINYINT)).type());
    }

    @Test
    void a_string_takes_the_type_of_what_it_meets() {
        assertEquals("d >= DATE '2020-01-01'", ExpressionText.of(binary(">=", DATE, text("2020-01-01"))));
        assertEquals("time < TIMESTAMP '2020-01-01 12:00:00'",
                ExpressionText.of(binary("<", TIME, text("2020-01-01T12:00"))));
        GraticuleException month = assertThrows(GraticuleException.class, () -> binary("=", TIME, text("2013-01")));
        assertTrue(month.getMessage().contains("It is a month"), month.getMessage());
        assertEquals(ErrorKind.BINDING, month.kind());
        GraticuleException error = assertThrows(GraticuleException.class, () -> binary("=", INTEGER, text("abc")));
        assertEquals("Could not convert 'abc' to INTEGER.", error.getMessage());
    }

    @Test
    void operands_that_do_not_meet_are_an_error_that_names_their_types() {
        GraticuleException error = assertThrows(GraticuleException.class, () -> binary("=", INTEGER, NAME));
        assertEquals("The operator = needs operands of one type, not INTEGER and VARCHAR. Write a CAST.",
                error.getMessage());
        assertEquals("The operator * does not take VARCHAR and INTEGER.",
                assertThrows(GraticuleException.class, () -> binary("*", NAME, INTEGER)).getMessage());
        assertEquals("A condition must be BOOLEAN, not INTEGER.",
                assertThrows(GraticuleException.class, () -> Operators.truth(INTEGER, null)).getMessage());
    }

    @Test
    void division_of_integers_truncates_unless_it_is_turned_off_12() {
        assertEquals(-3, Expressions.value(binary("/", Coercion.number("-7"), Coercion.number("2"))));
        assertEquals(SqlType.DOUBLE, Operators.binary("/", INTEGER, INTEGER, null, false).type());
        assertEquals(SqlType.INTEGER, Operators.binary("//", INTEGER, INTEGER, null, false).type());
    }

    @Test
    void errors_of_values_say_what_was_computed() {
        Literal most = new Literal(Long.MAX_VALUE, SqlType.BIGINT);
        GraticuleException overflow = assertThrows(GraticuleException.class,
                () -> Expressions
                        .value(binary("+", Coercion.cast(most, SqlType.BIGINT, false, null), Coercion.number("1"))));
        assertEquals("Integer overflow: 9223372036854775807 + 1 is not within BIGINT.", overflow.getMessage());
        assertEquals(ErrorKind.DATA, overflow.kind());
        assertEquals("Division by zero: 1 / 0.", assertThrows(GraticuleException.class,
                () -> Expressions.value(binary("/", Coercion.number("1"), Coercion.number("0")))).getMessage());
    }

    @Test
    void dates_and_intervals_8() {
        Literal month = new Literal(new Interval(1, 0, 0), SqlType.INTERVAL);
        assertEquals(SqlType.TIMESTAMP, binary("+", DATE, month).type());
        assertEquals(SqlType.TIMESTAMP, binary("+", month, DATE).type());
        assertEquals(SqlType.DATE, binary("+", DATE, Coercion.number("1")).type());
        assertEquals(SqlType.BIGINT, binary("-", DATE, DATE).type());
        assertEquals(SqlType.INTERVAL, binary("-", TIME, TIME).type());
        assertEquals(new Interval(3, 0, 0), Expressions.value(binary("*", month, Coercion.number("3"))));
    }

    @Test
    void decimals_are_exact() {
        assertEquals(new BigDecimal("0.3"),
                Expressions.value(binary("+", Coercion.number("0.1"), Coercion.number("0.2"))));
        assertEquals(new BigDecimal("0.02"),
                Expressions.value(binary("*", Coercion.number("0.1"), Coercion.number("0.2"))));
        assertEquals(SqlType.DOUBLE, binary("/", Coercion.number("1.5"), Coercion.number("2")).type());
        assertEquals(new SqlType.Decimal(12, 1), binary("+", INTEGER, Coercion.number("1.5")).type());
    }

    @Test
    void unify_brings_branches_of_a_case_together() {
        List<Expression> unified = Coercion.unify(List.of(REAL, Coercion.number("0"), new Literal(null, SqlType.NULL)),
                null, "CASE");
        assertEquals(List.of(SqlType.REAL, SqlType.REAL, SqlType.REAL),
                unified.stream().map(Expression::type).toList());
        List<Expression> texts = Coercion.unify(List.of(text("a"), new Literal(null, SqlType.NULL)), null, "VALUES");
        assertEquals(SqlType.VARCHAR, texts.get(1).type());
        List<Expression> numbers = Coercion.unify(List.of(Coercion.number("1"), Coercion.number("2.5")), null,
                "VALUES");
        assertEquals(new SqlType.Decimal(11, 1), numbers.get(0).type());
    }

    @Test
    void whole_numbers_are_compared_with_fractions_as_whole_numbers() {
        assertEquals("n > 1", ExpressionText.of(binary(">=", INTEGER, Coercion.number("1.5"))));
        assertEquals("n <= -2", ExpressionText.of(binary(">", Coercion.number("-1.5"), INTEGER)));
        assertEquals("n = 2", ExpressionText.of(binary("=", INTEGER, Coercion.number("2.0"))));
        assertEquals("n <> n", ExpressionText.of(binary("=", INTEGER, Coercion.number("2.5"))));
    }
}
