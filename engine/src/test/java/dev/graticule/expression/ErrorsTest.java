package dev.graticule.expression;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graticule.GraticuleException;
import dev.graticule.batch.Batch;
import dev.graticule.batch.Box;
import dev.graticule.batch.Column;
import dev.graticule.batch.IndexSet;
import dev.graticule.batch.Layout;
import dev.graticule.batch.NullForm;
import dev.graticule.batch.Scratch;
import dev.graticule.batch.Selection;
import dev.graticule.expression.Expression.And;
import dev.graticule.expression.Expression.Call;
import dev.graticule.expression.Expression.Case;
import dev.graticule.expression.Expression.Coalesce;
import dev.graticule.expression.Expression.ColumnReference;
import dev.graticule.expression.Expression.Comparison;
import dev.graticule.expression.Expression.Literal;
import dev.graticule.expression.Expression.Or;
import dev.graticule.expression.Expression.Unpack;
import dev.graticule.kernel.ArithmeticOperation;
import dev.graticule.spi.GridVariable.Unpacking;
import dev.graticule.sql.Position;
import dev.graticule.type.SqlType;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An error counts only if a selected row reaches it, and results vary only along their footprint. */
final class ErrorsTest {
    private static final Position POSITION = new Position(1, 8, 7, 12);
    private static final ColumnReference X = new ColumnReference(0, "x", SqlType.INTEGER);
    private static final ColumnReference Y = new ColumnReference(1, "y", SqlType.INTEGER);
    private static final Expression QUOTIENT = new Call(
            new ScalarFunction.Arithmetic(ArithmeticOperation.DIVIDE, SqlType.INTEGER), List.of(X, Y),
            SqlType.INTEGER, POSITION);
    private static final Expression BIG = new Comparison(Comparison.Operator.GREATER, QUOTIENT,
            new Literal(1, SqlType.INTEGER));
    private static final Expression NOT_ZERO = new Comparison(Comparison.Operator.NOT_EQUAL, Y,
            new Literal(0, SqlType.INTEGER));

    private final RootAllocator allocator = new RootAllocator();
    private final Scratch scratch = new Scratch(allocator);
    private final Evaluator evaluator = new Evaluator(scratch);
    private Batch batch;

    @BeforeEach
    void columns() {
        scratch.mark();
        batch = Batch.of(Box.rows(0, 4), 0, List.of(TestColumns.of(SqlType.INTEGER, List.of(10, 20, 30, 40), scratch),
                TestColumns.of(SqlType.INTEGER, Arrays.asList(1, 0, 3, null), scratch)));
    }

    @AfterEach
    void nothing_is_left() {
        scratch.close();
        allocator.close();
    }

    private static Selection rows(long bits) {
        return new Selection.Bitmap(new long[]{bits}, Long.bitCount(bits));
    }

    @Test
    void a_selected_row_raises_it_with_its_position() {
        GraticuleException error = assertThrows(GraticuleException.class, () -> evaluator.evaluate(QUOTIENT, batch));
        assertEquals("Division by zero: 20 / 0.", error.getMessage());
        assertEquals(POSITION, error.position().orElseThrow());
    }

    @Test
    void a_row_that_is_not_selected_does_not() {
        Column result = evaluator.evaluate(QUOTIENT, batch.withSelection(rows(0b1101)));
        assertEquals(10, ((Column.Strided) result).values().object(2));
    }

    @Test
    void and_or_case_and_coalesce_narrow_what_comes_after() {
        assertEquals(2, evaluator.filter(new And(List.of(NOT_ZERO, BIG)), batch).count(4));
        Expression zero = new Comparison(Comparison.Operator.EQUAL, Y, new Literal(0, SqlType.INTEGER));
        assertEquals(3, evaluator.filter(new Or(List.of(zero, BIG)), batch).count(4));
        Expression guarded = new Case(List.of(new Case.When(NOT_ZERO, QUOTIENT)), new Literal(-1, SqlType.INTEGER),
                SqlType.INTEGER);
        assertEquals(-1, ((Column.Strided) evaluator.evaluate(guarded, batch)).values().object(1));
        evaluator.evaluate(new Coalesce(List.of(X, QUOTIENT), SqlType.INTEGER), batch);
        assertThrows(GraticuleException.class,
                () -> evaluator.evaluate(new Coalesce(List.of(QUOTIENT, X), SqlType.INTEGER), batch));
    }

