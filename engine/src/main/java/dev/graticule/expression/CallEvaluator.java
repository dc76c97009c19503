package dev.graticule.expression;

import dev.graticule.GraticuleException;
import dev.graticule.batch.Batch;
import dev.graticule.batch.Column.Strided;
import dev.graticule.batch.Layout;
import dev.graticule.batch.NullForm;
import dev.graticule.batch.Scratch;
import dev.graticule.batch.Selection;
import dev.graticule.batch.Values;
import dev.graticule.expression.Expression.Call;
import dev.graticule.expression.Expression.Cast;
import dev.graticule.expression.Expression.Unpack;
import dev.graticule.kernel.BinaryLoop;
import dev.graticule.kernel.ConversionLoop;
import dev.graticule.kernel.Element;
import dev.graticule.kernel.Masks;
import dev.graticule.kernel.UnaryLoop;
import dev.graticule.kernel.UnpackLoop;
import dev.graticule.spi.GridVariable.Unpacking;
import dev.graticule.sql.Position;
import dev.graticule.type.SqlType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;

/** Applies functions and conversions to columns, on their common footprint. */
final class CallEvaluator {
    private final Spread spread;
    private final Scratch scratch;

    CallEvaluator(Spread spread, Scratch scratch) {
        this.spread = spread;
        this.scratch = scratch;
    }

    Strided call(Call call, List<Strided> columns, Batch rows) {
        return inForm(result(call, columns, rows), columns, rows);
    }

    /** A floating result of a floating operand whose NULLs are NaN keeps them so, as {@link NaNMeaning} says. */
    private Strided inForm(Strided result, List<Strided> columns, Batch rows) {
        boolean nan = result.type().isFloating()
                && columns.stream().anyMatch(column -> column.nulls() == NullForm.NAN);
        return nan ? spread.nullsAsNaN(result, rows.shape()) : result;
    }

    private Strided result(Call call, List<Strided> columns, Batch rows) {
        boolean strict = !(call.function() instanceof ScalarFunction.OfRows some && some.seesNulls());
        if (strict && columns.stream().anyMatch(column -> isNullConstant(column, rows.shape()))) {
            return allNull(call.type(), rows.shape().length);
        }
        return switch (call.function()) {
            case ScalarFunction.Arithmetic arithmetic -> arithmetic(arithmetic, call.position(), columns, rows);
            case ScalarFunction.Unary unary -> unary(unary, call.position(), columns.getFirst(), rows);
            case ScalarFunction.OfRows some -> isFloating(some.body(), call.type(), columns)
                    ? doubles(some.body(), call.type(), columns, rows)
                    : rows(some.body(), some.seesNulls(), call.position(), call.type(), columns, rows,
                            false);
        };
    }

    private static boolean isNullConstant(Strided column, int[] shape) {
        return column.nulls() == NullForm.BITMAP && column.layout().isConstant(shape)
                && Footprint.cells(shape, new boolean[shape.length]) > 0
                && !column.values().isValid(column.layout().place(shape, 0));
    }

    Strided allNull(SqlType type, int axes) {
        ColumnBuilder builder = new ColumnBuilder(type, 1, scratch);
        builder.set(0, null);
        return new Strided(builder.finish(), Layout.constant(axes, 0), NullForm.BITMAP);
    }

    private Strided arithmetic(ScalarFunction.Arithmetic function, Position position, List<Strided> columns,
            Batch rows) {
        int[] shape = rows.shape();
        boolean[] varies = Footprint.of(shape, columns);
        int cells = Footprint.cells(shape, varies);
        SqlType.Scalar type = (SqlType.Scalar) function.type();
        BinaryLoop loop = BinaryLoop.of(function.operation(), type, cells);
        Values result = scratch.values(type, cells, false);
        Strided[] operands = spread.regular(columns, shape, varies);
        MemorySegment left = operands[0].values().data();
        MemorySegment right = operands[1].values().data();
        Walk walk = new Walk(shape, varies, operands[0].layout(), operands[1].layout());
        boolean failed = false;
        while (walk.next()) {
            failed |= loop.run(left, walk.at(0), walk.step(0), right, walk.at(1), walk.step(1), result.data(),
                    walk.outAt(), walk.length());
        }
        Strided column = withNulls(result, columns, shape, varies, cells);
        if (failed) {
            Arithmetics.raise(function, position, columns, column, reached(rows, varies, cells), shape, varies);
        }
        return column;
    }

