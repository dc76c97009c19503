package dev.graticule.expression;

import dev.graticule.GraticuleException;
import dev.graticule.batch.Batch;
import dev.graticule.batch.Column;
import dev.graticule.batch.Column.Strided;
import dev.graticule.batch.Layout;
import dev.graticule.batch.Memory;
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
import dev.graticule.kernel.Masks;
import dev.graticule.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;

/** Evaluates bound expressions over batches, each on its footprint. Belongs to one worker. */
public final class Evaluator {
    private final Scratch scratch;
    private final Spread spread;
    private final MaskEvaluator masks;
    private final CallEvaluator calls;
    private final CaseEvaluator cases;

    /** An evaluator whose temporaries come from the worker's pool. */
    public Evaluator(Scratch scratch) {
        this.scratch = scratch;
        this.spread = new Spread(scratch);
        this.masks = new MaskEvaluator(this, spread, scratch);
        this.calls = new CallEvaluator(spread, scratch);
        this.cases = new CaseEvaluator(this, masks, spread, scratch);
    }

    /**
     * The value of an expression for the rows of a batch, as a column of the batch's box that varies only along the axes along
     * which the expression does. It lives in the worker's temporaries or in the batch.
     *
     * <p>Rows that are not selected have an undefined value.
     *
     * @throws GraticuleException of kind DATA where a selected row has an error
     */
    public Column evaluate(Expression expression, Batch batch) {
        return switch (expression) {
            case Literal literal -> constant(literal, batch.shape().length);
            case ColumnReference reference -> batch.columns().get(reference.index());
            case Call call -> {
                List<Column> arguments = new ArrayList<>(call.arguments().size());
                for (Expression argument : call.arguments()) {
                    arguments.add(evaluate(argument, batch));
                }
                yield overDictionary(arguments, batch, strict(call.function()),
                        (columns, rows) -> calls.call(call, columns, rows));
            }
            case Cast cast -> overDictionary(List.of(evaluate(cast.operand(), batch)), batch, true,
                    (columns, rows) -> calls.cast(cast, columns.getFirst(), rows));
            case Unpack unpack -> overDictionary(List.of(evaluate(unpack.stored(), batch)), batch, true,
                    (columns, rows) -> calls.unpack(unpack, columns.getFirst(), rows));
            case Case choice -> cases.choose(choice, batch);
            case Coalesce coalesce -> cases.coalesce(coalesce, batch);
            case Expression.KeepNulls keep -> overDictionary(List.of(evaluate(keep.operand(), batch)), batch, true,
                    (columns, rows) -> keep.asNaN() ? spread.nullsAsNaN(columns.getFirst(), rows.shape())
                            : spread.nullsAsBitmap(columns.getFirst(), rows.shape()));
            case Comparison comparison -> truth(comparison, batch);
            case And and -> truth(and, batch);
            case Or or -> truth(or, batch);
            case Not not -> truth(not, batch);
            case IsNull isNull -> truth(isNull, batch);
            case In in -> truth(in, batch);
        };
    }

    /** The batch's selection narrowed to the rows where a predicate is true; the same object where that is all of them. */
    public Selection filter(Expression predicate, Batch batch) {
        int rows = batch.rows();
        Selection before = batch.selection();
        int selected = before.count(rows);
        if (selected == 0) {
            return before;
        }
        MaskEvaluator.Mask mask = masks.mask(predicate, true, batch);
        long[] words = masks.expanded(mask, batch.shape(), rows);
        if (before instanceof Selection.Bitmap bitmap) {
            Spread.and(words, bitmap.words(), rows);
        }
        int left = Masks.count(words, rows);
        return left == selected ? before : new Selection.Bitmap(words, left);
    }

    /** Something that computes a column from columns of a box. */
    interface Application {
        Column apply(List<Strided> columns, Batch rows);
    }

    private static boolean strict(ScalarFunction function) {
        return !(function instanceof ScalarFunction.OfRows rows && rows.seesNulls());
    }

