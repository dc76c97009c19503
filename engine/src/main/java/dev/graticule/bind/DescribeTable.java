package dev.graticule.bind;

import dev.graticule.GraticuleException;
import dev.graticule.plan.LogicalPlan;
import dev.graticule.plan.LogicalPlan.OutputColumn;
import dev.graticule.spi.Axis;
import dev.graticule.spi.GridVariable;
import dev.graticule.spi.GriddedTable;
import dev.graticule.spi.RowTable;
import dev.graticule.spi.Table;
import dev.graticule.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The rows of DESCRIBE: one a column, then one a remark on what was left out. */
final class DescribeTable {
    private DescribeTable() {
    }

    /** The columns of a query. */
    static LogicalPlan query(List<OutputColumn> columns) {
        ConstantRows rows = new ConstantRows().column("column_name").column("column_type").column("null");
        columns.forEach(column -> rows.row(column.name(), column.type().toString(), "YES"));
        return rows.plan();
    }

    /** The columns of tables; with more than one, a first column says whose they are. */
    static LogicalPlan tables(List<Table> tables) {
        boolean several = tables.size() > 1;
        boolean gridded = tables.stream().anyMatch(
                table -> table instanceof GriddedTable || table instanceof RowTable rows && rows.grid().isPresent());
        boolean attributed = gridded || tables.stream().anyMatch(DescribeTable::hasAttributes);
        ConstantRows rows = new ConstantRows();
        if (several) {
            rows.column("table_name");
        }
        rows.column("column_name").column("column_type").column("null");
        if (gridded) {
            rows.column("role").column("axes").column("chunks");
        }
        if (attributed) {
            rows.column("units").column("long_name");
        }
        rows.column("remarks");
        for (Table table : tables) {
            List<List<Object>> lines = switch (table) {
                case GriddedTable grid -> grid(grid);
                case RowTable plain -> plain(plain, gridded, attributed);
            };
            for (List<Object> line : lines) {
                List<Object> values = new ArrayList<>();
                if (several) {
                    values.add(table.name());
                }
                values.addAll(line);
                rows.row(values.toArray());
            }
        }
        return rows.plan();
    }

    private static boolean hasAttributes(Table table) {
        return table instanceof RowTable plain && plain.columns().stream()
                .anyMatch(column -> column.attributes().containsKey("units")
                        || column.attributes().containsKey("long_name"));
    }

    private static List<List<Object>> plain(RowTable table, boolean gridded, boolean attributed) {
        List<List<Object>> lines = new ArrayList<>();
        for (int i = 0; i < table.columns().size(); i++) {
            RowTable.RowColumn column = table.columns().get(i);
            lines.add(line(column.name(), column.type().toString(), "YES", gridded ? place(table, i) : List.of(),
                    attributed, column.attributes().get("units"), column.attributes().get("long_name"), null));
        }
        table.remarks().forEach(remark -> lines.add(remark(remark, (gridded ? 3 : 0) + (attributed ? 2 : 0))));
        return lines;
    }

    /** Role, axes and chunks of a column that may be one of a grid. */
    private static List<Object> place(RowTable table, int column) {
        return table.grid().<List<Object>>map(grid -> {
            List<Integer> over = grid.columns().get(column);
            String role = grid.isAxis(column, table.columns().get(column).name()) ? "axis"
                    : over.size() < grid.axes().size() ? "coordinate" : "data";
            return List.of(role, over.stream().map(grid.axes()::get).collect(Collectors.joining(", ")), "");
        }).orElse(List.of("data", "", ""));
    }

    private static List<List<Object>> grid(GriddedTable table) {
        List<List<Object>> lines = new ArrayList<>();
        List<GridVariable> columns = new ArrayList<>(table.axes().stream().map(Axis::coordinate).toList());
        columns.addAll(table.variables());
        for (GridVariable column : columns) {
            Optional<GraticuleException> problem = table.problem(column);
            String role = problem.isPresent() ? "unreadable" : switch (column.role()) {
                case INDEX, AXIS -> "axis";
                case COORDINATE -> "coordinate";
                case DATA -> column.listed() ? "data" : "broadcast";
            };
            String axes = column.axes().stream().map(axis -> table.axes().get(axis).name())
                    .collect(Collectors.joining(", "));
            String chunks = column.role() == GridVariable.Role.INDEX ? ""
                    : column.chunkShape().stream().map(String::valueOf).collect(Collectors.joining(" x "));
            boolean nullable = !column.unpacking().sentinels().isEmpty() || column.attributes().containsKey("zarr.null")
                    || column.unpacking().nanIsNull() && column.stored().isFloating()
                    || column.role() != GridVariable.Role.INDEX && column.role() != GridVariable.Role.AXIS
                            && isTime(column.type());
            lines.add(line(column.name(), column.type().toString(), nullable ? "YES" : "NO",
                    List.of(role, axes, chunks), true,
                    column.attributes().get("units"), column.attributes().get("long_name"), storage(column)));
        }
        table.remarks().forEach(remark -> lines.add(remark(remark, 5)));
        return lines;
    }

    /** Times are decoded by their source, which alone knows what stands for a missing one. */
    private static boolean isTime(SqlType type) {
        return type == SqlType.TIMESTAMP || type == SqlType.INTERVAL;
    }

    private static List<Object> line(String name, String type, String nullable, List<?> grid, boolean attributed,
            String units, String longName, String remark) {
        List<Object> line = new ArrayList<>(List.of(name, type, nullable));
        line.addAll(grid);
        if (attributed) {
            line.add(units);
            line.add(longName);
        }
        line.add(remark);
        return line;
    }

    private static List<Object> remark(String remark, int between) {
        List<Object> line = new ArrayList<>();
        for (int i = 0; i < 3 + between; i++) {
            line.add(null);
        }
        line.add(remark);
        return line;
    }

    /** How NULLs and packed values are stored, calendar and codecs; {@code null} where there is nothing to say. */
    private static String storage(GridVariable column) {
        GridVariable.Unpacking unpacking = column.unpacking();
        List<String> parts = new ArrayList<>();
        if (!unpacking.sentinels().isEmpty()) {
            parts.add("NULL is stored as "
                    + unpacking.sentinels().stream().map(String::valueOf).collect(Collectors.joining(" or ")));
        }
        if (unpacking.scaled()) {
            parts.add("stored as " + column.stored() + " * " + unpacking.scale() + " + " + unpacking.offset());
        }
        if (column.role() == GridVariable.Role.INDEX) {
            parts.add("no coordinate is stored: the index");
        }
        String calendar = column.attributes().getOrDefault("calendar", "standard");
        if (!calendar.equals("standard")) {
            parts.add("calendar " + calendar);
        }
        String codecs = column.attributes().getOrDefault("zarr.codecs", "bytes");
        if (!codecs.equals("bytes") && !codecs.isEmpty()) {
            parts.add("codecs " + codecs);
        }
        return parts.isEmpty() ? null : String.join("; ", parts);
    }
}
