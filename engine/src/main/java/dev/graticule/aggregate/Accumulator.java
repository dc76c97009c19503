package dev.graticule.aggregate;

import dev.graticule.batch.Batch;
import dev.graticule.batch.Column;
import java.util.List;
import org.apache.arrow.vector.FieldVector;

/**
 * The states of one aggregate for groups 0..n-1. Used by one thread at a time.
 *
 * <p>Rows that are not selected, and rows whose argument is NULL (for functions that skip NULL), do not count.
 */
public interface Accumulator extends AutoCloseable {
    /** Makes room for that many groups in all; new ones are empty. */
    void resize(int groups);

    /** Adds the selected rows of a batch, whose arguments are columns of its box. */
    void add(Batch batch, List<Column> arguments, GroupCodes groups);

    /**
     * Adds the states of another accumulator of the same function: its group {@code picked[i]} ({@code null}: {@code i}) to group
     * {@code mapping[i]} ({@code null}: the same number), for {@code i} below {@code count}.
     *
     * <p>The other one stays as it is, and must not be added to between calls that take parts of it.
     */
    void merge(Accumulator other, int[] picked, int[] mapping, int count);

    /**
     * Writes the results of groups {@code picked[from .. from + count)} ({@code null}: the groups of those numbers) into a
     * vector of the function's type from index 0, which has been allocated for them.
     */
    void write(int[] picked, int from, int count, FieldVector target);

    /** Numbers its rows from where another accumulator of the same function stopped: what it adds comes after what that one added. */
    default void follow(Accumulator before) {
    }

    /** About how many bytes the state of a group takes at most; more where values are kept. */
    default long stateBytes() {
        return 32;
    }

    @Override
    void close();
}
