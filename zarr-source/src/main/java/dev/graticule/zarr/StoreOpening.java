package dev.graticule.zarr;

import dev.graticule.GraticuleException;
import dev.graticule.spi.Dataset;
import dev.graticule.spi.Axis;
import dev.graticule.spi.NearestName;
import dev.graticule.spi.Table;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Makes the tables of a store, by the options of {@code read_zarr}. A path to a group inside a store opens that group of the store,
 * since it inherits the coordinates of the groups above it.
 */
final class StoreOpening {
    private final Location location;

    StoreOpening(Location location) {
        this.location = location;
    }

    Dataset open(Map<String, Object> given) {
        Options options = Options.of(given);
        if (!location.isStore()) {
            throw GraticuleException.source(Diagnosis.of(location), null);
        }
        Path folder = location.path();
        while (parent(folder).filter(Hierarchy::isGroup).isPresent() && Hierarchy.isGroup(folder)) {
            options = options.inGroup(parent(folder).get().relativize(folder.toAbsolutePath().normalize()).toString());
            folder = parent(folder).get();
        }
        Store store = new DirectoryStore(folder);
        GroupMetadata root = Hierarchy.read(store)
                .orElseThrow(() -> GraticuleException.source(Diagnosis.of(location), null));
        Map<String, ArrayMetadata> ancestors = new TreeMap<>();
        GroupMetadata group = descend(root, options.group(), ancestors);
        requireKnown(group, options);
        List<ZarrGrid> tables = new ArrayList<>();
        List<ArrayMetadata> unnamed = new ArrayList<>();
        collect(store, group, ancestors, options, tables, unnamed);
        if (tables.isEmpty()) {
            throw unnamed.isEmpty()
                    ? GraticuleException.source("'" + location.text() + "' holds no arrays"
                            + (options.group().isEmpty() ? "." : " in group '" + options.group() + "'."), null)
                    : nameless(unnamed);
        }
        requireNamed(tables, options);
        return new Dataset(location.name(), select(tables, options));
    }

    private static Optional<Path> parent(Path folder) {
        return Optional.ofNullable(folder.toAbsolutePath().normalize().getParent());
    }

    private GroupMetadata descend(GroupMetadata root, String path, Map<String, ArrayMetadata> ancestors) {
        GroupMetadata group = root;
        for (String part : path.isEmpty() ? new String[0] : path.split("/")) {
            Map<String, ArrayMetadata> heritage = GroupTables.heritage(group, ancestors);
            ancestors.clear();
            ancestors.putAll(heritage);
            GroupMetadata child = group.groups().get(part);
            if (child == null) {
                throw GraticuleException.binding("'" + location.text() + "' has no group '" + path + "'"
                        + (group.groups().isEmpty() ? "; it has no groups" + within(group) + "."
                                : "; there are " + String.join(", ", group.groups().keySet()) + within(group) + "."));
            }
            group = child;
        }
        return group;
    }

    private static String within(GroupMetadata group) {
        return group.path().isEmpty() ? "" : " in " + group.path();
    }

    private void requireKnown(GroupMetadata group, Options options) {
        TreeSet<String> names = new TreeSet<>();
        names(group, names);
        for (String wanted : options.variables()) {
            if (!names.contains(wanted)) {
                throw GraticuleException.binding("'" + location.text() + "' has no variable '" + wanted + "'."
                        + NearestName.question(wanted, names)
                        + (names.isEmpty() ? "" : " There are " + String.join(", ", names) + "."));
            }
        }
    }

    private void requireNamed(List<ZarrGrid> tables, Options options) {
        for (String key : options.tableNames().keySet()) {
            if (tables.stream().noneMatch(table -> GroupTables.isMeant(key, axisNames(table)))) {
                throw GraticuleException.binding("table_names names no table of '" + location.text() + "' by " + key
                        + "; the tables have the axes "
                        + tables.stream().map(table -> "(" + String.join(", ", axisNames(table)) + ")").distinct()
                                .collect(Collectors.joining(" and "))
                        + ". Write table_names => MAP {('time', 'lat'): 'name'}.");
            }
        }
    }

    private static List<String> axisNames(ZarrGrid table) {
        return table.axes().stream().map(Axis::name).toList();
    }

    private static void names(GroupMetadata group, TreeSet<String> names) {
        names.addAll(group.arrays().keySet());
        group.groups().values().forEach(child -> names(child, names));
    }

    private static void collect(Store store, GroupMetadata group, Map<String, ArrayMetadata> ancestors, Options options,
            List<ZarrGrid> tables,
            List<ArrayMetadata> unnamed) {
        List<ZarrGrid> below = new ArrayList<>();
        Map<String, ArrayMetadata> heritage = GroupTables.heritage(group, ancestors);
        group.groups().values().forEach(child -> collect(store, child, heritage, options, below, unnamed));
        if (!group.arrays().isEmpty()) {
            GroupTables made = new GroupTables(store, group, ancestors, options);
            unnamed.addAll(made.unnamed());
            if (made.holdsData() || below.isEmpty()) {
                tables.addAll(made.tables());
            }
        }
        tables.addAll(below);
    }

    private GraticuleException nameless(List<ArrayMetadata> unnamed) {
        ArrayMetadata largest = unnamed.stream().max((one, other) -> Integer.compare(one.axes(), other.axes()))
                .orElseThrow();
        String shape = Arrays.stream(largest.shape()).mapToObj(Long::toString).collect(Collectors.joining(" x "));
        String[] usual = {"time", "level", "lat", "lon"};
        List<String> names = new ArrayList<>();
        for (int axis = 0; axis < largest.axes(); axis++) {
            int fromEnd = largest.axes() - axis;
            names.add("'" + (largest.axes() == 3 && axis == 0 ? "time"
                    : fromEnd <= usual.length ? usual[usual.length - fromEnd] : "axis" + axis) + "'");
        }
        return GraticuleException.source("'" + location.text() + "' does not name the axes of its arrays (no "
                + (largest.version() == 2 ? MetadataV2.DIMENSIONS + " in .zattrs" : "dimension_names in zarr.json")
                + "). Name them in order: read_zarr('"
                + location.text() + "', axes => [" + String.join(", ", names) + "]) for "
                + (largest.path().isEmpty() ? "the array" : largest.path()) + " (" + shape + ").", null);
    }

    private List<Table> select(List<ZarrGrid> tables, Options options) {
        if (options.table().isEmpty()) {
            return List.copyOf(tables);
        }
        for (ZarrGrid table : tables) {
            if (table.name().equals(options.table())) {
                return List.of(table);
            }
        }
        throw GraticuleException.binding("'" + location.text() + "' has no table '" + options.table() + "'; there are "
                + tables.stream().map(ZarrGrid::name).collect(Collectors.joining(", ")) + ".");
    }
}