    /**
     * Applies a function once per value of a dictionary where that is the only operand that varies and has fewer values than
     * rows are selected; else to plain columns.
     */
    private Column overDictionary(List<Column> columns, Batch batch, boolean strict, Application application) {
        Column.Dictionary only = onlyDictionary(columns, batch);
        if (only != null && strict) {
            Batch values = Batch.of(dev.graticule.batch.Box.rows(0, only.dictionary().count()), batch.ordinal(),
                    List.of());
            try {
                Column result = application.apply(valuesOf(only, columns), values);
                Strided dense = spread.compact((Strided) result, values.shape(), new boolean[]{true});
                if (dense.nulls() != NullForm.NAN || only.nulls() != NullForm.BITMAP) {
                    NullForm nulls = only.nulls() == NullForm.BITMAP ? NullForm.BITMAP : dense.nulls();
                    return new Column.Dictionary(only.indices(), only.layout(), dense.values(), nulls);
                }
            } catch (GraticuleException perhapsOfAValueThatNoRowHas) {
                // Row by row the error is raised again if a selected row has the value.
                return application.apply(plain(columns, batch), batch);
            }
        }
        return application.apply(plain(columns, batch), batch);
    }

    /** The dictionary column, if it is the only one that varies and evaluating its values pays; else {@code null}. */
    static Column.Dictionary onlyDictionary(List<Column> columns, Batch batch) {
        Column.Dictionary only = null;
        for (Column column : columns) {
            if (column instanceof Column.Dictionary dictionary) {
                if (only != null) {
                    return null;
                }
                only = dictionary;
            } else if (!column.layout().isConstant(batch.shape())) {
                return null;
            }
        }
        return only == null || only.dictionary().count() == 0 || only.dictionary().count() >= batch.selectedRows()
                ? null : only;
    }

    /** The columns over a box of one axis, the values of the dictionary. */
    static List<Strided> valuesOf(Column.Dictionary only, List<Column> columns) {
        List<Strided> operands = new ArrayList<>();
        for (Column column : columns) {
            operands.add(switch (column) {
                case Column.Dictionary dictionary ->
                    new Strided(only.dictionary(), Layout.strided(0, 1), Spread.valueForm(dictionary));
                case Strided constant ->
                    new Strided(constant.values(), Layout.constant(1, firstPlace(constant.layout())), constant.nulls());
            });
        }
        return operands;
    }

    private static int firstPlace(Layout layout) {
        int place = layout.offset();
        for (int axis = 0; axis < layout.axes(); axis++) {
            place += layout.step(axis, 0);
        }
        return place;
    }

    List<Strided> plain(List<Column> columns, Batch batch) {
        List<Strided> plain = new ArrayList<>(columns.size());
        for (Column column : columns) {
            plain.add(spread.plain(column, batch.shape()));
        }
        return plain;
    }

    /** A column of one value. */
    Strided constant(Literal literal, int axes) {
        ColumnBuilder builder = new ColumnBuilder(literal.type(), 1, scratch);
        builder.set(0, literal.value());
        return new Strided(builder.finish(), Layout.constant(axes, 0), builder.nulls());
    }

    private Strided truth(Expression expression, Batch batch) {
        MaskEvaluator.Mask isTrue = masks.mask(expression, true, batch);
        MaskEvaluator.Mask isFalse = masks.mask(expression, false, batch);
        MaskEvaluator.Mask known = masks.either(isTrue, isFalse, batch.shape());
        boolean[] varies = known.varies();
        int cells = known.cells();
        long[] bits = masks.spread(isTrue, batch.shape(), varies).words();
        ArrowBuf data = spread.bitmap(bits, cells);
        boolean nulls = Masks.count(known.words(), cells) < cells;
        Values values = Values.of(SqlType.BOOLEAN, cells, data, nulls ? spread.bitmap(known.words(), cells) : null);
        return new Strided(values, Layout.compact(batch.shape(), varies), nulls ? NullForm.BITMAP : NullForm.NONE);
    }

    /** The value of a column for one row, as {@link Values#object} gives it; {@code null} for NULL in any form. */
    static Object object(Strided column, int place) {
        Object value = column.values().object(place);
        if (column.nulls() == NullForm.NAN
                && (value instanceof Float single && single.isNaN() || value instanceof Double wide && wide.isNaN())) {
            return null;
        }
        return value;
    }

    static boolean isNull(Strided column, int place) {
        return switch (column.nulls()) {
            case NONE -> false;
            case BITMAP -> !column.values().isValid(place);
            case NAN -> object(column, place) == null;
        };
    }

    static boolean bit(Strided column, int place) {
        return Memory.bit(column.values().data(), place);
    }
}
