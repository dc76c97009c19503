package dev.graticule.expression;

import dev.graticule.batch.Column;
import dev.graticule.batch.Column.Strided;
import dev.graticule.batch.Layout;
import dev.graticule.batch.Memory;
import dev.graticule.batch.NullForm;
import dev.graticule.batch.Scratch;
import dev.graticule.batch.Values;
import dev.graticule.kernel.CompareLoop;
import dev.graticule.kernel.CompareLoop.Relation;
import dev.graticule.kernel.CopyLoop;
import dev.graticule.kernel.Element;
import dev.graticule.kernel.Masks;
import dev.graticule.kernel.OverlayLoop;
import dev.graticule.type.SqlType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;

/** Brings the values of columns into the places where loops want them. Temporaries come from the worker's pool. */
final class Spread {
    /** Runs shorter than this are not worth a loop call each: operands are copied to their common footprint first. */
    private static final int SHORT_RUN = 16;

    private final Scratch scratch;

    Spread(Scratch scratch) {
        this.scratch = scratch;
    }

    /** The column with its dictionary resolved: on its own footprint. */
    Strided plain(Column column, int[] shape) {
        return switch (column) {
            case Strided strided -> strided;
            case Column.Dictionary dictionary -> decode(dictionary, shape);
        };
    }

    private Strided decode(Column.Dictionary column, int[] shape) {
        boolean[] varies = Footprint.of(shape, List.of(column));
        int cells = Footprint.cells(shape, varies);
        Strided indices = compact(new Strided(column.indices(), column.layout(), bitmapForm(column.indices())), shape,
                varies);
        int[] places = new int[cells];
        boolean missing = false;
        for (int i = 0; i < cells; i++) {
            boolean valid = indices.values().isValid(i);
            places[i] = valid ? indices.values().data().get(ValueLayout.JAVA_INT_UNALIGNED, i * 4L) : -1;
            missing |= !valid;
        }
        Values values = column.dictionary();
        if (!missing && values.count() > 0) {
            Strided gathered = compact(
                    new Strided(values, Layout.of(0, new int[1], new int[][]{places}), valueForm(column)),
                    new int[]{cells},
                    new boolean[]{true});
            return new Strided(gathered.values(), Layout.compact(shape, varies), gathered.nulls());
        }
        Strided dictionary = new Strided(values, Layout.strided(0, 1), valueForm(column));
        ColumnBuilder builder = new ColumnBuilder(values.type(), cells, scratch);
        for (int i = 0; i < cells; i++) {
            builder.set(i, places[i] < 0 ? null : Evaluator.object(dictionary, places[i]));
        }
        Strided decoded = new Strided(builder.finish(), Layout.compact(shape, varies), builder.nulls());
        return column.nulls() == NullForm.NAN ? nullsAsNaN(decoded, shape) : decoded;
    }

    /** How the values of a dictionary keep their NULLs. */
    static NullForm valueForm(Column.Dictionary column) {
        return column.nulls() == NullForm.NAN ? NullForm.NAN : bitmapForm(column.dictionary());
    }

    static NullForm bitmapForm(Values values) {
        return values.validity() == null && values.type() != SqlType.NULL ? NullForm.NONE : NullForm.BITMAP;
    }

    /** The columns as they are where a walk over them is regular and its runs are long enough, else copied to the footprint. */
    Strided[] regular(List<Strided> columns, int[] shape, boolean[] varies) {
        Strided[] operands = columns.toArray(Strided[]::new);
        Walk walk = new Walk(shape, varies, layouts(operands));
        if (walk.isRegular() && (walk.length() >= SHORT_RUN || walk.runs() < SHORT_RUN)) {
            return operands;
        }
        for (int i = 0; i < operands.length; i++) {
            if (!operands[i].layout().isConstant(shape)) {
                operands[i] = compact(operands[i], shape, varies);
            }
        }
        return operands;
    }

    static Layout[] layouts(Strided... columns) {
        return Arrays.stream(columns).map(Strided::layout).toArray(Layout[]::new);
    }

    /** A copy of the column's values in C order over the given axes, which are at least those along which it varies. */
    Strided compact(Strided column, int[] shape, boolean[] varies) {
        Layout target = Layout.compact(shape, varies);
        int cells = Footprint.cells(shape, varies);
        Values values = column.values();
        SqlType type = values.type();
        if (cells == values.count() && same(shape, varies, column.layout(), target)) {
            return column;
        }
        if (type.isVariableWidth() || type instanceof SqlType.Other || type == SqlType.NULL) {
            return rows(column, shape, varies, cells, target);
        }
        ArrowBuf validity = null;
        if (column.nulls() == NullForm.BITMAP && values.validity() != null) {
            validity = scratch.temporary(Scratch.bitmapBytes(cells));
            copyBits(values.validity(), column.layout(), shape, varies, Memory.segment(validity));
        }
        Values copy = scratch.values(type, cells, false);
        if (type == SqlType.BOOLEAN) {
            copyBits(values.data(), column.layout(), shape, varies, copy.data());
        } else {
            copy(type.bytes(), values.data(), column.layout(), shape, varies, copy.data());
        }
        return new Strided(validity == null ? copy : copy.withBitmap(validity), target, column.nulls());
    }

