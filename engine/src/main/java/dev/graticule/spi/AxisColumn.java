package dev.graticule.spi;

/**
 * What decides the values of a column of a COPY's rows: one axis of the grid that the rows come from.
 *
 * @param axis that axis; its coordinate has the attributes of the source
 * @param number which of its table's axes it is
 * @param of how many axes the table has
 * @param computed whether the values are not the axis' coordinates but a key that a GROUP BY made from them alone, such as
 *            {@code month(time)}
 * @param blockLength how many indices of the axis lie in a block of the table's storage order
 * @param ordered whether the rows come in the order of these blocks: after a row of one block none of an earlier one
 */
public record AxisColumn(Axis axis, int number, int of, boolean computed, int blockLength, boolean ordered) {
}
