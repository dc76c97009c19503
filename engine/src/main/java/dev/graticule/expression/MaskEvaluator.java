package dev.graticule.expression;

import dev.graticule.batch.Batch;
import dev.graticule.batch.Column;
import dev.graticule.batch.Column.Strided;
import dev.graticule.batch.Layout;
import dev.graticule.batch.NullForm;
import dev.graticule.batch.Scratch;
import dev.graticule.batch.Selection;
import dev.graticule.batch.Values;
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
import dev.graticule.expression.Expression.Unpack;
import dev.graticule.kernel.CompareLoop.Relation;
import dev.graticule.kernel.Masks;
import dev.graticule.type.SqlType;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Evaluates BOOLEAN expressions to the cells where they are true, or to those where they are false: what is in neither is NULL.
 * NOT asks its operand for the other, so no third value is ever carried along.
 */
final class MaskEvaluator {
    /** More options of IN than this are looked up in a set, row by row. */
    private static final int MANY_OPTIONS = 8;

    private final Evaluator evaluator;
    private final Spread spread;
    private final Scratch scratch;

    MaskEvaluator(Evaluator evaluator, Spread spread, Scratch scratch) {
        this.evaluator = evaluator;
        this.spread = spread;
        this.scratch = scratch;
    }

    /** Bits in C order over the axes that vary; bits beyond the last cell are 0. The words are whoever's got it to change. */
    record Mask(long[] words, boolean[] varies, int cells) {
    }

    /** Where an expression is TRUE, or where it is FALSE. */
    Mask mask(Expression expression, boolean wanted, Batch batch) {
        return switch (expression) {
            case Literal literal -> constant(literal.value() instanceof Boolean value && value == wanted, batch);
            case ColumnReference reference -> ofColumn(reference, wanted, batch);
            case Call call -> ofColumn(call, wanted, batch);
            case Cast cast -> ofColumn(cast, wanted, batch);
            case Case choice -> ofColumn(choice, wanted, batch);
            case Coalesce coalesce -> ofColumn(coalesce, wanted, batch);
            case Unpack unpack -> ofColumn(unpack, wanted, batch);
            case Expression.KeepNulls keep -> ofColumn(keep, wanted, batch);
            case And and -> wanted ? all(and.operands(), true, batch) : any(and.operands(), false, batch);
            case Or or -> wanted ? any(or.operands(), true, batch) : all(or.operands(), false, batch);
            case Not not -> mask(not.operand(), !wanted, batch);
            case IsNull isNull -> ofColumns(List.of(evaluator.evaluate(isNull.operand(), batch)), batch, wanted,
                    (columns, rows) -> isNull(columns.getFirst(), wanted, rows));
            case Comparison comparison -> {
                Comparison.Operator operator = comparison.operator();
                boolean seesNulls = operator == Comparison.Operator.DISTINCT
                        || operator == Comparison.Operator.NOT_DISTINCT;
                yield ofColumns(
                        List.of(evaluator.evaluate(comparison.left(), batch),
                                evaluator.evaluate(comparison.right(), batch)),
                        batch, seesNulls,
                        (columns, rows) -> compare(operator, columns.get(0), columns.get(1), wanted, rows));
            }
            case In in -> ofColumns(List.of(evaluator.evaluate(in.operand(), batch)), batch, false,
                    (columns, rows) -> in(columns.getFirst(), in.options(), wanted, rows));
        };
    }

    /** Where all operands are {@code wanted}. */
    private Mask all(List<Expression> operands, boolean wanted, Batch batch) {
        Mask result = null;
        Batch left = batch;
        for (int i = 0; i < operands.size(); i++) {
            Mask one = mask(operands.get(i), wanted, left);
            result = result == null ? one : both(result, one, batch.shape());
            if (i + 1 < operands.size() && anyCanFail(operands, i + 1)) {
                // Rows that are known not to be all wanted may still be NULL or not: neither asks further.
                left = narrowed(batch, result, true);
            }
        }
        return result == null ? constant(true, batch) : result;
    }