    private Strided unary(ScalarFunction.Unary function, Position position, Strided column, Batch rows) {
        int[] shape = rows.shape();
        boolean[] varies = Footprint.of(shape, List.of(column));
        int cells = Footprint.cells(shape, varies);
        SqlType.Scalar type = (SqlType.Scalar) function.type();
        UnaryLoop loop = UnaryLoop.of(function.function(), type, cells);
        Values result = scratch.values(type, cells, false);
        Strided operand = spread.regular(List.of(column), shape, varies)[0];
        Walk walk = new Walk(shape, varies, operand.layout());
        boolean failed = false;
        while (walk.next()) {
            failed |= loop.run(operand.values().data(), walk.at(0), result.data(), walk.outAt(), walk.length());
        }
        Strided computed = withNulls(result, List.of(column), shape, varies, cells);
        if (failed) {
            Arithmetics.raise(function, position, List.of(column), computed, reached(rows, varies, cells), shape,
                    varies);
        }
        return computed;
    }

    /**
     * A result with the NULLs of its operands. Floating results of operands whose NULLs are NaN keep them so; a bitmap beside
     * them becomes NaNs too.
     */
    private Strided withNulls(Values result, List<Strided> operands, int[] shape, boolean[] varies, int cells) {
        Layout layout = Layout.compact(shape, varies);
        boolean floating = result.type().isFloating();
        boolean nan = floating && operands.stream().anyMatch(operand -> operand.nulls() == NullForm.NAN);
        List<Strided> asking = nan ? operands.stream().filter(operand -> operand.nulls() != NullForm.NAN).toList()
                : operands;
        long[] valid = spread.valid(asking, shape, varies);
        if (nan) {
            if (valid != null) {
                spread.writeNaN(result, valid, cells);
            }
            return new Strided(result, layout, NullForm.NAN);
        }
        if (valid == null || Masks.count(valid, cells) == cells) {
            return new Strided(result, layout, NullForm.NONE);
        }
        return new Strided(result.withBitmap(spread.bitmap(valid, cells)), layout, NullForm.BITMAP);
    }

    /** The cells of a footprint that a selected row has; {@code null} where that is all of them. */
    long[] reached(Batch rows, boolean[] varies, int cells) {
        if (!(rows.selection() instanceof Selection.Bitmap bitmap)) {
            return null;
        }
        if (cells == rows.rows()) {
            return bitmap.words();
        }
        long[] words = scratch.words(cells);
        Arrays.fill(words, 0, Masks.words(cells), 0);
        int[] shape = rows.shape();
        boolean[] all = new boolean[shape.length];
        Arrays.fill(all, true);
        Walk walk = new Walk(shape, all, Layout.compact(shape, varies));
        while (walk.next()) {
            if (walk.step(0) == 0) {
                int next = bitmap.next(walk.outAt(), rows.rows());
                if (next >= 0 && next < walk.outAt() + walk.length()) {
                    words[walk.at(0) >>> 6] |= 1L << walk.at(0);
                }
            } else {
                for (int i = 0; i < walk.length(); i += 64) {
                    int some = Math.min(64, walk.length() - i);
                    long old = Masks.word(words, walk.at(0) + i, some);
                    Masks.setWord(words, walk.at(0) + i, some,
                            old | Masks.word(bitmap.words(), walk.outAt() + i, some));
                }
            }
        }
        return words;
    }

    /** Calls a function row by row, for cells that a selected row has. */
    private Strided rows(RowBody body, boolean seesNulls, Position position, SqlType type,
            List<Strided> columns, Batch rows,
            boolean lenient) {
        int[] shape = rows.shape();
        boolean[] varies = Footprint.of(shape, columns);
        int cells = Footprint.cells(shape, varies);
        Strided[] operands = columns.toArray(Strided[]::new);
        long[] valid = seesNulls ? null : spread.valid(columns, shape, varies);
        long[] reached = reached(rows, varies, cells);
        ColumnBuilder builder = new ColumnBuilder(type, cells, scratch);
        Walk walk = new Walk(shape, varies, Spread.layouts(operands));
        Object[] arguments = new Object[operands.length];
        try {
            while (walk.next()) {
                for (int i = 0; i < walk.length(); i++) {
                    int cell = walk.outAt() + i;
                    if (valid != null && (valid[cell >>> 6] >>> cell & 1) == 0
                            || reached != null && (reached[cell >>> 6] >>> cell & 1) == 0) {
                        builder.setNull(cell);
                        continue;
                    }
                    try {
                        compute(body, operands, walk, i, arguments, builder, cell);
                    } catch (GraticuleException unconvertible) {
                        if (!lenient) {
                            throw unconvertible;
                        }
                        builder.setNull(cell);
                    }
                }
            }
        } catch (GraticuleException problem) {
            throw problem.at(position);
        }
        return new Strided(builder.finish(), Layout.compact(shape, varies), builder.nulls());
    }

