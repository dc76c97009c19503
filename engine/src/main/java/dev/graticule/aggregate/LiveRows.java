package dev.graticule.aggregate;

import dev.graticule.batch.Batch;
import dev.graticule.batch.Column;
import dev.graticule.batch.RowArrays;
import java.util.Arrays;
import java.util.List;

/** The rows of a batch that count for an aggregate, as words of bits; none beyond the last row. */
final class LiveRows {
    interface RowAction {
        void accept(int row);
    }

    private LiveRows() {
    }

    /** The selected rows where none of the arguments is NULL; an array that may be changed. */
    static long[] live(Batch batch, List<Column> arguments) {
        int words = batch.rows() + 63 >>> 6;
        long[] result = Arrays.copyOf(batch.selection().words(batch.rows(), null), words);
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
