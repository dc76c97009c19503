package dev.graticule.spi;

import dev.graticule.type.SqlType;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** A table of rows without a grid: a stream or a file. */
public non-sealed interface RowTable extends Table {

    /** A column of a row table. */
    record RowColumn(String name, SqlType type, Map<String, String> attributes) {
        public RowColumn {
            attributes = Map.copyOf(attributes);
        }
    }

    /** The columns, in the order of {@code SELECT *}. */
    List<RowColumn> columns();

    /** The number of rows, where it is known without reading. */
    OptionalLong rowCount();

    /**
     * Plans a scan; opens nothing.
     *
     * @param columns the numbers of the columns that are wanted, in the order in which they are to come
     * @param predicates simple predicates on columns, all of which must hold
     * @param limit an upper bound for the rows that will be taken from the scan as a whole, or {@link Long#MAX_VALUE}
     */
    RowScan scan(List<Integer> columns, List<SimplePredicate> predicates, long limit);
}
