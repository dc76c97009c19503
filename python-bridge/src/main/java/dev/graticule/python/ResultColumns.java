package dev.graticule.python;

import dev.graticule.spi.AxisColumn;
import dev.graticule.spi.CopySource;
import java.util.List;
import java.util.Optional;

/** What is known of a result's columns before it is read: which of them make it a grid. Reads nothing by itself. */
public final class ResultColumns {
    private final CopySource source;

    ResultColumns(CopySource source) {
        this.source = source;
    }

    /** A run; the caller closes it. */
    public ResultStream rows() {
        return new ResultStream(source::openReader);
    }

    /**
     * {@code axis} where a column has the coordinates of an axis, {@code computed} where it is made from those of one, else
     * {@code key} where it is a GROUP BY's, else nothing.
     */
    public String role(int column) {
        Optional<AxisColumn> axis = source.axis(column);
        if (axis.isPresent()) {
            return axis.get().computed() ? "computed" : "axis";
        }
        return source.isKey(column) ? "key" : "";
    }

    /** The name of the axis of such a column in its source. */
    public String axisName(int column) {
        return source.axis(column).map(found -> found.axis().name()).orElse("");
    }

    /** How many indices of that axis lie in a block of the source's rows. */
    public int blockLength(int column) {
        return source.axis(column).map(AxisColumn::blockLength).orElse(1);
    }

    /** The names of the axes of the grid that the rows come from, in its order. */
    public List<String> axes() {
        return source.axes();
    }

    /** Whether a LIMIT may take rows away. */
    public boolean isLimited() {
        return source.isLimited();
    }

    /** The values that a column with an axis may have, as {@link CopySource#openCoordinates}; the caller closes it. */
    public ResultStream coordinates(int column) {
        return new ResultStream(() -> source.openCoordinates(column));
    }
}
