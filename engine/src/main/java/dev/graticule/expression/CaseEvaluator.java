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
import dev.graticule.kernel.CopyLoop;
import dev.graticule.kernel.Masks;
import dev.graticule.kernel.OverlayLoop;
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
        int bytes = type.bytes();
        List<Mask> spreadMasks = new ArrayList<>();
        for (Mask mask : chosen) {
            spreadMasks.add(masks.spread(mask, shape, varies));
        }
        return bytes == 0 || bytes == 16 ? rows(type, columns, spreadMasks, shape, varies)
                : copy(type, columns, spreadMasks, shape, varies);
    }

    /** For each cell the number of the column that it takes its value from. */
    private static int[] sources(List<Mask> chosen, int cells) {
        int[] source = new int[cells];
        Arrays.fill(source, chosen.size());
        for (int i = chosen.size() - 1; i >= 0; i--) {
            long[] words = chosen.get(i).words();
            for (int word = 0; word < Masks.words(cells); word++) {
                for (long bits = words[word]; bits != 0; bits &= bits - 1) {
                    source[(word << 6) + Long.numberOfTrailingZeros(bits)] = i;
                }
            }
        }
        return source;
    }

    private Strided rows(SqlType type, List<Strided> columns, List<Mask> chosen, int[] shape, boolean[] varies) {
        int[] source = sources(chosen, Footprint.cells(shape, varies));
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

    /** Lays the columns over each other, the last one first. */
    private Strided copy(SqlType type, List<Strided> columns, List<Mask> chosen, int[] shape, boolean[] varies) {
        int cells = Footprint.cells(shape, varies);
        boolean nan = columns.stream().allMatch(column -> column.nulls() == NullForm.NAN);
        Values result = scratch.values(type, cells, false);
        long[] known = scratch.words(cells);
        boolean nulls = false;
        for (int i = columns.size() - 1; i >= 0; i--) {
            Strided column = columns.get(i);
            long[] where = i < chosen.size() ? chosen.get(i).words() : null;
            lay(type.bytes(), spread.regular(List.of(column), shape, varies)[0], where, shape, varies, result);
            long[] valid = nan ? null : spread.valid(column, shape, varies);
            nulls |= valid != null;
            for (int word = 0; word < Masks.words(cells); word++) {
                long taken = where == null ? -1L : where[word];
                known[word] = known[word] & ~taken | taken & (valid == null ? -1L : valid[word]);
            }
        }
        Masks.trim(known, cells);
        Layout layout = Layout.compact(shape, varies);
        if (nan) {
            return new Strided(result, layout, NullForm.NAN);
        }
        if (!nulls || Masks.count(known, cells) == cells) {
            return new Strided(result, layout, NullForm.NONE);
        }
        return new Strided(result.withBitmap(spread.bitmap(known, cells)), layout, NullForm.BITMAP);
    }

    /** Copies a column's values to the cells of a mask; everywhere where there is none. */
    private static void lay(int bytes, Strided column, long[] where, int[] shape, boolean[] varies, Values result) {
        MemorySegment data = column.values().data();
        OverlayLoop overlay = OverlayLoop.of(result.type(), result.count());
        Walk walk = new Walk(shape, varies, column.layout());
        while (walk.next()) {
            int length = walk.length();
            if (where == null) {
                CopyLoop.strided(bytes, data, walk.at(0), walk.step(0), result.data(), walk.outAt(), length);
                continue;
            }
            overlay.run(data, walk.at(0), walk.step(0), where, walk.outAt(), result.data(), length);
        }
    }
}
