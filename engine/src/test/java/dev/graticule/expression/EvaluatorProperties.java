package dev.graticule.expression;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graticule.ErrorKind;
import dev.graticule.GraticuleException;
import dev.graticule.batch.Batch;
import dev.graticule.batch.Box;
import dev.graticule.batch.Column;
import dev.graticule.batch.IndexSet;
import dev.graticule.batch.NullForm;
import dev.graticule.batch.RandomColumns;
import dev.graticule.batch.Scratch;
import dev.graticule.batch.Selection;
import dev.graticule.expression.Expression.And;
import dev.graticule.expression.Expression.Call;
import dev.graticule.expression.Expression.Case;
import dev.graticule.expression.Expression.Cast;
import dev.graticule.expression.Expression.Coalesce;
import dev.graticule.expression.Expression.ColumnReference;
import dev.graticule.expression.Expression.Comparison;
import dev.graticule.expression.Expression.In;
import dev.graticule.expression.Expression.IsNull;
import dev.graticule.expression.Expression.Literal;
import dev.graticule.expression.Expression.Not;
import dev.graticule.expression.Expression.Or;
import dev.graticule.kernel.ArithmeticOperation;
import dev.graticule.kernel.Kernels;
import dev.graticule.kernel.UnaryLoop;
import dev.graticule.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterProperty;
import org.apache.arrow.memory.RootAllocator;

/** Whatever the encodings, NULL forms and selection: the evaluator says what a row by row interpreter says. */
final class EvaluatorProperties {
    private static final List<SqlType> NUMBERS = List.of(SqlType.TINYINT, SqlType.SMALLINT, SqlType.INTEGER,
            SqlType.BIGINT, SqlType.UTINYINT,
            SqlType.USMALLINT, SqlType.UINTEGER, SqlType.UBIGINT, SqlType.REAL, SqlType.DOUBLE);
    private static final List<SqlType> TYPES = new ArrayList<>(NUMBERS);

    static {
        TYPES.add(SqlType.VARCHAR);
        TYPES.add(SqlType.BOOLEAN);
    }

    private Random random;
    private List<SqlType> types;

    @AfterProperty
    void chooseLoopsFreelyAgain() {
        Kernels.force(0);
    }

    @Property(tries = 1500)
    void evaluation_agrees_with_a_row_by_row_interpreter(@ForAll long seed) {
        check(seed, false);
    }

    @Property(tries = 1500)
    void filters_agree_with_a_row_by_row_interpreter(@ForAll long seed) {
        check(seed, true);
    }

