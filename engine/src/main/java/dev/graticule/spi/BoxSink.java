package dev.graticule.spi;

import dev.graticule.batch.Batch;

/**
 * Takes the rows of a query as the boxes of a grid that they are, instead of one coordinate a row. Called on the threads of the query,
 * by several at once; what a method throws stops the query and is thrown by {@link CopySource#run}.
 */
public interface BoxSink {
    /**
     * Takes the selected rows of a box.
     *
     * @param batch lent until this returns; its box has the axes of the table in their order (the number of a dimension's one is
     *            {@link AxisColumn#number}), its columns are those of the query
     */
    void write(Batch batch);

    /**
     * All boxes of a morsel were written. Morsels have the numbers from 0, in the table's storage order; a few are under way at once,
     * so they finish in nearly that order.
     */
    void finishMorsel(long ordinal);
}
