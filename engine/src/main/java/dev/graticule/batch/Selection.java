package dev.graticule.batch;

import java.util.Arrays;

/** Which rows of a batch are left after filters: all of them, or those whose bit is set. */
public sealed interface Selection {
    All ALL = new All();

    /** How many of a batch's {@code rows} are selected. */
    int count(int rows);

    boolean contains(int row);

    /**
     * A bit for each of a batch's {@code rows}, set where it is selected, none beyond the last; not to be changed.
     *
     * @param reuse an array to fill, if it is long enough; {@code null} for a new one
     */
    default long[] words(int rows, long[] reuse) {
        return switch (this) {
            case Bitmap bitmap -> bitmap.words;
            case All _ -> {
                int words = rows + 63 >>> 6;
                long[] all = reuse == null || reuse.length < words ? new long[words] : reuse;
                Arrays.fill(all, 0, words, -1L);
                if ((rows & 63) != 0) {
                    all[words - 1] = (1L << rows) - 1;
                }
                yield all;
            }
        };
    }

    record All() implements Selection {
        @Override
        public int count(int rows) {
            return rows;
        }

        @Override
        public boolean contains(int row) {
            return true;
        }
    }

    /**
     * Bit {@code row & 63} of {@code words[row >>> 6]} says whether the row is selected; bits beyond the last row are 0.
     * {@code words} may be longer than needed and is lent like the batch.
     */
    record Bitmap(long[] words, int count) implements Selection {
        @Override
        public int count(int rows) {
            return count;
        }

        @Override
        public boolean contains(int row) {
            return (words[row >>> 6] >>> row & 1) != 0;
        }

        /** The first selected row at or after {@code row}, or -1; {@code rows} is the batch's row count. */
        public int next(int row, int rows) {
            int word = row >>> 6;
            int last = rows + 63 >>> 6;
            if (word >= last) {
                return -1;
            }
            long bits = words[word] & -1L << row;
            while (bits == 0) {
                if (++word >= last) {
                    return -1;
                }
                bits = words[word];
            }
            return (word << 6) + Long.numberOfTrailingZeros(bits);
        }
    }
}
