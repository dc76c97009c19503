package dev.graticule.zarr;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graticule.spi.Axis;
import dev.graticule.spi.GridVariable;
import dev.graticule.type.SqlType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The tables of one group (SEMANTICS 4 and 5): one for each set of axes that a data variable has, with the coordinates that
 * lie on those axes and the variables that can be broadcast to them.
 */
final class GroupTables {
    private final Store store;
    private final Options options;
    private final Map<String, String> attributes;
    private final String prefix;
    private final Map<String, StoredVariable> placed = new TreeMap<>();
    private final Map<String, StoredVariable> refused = new TreeMap<>();
    private final Map<String, Long> lengths = new HashMap<>();
    private final Set<String> coordinates = new HashSet<>();
    private final Set<String> inherited = new HashSet<>();
    private final List<String> remarks = new ArrayList<>();
    private final List<ArrayMetadata> unnamed = new ArrayList<>();

    /**
     * Sorts out a group's arrays.
     *
     * @param ancestors the coordinates that the groups above give to this one, by name
     */
    GroupTables(Store store, GroupMetadata group, Map<String, ArrayMetadata> ancestors, Options options) {
        this.store = store;
        this.options = options;
        this.attributes = AttributeText.of(group.attributes());
        String path = group.path().equals(options.group()) ? ""
                : options.group().isEmpty() ? group.path() : group.path().substring(options.group().length() + 1);
        this.prefix = path.isEmpty() ? "" : path.replace('/', '.') + ".";
        Map<String, ArrayMetadata> arrays = new TreeMap<>(ancestors);
        arrays.putAll(group.arrays());
        for (String name : ancestors.keySet()) {
            if (!group.arrays().containsKey(name)) {
                inherited.add(name);
            }
        }
        coordinates.addAll(coordinateNames(group.attributes(), arrays.values()));
        coordinates.addAll(inherited);
        Map<String, String> bounds = bounds(arrays.values());
        coordinates.addAll(gridMappings(arrays.values()));
        List<StoredVariable> candidates = new ArrayList<>();
        for (Map.Entry<String, ArrayMetadata> entry : arrays.entrySet()) {
            String name = entry.getKey().isEmpty() ? nameOfSingle() : entry.getKey();
            if (bounds.containsKey(name)) {
                remarks.add(name + " is left out: it holds the bounds of " + bounds.get(name) + ".");
            } else if (options.dropped().contains(name)) {
                remarks.add(name + " is left out: drop_variables names it.");
            } else {
                consider(name, entry.getValue(), candidates);
            }
        }
        if (!options.variables().isEmpty()) {
            keepOnly(candidates);
        }
        place(candidates);
    }

    private static String nameOfSingle() {
        return "value";
    }

    /** Arrays that were left out because their axes have no names. */
    List<ArrayMetadata> unnamed() {
        return unnamed;
    }

    /** The coordinates that groups below inherit: those of axes, and those that an attribute names. */
    static Map<String, ArrayMetadata> heritage(GroupMetadata group, Map<String, ArrayMetadata> ancestors) {
        Map<String, ArrayMetadata> result = new TreeMap<>(ancestors);
        Set<String> named = coordinateNames(group.attributes(), group.arrays().values());
        group.arrays().forEach((name, array) -> {
            boolean ofAxis = array.dimensionNames().equals(List.of(name));
            if (ofAxis || named.contains(name) && array.isNamed()) {
                result.put(name, array);
            } else {
                result.remove(name);
            }
        });
        return result;
    }

    private static Set<String> coordinateNames(ObjectNode groupAttributes, Iterable<ArrayMetadata> arrays) {
        Set<String> names = new HashSet<>(
                List.of(groupAttributes.path("coordinates").asText("").strip().split("\\s+")));
        for (ArrayMetadata array : arrays) {
            array.text("coordinates").ifPresent(text -> names.addAll(List.of(text.strip().split("\\s+"))));
        }
        return names;
    }

    private static Map<String, String> bounds(Iterable<ArrayMetadata> arrays) {
        Map<String, String> owners = new TreeMap<>();
        for (ArrayMetadata array : arrays) {
            array.text("bounds").ifPresent(name -> owners.put(name.strip(), array.name()));
            array.text("climatology").ifPresent(name -> owners.put(name.strip(), array.name()));
        }
        return owners;
    }

    /** {@code "crs"}, or {@code "crs: x y other: lat lon"}. */
    private static Set<String> gridMappings(Iterable<ArrayMetadata> arrays) {
        Set<String> names = new HashSet<>();
        for (ArrayMetadata array : arrays) {
            array.text("grid_mapping").ifPresent(text -> {
                for (String word : text.strip().split("\\s+")) {
                    if (!text.contains(":") || word.endsWith(":")) {
                        names.add(word.replace(":", ""));
                    }
                }
            });
        }
        return names;
    }

