package dev.graticule.aggregate;

import dev.graticule.batch.Batch;
import dev.graticule.batch.Column;
import dev.graticule.batch.RowArrays;
import dev.graticule.batch.Selection;
import java.util.Arrays;
import java.util.List;

/** The rows of a batch that count for an aggregate, as words of bits; none beyond the last row. */
final class LiveRows {
    interface RowAction {
        void accept(int row);
    }

    private LiveRows() {
    }

    /** The selected rows; maybe the selection's own words, which must not be changed. */
    static long[] selected(Selection selection, int rows, long[] reuse) {
        return switch (selection) {
            case Selection.Bitmap bitmap -> bitmap.words();
            case Selection.All all -> {
                int words = rows + 63 >>> 6;
                long[] result = reuse == null || reuse.length < words ? new long[words] : reuse;
                Arrays.fill(result, 0, words, -1L);
                if ((rows & 63) != 0) {
                    result[words - 1] = (1L << rows) - 1;
                }
                yield result;
            }
        };
    }

    /** The selected rows where none of the arguments is NULL; an array that may be changed. */
    static long[] live(Batch batch, List<Column> arguments) {
        int words = batch.rows() + 63 >>> 6;
        long[] result = Arrays.copyOf(selected(batch.selection(), batch.rows(), null), words);
        for (Column argument : arguments) {
            long[] live = RowArrays.live(argument, batch.shape(), batch.rows(), batch.selection(), null);
            for (int word = 0; word < words; word++) {
                result[word] &= live[word];
            }
        }
        return result;
    }

    static void forEach(long[] live, int rows, RowAction action) {
        for (int word = 0; word << 6 < rows; word++) {
            for (long left = live[word]; left != 0; left &= left - 1) {
                action.accept((word << 6) + Long.numberOfTrailingZeros(left));
            }
        }
    }
}
