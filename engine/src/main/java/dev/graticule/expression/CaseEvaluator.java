package dev.graticule.expression;

import dev.graticule.batch.Batch;
import dev.graticule.batch.Column;
import dev.graticule.batch.Column.Strided;
import dev.graticule.batch.Layout;
import dev.graticule.batch.NullForm;
import dev.graticule.batch.Scratch;
import dev.graticule.batch.Values;
import dev.graticule.expression.Expression.Case;
import dev.graticule.expression.Expression.Coalesce;
import dev.graticule.expression.MaskEvaluator.Mask;
import dev.graticule.kernel.Masks;
import dev.graticule.type.SqlType;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** CASE and COALESCE: which of several columns each cell takes its value from. */
final class CaseEvaluator {
    private final Evaluator evaluator;
    private final MaskEvaluator masks;
    private final Spread spread;
    private final Scratch scratch;

    CaseEvaluator(Evaluator evaluator, MaskEvaluator masks, Spread spread, Scratch scratch) {
        this.evaluator = evaluator;
        this.masks = masks;
        this.spread = spread;
        this.scratch = scratch;
    }

    Column choose(Case choice, Batch batch) {
        List<Mask> chosen = new ArrayList<>();
        List<Column> results = new ArrayList<>();
        Batch left = batch;
        for (Case.When branch : choice.branches()) {
            Mask mask = masks.mask(branch.condition(), true, left);
            Batch taken = Expressions.canFail(branch.result()) ? masks.narrowed(left, mask, true) : left;
            results.add(evaluator.evaluate(branch.result(), taken));
            chosen.add(mask);
            if (Expressions.canFail(choice)) {
                left = masks.narrowed(left, mask, false);
            }
        }
        results.add(evaluator.evaluate(choice.otherwise(), left));
        return merge(choice.type(), chosen, results, batch);
    }

    Column coalesce(Coalesce coalesce, Batch batch) {
        List<Mask> chosen = new ArrayList<>();
        List<Column> results = new ArrayList<>();
        Batch left = batch;
        int last = coalesce.operands().size() - 1;
        for (int i = 0; i <= last; i++) {
            Column column = evaluator.evaluate(coalesce.operands().get(i), left);
            results.add(column);
            Mask mask = i == last ? null : masks.notNull(column, batch);
            if (mask == null) {
                break;
            }
            chosen.add(mask);
            if (Expressions.canFail(coalesce)) {
                left = masks.narrowed(left, mask, false);
            }
        }
        return merge(coalesce.type(), chosen, results, batch);
    }

    /** Takes each cell from the column of the first mask that has it, else from the last column. */
    private Column merge(SqlType type, List<Mask> chosen, List<Column> results, Batch batch) {
        if (chosen.isEmpty()) {
            return results.getFirst();
        }
        int[] shape = batch.shape();
        List<Strided> columns = evaluator.plain(results, batch);
        boolean[] varies = Footprint.of(shape, columns);
        for (Mask mask : chosen) {
            for (int axis = 0; axis < varies.length; axis++) {
                varies[axis] |= mask.varies()[axis];
            }
        }
        int cells = Footprint.cells(shape, varies);
        int[] source = new int[cells];
        Arrays.fill(source, chosen.size());
        for (int i = chosen.size() - 1; i >= 0; i--) {
            long[] words = masks.spread(chosen.get(i), shape, varies).words();
            for (int word = 0; word < Masks.words(cells); word++) {
                for (long bits = words[word]; bits != 0; bits &= bits - 1) {
                    source[(word << 6) + Long.numberOfTrailingZeros(bits)] = i;
                }
            }
        }
        int bytes = type.bytes();
        return bytes == 0 || bytes == 16 ? rows(type, columns, source, shape, varies) : copy(type, columns, source, shape, varies);
    }

    private static boolean isConstantWithoutNaN(Strided column, int[] shape) {
        return column.layout().isConstant(shape)
                && !(column.values().object(column.layout().place(shape, 0)) instanceof Number value && Double.isNaN(value.doubleValue()));
    }

    private Strided rows(SqlType type, List<Strided> columns, int[] source, int[] shape, boolean[] varies) {
        ColumnBuilder builder = new ColumnBuilder(type, source.length, scratch);
        Walk walk = new Walk(shape, varies, Spread.layouts(columns.toArray(Strided[]::new)));
        while (walk.next()) {
            for (int i = 0; i < walk.length(); i++) {
                int cell = walk.outAt() + i;
                builder.set(cell, Evaluator.object(columns.get(source[cell]), walk.place(source[cell], i)));
            }
        }
        return new Strided(builder.finish(), Layout.compact(shape, varies), builder.nulls());
    }

    private Strided copy(SqlType type, List<Strided> columns, int[] source, int[] shape, boolean[] varies) {
        int bytes = type.bytes();
        int cells = source.length;
        boolean nan = columns.stream().anyMatch(column -> column.nulls() == NullForm.NAN)
                && columns.stream().allMatch(column -> column.nulls() == NullForm.NAN || isConstantWithoutNaN(column, shape));
        Values result = scratch.values(type, cells, false);
        long[][] valid = new long[columns.size()][];
        boolean nulls = false;
        for (int i = 0; i < columns.size(); i++) {
            valid[i] = nan && columns.get(i).nulls() == NullForm.NAN ? null : spread.valid(columns.get(i), shape, varies);
            nulls |= valid[i] != null;
        }
        long[] known = scratch.words(cells);
        Arrays.fill(known, 0, Masks.words(cells), 0);
        Walk walk = new Walk(shape, varies, Spread.layouts(columns.toArray(Strided[]::new)));
        while (walk.next()) {
            for (int i = 0; i < walk.length(); i++) {
                int cell = walk.outAt() + i;
                int from = source[cell];
                MemorySegment.copy(columns.get(from).values().data(), (long) walk.place(from, i) * bytes, result.data(), (long) cell * bytes, bytes);
                if (nulls && (valid[from] == null || (valid[from][cell >>> 6] >>> cell & 1) != 0)) {
                    known[cell >>> 6] |= 1L << cell;
                }
            }
        }
        Layout layout = Layout.compact(shape, varies);
        if (nan) {
            if (nulls) {
                CallEvaluator.writeNaN(result, known, cells);
            }
            return new Strided(result, layout, NullForm.NAN);
        }
        if (!nulls || Masks.count(known, cells) == cells) {
            return new Strided(result, layout, NullForm.NONE);
        }
        return new Strided(result.withBitmap(spread.bitmap(known, cells)), layout, NullForm.BITMAP);
    }
}