    private static boolean isFloating(RowBody body, SqlType type, List<Strided> columns) {
        return (body instanceof RowBody.OfDouble || body instanceof RowBody.OfDoubles) && type.isFloating()
                && columns.stream().allMatch(column -> column.type().isFloating());
    }

    /** A function of floating numbers, which cannot fail: NaN that is a NULL stays one, whatever the function makes of it. */
    private Strided doubles(RowBody body, SqlType type, List<Strided> columns, Batch rows) {
        int[] shape = rows.shape();
        boolean[] varies = Footprint.of(shape, columns);
        int cells = Footprint.cells(shape, varies);
        long[] reached = reached(rows, varies, cells);
        Strided left = columns.getFirst();
        Strided right = columns.getLast();
        boolean leftNaN = left.nulls() == NullForm.NAN;
        boolean rightNaN = right.nulls() == NullForm.NAN;
        Values result = scratch.values(type, cells, false);
        Walk walk = new Walk(shape, varies, left.layout(), right.layout());
        while (walk.next()) {
            for (int i = 0; i < walk.length(); i++) {
                int cell = walk.outAt() + i;
                if (reached != null && (reached[cell >>> 6] >>> cell & 1) == 0) {
                    continue;
                }
                double x = floating(left, walk.place(0, i));
                double y = floating(right, walk.place(1, i));
                boolean missing = leftNaN && x != x || rightNaN && y != y;
                double value = missing
                        ? Double.NaN
                        : body instanceof RowBody.OfDouble one
                                ? one.function().applyAsDouble(x)
                                : ((RowBody.OfDoubles) body).function().applyAsDouble(x, y);
                if (type == SqlType.REAL) {
                    result.data().set(ValueLayout.JAVA_FLOAT_UNALIGNED, cell * 4L, (float) value);
                } else {
                    result.data().set(ValueLayout.JAVA_DOUBLE_UNALIGNED, cell * 8L, value);
                }
            }
        }
        return withNulls(result, columns, shape, varies, cells);
    }

    private static void compute(RowBody body, Strided[] operands, Walk walk, int i, Object[] arguments,
            ColumnBuilder builder, int cell) {
        switch (body) {
            case RowBody.OfLong of ->
                builder.setInteger(cell, of.function().applyAsLong(integer(operands[0], walk.place(0, i))));
            case RowBody.OfLongs of -> builder.setInteger(cell,
                    of.function().applyAsLong(integer(operands[0], walk.place(0, i)),
                            integer(operands[1], walk.place(1, i))));
            case RowBody.OfDouble of ->
                builder.setDouble(cell, of.function().applyAsDouble(floating(operands[0], walk.place(0, i))));
            case RowBody.OfDoubles of -> builder.setDouble(cell,
                    of.function().applyAsDouble(floating(operands[0], walk.place(0, i)),
                            floating(operands[1], walk.place(1, i))));
            case RowBody.OfObjects of -> {
                for (int argument = 0; argument < arguments.length; argument++) {
                    arguments[argument] = Evaluator.object(operands[argument], walk.place(argument, i));
                }
                builder.set(cell, of.function().apply(arguments));
            }
        }
    }

    private static long integer(Strided column, int place) {
        return Element.integer(Element.storage(column.type()), column.values().data(), place);
    }

    private static double floating(Strided column, int place) {
        return Element.floating(Element.storage(column.type()), column.values().data(), place);
    }

    Strided cast(Cast cast, Strided column, Batch rows) {
        SqlType from = column.type();
        SqlType to = cast.type();
        if (from.equals(to)) {
            return column;
        }
        if (from == SqlType.NULL || isNullConstant(column, rows.shape())) {
            return allNull(to, rows.shape().length);
        }
        if (from.isNumeric() && to.isNumeric() && from instanceof SqlType.Scalar source
                && to instanceof SqlType.Scalar target) {
            return convert(cast, source, target, column, rows);
        }
        RowBody body = Conversions.of(from, to, cast.position());
        return rows(body, false, cast.position(), to, List.of(column), rows, cast.lenient());
    }