    /** Where at least one operand is {@code wanted}. */
    private Mask any(List<Expression> operands, boolean wanted, Batch batch) {
        Mask result = null;
        Batch left = batch;
        for (int i = 0; i < operands.size(); i++) {
            Mask one = mask(operands.get(i), wanted, left);
            result = result == null ? one : either(result, one, batch.shape());
            if (i + 1 < operands.size() && anyCanFail(operands, i + 1)) {
                left = narrowed(batch, result, false);
            }
        }
        return result == null ? constant(false, batch) : result;
    }

    private static boolean anyCanFail(List<Expression> operands, int from) {
        for (int i = from; i < operands.size(); i++) {
            if (Expressions.canFail(operands.get(i))) {
                return true;
            }
        }
        return false;
    }

    /** The batch with only the selected rows that are in a mask, or that are not. */
    Batch narrowed(Batch batch, Mask mask, boolean inside) {
        int rows = batch.rows();
        long[] words = expanded(mask, batch.shape(), rows);
        for (int i = 0; i < Masks.words(rows); i++) {
            words[i] = inside ? words[i] : ~words[i];
            if (batch.selection() instanceof Selection.Bitmap bitmap) {
                words[i] &= bitmap.words()[i];
            }
        }
        Masks.trim(words, rows);
        return batch.withSelection(new Selection.Bitmap(words, Masks.count(words, rows)));
    }

    private Mask constant(boolean value, Batch batch) {
        long[] words = scratch.words(1);
        words[0] = value ? 1 : 0;
        return new Mask(words, new boolean[batch.shape().length],
                Footprint.cells(batch.shape(), new boolean[batch.shape().length]));
    }

    Mask both(Mask a, Mask b, int[] shape) {
        boolean[] varies = union(a.varies, b.varies);
        Mask left = spread(a, shape, varies);
        Mask right = spread(b, shape, varies);
        long[] words = left == a && right != b ? right.words : left.words;
        long[] others = words == left.words ? right.words : left.words;
        for (int i = 0; i < Masks.words(left.cells); i++) {
            words[i] &= others[i];
        }
        return new Mask(words, varies, left.cells);
    }

    /** The union of two masks, in new words. */
    Mask either(Mask a, Mask b, int[] shape) {
        boolean[] varies = union(a.varies, b.varies);
        Mask left = spread(a, shape, varies);
        Mask right = spread(b, shape, varies);
        long[] words = scratch.words(left.cells);
        for (int i = 0; i < Masks.words(left.cells); i++) {
            words[i] = left.words[i] | right.words[i];
        }
        return new Mask(words, varies, left.cells);
    }

    private static boolean[] union(boolean[] a, boolean[] b) {
        boolean[] both = a.clone();
        for (int i = 0; i < both.length; i++) {
            both[i] |= b[i];
        }
        return both;
    }

    /** The mask over more axes; itself where it is over these axes already. */
    Mask spread(Mask mask, int[] shape, boolean[] varies) {
        if (Arrays.equals(mask.varies, varies)) {
            return mask;
        }
        int cells = Footprint.cells(shape, varies);
        long[] words = scratch.words(cells);
        Arrays.fill(words, 0, Masks.words(cells), 0);
        Walk walk = new Walk(shape, varies, Layout.compact(shape, mask.varies));
        while (walk.next()) {
            int length = walk.length();
            if (walk.step(0) == 1) {
                for (int i = 0; i < length; i += 64) {
                    int some = Math.min(64, length - i);
                    Masks.setWord(words, walk.outAt() + i, some, Masks.word(mask.words, walk.at(0) + i, some));
                }
            } else if ((Masks.word(mask.words, walk.at(0), 1) & 1) != 0) {
                Masks.fill(words, walk.outAt(), length, true);
            }
        }
        return new Mask(words, varies, cells);
    }

    /** The mask's bits for every row of a box, in new or the mask's own words. */
    long[] expanded(Mask mask, int[] shape, int rows) {
        boolean[] varies = new boolean[shape.length];
        for (int axis = 0; axis < shape.length; axis++) {
            varies[axis] = shape[axis] != 1;
        }
        long[] words = spread(mask, shape, varies).words;
        if (words != mask.words) {
            return words;
        }
        long[] copy = scratch.words(rows);
        System.arraycopy(words, 0, copy, 0, Masks.words(rows));
        return copy;
    }