    private static boolean same(int[] shape, boolean[] varies, Layout layout, Layout target) {
        if (layout.offset() != 0) {
            return false;
        }
        for (int axis = 0; axis < shape.length; axis++) {
            if (varies[axis] && shape[axis] != 1
                    && (layout.table(axis) != null || layout.stride(axis) != target.stride(axis))
                    || layout.table(axis) != null) {
                return false;
            }
        }
        return true;
    }

    private Strided rows(Strided column, int[] shape, boolean[] varies, int cells, Layout target) {
        if (column.type() instanceof SqlType.Other || column.type() == SqlType.NULL) {
            ColumnBuilder nothing = new ColumnBuilder(SqlType.NULL, cells, scratch);
            for (int i = 0; i < cells; i++) {
                nothing.setNull(i);
            }
            return new Strided(nothing.finish(), target, NullForm.BITMAP);
        }
        ColumnBuilder builder = new ColumnBuilder(column.type(), cells, scratch);
        Walk walk = new Walk(shape, varies, column.layout());
        while (walk.next()) {
            for (int i = 0; i < walk.length(); i++) {
                int place = walk.place(0, i);
                builder.set(walk.outAt() + i, column.values().isValid(place) ? column.values().bytes(place) : null);
            }
        }
        return new Strided(builder.finish(), target, builder.nulls());
    }

    private static void copy(int bytes, MemorySegment from, Layout layout, int[] shape, boolean[] varies,
            MemorySegment to) {
        Walk walk = new Walk(shape, varies, layout);
        while (walk.next()) {
            if (walk.table(0) != null) {
                CopyLoop.gathered(bytes, from, walk.at(0), walk.table(0), to, walk.outAt(), walk.length());
            } else {
                CopyLoop.strided(bytes, from, walk.at(0), walk.step(0), to, walk.outAt(), walk.length());
            }
        }
    }

    private static void copyBits(MemorySegment from, Layout layout, int[] shape, boolean[] varies, MemorySegment to) {
        Walk walk = new Walk(shape, varies, layout);
        while (walk.next()) {
            if (walk.table(0) == null && walk.step(0) == 1) {
                Memory.copyBits(from, walk.at(0), to, walk.outAt(), walk.length());
            } else {
                for (int i = 0; i < walk.length(); i++) {
                    Memory.setBit(to, walk.outAt() + i, Memory.bit(from, walk.place(0, i)));
                }
            }
        }
    }

    /**
     * The cells of a footprint where no column is NULL, or {@code null} where that is all of them. Bits beyond the last cell
     * are 0.
     */
    long[] valid(List<Strided> columns, int[] shape, boolean[] varies) {
        long[] words = null;
        for (Strided column : columns) {
            long[] some = valid(column, shape, varies);
            if (some != null) {
                words = words == null ? some : and(words, some, Footprint.cells(shape, varies));
            }
        }
        return words;
    }

    static long[] and(long[] words, long[] others, int cells) {
        for (int i = 0; i < Masks.words(cells); i++) {
            words[i] &= others[i];
        }
        return words;
    }

    /** The same for one column; the words are the caller's to change. */
    long[] valid(Strided column, int[] shape, boolean[] varies) {
        return switch (column.nulls()) {
            case NONE -> null;
            case NAN -> numbers(column, shape, varies);
            case BITMAP -> {
                int cells = Footprint.cells(shape, varies);
                Values values = column.values();
                if (values.type() == SqlType.NULL) {
                    long[] none = scratch.words(cells);
                    Arrays.fill(none, 0, Masks.words(cells), 0);
                    yield none;
                }
                if (values.type() instanceof SqlType.Other) {
                    long[] words = scratch.words(cells);
                    Arrays.fill(words, 0, Masks.words(cells), 0);
                    Walk walk = new Walk(shape, varies, column.layout());
                    while (walk.next()) {
                        for (int i = 0; i < walk.length(); i++) {
                            Masks.setWord(words, walk.outAt() + i, 1, values.isValid(walk.place(0, i)) ? 1 : 0);
                        }
                    }
                    yield words;
                }
                yield values.validity() == null ? null : bits(values.validity(), column.layout(), shape, varies);
            }
        };
    }

