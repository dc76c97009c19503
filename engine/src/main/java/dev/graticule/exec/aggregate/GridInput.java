package dev.graticule.exec.aggregate;

import dev.graticule.aggregate.AggregateCall;
import dev.graticule.batch.Batch;
import dev.graticule.batch.Box;
import dev.graticule.batch.Column;
import dev.graticule.batch.IndexSet;
import dev.graticule.batch.Selection;
import dev.graticule.exec.Worker;
import dev.graticule.expression.Expression;
import dev.graticule.kernel.Masks;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A batch with what its aggregates take of it. Lent as the batch is.
 *
 * @param arguments for each aggregate, {@code null} where no row counts for it
 */
record GridInput(Batch batch, List<Arguments> arguments) {

    /** The rows that count for an aggregate, and its arguments for them. */
    record Arguments(Selection selection, List<Column> columns) {
    }

    /** Evaluates filters and arguments. */
    static GridInput of(Batch batch, List<AggregateCall> calls, Worker worker) {
        List<Arguments> arguments = new ArrayList<>();
        for (AggregateCall call : calls) {
            Batch counted = batch;
            if (!call.filter().equals(Expression.Literal.TRUE)) {
                Selection left = worker.evaluator().filter(call.filter(), batch);
                if (left.count(batch.rows()) == 0) {
                    arguments.add(null);
                    continue;
                }
                counted = batch.withSelection(left);
            }
            List<Column> columns = new ArrayList<>();
            for (Expression argument : call.arguments()) {
                columns.add(worker.evaluator().evaluate(argument, counted));
            }
            arguments.add(new Arguments(counted.selection(), columns));
        }
        return new GridInput(batch, arguments);
    }

    /** The same for some of the selected rows only. */
    GridInput restrictedTo(Selection.Bitmap rows) {
        List<Arguments> restricted = new ArrayList<>();
        for (Arguments each : arguments) {
            if (each == null || each.selection() == batch.selection()) {
                restricted.add(each == null ? null : new Arguments(rows, each.columns()));
            } else {
                Selection both = both(rows, each.selection());
                restricted.add(both.count(batch.rows()) == 0 ? null : new Arguments(both, each.columns()));
            }
        }
        return new GridInput(batch.withSelection(rows), restricted);
    }

    private Selection both(Selection.Bitmap rows, Selection other) {
        if (!(other instanceof Selection.Bitmap bitmap)) {
            return rows;
        }
        long[] words = new long[Masks.words(batch.rows())];
        for (int w = 0; w < words.length; w++) {
            words[w] = rows.words()[w] & bitmap.words()[w];
        }
        return new Selection.Bitmap(words, Masks.count(words, batch.rows()));
    }

    /** The part of the indices {@code [from, from + length)} of an axis. */
    GridInput slice(int axis, int from, int length) {
        int[] shape = batch.shape();
        if (length == shape[axis]) {
            return this;
        }
        int[] start = new int[shape.length];
        int[] lengths = shape.clone();
        start[axis] = from;
        lengths[axis] = length;
        List<IndexSet> sets = new ArrayList<>(batch.box().axes());
        sets.set(axis, sets.get(axis).slice(from, length));
        Batch part = Batch.of(new Box(sets), batch.ordinal(), List.of())
                .withSelection(slice(batch.selection(), axis, from, length));
        List<Arguments> sliced = new ArrayList<>();
        for (Arguments each : arguments) {
            if (each == null) {
                sliced.add(null);
                continue;
            }
            Selection selection = each.selection() == batch.selection() ? part.selection()
                    : slice(each.selection(), axis, from, length);
            sliced.add(selection.count(part.rows()) == 0 ? null
                    : new Arguments(selection,
                            each.columns().stream().map(column -> column.slice(start, lengths)).toList()));
        }
        return new GridInput(part, sliced);
    }

    private Selection slice(Selection selection, int axis, int from, int length) {
        if (!(selection instanceof Selection.Bitmap bitmap)) {
            return selection;
        }
        int[] shape = batch.shape();
        int inner = Arrays.stream(shape, axis + 1, shape.length).reduce(1, (a, b) -> a * b);
        int run = length * inner;
        int outer = Arrays.stream(shape, 0, axis).reduce(1, (a, b) -> a * b);
        long[] words = new long[Masks.words(outer * run)];
        for (int o = 0; o < outer; o++) {
            long source = ((long) o * shape[axis] + from) * inner;
            long target = (long) o * run;
            for (int i = 0; i < run; i += 64) {
                int bits = Integer.min(64, run - i);
                Masks.setWord(words, target + i, bits, Masks.word(bitmap.words(), source + i, run - i));
            }
        }
        int count = Masks.count(words, outer * run);
        return count == outer * run ? Selection.ALL : new Selection.Bitmap(words, count);
    }
}