    /** Something that computes a mask from columns of a box. */
    private interface Application {
        Mask apply(List<Strided> columns, Batch rows);
    }

    /** Applies to the values of a dictionary where that pays; {@code onNull} is what a NULL index gives. */
    private Mask ofColumns(List<Column> columns, Batch batch, boolean nullsMatter, Application application) {
        Column.Dictionary only = nullsMatter ? null : Evaluator.onlyDictionary(columns, batch);
        if (only == null) {
            return application.apply(evaluator.plain(columns, batch), batch);
        }
        Batch values = Batch.of(dev.graticule.batch.Box.rows(0, only.dictionary().count()), batch.ordinal(), List.of());
        long[] bits = expanded(application.apply(Evaluator.valuesOf(only, columns), values), values.shape(),
                values.rows());
        int[] shape = batch.shape();
        boolean[] varies = Footprint.of(shape, List.of(only));
        int cells = Footprint.cells(shape, varies);
        long[] words = scratch.words(cells);
        Arrays.fill(words, 0, Masks.words(cells), 0);
        Values indices = only.indices();
        Walk walk = new Walk(shape, varies, only.layout());
        while (walk.next()) {
            for (int i = 0; i < walk.length(); i++) {
                int place = walk.place(0, i);
                if (indices.isValid(place)) {
                    int index = indices.data().get(ValueLayout.JAVA_INT_UNALIGNED, place * 4L);
                    int at = walk.outAt() + i;
                    words[at >>> 6] |= (bits[index >>> 6] >>> index & 1) << at;
                }
            }
        }
        return new Mask(words, varies, cells);
    }

    private Mask ofColumn(Expression expression, boolean wanted, Batch batch) {
        return ofColumns(List.of(evaluator.evaluate(expression, batch)), batch, false,
                (columns, rows) -> truth(columns.getFirst(), wanted, rows));
    }

    private Mask truth(Strided column, boolean wanted, Batch rows) {
        boolean[] varies = Footprint.of(rows.shape(), List.of(column));
        int cells = Footprint.cells(rows.shape(), varies);
        if (column.type() == SqlType.NULL) {
            return new Mask(none(cells), varies, cells);
        }
        long[] words = spread.bits(column.values().data(), column.layout(), rows.shape(), varies);
        if (!wanted) {
            invert(words, cells);
        }
        long[] valid = spread.valid(column, rows.shape(), varies);
        if (valid != null) {
            Spread.and(words, valid, cells);
        }
        return new Mask(words, varies, cells);
    }

    private long[] none(int cells) {
        long[] words = scratch.words(cells);
        Arrays.fill(words, 0, Masks.words(cells), 0);
        return words;
    }

    private static void invert(long[] words, int cells) {
        for (int i = 0; i < Masks.words(cells); i++) {
            words[i] = ~words[i];
        }
        Masks.trim(words, cells);
    }

    private Mask isNull(Strided column, boolean wanted, Batch rows) {
        boolean[] varies = column.nulls() == NullForm.NONE ? new boolean[rows.shape().length]
                : Footprint.of(rows.shape(), List.of(column));
        int cells = Footprint.cells(rows.shape(), varies);
        long[] valid = spread.valid(column, rows.shape(), varies);
        if (valid == null) {
            valid = none(cells);
            invert(valid, cells);
        }
        if (wanted) {
            invert(valid, cells);
        }
        return new Mask(valid, varies, cells);
    }

    /** The cells where a column is not NULL; {@code null} where that is all of them. */
    Mask notNull(Column column, Batch batch) {
        Strided plain = spread.plain(column, batch.shape());
        return plain.nulls() == NullForm.NONE ? null : isNull(plain, false, batch);
    }

