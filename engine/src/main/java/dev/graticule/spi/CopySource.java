package dev.graticule.spi;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * The rows that a COPY writes: a query that may be run as often as the format needs it, and what is known of its columns before
 * it runs.
 *
 * <p>Every reader is a run of the query of its own: it starts when its first batch is asked for, uses the query's options
 * (threads, memory limit), is used by one thread at a time and closed by whoever opened it. A reader throws
 * {@link dev.graticule.GraticuleException} where the query fails or is cancelled. Thread-safe.
 */
public interface CopySource {
    /** The columns; a column's attributes (units, long_name, chunk shape, ...) are its field's metadata. */
    Schema schema();

    /**
     * The axis that decides a column's values, where the plan knows that: the coordinate of a grid that was selected, filtered or
     * grouped by, unchanged and under any name, or a key of a GROUP BY that is made from a single axis. The rows need not hold all of
     * its values, nor every combination of several axes.
     */
    Optional<AxisColumn> axis(int column);

    /** Whether the column is a key of a GROUP BY with aggregates, unchanged and under any name. */
    boolean isKey(int column);

    /** The names of the axes of the grid that the rows come from, in its order, however much of it is in the rows; none without one. */
    List<String> axes();

    /** Whether a LIMIT may take rows away. */
    boolean isLimited();

    /**
     * The variable of a grid that a column is, unchanged, where the rows are cells of that grid. It may vary along fewer axes than the
     * table has: a scalar, a mask, a second coordinate.
     */
    Optional<GridVariable> variable(int column);

    /** The attributes of the table or store that the rows come from, where that is a single one: titles, conventions, history. */
    Map<String, String> attributes();

    /**
     * The values that a column may have, in the first column of the rows; the caller closes the reader.
     *
     * <p>Where the column is an axis (not computed), these are its coordinates in the axis' order, duplicates and NULL too, but for
     * those that a condition on the axis leaves out, and a second column has their index along the axis, a BIGINT: that reads no
     * data, and there may be values without a row. Any other column gives its distinct values, ascending, NULL last; only where no
     * single axis decides them does that run the query.
     */
    ArrowReader openCoordinates(int column);

    /** The rows in the order of the query. The caller closes the reader. */
    ArrowReader openReader();

    /**
     * Runs the query and hands its rows, as the boxes they are, to a sink, where the rows are cells of a grid (selected, filtered,
     * computed with, but not grouped or ordered); blocks until all are written. Memory for the run is that of {@link #allocator}.
     *
     * @return whether they are; otherwise nothing was run
     * @throws dev.graticule.GraticuleException where the query fails or is cancelled, and whatever the sink threw, as the query's error
     */
    boolean run(BoxSink sink);

    /** The rows ordered by these columns, ascending, NULL last, ties in the order of the query. The caller closes the reader. */
    ArrowReader openReader(List<Integer> orderBy);

    /** Memory for the writer, beside that of the readers; what is taken must be given back before {@link CopyWriter#write} ends. */
    BufferAllocator allocator();

    /** How many threads the query's options allow, at least 1. */
    int threads();

    /** Something that is allowed and probably not meant: it is told beside the result. */
    void notice(String text);

    /** Throws where the COPY was cancelled: for long work without a reader. */
    void checkRunning();
}
