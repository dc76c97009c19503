package dev.graticule.aggregate;

import dev.graticule.batch.Batch;
import dev.graticule.batch.Column;
import dev.graticule.batch.Layout;
import dev.graticule.batch.Selection;
import dev.graticule.expression.Footprint;
import dev.graticule.kernel.Masks;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/**
 * A batch of the grid for a set of (group, argument) that is kept as bits, where the arguments vary along some of the axes only: they are
 * numbered once per cell of those axes, and a group that has them all already needs no look at its rows.
 */
final class DistinctRuns {
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

    private final Selection selection;
    private final int[] shape;
    private final GroupCodes.Gridded groups;
    private final List<Column> arguments;
    private final int[] argumentShape;
    private final Layout argumentPlaces;
    private final int argumentCells;
    private final boolean[] argumentVaries;
    private final Selection present;
    /** From this axis on all rows are of one group. */
    private final int ofOneGroup;
    private int[] codes;
    private long[] all;
    private MemorySegment bits;
    private int stride;
    private long added;

    /** A batch for which {@link #fit} is true. */
    DistinctRuns(Batch batch, List<Column> arguments, GroupCodes.Gridded groups) {
        this.selection = batch.selection();
        this.shape = batch.shape();
        this.groups = groups;
        this.argumentVaries = Footprint.of(shape, arguments);
        this.argumentShape = Footprint.shape(shape, argumentVaries);
        this.argumentCells = Footprint.cells(shape, argumentVaries);
        this.argumentPlaces = Layout.compact(shape, argumentVaries);
        this.arguments = Footprint.slice(arguments, argumentShape);
        int last = shape.length;
        while (last > 0 && groups.steps()[last - 1] == null) {
            last--;
        }
        this.ofOneGroup = last;
        this.present = selection instanceof Selection.Bitmap bitmap ? present(bitmap.words()) : Selection.ALL;
    }

    /** The cells of the arguments of which any row is selected. */
    private Selection present(long[] words) {
        long[] found = new long[Masks.words(argumentCells)];
        present(words, found, 0, 0, 0);
        int count = Masks.count(found, argumentCells);
        return count == argumentCells ? Selection.ALL : new Selection.Bitmap(found, count);
    }

    private void present(long[] words, long[] found, int axis, int row, int place) {
        int rows = 1;
        for (int inner = axis + 1; inner < shape.length; inner++) {
            rows *= shape[inner];
        }
        if (axis < shape.length - 1) {
            for (int i = 0; i < shape[axis]; i++) {
                present(words, found, axis + 1, row + i * rows, place + argumentPlaces.step(axis, i));
            }
            return;
        }
        for (int from = 0; from < shape[axis]; from += 64) {
            int length = Integer.min(64, shape[axis] - from);
            long word = Masks.word(words, row + from, shape[axis] - from);
            if (word != 0) {
                int at = argumentVaries[axis] ? place + from : place;
                int bits = argumentVaries[axis] ? length : 1;
                Masks.setWord(found, at, bits,
                        Masks.word(found, at, bits) | (argumentVaries[axis] ? word : 1));
            }
        }
    }

    /** Whether the arguments vary along so few axes that they have half as many cells as there are rows, or fewer. */
    static boolean fit(Batch batch, List<Column> arguments) {
        return batch.selectedRows() > 0
                && Footprint.cells(batch.shape(), Footprint.of(batch.shape(), arguments)) <= batch.rows() / 2;
    }

    /** The arguments over {@link #argumentShape}. */
    List<Column> arguments() {
        return arguments;
    }

    int[] argumentShape() {
        return argumentShape;
    }

    int argumentCells() {
        return argumentCells;
    }

    /** The cells whose arguments any selected row has. */
    Selection present() {
        return present;
    }

    /** About how many pairs of group and argument the batch has. */
    long pairs() {
        long pairs = 1;
        for (int axis = 0; axis < shape.length; axis++) {
            pairs *= argumentVaries[axis] || groups.steps()[axis] != null ? shape[axis] : 1;
        }
        return selection instanceof Selection.Bitmap bitmap ? Long.min(pairs, bitmap.count()) : pairs;
    }

    /**
     * Sets the bits of all selected rows.
     *
     * @param argumentCodes the number of the argument of each cell
     * @param set the bits of group {@code g} from {@code g * groupBits} on
     * @return how many bits were not set before
     */
    long add(int[] argumentCodes, MemorySegment set, int groupBits) {
        codes = argumentCodes;
        bits = set;
        stride = groupBits;
        all = new long[stride >>> 6];
        for (int cell = 0; cell < argumentCells; cell++) {
            if (present.contains(cell)) {
                all[codes[cell] >>> 6] |= 1L << codes[cell];
            }
        }
        boolean apart = true;
        for (int axis = 0; axis < shape.length; axis++) {
            apart &= !argumentVaries[axis] || groups.steps()[axis] == null;
        }
        if (apart && selection instanceof Selection.All) {
            everyGroup(0, groups.base());
        } else {
            rows(0, 0, groups.base(), argumentPlaces.offset());
        }
        return added;
    }

    /** Every group of the batch has every argument. */
    private void everyGroup(int axis, int group) {
        if (axis == shape.length) {
            for (int word = 0; word < all.length; word++) {
                long at = ((long) group * stride >>> 3) + word * 8L;
                long before = bits.get(LONG, at);
                added += Long.bitCount(all[word] & ~before);
                bits.set(LONG, at, before | all[word]);
            }
            return;
        }
        int[] step = groups.steps()[axis];
        for (int i = 0; i < (step == null ? 1 : shape[axis]); i++) {
            everyGroup(axis + 1, step == null ? group : group + step[i]);
        }
    }

    private boolean hasAll(int group) {
        for (int word = 0; word < all.length; word++) {
            if ((all[word] & ~bits.get(LONG, ((long) group * stride >>> 3) + word * 8L)) != 0) {
                return false;
            }
        }
        return true;
    }

    /** The rows from {@code row} on whose indices along the axes before {@code axis} are given by group and place so far. */
    private void rows(int axis, int row, int group, int place) {
        if (axis >= ofOneGroup && hasAll(group)) {
            return;
        }
        int rows = 1;
        for (int inner = axis + 1; inner < shape.length; inner++) {
            rows *= shape[inner];
        }
        if (axis == shape.length) {
            if (selection.contains(row)) {
                set(group, codes[place]);
            }
        } else if (axis == shape.length - 1) {
            run(row, group, place);
        } else {
            int[] step = groups.steps()[axis];
            for (int i = 0; i < shape[axis]; i++) {
                rows(axis + 1, row + i * rows, step == null ? group : group + step[i],
                        place + argumentPlaces.step(axis, i));
            }
        }
    }

    private void run(int row, int group, int place) {
        int axis = shape.length - 1;
        int count = shape[axis];
        int[] step = groups.steps()[axis];
        long[] words = selection instanceof Selection.Bitmap bitmap ? bitmap.words() : null;
        for (int from = 0; from < count; from += 64) {
            int length = Integer.min(64, count - from);
            long left = words == null ? -1L >>> 64 - length : Masks.word(words, row + from, count - from);
            for (; left != 0; left &= left - 1) {
                int i = from + Long.numberOfTrailingZeros(left);
                set(step == null ? group : group + step[i], codes[place + argumentPlaces.step(axis, i)]);
            }
        }
    }

    private void set(int group, int code) {
        long bit = (long) group * stride + code;
        long at = bit >>> 6 << 3;
        long word = bits.get(LONG, at);
        if ((word >>> bit & 1) == 0) {
            bits.set(LONG, at, word | 1L << bit);
            added++;
        }
    }
}