    /** The bits of a bitmap for the cells of a footprint. */
    long[] bits(MemorySegment bitmap, Layout layout, int[] shape, boolean[] varies) {
        int cells = Footprint.cells(shape, varies);
        long[] words = scratch.words(cells);
        Arrays.fill(words, 0, Masks.words(cells), 0);
        Walk walk = new Walk(shape, varies, layout);
        while (walk.next()) {
            int length = walk.length();
            if (walk.table(0) == null && walk.step(0) == 0) {
                if (Memory.bit(bitmap, walk.at(0))) {
                    Masks.fill(words, walk.outAt(), length, true);
                }
            } else if (walk.table(0) == null && walk.step(0) == 1) {
                for (int i = 0; i < length; i += 64) {
                    Masks.setWord(words, walk.outAt() + i, Math.min(64, length - i),
                            Memory.bits(bitmap, walk.at(0) + i));
                }
            } else {
                for (int i = 0; i < length; i++) {
                    if (Memory.bit(bitmap, walk.place(0, i))) {
                        int at = walk.outAt() + i;
                        words[at >>> 6] |= 1L << at;
                    }
                }
            }
        }
        return words;
    }

    /** The cells of a footprint where a floating column is a number. */
    long[] numbers(Strided column, int[] shape, boolean[] varies) {
        return compare(Relation.EQUAL, column, column, shape, varies);
    }

    /** The cells of a footprint where two columns of one fixed-width type are in a relation, as the machine compares. */
    long[] compare(Relation relation, Strided left, Strided right, int[] shape, boolean[] varies) {
        int cells = Footprint.cells(shape, varies);
        long[] words = scratch.words(cells);
        Arrays.fill(words, 0, Masks.words(cells), 0);
        Strided[] operands = regular(left == right ? List.of(left) : List.of(left, right), shape, varies);
        Strided a = operands[0];
        Strided b = operands[operands.length - 1];
        CompareLoop loop = CompareLoop.of(relation, Element.storage(a.type()), cells);
        Walk walk = new Walk(shape, varies, a.layout(), b.layout());
        while (walk.next()) {
            if (walk.step(0) == 0 && walk.step(1) == 0 && walk.length() > 1) {
                loop.run(a.values().data(), walk.at(0), 0, b.values().data(), walk.at(1), 0, words, walk.outAt(), 1);
                Masks.fill(words, walk.outAt(), walk.length(), (Masks.word(words, walk.outAt(), 1) & 1) != 0);
            } else {
                loop.run(a.values().data(), walk.at(0), walk.step(0), b.values().data(), walk.at(1), walk.step(1),
                        words, walk.outAt(), walk.length());
            }
        }
        return words;
    }

    /** An Arrow bitmap of the first {@code cells} bits. */
    ArrowBuf bitmap(long[] words, int cells) {
        ArrowBuf buffer = scratch.temporary(Scratch.bitmapBytes(cells));
        MemorySegment.copy(words, 0, Memory.segment(buffer), ValueLayout.JAVA_LONG_UNALIGNED, 0, Masks.words(cells));
        return buffer;
    }

    /** A floating column as one whose NULLs are NaN; its NaNs that were values are NULLs from here on. */
    Strided nullsAsNaN(Strided column, int[] shape) {
        if (column.nulls() == NullForm.NAN) {
            return column;
        }
        boolean[] varies = Footprint.of(shape, List.of(column));
        int cells = Footprint.cells(shape, varies);
        long[] valid = valid(column, shape, varies);
        if (valid == null || Masks.count(valid, cells) == cells) {
            return new Strided(column.values(), column.layout(), NullForm.NAN);
        }
        Values copy = scratch.values(column.type(), cells, false);
        Strided compact = compact(column, shape, varies);
        MemorySegment.copy(compact.values().data(), 0, copy.data(), 0, (long) cells * column.type().bytes());
        writeNaN(copy, valid, cells);
        return new Strided(copy, Layout.compact(shape, varies), NullForm.NAN);
    }

    /** A floating column as one whose NULLs are in a bitmap, if there are any. */
    Strided nullsAsBitmap(Strided column, int[] shape) {
        if (column.nulls() != NullForm.NAN) {
            return column;
        }
        boolean[] varies = Footprint.of(shape, List.of(column));
        int cells = Footprint.cells(shape, varies);
        long[] valid = numbers(column, shape, varies);
        if (Masks.count(valid, cells) == cells) {
            return new Strided(column.values(), column.layout(), NullForm.NONE);
        }
        Strided compact = compact(column, shape, varies);
        return new Strided(compact.values().withBitmap(bitmap(valid, cells)), Layout.compact(shape, varies),
                NullForm.BITMAP);
    }

    /** Writes NaN to the cells of a floating column that a mask has not. */
    void writeNaN(Values result, long[] valid, int cells) {
        long[] missing = scratch.words(cells);
        for (int i = 0; i < Masks.words(cells); i++) {
            missing[i] = ~valid[i];
        }
        Masks.trim(missing, cells);
        Values nan = scratch.values(result.type(), 1, false);
        if (result.type() == SqlType.REAL) {
            nan.data().set(ValueLayout.JAVA_FLOAT_UNALIGNED, 0, Float.NaN);
        } else {
            nan.data().set(ValueLayout.JAVA_DOUBLE_UNALIGNED, 0, Double.NaN);
        }
        OverlayLoop.of(result.type(), cells).run(nan.data(), 0, 0, missing, 0, result.data(), cells);
    }
}
