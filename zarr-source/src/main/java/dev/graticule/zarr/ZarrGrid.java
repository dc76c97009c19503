package dev.graticule.zarr;

import dev.graticule.GraticuleException;
import dev.graticule.spi.Axis;
import dev.graticule.spi.GridReader;
import dev.graticule.spi.GridVariable;
import dev.graticule.spi.GriddedTable;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One set of axes of a store with its variables. Immutable. */
final class ZarrGrid implements GriddedTable {
    private final Store store;
    private final String name;
    private final List<Axis> axes;
    private final List<GridVariable> variables;
    private final Map<String, StoredVariable> stored;
    private final List<String> remarks;
    private final Map<String, String> attributes;

    /**
     * @param stored what stands behind each variable and coordinate, by column name
     * @param attributes those of the group
     */
    ZarrGrid(Store store, String name, List<Axis> axes, List<GridVariable> variables,
            Map<String, StoredVariable> stored, List<String> remarks, Map<String, String> attributes) {
        this.store = store;
        this.name = name;
        this.axes = List.copyOf(axes);
        this.variables = List.copyOf(variables);
        this.stored = Map.copyOf(stored);
        this.remarks = List.copyOf(remarks);
        this.attributes = Map.copyOf(attributes);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public List<String> remarks() {
        return remarks;
    }

    @Override
    public List<Axis> axes() {
        return axes;
    }

    @Override
    public Map<String, String> attributes() {
        return attributes;
    }

    @Override
    public List<GridVariable> variables() {
        return variables;
    }

    @Override
    public Optional<GraticuleException> problem(GridVariable variable) {
        StoredVariable array = stored.get(variable.name());
        return !variable.listed() && array != null && array.decoding() instanceof Decoding.Refused refused
                ? Optional.of(refused.error()) : Optional.empty();
    }

    @Override
    public GridReader openReader() {
        return new ZarrGridReader(store, stored);
    }
}