    private Mask compare(Comparison.Operator operator, Strided left, Strided right, boolean wanted, Batch rows) {
        int[] shape = rows.shape();
        boolean[] varies = Footprint.of(shape, List.of(left, right));
        int cells = Footprint.cells(shape, varies);
        Relation relation = relation(operator, wanted);
        boolean distinct = operator == Comparison.Operator.DISTINCT || operator == Comparison.Operator.NOT_DISTINCT;
        boolean floating = left.type().isFloating();
        long[] leftNaN = floating ? valueNaN(left, shape, varies, cells) : null;
        long[] rightNaN = floating ? valueNaN(right, shape, varies, cells) : null;
        // A comparison with a NaN is false by itself: where that is a NULL, nothing is left to do.
        boolean nanIsFalse = leftNaN == null && rightNaN == null && relation != Relation.NOT_EQUAL && !distinct;
        long[] leftValid = nanIsFalse && left.nulls() == NullForm.NAN ? null : spread.valid(left, shape, varies);
        long[] rightValid = nanIsFalse && right.nulls() == NullForm.NAN ? null : spread.valid(right, shape, varies);
        if (left.type() == SqlType.NULL || right.type() == SqlType.NULL) {
            if (!distinct) {
                return new Mask(none(cells), varies, cells);
            }
        }
        long[] words = left.type() == SqlType.NULL || right.type() == SqlType.NULL
                ? none(cells)
                : floating
                        ? withNaN(relation, spread.compare(relation, left, right, shape, varies), leftNaN, rightNaN,
                                cells)
                        : RowComparison.isNeeded(left.type())
                                ? compareRows(relation, left, right, shape, varies, cells)
                                : spread.compare(relation, left, right, shape, varies);
        if (!distinct) {
            if (leftValid != null) {
                Spread.and(words, leftValid, cells);
            }
            if (rightValid != null) {
                Spread.and(words, rightValid, cells);
            }
            return new Mask(words, varies, cells);
        }
        boolean equal = relation == Relation.EQUAL;
        for (int i = 0; i < Masks.words(cells); i++) {
            long a = leftValid == null ? -1L : leftValid[i];
            long b = rightValid == null ? -1L : rightValid[i];
            words[i] = words[i] & a & b | (equal ? ~a & ~b : a ^ b);
        }
        Masks.trim(words, cells);
        return new Mask(words, varies, cells);
    }

    private static Relation relation(Comparison.Operator operator, boolean wanted) {
        return switch (operator) {
            case EQUAL, NOT_DISTINCT -> wanted ? Relation.EQUAL : Relation.NOT_EQUAL;
            case NOT_EQUAL, DISTINCT -> wanted ? Relation.NOT_EQUAL : Relation.EQUAL;
            case LESS -> wanted ? Relation.LESS : Relation.GREATER_OR_EQUAL;
            case LESS_OR_EQUAL -> wanted ? Relation.LESS_OR_EQUAL : Relation.GREATER;
            case GREATER -> wanted ? Relation.GREATER : Relation.LESS_OR_EQUAL;
            case GREATER_OR_EQUAL -> wanted ? Relation.GREATER_OR_EQUAL : Relation.LESS;
        };
    }

    /** NaN that is a value equals itself and is greater than every number; NaN that is a NULL does not matter here. */
    private static long[] withNaN(Relation relation, long[] words, long[] leftNaN, long[] rightNaN, int cells) {
        if (leftNaN == null && rightNaN == null) {
            return words;
        }
        for (int i = 0; i < Masks.words(cells); i++) {
            long a = leftNaN == null ? 0 : leftNaN[i];
            long b = rightNaN == null ? 0 : rightNaN[i];
            words[i] = switch (relation) {
                case EQUAL -> words[i] | a & b;
                case NOT_EQUAL -> words[i] & ~(a & b);
                case LESS -> words[i] | b & ~a;
                case LESS_OR_EQUAL -> words[i] | b;
                case GREATER -> words[i] | a & ~b;
                case GREATER_OR_EQUAL -> words[i] | a;
            };
        }
        return words;
    }