    private Strided convert(Cast cast, SqlType.Scalar from, SqlType.Scalar to, Strided column, Batch rows) {
        int[] shape = rows.shape();
        boolean[] varies = Footprint.of(shape, List.of(column));
        int cells = Footprint.cells(shape, varies);
        ConversionLoop loop = ConversionLoop.of(from, to, cells);
        Values result = scratch.values(to, cells, false);
        Strided operand = spread.regular(List.of(column), shape, varies)[0];
        Walk walk = new Walk(shape, varies, operand.layout());
        boolean failed = false;
        while (walk.next()) {
            failed |= loop.run(operand.values().data(), walk.at(0), result.data(), walk.outAt(), walk.length());
        }
        if (failed && cast.lenient()) {
            return inForm(rows(Conversions.of(from, to, cast.position()), false, cast.position(), to, List.of(column),
                    rows, true), List.of(column), rows);
        }
        Strided converted = withNulls(result, List.of(column), shape, varies, cells);
        if (failed) {
            // The loop also meets cells that are NULL or not selected: the row by row form raises only what counts.
            rows(Conversions.of(from, to, cast.position()), false, cast.position(), to, List.of(column), rows,
                    false);
        }
        return converted;
    }

    Strided unpack(Unpack unpack, Strided column, Batch rows) {
        int[] shape = rows.shape();
        Unpacking unpacking = unpack.unpacking();
        SqlType.Scalar stored = column.type() instanceof SqlType.Scalar scalar && scalar.bytes() > 0 ? scalar : null;
        boolean packed = unpacking.scaled() || !unpacking.sentinels().isEmpty();
        if (!packed && !(unpacking.nanIsNull() && column.type().isFloating())) {
            return column;
        }
        if (!packed) {
            return spread.nullsAsNaN(column, rows.shape());
        }
        boolean[] varies = Footprint.of(shape, List.of(column));
        int cells = Footprint.cells(shape, varies);
        if (stored == null && !(column.type() instanceof SqlType.Timestamp)) {
            return column;
        }
        SqlType.Scalar from = Element.storage(column.type());
        Strided operand = spread.regular(List.of(column), shape, varies)[0];
        UnpackLoop.Packing packing = new UnpackLoop.Packing(from, unpacking);
        UnpackLoop loop = UnpackLoop.of(from, packing, cells);
        Layout layout = Layout.compact(shape, varies);
        if (unpack.type().isFloating()) {
            boolean nanIsNull = unpacking.nanIsNull() || !from.isFloating();
            Values result = scratch.values(unpack.type(), cells, false);
            Walk walk = new Walk(shape, varies, operand.layout());
            while (walk.next()) {
                loop.floating(packing, operand.values().data(), walk.at(0), result.data(), walk.outAt(), walk.length());
            }
            long[] valid = spread.valid(List.of(column), shape, varies);
            if (nanIsNull) {
                if (valid != null) {
                    spread.writeNaN(result, valid, cells);
                }
                return new Strided(result, layout, NullForm.NAN);
            }
            long[] known = scratch.words(cells);
            mask(loop, packing, operand, shape, varies, known);
            return new Strided(
                    result.withBitmap(spread.bitmap(valid == null ? known : Spread.and(known, valid, cells), cells)),
                    layout, NullForm.BITMAP);
        }
        long[] known = scratch.words(cells);
        mask(loop, packing, operand, shape, varies, known);
        long[] valid = spread.valid(List.of(column), shape, varies);
        if (valid != null) {
            Spread.and(known, valid, cells);
        }
        if (Masks.count(known, cells) == cells) {
            return column;
        }
        Strided copy = spread.compact(column, shape, varies);
        return new Strided(copy.values().withBitmap(spread.bitmap(known, cells)), layout, NullForm.BITMAP);
    }

    private static void mask(UnpackLoop loop, UnpackLoop.Packing packing, Strided operand, int[] shape,
            boolean[] varies, long[] known) {
        Arrays.fill(known, 0, Masks.words(Footprint.cells(shape, varies)), 0);
        Walk walk = new Walk(shape, varies, operand.layout());
        while (walk.next()) {
            loop.valid(packing, operand.values().data(), walk.at(0), known, walk.outAt(), walk.length());
        }
    }
}
