package dev.graticule;

/**
 * Gives the values of a {@link GridTable}'s variables, one variable and one box at a time.
 *
 * <p>A query asks for the variables and boxes that it needs and for nothing else; a box never leaves a chunk (see
 * {@link GridTable.Builder#chunks}). Several threads ask at once, and two queries may ask for the same box.
 */
@FunctionalInterface
public interface BlockReader {
    /**
     * Lends the values of a box.
     *
     * @param variable the name of the variable
     * @param origin the first index along each of the variable's own axes
     * @param shape how many indices along each, at least 1
     * @return values of the variable's type; the engine runs {@link LentBlock#release} once when it needs them no more
     * @throws Exception where the box cannot be read: it ends the query with an error of kind SOURCE and this message
     */
    LentBlock read(String variable, int[] origin, int[] shape) throws Exception;
}
