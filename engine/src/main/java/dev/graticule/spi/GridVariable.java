package dev.graticule.spi;

import dev.graticule.type.SqlType;
import java.util.List;
import java.util.Map;

/**
 * A column of a gridded table as its source stores it.
 *
 * @param name the column's name, in the source's spelling
 * @param stored the type of the values that {@link GridReader} gives, before {@link #unpacking}
 * @param axes for each of the variable's own dimensions, in its own order, the number of the table's axis it lies on (no axis
 *            twice; a transposed variable has them in another order, a broadcast one has fewer than the table)
 * @param chunkShape how many indices a chunk has along each of the variable's own dimensions; at least 1
 * @param sliceable whether a part of a chunk is read at the cost of that part (uncompressed chunks, arrays in memory)
 * @param unpacking how stored values become the column's values
 * @param listed whether {@code *} lists it
 * @param attributes what is known of it, for DESCRIBE and Arrow field metadata: units, long_name, chunk shape, codecs, ...
 */
public record GridVariable(String name, Role role, SqlType stored, List<Integer> axes, List<Integer> chunkShape,
        boolean sliceable,
        Unpacking unpacking, boolean listed, Map<String, String> attributes) {

    /** What a variable is to its table. */
    public enum Role {
        /** The BIGINT index of an axis that has no coordinate array: the engine makes it, nobody reads it. */
        INDEX,
        /** The coordinate of an axis. */
        AXIS,
        /** Another coordinate: scalar, 2-d, or a second one along an axis. */
        COORDINATE,
        /** Data. */
        DATA
    }

    /**
     * The way from stored to column values: NULL where the stored value equals a sentinel or (floating types, where
     * {@code nanIsNull}) is NaN; then, where {@code scaled}, {@code value * scale + offset} as DOUBLE.
     *
     * @param sentinels numbers of the stored type ({@link Long}, unsigned ones by their value as far as it fits a long, or
     *            {@link Double}), compared with the stored value
     */
    public record Unpacking(List<Number> sentinels, boolean nanIsNull, boolean scaled, double scale, double offset) {
        public static final Unpacking NONE = new Unpacking(List.of(), false, false, 1, 0);
        public static final Unpacking NAN_IS_NULL = new Unpacking(List.of(), true, false, 1, 0);
    }

    public GridVariable {
        axes = List.copyOf(axes);
        chunkShape = List.copyOf(chunkShape);
        attributes = Map.copyOf(attributes);
    }

    /** The type of the column. */
    public SqlType type() {
        return unpacking.scaled() ? SqlType.DOUBLE : stored;
    }
}