    private void consider(String name, ArrayMetadata array, List<StoredVariable> candidates) {
        if (array.defect().isPresent()) {
            remarks.add(name + " cannot be read: " + array.defect().get() + ".");
        }
        if (array.shape().length == 0 && array.encoding() instanceof Encoding.Undecodable) {
            refused.put(name, StoredVariable.of(array, name, List.of(), options));
            return;
        }
        List<String> dimensions = array.isNamed() ? array.dimensionNames() : namesFromOptions(name, array);
        if (dimensions.size() != array.axes()) {
            unnamed.add(array);
            remarks.add(name + " is left out: its axes have no names; give them with axes => [...].");
        } else if (new HashSet<>(dimensions).size() != dimensions.size()) {
            refuse(name, array, "two of its axes are called the same: " + dimensions);
        } else {
            for (long length : array.shape()) {
                if (length > Integer.MAX_VALUE) {
                    refuse(name, array, "an axis of " + length + " is longer than 2147483647");
                    return;
                }
            }
            StoredVariable variable = StoredVariable.of(array, name, dimensions, options);
            if (array.defect().isEmpty() && variable.decoding() instanceof Decoding.Refused refusal) {
                remarks.add(refusal.message());
            }
            candidates.add(variable);
        }
    }

    private List<String> namesFromOptions(String name, ArrayMetadata array) {
        if (options.axes().size() == array.axes()) {
            return options.axes();
        }
        return array.axes() == 1 && options.axes().contains(name) ? List.of(name) : List.of();
    }

    private void refuse(String name, ArrayMetadata array, String reason) {
        remarks.add(name + " cannot be read: " + reason + ".");
        refused.put(name, StoredVariable.refused(array, name, reason));
    }

    private void keepOnly(List<StoredVariable> candidates) {
        Set<String> axes = new HashSet<>();
        for (StoredVariable candidate : candidates) {
            if (options.variables().contains(candidate.name())) {
                axes.addAll(candidate.dimensions());
            }
        }
        candidates.removeIf(candidate -> !options.variables().contains(candidate.name())
                && !(isCoordinateOfAxis(candidate) && axes.contains(candidate.name())));
        refused.keySet().retainAll(options.variables());
    }

    private static boolean isCoordinateOfAxis(StoredVariable variable) {
        return variable.dimensions().equals(List.of(variable.name()));
    }

    /** Decides how long each axis is, and refuses what disagrees: a coordinate counts more than what most variables say. */
    private void place(List<StoredVariable> candidates) {
        Map<String, Map<Long, Integer>> votes = new HashMap<>();
        for (StoredVariable candidate : candidates) {
            for (int axis = 0; axis < candidate.dimensions().size(); axis++) {
                int weight = isCoordinateOfAxis(candidate) && !inherited.contains(candidate.name()) ? 1 << 20
                        : inherited.contains(candidate.name()) ? 0 : 1;
                votes.computeIfAbsent(candidate.dimensions().get(axis), name -> new TreeMap<>())
                        .merge(candidate.array().shape()[axis], weight, Integer::sum);
            }
        }
        votes.forEach((name, counts) -> lengths.put(name,
                counts.entrySet().stream().max(Map.Entry.comparingByValue()).orElseThrow().getKey()));
        for (StoredVariable candidate : candidates) {
            String conflict = "";
            for (int axis = 0; axis < candidate.dimensions().size(); axis++) {
                String name = candidate.dimensions().get(axis);
                if (candidate.array().shape()[axis] != lengths.get(name)) {
                    conflict = "its axis '" + name + "' has length " + candidate.array().shape()[axis]
                            + ", elsewhere it has " + lengths.get(name);
                }
            }
            if (conflict.isEmpty()) {
                placed.put(candidate.name(), candidate);
            } else if (!inherited.contains(candidate.name())) {
                refuse(candidate.name(), candidate.array(), conflict);
            }
        }
    }

    /** Whether the group has data of its own: coordinates alone make tables only where there is nothing else. */
    boolean holdsData() {
        return placed.values().stream().anyMatch(variable -> !inherited.contains(variable.name()) && isData(variable));
    }

    /** The tables, the one with the most axes first. */
    List<ZarrGrid> tables() {
        Map<Set<String>, List<StoredVariable>> sets = new LinkedHashMap<>();
        for (StoredVariable variable : dataVariables()) {
            sets.computeIfAbsent(new TreeSet<>(variable.dimensions()), set -> new ArrayList<>()).add(variable);
        }
        if (sets.isEmpty() && unnamed.isEmpty()
                && placed.keySet().stream().anyMatch(name -> !inherited.contains(name))) {
            // Nothing but scalars: one row.
            sets.put(Set.of(), new ArrayList<>());
        }
        List<Map.Entry<Set<String>, List<StoredVariable>>> ordered = new ArrayList<>(sets.entrySet());
        ordered.sort(Comparator.comparingInt(entry -> -entry.getKey().size()));
        List<ZarrGrid> tables = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (Map.Entry<Set<String>, List<StoredVariable>> entry : ordered) {
            tables.add(table(axisOrder(entry.getValue()), entry.getValue(), names));
        }
        return tables;
    }