    private void check(long seed, boolean filter) {
        random = new Random(seed);
        Kernels.force(random.nextBoolean() ? 1 : -1);
        try (RootAllocator allocator = new RootAllocator(); RandomColumns made = new RandomColumns(random, allocator);
                Scratch scratch = new Scratch(allocator)) {
            int[] shape = made.shape(random.nextBoolean() ? 300 : 20);
            List<Column> columns = new ArrayList<>();
            types = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                SqlType type = TYPES.get(random.nextInt(TYPES.size()));
                types.add(type);
                columns.add(made.column(type, shape, random.nextInt(3) > 0));
            }
            List<NaNMeaning> nanIsNull = columns.stream().map(
                    column -> column.nulls() == NullForm.NAN ? NaNMeaning.NULL : NaNMeaning.VALUE)
                    .toList();
            Expression expression = NaNMeaning.agreed(filter || random.nextBoolean() ? condition(3)
                    : expression(TYPES.get(random.nextInt(TYPES.size())), 3), nanIsNull);
            List<IndexSet> axes = new ArrayList<>();
            for (int size : shape) {
                axes.add(new IndexSet.Range(0, size));
            }
            Batch batch = Batch.of(new Box(axes), 0, columns).withSelection(made.selection(RandomColumns.rows(shape)));
            scratch.mark();
            if (filter) {
                checkFilter(expression, batch, nanIsNull, scratch);
            } else {
                checkValues(expression, batch, nanIsNull, scratch);
            }
            scratch.release();
        }
    }

    private void checkValues(Expression expression, Batch batch, List<NaNMeaning> nanIsNull, Scratch scratch) {
        List<Object> wanted = new ArrayList<>();
        boolean error = false;
        for (int row = 0; row < batch.rows(); row++) {
            if (batch.selection().contains(row)) {
                try {
                    wanted.add(RowInterpreter.value(expression, row(batch, row), nanIsNull));
                } catch (RowInterpreter.RowError expected) {
                    error = true;
                }
            }
        }
        Column result;
        try {
            result = new Evaluator(scratch).evaluate(expression, batch);
        } catch (GraticuleException problem) {
            assertTrue(error, () -> "no row has an error, but: " + problem);
            assertEquals(ErrorKind.DATA, problem.kind());
            return;
        }
        // AND and OR may skip operands of rows that are NULL already: then an error may be missed, but no value may differ.
        if (!error) {
            List<Object> got = RandomColumns.objects(result, batch.shape(), batch.selection(), 0, batch.rows());
            assertEquals(wanted, got, () -> expression.toString());
        }
        assertEquals(expression.type(), result.type());
        assertEquals(NaNMeaning.of(expression, nanIsNull) == NaNMeaning.NULL, result.nulls() == NullForm.NAN,
                () -> "the form of " + expression);
    }

    private void checkFilter(Expression expression, Batch batch, List<NaNMeaning> nanIsNull, Scratch scratch) {
        List<Integer> wanted = new ArrayList<>();
        boolean error = false;
        for (int row = 0; row < batch.rows(); row++) {
            if (batch.selection().contains(row)) {
                try {
                    if (Boolean.TRUE.equals(RowInterpreter.value(expression, row(batch, row), nanIsNull))) {
                        wanted.add(row);
                    }
                } catch (RowInterpreter.RowError expected) {
                    error = true;
                }
            }
        }
        Selection result;
        try {
            result = new Evaluator(scratch).filter(expression, batch);
        } catch (GraticuleException problem) {
            assertTrue(error, () -> "no row has an error, but: " + problem);
            return;
        }
        if (!error) {
            List<Integer> got = new ArrayList<>();
            for (int row = 0; row < batch.rows(); row++) {
                if (result.contains(row)) {
                    got.add(row);
                }
            }
            assertEquals(wanted, got, () -> expression.toString());
            assertEquals(wanted.size(), result.count(batch.rows()));
        }
    }

    private static List<Object> row(Batch batch, int row) {
        List<Object> values = new ArrayList<>();
        for (Column column : batch.columns()) {
            values.add(RandomColumns.object(column, batch.shape(), row));
        }
        return values;
    }

    private Expression condition(int depth) {
        if (depth == 0) {
            return random.nextInt(4) == 0
                    ? new Literal(random.nextInt(3) == 0 ? null : random.nextBoolean(), SqlType.BOOLEAN)
                    : expression(SqlType.BOOLEAN, 0);
        }
        return switch (random.nextInt(8)) {
            case 0 -> new And(List.of(condition(depth - 1), condition(depth - 1), condition(depth - 1)));
            case 1 -> new Or(List.of(condition(depth - 1), condition(depth - 1)));
            case 2 -> new Not(condition(depth - 1));
            case 3 -> new IsNull(expression(TYPES.get(random.nextInt(TYPES.size())), depth - 1));
            case 4 -> {
                SqlType type = TYPES.get(random.nextInt(TYPES.size()));
                List<Literal> options = new ArrayList<>();
                for (int i = random.nextInt(12); i >= 0; i--) {
                    options.add(random.nextInt(20) == 0 ? new Literal(null, type) : literal(type));
                }
                yield new In(expression(type, depth - 1), options);
            }
            default -> {
                SqlType type = TYPES.get(random.nextInt(TYPES.size()));
                Comparison.Operator[] operators = Comparison.Operator.values();
                yield new Comparison(operators[random.nextInt(operators.length)], expression(type, depth - 1),
                        expression(type, depth - 1));
            }
        };
    }

    private Literal literal(SqlType type) {
        long small = random.nextInt(5) - (type.isUnsigned() ? 0 : 2);
        Object value = switch ((SqlType.Scalar) type) {
            case TINYINT, UTINYINT -> (byte) small;
            case SMALLINT, USMALLINT -> (short) small;
            case INTEGER, UINTEGER -> (int) small;
            case BIGINT, UBIGINT -> small;
            case REAL -> random.nextInt(6) == 0 ? Float.NaN : (float) small;
            case DOUBLE -> random.nextInt(6) == 0 ? Double.NaN : (double) small;
            case VARCHAR -> "k" + random.nextInt(5);
            case BOOLEAN -> random.nextBoolean();
            default -> throw new IllegalArgumentException("Not here: " + type);
        };
        return new Literal(value, type);
    }

    private Expression expression(SqlType type, int depth) {
        List<Integer> fitting = new ArrayList<>();
        for (int i = 0; i < types.size(); i++) {
            if (types.get(i) == type) {
                fitting.add(i);
            }
        }
        int kind = depth == 0 ? random.nextInt(2) : random.nextInt(8);
        if (kind <= 1 || !type.isNumeric() && kind < 5) {
            if (fitting.isEmpty() || random.nextInt(6) == 0) {
                return literal(type);
            }
            int index = fitting.get(random.nextInt(fitting.size()));
            return new ColumnReference(index, "c" + index, type);
        }
        return switch (kind) {
            case 2, 3 -> {
                ArithmeticOperation[] operations = type.isFloating()
                        ? new ArithmeticOperation[]{ArithmeticOperation.ADD, ArithmeticOperation.SUBTRACT,
                                ArithmeticOperation.MULTIPLY,
                                ArithmeticOperation.DIVIDE, ArithmeticOperation.MODULO}
                        : new ArithmeticOperation[]{ArithmeticOperation.ADD, ArithmeticOperation.SUBTRACT,
                                ArithmeticOperation.MULTIPLY,
                                ArithmeticOperation.DIVIDE, ArithmeticOperation.DIVIDE_WHOLE,
                                ArithmeticOperation.MODULO, ArithmeticOperation.BIT_AND,
                                ArithmeticOperation.BIT_OR, ArithmeticOperation.BIT_XOR};
                yield new Call(new ScalarFunction.Arithmetic(operations[random.nextInt(operations.length)], type),
                        List.of(expression(type, depth - 1), expression(type, depth - 1)), type, null);
            }
            case 4 -> new Call(
                    new ScalarFunction.Unary(
                            random.nextBoolean() ? UnaryLoop.Function.NEGATE : UnaryLoop.Function.ABSOLUTE, type),
                    List.of(expression(type, depth - 1)), type, null);
            case 5 -> {
                SqlType from = type.isNumeric() ? NUMBERS.get(random.nextInt(NUMBERS.size())) : type;
                yield new Cast(expression(from, depth - 1), type, random.nextBoolean(), null);
            }
            case 6 -> new Case(List.of(new Case.When(condition(depth - 1), expression(type, depth - 1)),
                    new Case.When(condition(depth - 1), expression(type, depth - 1))), expression(type, depth - 1),
                    type);
            default -> new Coalesce(
                    List.of(expression(type, depth - 1), expression(type, depth - 1), expression(type, depth - 1)),
                    type);
        };
    }
}
