package dev.graticule.bind;

import dev.graticule.GraticuleException;
import dev.graticule.spi.Axis;
import dev.graticule.spi.Dataset;
import dev.graticule.spi.GridVariable;
import dev.graticule.spi.GriddedTable;
import dev.graticule.spi.RowTable;
import dev.graticule.spi.Table;
import dev.graticule.sql.Position;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/** Which table of a dataset a query means that names the dataset alone (SEMANTICS 5). */
final class ChooseTable {
    private static final int VARIABLES_SHOWN = 6;

    private final BindContext context;

    ChooseTable(BindContext context) {
        this.context = context;
    }

    /**
     * The only table; else the one that the variables which the query names decide, if it has the axes that the query names
     * too; else, with a notice, the one whose axes contain all the others.
     *
     * @param names every column name that the query uses
     * @param shown how the dataset was written, for messages: {@code 'era5.zarr'} or {@code era5}
     * @param advice how one table is named: a sentence with {@code %s} where the table's name goes
     */
    Table choose(Dataset dataset, Set<String> names, String shown, String advice, Position position) {
        List<Table> tables = dataset.tables();
        if (tables.isEmpty()) {
            throw GraticuleException.binding(position, shown + " holds no tables.");
        }
        if (tables.size() == 1) {
            return tables.getFirst();
        }
        List<Table> containing = tables.stream()
                .filter(table -> tables.stream().allMatch(other -> axes(table).containsAll(axes(other)))).toList();
        Set<String> wanted = new HashSet<>();
        for (String name : names) {
            if (tables.stream().anyMatch(table -> has(table, name, true))) {
                wanted.add(name);
            }
        }
        if (!wanted.isEmpty()) {
            List<Table> deciding = tables.stream()
                    .filter(table -> wanted.stream().anyMatch(name -> has(table, name, true)))
                    .filter(table -> wanted.stream().allMatch(name -> has(table, name, false))).toList();
            if (deciding.size() == 1 && (containing.size() != 1 || hasAxes(deciding.getFirst(), names, tables))) {
                return deciding.getFirst();
            }
        }
        if (containing.size() == 1) {
            Table chosen = containing.getFirst();
            context.notice(shown + " holds " + tables.size() + " tables; this is " + describe(chosen) + ". The others: "
                    + tables.stream().filter(table -> table != chosen).map(ChooseTable::describe)
                            .collect(Collectors.joining(", "))
                    + ".");
            return chosen;
        }
        throw GraticuleException.binding(position, shown + " holds " + tables.size() + " tables: "
                + tables.stream().map(ChooseTable::describe).collect(Collectors.joining(", ")) + ". "
                + advice.formatted(tables.getFirst().name()));
    }

    /** Whether a table has every name of these that is an axis of one of the tables: a mask on two axes has no time. */
    private static boolean hasAxes(Table table, Set<String> names, List<Table> tables) {
        return names.stream()
                .filter(name -> tables.stream()
                        .anyMatch(other -> other instanceof GriddedTable grid && grid.axes().stream()
                                .anyMatch(axis -> axis.coordinate().name().equalsIgnoreCase(name))))
                .allMatch(name -> has(table, name, false));
    }

    /** Whether a table has a variable of that name: its own data, or also what can be named in it. */
    private static boolean has(Table table, String name, boolean own) {
        return switch (table) {
            case GriddedTable grid -> grid.variables().stream()
                    .anyMatch(variable -> variable.name().equalsIgnoreCase(name)
                            && (!own || variable.listed() && variable.role() == GridVariable.Role.DATA))
                    || !own && grid.axes().stream().anyMatch(axis -> axis.coordinate().name().equalsIgnoreCase(name));
            case RowTable rows -> rows.columns().stream().anyMatch(column -> column.name().equalsIgnoreCase(name));
        };
    }

    private static Set<String> axes(Table table) {
        return table instanceof GriddedTable grid ? grid.axes().stream().map(Axis::name).collect(Collectors.toSet())
                : Set.of(table.name());
    }

    /** {@code time_lat_lon (t2m, rh; 249,177,600 rows)}. */
    static String describe(Table table) {
        List<String> variables = new ArrayList<>(switch (table) {
            case GriddedTable grid ->
                grid.variables().stream()
                        .filter(variable -> variable.listed() && variable.role() == GridVariable.Role.DATA)
                        .map(GridVariable::name).toList();
            case RowTable rows -> rows.columns().stream().map(RowTable.RowColumn::name).toList();
        });
        if (variables.size() > VARIABLES_SHOWN) {
            variables = new ArrayList<>(variables.subList(0, VARIABLES_SHOWN));
            variables.add("...");
        }
        OptionalLong rows = rowCount(table);
        String count = rows.isPresent() ? String.format(Locale.ROOT, "%,d rows", rows.getAsLong()) : "rows not known";
        return table.name() + " (" + String.join(", ", variables) + "; " + count + ")";
    }

    /** The rows of a table, where they are known without reading. */
    static OptionalLong rowCount(Table table) {
        return switch (table) {
            case GriddedTable grid ->
                OptionalLong.of(grid.axes().stream().mapToLong(Axis::length).reduce(1, Math::multiplyExact));
            case RowTable rows -> rows.rowCount();
        };
    }
}