    /** What makes sets of axes: data; where there is none, other coordinates with axes; where there are none, the axes. */
    private List<StoredVariable> dataVariables() {
        List<StoredVariable> own = placed.values().stream()
                .filter(variable -> !inherited.contains(variable.name()) && !variable.dimensions().isEmpty())
                .toList();
        List<StoredVariable> data = own.stream().filter(this::isData).toList();
        if (data.isEmpty()) {
            data = own.stream().filter(variable -> !isCoordinateOfAxis(variable)).toList();
        }
        return data.isEmpty() ? own : data;
    }

    private boolean isData(StoredVariable variable) {
        return !variable.dimensions().isEmpty() && !isCoordinateOfAxis(variable)
                && !coordinates.contains(variable.name());
    }

    private static List<String> axisOrder(List<StoredVariable> variables) {
        Map<List<String>, Integer> counts = new LinkedHashMap<>();
        variables.forEach(variable -> counts.merge(variable.dimensions(), 1, Integer::sum));
        List<String> best = List.of();
        int most = 0;
        for (Map.Entry<List<String>, Integer> entry : counts.entrySet()) {
            if (entry.getValue() > most) {
                best = entry.getKey();
                most = entry.getValue();
            }
        }
        return best;
    }

    private ZarrGrid table(List<String> axisNames, List<StoredVariable> own, Set<String> names) {
        Map<String, StoredVariable> stored = new HashMap<>();
        Set<String> taken = new LinkedHashSet<>();
        List<Axis> axes = new ArrayList<>();
        for (int axis = 0; axis < axisNames.size(); axis++) {
            String name = axisNames.get(axis);
            int length = lengths.get(name).intValue();
            StoredVariable coordinate = placed.get(name);
            GridVariable variable;
            if (coordinate != null && isCoordinateOfAxis(coordinate)) {
                stored.put(name, coordinate);
                variable = column(coordinate, GridVariable.Role.AXIS, axisNames, true);
            } else {
                variable = new GridVariable(name, GridVariable.Role.INDEX, SqlType.BIGINT, List.of(axis),
                        List.of(Math.max(1, length)), true,
                        GridVariable.Unpacking.NONE, true, Map.of());
            }
            axes.add(new Axis(name, length, variable));
            taken.add(name);
        }
        List<GridVariable> columns = new ArrayList<>();
        List<StoredVariable> others = placed.values().stream()
                .filter(variable -> axisNames.containsAll(variable.dimensions())).toList();
        Set<StoredVariable> natives = new HashSet<>(own);
        add(columns, others.stream().filter(variable -> !isData(variable) && !natives.contains(variable)).toList(),
                GridVariable.Role.COORDINATE, true,
                axisNames, taken, stored);
        add(columns, own, GridVariable.Role.DATA, true, axisNames, taken, stored);
        add(columns, others.stream().filter(variable -> isData(variable) && !natives.contains(variable)).toList(),
                GridVariable.Role.DATA, false, axisNames,
                taken, stored);
        add(columns, List.copyOf(refused.values()), GridVariable.Role.DATA, false, axisNames, taken, stored);
        return new ZarrGrid(store, name(axisNames, names), axes, columns, stored, remarks,
                attributes);
    }

    private void add(List<GridVariable> columns, List<StoredVariable> variables, GridVariable.Role role, boolean listed,
            List<String> axisNames,
            Set<String> taken, Map<String, StoredVariable> stored) {
        for (StoredVariable variable : variables) {
            if (taken.add(variable.name())) {
                stored.put(variable.name(), variable);
                columns.add(column(variable, role, axisNames, listed && variable.isListable()));
            }
        }
    }

    private static GridVariable column(StoredVariable variable, GridVariable.Role role, List<String> axisNames,
            boolean listed) {
        List<Integer> axes = variable.dimensions().stream().map(axisNames::indexOf).toList();
        return new GridVariable(variable.name(), role, variable.decoding().type(), axes, variable.chunkShape(),
                variable.isSliceable(), variable.unpacking(),
                listed, variable.attributes());
    }

    private static String usualName(List<String> axisNames) {
        return axisNames.isEmpty() ? "scalars" : String.join("_", axisNames);
    }

    /** Whether a key of {@code table_names} is a list of these axes, as text: {@code lat,lon} or {@code [lat, lon]}. */
    private static boolean listsAxes(String key, List<String> axisNames) {
        return List.of(key.replaceAll("[\\s()\\[\\]'\"]", "").split(",")).equals(axisNames);
    }

    /** Whether a key of {@code table_names} can mean the table on these axes, in whatever group. */
    static boolean isMeant(String key, List<String> axisNames) {
        String usual = usualName(axisNames);
        return key.equals(usual) || key.endsWith("." + usual) || listsAxes(key, axisNames);
    }

    private String name(List<String> axisNames, Set<String> names) {
        String usual = usualName(axisNames);
        String plain = options.tableNames().getOrDefault(prefix + usual,
                options.tableNames().getOrDefault(usual, usual));
        for (Map.Entry<String, String> entry : options.tableNames().entrySet()) {
            if (listsAxes(entry.getKey(), axisNames)) {
                plain = entry.getValue();
            }
        }
        String name = prefix + plain;
        for (int number = 2; !names.add(name); number++) {
            name = prefix + plain + "_" + number;
        }
        return name;
    }
}
