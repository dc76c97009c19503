package dev.graticule.spi;

import dev.graticule.GraticuleException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A table whose rows are the cells of a grid. The engine cuts the work, prunes and caches; the source reads one variable over
 * one box at a time.
 *
 * <p>Columns, in order: the coordinate of each axis, then {@link #variables()}.
 */
public non-sealed interface GriddedTable extends Table {
    /** The axes in dimension order. */
    List<Axis> axes();

    /**
     * Coordinates that are no axes, then data variables, then variables that are only broadcast into this table
     * ({@link GridVariable#listed()} is false), each group in the order of {@code SELECT *}.
     */
    List<GridVariable> variables();

    /** The attributes of the table as a whole, as those of {@link GridVariable#attributes}: a title, conventions, a history. */
    default Map<String, String> attributes() {
        return Map.of();
    }

    /**
     * Why a query cannot have a variable that {@code *} does not list, as the error that names the array and its file: its type is
     * not known, or it lies on no grid. DESCRIBE says so too. Empty where it can be read.
     */
    default Optional<GraticuleException> problem(GridVariable variable) {
        return Optional.empty();
    }

    /**
     * Whether its readers are to be asked only for the parts of chunks that a query selects, once each, also of variables that are
     * not sliceable.
     */
    default boolean cutsChunks() {
        return false;
    }

    /** A reader for one thread; the caller closes it. Opens no file before the first read. */
    GridReader openReader();
}
