package dev.graticule.spi;

import dev.graticule.type.SqlType;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** A table of rows without a grid: a stream or a file. */
public non-sealed interface RowTable extends Table {

    /** A column of a row table. */
    record RowColumn(String name, SqlType type, Map<String, String> attributes) {
        /** The attribute that names the zone of a timestamp with one: the result's field has it too. Without it, UTC. */
        public static final String TIME_ZONE = "time_zone";

        public RowColumn {
            attributes = Map.copyOf(attributes);
        }
    }

    /** The columns, in the order of {@code SELECT *}. */
    List<RowColumn> columns();

    /** The number of rows, where it is known without reading. */
    OptionalLong rowCount();

    /** The grid that the rows are the cells of, as far as the table's metadata say so: see {@link RowGrid} for what that is worth. */
    default Optional<RowGrid> grid() {
        return Optional.empty();
    }

    /**
     * Plans a scan; opens no stream and reads no rows, at most metadata. Called while a query is planned, to see the answers, and
     * again when it runs.
     *
     * <p>A source may leave out only rows that one of the predicates rejects. Rows come in the same order whatever is asked for.
     *
     * @param columns the numbers of the columns that are wanted, in the order in which they are to come; may be none
     * @param predicates simple predicates on columns (wanted or not), all of which must hold
     * @param limit an upper bound for the rows that will be taken from the scan as a whole, counted after the predicates, or
     *            {@link Long#MAX_VALUE}; there is none where a predicate is not answered EXACT
     */
    RowScan scan(List<Integer> columns, List<SimplePredicate> predicates, long limit);
}