    /** The cells where a column holds a NaN that is a value; {@code null} where there is none. */
    private long[] valueNaN(Strided column, int[] shape, boolean[] varies, int cells) {
        if (column.nulls() == NullForm.NAN) {
            return null;
        }
        if (column.layout().isConstant(shape)) {
            Object value = Evaluator.object(column, column.layout().place(shape, 0));
            if (value == null || !Double.isNaN(((Number) value).doubleValue())) {
                return null;
            }
        }
        long[] words = spread.numbers(column, shape, varies);
        invert(words, cells);
        return words;
    }

    private long[] compareRows(Relation relation, Strided left, Strided right, int[] shape, boolean[] varies,
            int cells) {
        long[] words = none(cells);
        boolean onlyEqual = relation == Relation.EQUAL || relation == Relation.NOT_EQUAL;
        if (onlyEqual && EqualStrings.apply(left, right, shape, cells)) {
            EqualStrings.find(left, right, shape, cells, relation == Relation.EQUAL, words);
            return words;
        }
        if (onlyEqual && EqualStrings.apply(right, left, shape, cells)) {
            EqualStrings.find(right, left, shape, cells, relation == Relation.EQUAL, words);
            return words;
        }
        RowComparison comparison = onlyEqual ? RowComparison.ofEqual(left.type()) : RowComparison.of(left.type());
        Walk walk = new Walk(shape, varies, left.layout(), right.layout());
        while (walk.next()) {
            for (int i = 0; i < walk.length(); i++) {
                int a = walk.place(0, i);
                int b = walk.place(1, i);
                if (!left.values().isValid(a) || !right.values().isValid(b)) {
                    continue;
                }
                int order = comparison.compare(left.values(), a, right.values(), b);
                boolean holds = switch (relation) {
                    case EQUAL -> order == 0;
                    case NOT_EQUAL -> order != 0;
                    case LESS -> order < 0;
                    case LESS_OR_EQUAL -> order <= 0;
                    case GREATER -> order > 0;
                    case GREATER_OR_EQUAL -> order >= 0;
                };
                int at = walk.outAt() + i;
                words[at >>> 6] |= (holds ? 1L : 0L) << at;
            }
        }
        return words;
    }

    private Mask in(Strided operand, List<Literal> options, boolean wanted, Batch rows) {
        int[] shape = rows.shape();
        boolean missing = options.stream().anyMatch(option -> option.value() == null);
        List<Literal> known = options.stream().filter(option -> option.value() != null).toList();
        boolean[] varies = Footprint.of(shape, List.of(operand));
        int cells = Footprint.cells(shape, varies);
        if (!wanted && missing || operand.type() == SqlType.NULL) {
            return new Mask(none(cells), varies, cells);
        }
        if (known.size() <= MANY_OPTIONS || operand.type() instanceof SqlType.Decimal
                || operand.type() == SqlType.INTERVAL) {
            Mask found = null;
            for (Literal option : known) {
                Mask one = compare(wanted ? Comparison.Operator.EQUAL : Comparison.Operator.NOT_EQUAL, operand,
                        evaluator.constant(option, shape.length),
                        true, rows);
                found = found == null ? one : wanted ? either(found, one, shape) : both(found, one, shape);
            }
            return found == null ? new Mask(none(cells), varies, cells) : found;
        }
        Set<Object> set = new HashSet<>();
        for (Literal option : known) {
            set.add(key(option.value()));
        }
        long[] words = none(cells);
        Walk walk = new Walk(shape, varies, operand.layout());
        while (walk.next()) {
            for (int i = 0; i < walk.length(); i++) {
                Object value = Evaluator.object(operand, walk.place(0, i));
                if (value != null && set.contains(key(value)) == wanted) {
                    int at = walk.outAt() + i;
                    words[at >>> 6] |= 1L << at;
                }
            }
        }
        return new Mask(words, varies, cells);
    }

    /** A value as an object that equals those of equal values. */
    private static Object key(Object value) {
        return switch (value) {
            case Double number -> number + 0.0;
            case Float number -> number + 0.0f;
            case byte[] bytes -> {
                List<Byte> list = new ArrayList<>();
                for (byte one : bytes) {
                    list.add(one);
                }
                yield list;
            }
            default -> value;
        };
    }
}
