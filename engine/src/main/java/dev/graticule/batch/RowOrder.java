package dev.graticule.batch;

import dev.graticule.ErrorKind;
import dev.graticule.GraticuleException;

/**
 * Numbers the rows that one worker sees by (ordinal of the morsel, row in the morsel): the same numbers at any thread count. Used by one
 * thread, which sees every batch of a morsel before the next morsel.
 */
public final class RowOrder {
    private static final int ROW_BITS = 34;

    private long ordinal = -1;
    private long next;

    /** The number of the first row of the next batch; its other rows, selected or not, follow by one. */
    public long first(Batch batch) {
        if (batch.ordinal() != ordinal) {
            ordinal = batch.ordinal();
            next = 0;
            if (ordinal >= 1L << 63 - ROW_BITS) {
                throw tooMany();
            }
        }
        long first = ordinal << ROW_BITS | next;
        next += batch.rows();
        if (next > 1L << ROW_BITS) {
            throw tooMany();
        }
        return first;
    }

    /** Goes on where another one is. */
    public void follow(RowOrder other) {
        ordinal = other.ordinal;
        next = other.next;
    }

    /** The ordinal of the morsel of a row's number. */
    public static long ordinal(long number) {
        return number >>> ROW_BITS;
    }

    private static GraticuleException tooMany() {
        return GraticuleException.of(ErrorKind.RESOURCE, null,
                "The table has too many pieces to keep their order: use larger chunks, or select fewer of them.", null);
    }
}