    @Test
    void a_filter_that_keeps_all_rows_returns_the_selection_it_was_given() {
        Expression positive = new Comparison(Comparison.Operator.GREATER, X, new Literal(0, SqlType.INTEGER));
        assertSame(Selection.ALL, evaluator.filter(positive, batch));
        Selection some = rows(0b0110);
        assertSame(some, evaluator.filter(positive, batch.withSelection(some)));
    }

    @Test
    void a_result_varies_only_along_its_footprint() {
        Box box = new Box(List.of(new IndexSet.Range(0, 2), new IndexSet.Range(0, 4), new IndexSet.Range(0, 5)));
        Column latitude = new Column.Strided(((Column.Strided) batch.columns().getFirst()).values(),
                Layout.strided(0, 0, 1, 0), NullForm.NONE);
        Batch grid = Batch.of(box, 0, List.of(latitude, latitude));
        Column sum = evaluator.evaluate(
                new Call(new ScalarFunction.Arithmetic(ArithmeticOperation.ADD, SqlType.INTEGER), List.of(X, Y),
                        SqlType.INTEGER, null),
                grid);
        assertEquals(4, ((Column.Strided) sum).values().count());
        assertEquals(0, sum.layout().stride(0));
        assertEquals(1, sum.layout().stride(1));
        assertEquals(0, sum.layout().stride(2));
    }

    @Test
    void sentinels_are_null_before_scale_and_offset_10() {
        Batch packed = Batch.of(Box.rows(0, 3), 0,
                List.of(TestColumns.of(SqlType.SMALLINT, List.of((short) 100, (short) -32767, (short) 0), scratch)));
        Expression stored = new ColumnReference(0, "p", SqlType.SMALLINT);
        Column values = evaluator.evaluate(
                new Unpack(stored, new Unpacking(List.of(-32767L), true, true, 0.5, 10), SqlType.DOUBLE), packed);
        assertEquals(NullForm.NAN, values.nulls());
        assertEquals(60.0, ((Column.Strided) values).values().object(0));
        assertTrue(((Double) ((Column.Strided) values).values().object(1)).isNaN());
        Column whole = evaluator
                .evaluate(new Unpack(stored, new Unpacking(List.of(0L), true, false, 1, 0), SqlType.SMALLINT), packed);
        assertEquals(NullForm.BITMAP, whole.nulls());
        assertTrue(((Column.Strided) whole).values().isValid(0) && !((Column.Strided) whole).values().isValid(2));
    }

    @Test
    void a_nan_that_is_null_stays_null_whatever_the_function_makes_of_nan_8() {
        Column.Strided stored = (Column.Strided) TestColumns.of(SqlType.DOUBLE, List.of(2.0, Double.NaN, -4.0),
                scratch);
        Expression x = new ColumnReference(0, "x", SqlType.DOUBLE);
        RowBody power = new RowBody.OfDoubles(Math::pow);
        Expression call = new Call(
                RowFunction.of("power", List.of(SqlType.DOUBLE, SqlType.DOUBLE), SqlType.DOUBLE, power),
                List.of(x, new Literal(0.0, SqlType.DOUBLE)), SqlType.DOUBLE, null);
        Column missing = new Column.Strided(stored.values(), stored.layout(), NullForm.NAN);
        Column.Strided nulls = (Column.Strided) evaluator.evaluate(call, Batch.of(Box.rows(0, 3), 0, List.of(missing)));
        assertEquals(NullForm.NAN, nulls.nulls());
        assertEquals(Double.NaN, nulls.values().object(1));
        Column.Strided values = (Column.Strided) evaluator.evaluate(call, Batch.of(Box.rows(0, 3), 0, List.of(stored)));
        assertEquals(1.0, values.values().object(1));
    }

    @Test
    void constants_are_folded_and_errors_stay_until_a_row_reaches_them() {
        Expression seven = new Call(new ScalarFunction.Arithmetic(ArithmeticOperation.ADD, SqlType.INTEGER),
                List.of(new Literal(3, SqlType.INTEGER), new Literal(4, SqlType.INTEGER)), SqlType.INTEGER, null);
        assertEquals(new Literal(7, SqlType.INTEGER), Expressions.fold(seven));
        Expression failing = new Call(new ScalarFunction.Arithmetic(ArithmeticOperation.DIVIDE, SqlType.INTEGER),
                List.of(new Literal(3, SqlType.INTEGER), new Literal(0, SqlType.INTEGER)), SqlType.INTEGER, null);
        assertEquals(failing, Expressions.fold(failing));
        assertEquals("x / y > 1 AND y <> 0", ExpressionText.of(new And(List.of(BIG, NOT_ZERO))));
    }
}
