package dev.graticule.expression;

import dev.graticule.batch.Column.Strided;
import dev.graticule.batch.Values;
import dev.graticule.kernel.Masks;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Looks for one string among many: lengths, which differ most often, are compared before bytes. */
final class EqualStrings {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

    private EqualStrings() {
    }

    /** Whether {@link #find} can be asked for the strings of a column that equal those of another one, all of them in this shape. */
    static boolean apply(Strided column, Strided constant, int[] shape, int cells) {
        return column.type().isVariableWidth() && column.layout().isDense(shape) && constant.layout().isConstant(shape)
                && cells > 0 && constant.values().isValid(constant.layout().place(shape, 0));
    }

    /** Sets the bits of the strings that equal the constant (that do not), and clears others; those of NULLs are undefined. */
    static void find(Strided column, Strided constant, int[] shape, int cells, boolean wanted, long[] words) {
        Values wantedValues = constant.values();
        int place = constant.layout().place(shape, 0);
        int start = wantedValues.offsets().get(INT, place * 4L);
        int length = wantedValues.offsets().get(INT, place * 4L + 4) - start;
        MemorySegment bytes = wantedValues.data().asSlice(start, length);
        long tail = length < Long.BYTES ? 0 : bytes.get(LONG, length - Long.BYTES);
        MemorySegment offsets = column.values().offsets();
        MemorySegment data = column.values().data();
        int first = column.layout().place(shape, 0);
        for (int word = 0; word < Masks.words(cells); word++) {
            int row = word << 6;
            int rows = Integer.min(64, cells - row);
            long found = 0;
            for (long left = ofLength(offsets, first + row, rows, length); left != 0; left &= left - 1) {
                int bit = Long.numberOfTrailingZeros(left);
                long at = offsets.get(INT, (first + row + bit) * 4L);
                // Strings often begin alike and differ at their ends.
                if (length < Long.BYTES
                        ? MemorySegment.mismatch(data, at, at + length, bytes, 0, length) < 0
                        : data.get(LONG, at + length - Long.BYTES) == tail && MemorySegment.mismatch(data, at,
                                at + length - Long.BYTES, bytes, 0, length - Long.BYTES) < 0) {
                    found |= 1L << bit;
                }
            }
            words[word] = wanted ? found : ~found;
        }
        Masks.trim(words, cells);
    }

    private static long ofLength(MemorySegment offsets, int first, int count, int length) {
        long found = 0;
        int start = offsets.get(INT, first * 4L);
        for (int i = 0; i < count; i++) {
            int end = offsets.get(INT, (first + i + 1) * 4L);
            found |= (end - start == length ? 1L : 0L) << i;
            start = end;
        }
        return found;
    }
}
