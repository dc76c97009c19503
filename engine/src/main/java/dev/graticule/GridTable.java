package dev.graticule;

import dev.graticule.GridTableReader.Cells;
import dev.graticule.spi.Axis;
import dev.graticule.spi.Dataset;
import dev.graticule.spi.GridReader;
import dev.graticule.spi.GridVariable;
import dev.graticule.spi.GridVariable.Role;
import dev.graticule.spi.GridVariable.Unpacking;
import dev.graticule.spi.GriddedTable;
import dev.graticule.type.SqlType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A table whose rows are the cells of a grid in this program's memory, or of one that a {@link BlockReader} gives:
 * named axes, and variables over some of them.
 *
 * <pre>
 * engine.register("weather", GridTable.named("weather")
 *         .axis("latitude", new float[] {50, 40})
 *         .axis("longitude", new float[] {0, 10, 20})
 *         .variable("t2m", List.of("latitude", "longitude"), new float[] {280, 281, 282, 290, 291, 292})
 *         .build());
 * </pre>
 *
 * <p>Nothing is expanded: a coordinate stays as long as its axis. Arrow vectors and native memory are read where they
 * are, and must stay open as long as queries run. Of a primitive array the boxes that a query needs are copied while
 * it runs, a batch at a time, within its memory limit: the table owns no memory, so that nobody has to close it. What
 * is changed in an array is seen by queries that run afterwards. Immutable and thread-safe.
 */
public final class GridTable implements GriddedTable {
    /** How many cells a chunk has at most, by the first axis, where no chunks are given. */
    private static final int USUAL_CHUNK = 1 << 20;

    private final String name;
    private final List<Axis> axes;
    private final List<GridVariable> variables;
    private final Map<String, Cells> cells;

    private GridTable(String name, List<Axis> axes, List<GridVariable> variables, Map<String, Cells> cells) {
        this.name = name;
        this.axes = List.copyOf(axes);
        this.variables = List.copyOf(variables);
        this.cells = cells;
    }

    /** Begins a dataset; the name is for messages. */
    public static Builder named(String name) {
        return new Builder(name);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public List<String> remarks() {
        return List.of();
    }

    @Override
    public List<Axis> axes() {
        return axes;
    }

    @Override
    public List<GridVariable> variables() {
        return variables;
    }

    @Override
    public boolean cutsChunks() {
        return true;
    }

    @Override
    public GridReader openReader() {
        return new GridTableReader(cells);
    }

    /**
     * Collects axes, in dimension order, then variables over them, then what is to be known of them. Used by one
     * thread.
     *
     * <p>Values are a primitive array ({@code float[]}, {@code double[]}, {@code int[]}, {@code long[]}, {@code
     * short[]}, {@code byte[]}, {@code boolean[]}), a {@code String[]} or an Arrow {@code FieldVector} (NULLs too), or a native
     * {@code MemorySegment} of little-endian numbers: in C order over the variable's own axes. Every method throws {@link
     * GraticuleException} of kind BINDING where what it is given does not fit.
     */
    public static final class Builder {
        private final String name;
        private final Map<String, Integer> lengths = new LinkedHashMap<>();
        private final Map<String, Column> columns = new LinkedHashMap<>();
        private final Map<String, Integer> chunks = new HashMap<>();
        private final Map<Set<String>, String> tableNames = new HashMap<>();

        private Builder(String name) {
            this.name = name;
        }

        /** A column as it was declared; {@code cells} is what reads it. */
        private record Column(String name, Role role, SqlType type, List<String> axes, Cells cells, Unpacking unpacking,
                Map<String, String> attributes) {
            Column with(Unpacking other) {
                return new Column(name, role, type, axes, cells, other, attributes);
            }

            Column with(Map<String, String> others) {
                return new Column(name, role, type, axes, cells, unpacking, others);
            }
        }

        /** An axis without a coordinate: its column is the BIGINT index 0, 1, 2, ... */
        public Builder axis(String axis, int length) {
            if (length < 0) {
                throw GraticuleException.binding("Axis '" + axis + "' has a negative length: " + length + ".");
            }
            addAxis(axis, length);
            return this;
        }

        /** An axis as long as its coordinate, whose type is the usual one of these values. */
        public Builder axis(String axis, Object coordinate) {
            return axis(axis, usualType(axis, coordinate), coordinate);
        }

        /**
         * An axis as long as its coordinate, whose values are read as a type: a {@code long[]} as TIMESTAMP counts microseconds
         * since 1970-01-01.
         */
        public Builder axis(String axis, SqlType type, Object coordinate) {
            requireFit(axis, type, coordinate);
            long length = CellMemory.count(coordinate, type);
            if (length > Integer.MAX_VALUE) {
                throw GraticuleException.binding("Axis '" + axis + "' has " + length + " values; expected at most "
                        + Integer.MAX_VALUE + ".");
            }
            addAxis(axis, (int) length);
            add(axis, Role.AXIS, type, List.of(axis), coordinate);
            return this;
        }

        /** A variable over axes, in the order of its own dimensions, of the usual type of these values. */
        public Builder variable(String variable, List<String> axes, Object values) {
            return variable(variable, usualType(variable, values), axes, values);
        }

        /** A variable over axes whose values are read as a type. */
        public Builder variable(String variable, SqlType type, List<String> axes, Object values) {
            addChecked(variable, axes.isEmpty() ? Role.COORDINATE : Role.DATA, type, axes, values);
            return this;
        }

        /** A variable over axes that is read when a query needs it. */
        public Builder variable(String variable, SqlType type, List<String> axes, BlockReader reader) {
            return asked(variable, axes.isEmpty() ? Role.COORDINATE : Role.DATA, type, axes, reader);
        }

        private Builder asked(String variable, Role role, SqlType type, List<String> axes, BlockReader reader) {
            if (type instanceof SqlType.Other || type == SqlType.NULL) {
                throw GraticuleException.binding("'" + variable + "' cannot be of type " + type + ".");
            }
            shape(variable, axes);
            put(new Column(variable, role, type, List.copyOf(axes),
                    new Cells.Asked(reader), unpacking(type), Map.of()));
            return this;
        }

        /** A coordinate that is no axis, such as a two-dimensional latitude: it makes no table of its own. */
        public Builder coordinate(String coordinate, List<String> axes, Object values) {
            addChecked(coordinate, Role.COORDINATE, usualType(coordinate, values), axes, values);
            return this;
        }

        /** Such a coordinate that is read when a query needs it. */
        public Builder coordinate(String coordinate, SqlType type, List<String> axes, BlockReader reader) {
            return asked(coordinate, Role.COORDINATE, type, axes, reader);
        }

        /**
         * How many indices a chunk has along an axis, for the axes that are named; others are not cut. A {@link
         * BlockReader} is asked once for each chunk of a variable with a named axis: for what lies between the first
         * and the last index that a query selects along each axis. Else it is asked for the boxes that a query needs.
         * Rows come chunk by chunk.
         */
        public Builder chunks(Map<String, Integer> lengthOfChunk) {
            lengthOfChunk.forEach((axis, length) -> {
                requireAxis(axis, "chunks");
                if (length < 1) {
                    throw GraticuleException.binding("A chunk of axis '" + axis + "' has length " + length
                            + "; expected at least 1.");
                }
                chunks.put(axis, length);
            });
            return this;
        }

        /**
         * What the table over these axes is called, instead of by their names; where there is no variable over exactly
         * these, {@link #build} says so. A dataset of a single table is queried by the dataset's name alone.
         */
        public Builder tableName(List<String> axes, String table) {
            axes.forEach(axis -> requireAxis(axis, "tableName"));
            tableNames.put(Set.copyOf(axes), table);
            return this;
        }

        /** Attributes of a variable or a coordinate, such as units: DESCRIBE and Arrow fields show them. */
        public Builder attributes(String variable, Map<String, String> attributes) {
            Column column = column(variable);
            Map<String, String> all = new HashMap<>(column.attributes);
            all.putAll(attributes);
            columns.put(variable, column.with(all));
            return this;
        }

        /** Stored values that mean NULL, compared before scale and offset; for dates and times the stored numbers. */
        public Builder missing(String variable, Number... sentinels) {
            Column column = column(variable);
            boolean counted = column.type == SqlType.DATE || column.type == SqlType.TIME
                    || column.type instanceof SqlType.Timestamp;
            if (!counted && !isNumber(column.type)) {
                throw GraticuleException.binding("'" + variable + "' is " + column.type
                        + "; sentinels are for numbers, dates and times.");
            }
            List<Number> numbers = Arrays.stream(sentinels)
                    .map(each -> column.type.isFloating() ? (Number) each.doubleValue() : (Number) each.longValue())
                    .toList();
            Unpacking old = column.unpacking;
            columns.put(variable,
                    column.with(new Unpacking(numbers, old.nanIsNull(), old.scaled(), old.scale(), old.offset())));
            return this;
        }

        /** The column is {@code value * scale + offset}, a DOUBLE. */
        public Builder packed(String variable, double scale, double offset) {
            Column column = column(variable);
            if (!isNumber(column.type)) {
                throw GraticuleException.binding("'" + variable + "' is " + column.type
                        + "; scale and offset are for numbers.");
            }
            Unpacking old = column.unpacking;
            columns.put(variable, column.with(new Unpacking(old.sentinels(), old.nanIsNull(), true, scale, offset)));
            return this;
        }

        /** Whether NaN of a REAL or DOUBLE variable is NULL, as it is unless this says otherwise. */
        public Builder nanAsNull(String variable, boolean nanIsNull) {
            Column column = column(variable);
            Unpacking old = column.unpacking;
            columns.put(variable, column.with(new Unpacking(old.sentinels(), nanIsNull && column.type.isFloating(),
                    old.scaled(), old.scale(), old.offset())));
            return this;
        }

        /**
         * The tables: one for each set of axes that a variable has, named by its axes ({@code latitude_longitude}),
         * the one with the most axes first. A variable on a part of a table's axes can be named in that table, {@code
         * *} does not list it. Without a variable that has axes it is one table of all axes.
         */
        public Dataset build() {
            Set<Set<String>> sets = new LinkedHashSet<>();
            for (Column column : columns.values()) {
                if (column.role == Role.DATA) {
                    sets.add(new HashSet<>(column.axes));
                }
            }
            if (sets.isEmpty()) {
                sets.add(lengths.keySet());
            }
            tableNames.forEach((set, table) -> {
                if (!sets.contains(set)) {
                    throw GraticuleException
                            .binding("No variable is over the axes of the table name '" + table + "' alone: "
                                    + lengths.keySet().stream().filter(set::contains).toList() + ".");
                }
            });
            Map<String, Cells> cells = new HashMap<>();
            columns.forEach((column, declared) -> cells.put(column, declared.cells));
            Map<String, Cells> shared = Map.copyOf(cells);
            Set<String> names = new HashSet<>();
            List<GridTable> tables = sets.stream().sorted((left, right) -> right.size() - left.size())
                    .map(set -> table(lengths.keySet().stream().filter(set::contains).toList(), shared, names))
                    .toList();
            return new Dataset(name, List.copyOf(tables));
        }

        private GridTable table(List<String> axisNames, Map<String, Cells> cells, Set<String> names) {
            int[] chunk = chunkOf(axisNames);
            List<Axis> axes = new ArrayList<>();
            for (String axis : axisNames) {
                int length = lengths.get(axis);
                Column coordinate = columns.get(axis);
                boolean indexed = coordinate == null || coordinate.role != Role.AXIS;
                List<Integer> whole = List.of(Integer.max(1, length));
                axes.add(new Axis(axis, length, indexed
                        ? new GridVariable(axis, Role.INDEX, SqlType.BIGINT, List.of(axes.size()), whole, true,
                                Unpacking.NONE, true, Map.of())
                        : new GridVariable(axis, Role.AXIS, coordinate.type, List.of(axes.size()), whole, true,
                                coordinate.unpacking, true, coordinate.attributes)));
            }
            List<GridVariable> coordinates = new ArrayList<>();
            List<GridVariable> listed = new ArrayList<>();
            List<GridVariable> hidden = new ArrayList<>();
            for (Column column : columns.values()) {
                if (column.role != Role.AXIS && axisNames.containsAll(column.axes)) {
                    boolean own = column.role == Role.COORDINATE || column.axes.size() == axisNames.size();
                    List<GridVariable> place = column.role == Role.COORDINATE ? coordinates : own ? listed : hidden;
                    place.add(variable(column, axisNames, chunk, own));
                }
            }
            coordinates.addAll(listed);
            coordinates.addAll(hidden);
            String usual = tableNames.getOrDefault(Set.copyOf(axisNames),
                    axisNames.isEmpty() ? "scalars" : String.join("_", axisNames));
            String unique = usual;
            for (int number = 2; !names.add(unique); number++) {
                unique = usual + "_" + number;
            }
            return new GridTable(unique, axes, coordinates, cells);
        }

        private GridVariable variable(Column column, List<String> axisNames, int[] chunk, boolean listed) {
            List<Integer> axes = column.axes.stream().map(axisNames::indexOf).toList();
            List<Integer> chunkShape = axes.stream().map(axis -> chunk[axis]).toList();
            boolean sliceable = !(column.cells instanceof Cells.Asked)
                    || column.axes.stream().noneMatch(chunks::containsKey);
            long cells = 1;
            for (int length : chunkShape) {
                cells = Math.multiplyExact(cells, (long) length);
                if (cells > Integer.MAX_VALUE) {
                    throw GraticuleException.binding("A chunk of '" + column.name + "' has more than "
                            + Integer.MAX_VALUE + " cells: give smaller chunks(...).");
                }
            }
            return new GridVariable(column.name, column.role, column.type, axes, chunkShape, sliceable,
                    column.unpacking, listed, column.attributes);
        }

        /** The chunk of a table's axes; where none is given, the first axis is cut so that workers share the work. */
        private int[] chunkOf(List<String> axisNames) {
            int[] chunk = axisNames.stream()
                    .mapToInt(axis -> Integer.min(Integer.max(1, lengths.get(axis)),
                            chunks.getOrDefault(axis, Integer.MAX_VALUE)))
                    .toArray();
            if (chunk.length > 0 && axisNames.stream().noneMatch(chunks::containsKey)) {
                double others = Arrays.stream(chunk).skip(1).asDoubleStream().reduce(1, (a, b) -> a * b);
                chunk[0] = Integer.min(chunk[0], (int) Double.max(1, USUAL_CHUNK / others));
            }
            return chunk;
        }

        private void addAxis(String axis, int length) {
            if (lengths.containsKey(axis) || columns.containsKey(axis)) {
                throw GraticuleException.binding("'" + axis + "' is declared twice.");
            }
            lengths.put(axis, length);
        }

        private void addChecked(String variable, Role role, SqlType type, List<String> axes, Object values) {
            requireFit(variable, type, values);
            int[] shape = shape(variable, axes);
            long cells = 1;
            for (int length : shape) {
                cells *= length;
                if (cells > Integer.MAX_VALUE) {
                    throw GraticuleException.binding("'" + variable + "' has more than " + Integer.MAX_VALUE
                            + " cells " + describe(axes) + ": use a BlockReader.");
                }
            }
            long found = CellMemory.count(values, type);
            if (found != cells) {
                throw GraticuleException.binding(
                        "'" + variable + "' has " + found + " values; expected " + cells + " " + describe(axes) + ".");
            }
            add(variable, role, type, axes, values);
        }

        /** {@code (latitude 2 x longitude 3)}. */
        private String describe(List<String> axes) {
            return "(" + String.join(" x ", axes.stream().map(axis -> axis + " " + lengths.get(axis)).toList()) + ")";
        }

        private void add(String variable, Role role, SqlType type, List<String> axes, Object values) {
            int[] strides = CellMemory.strides(shape(variable, axes));
            Cells cells = values.getClass().isArray() ? new Cells.InArray(values, strides)
                    : new Cells.InMemory(CellMemory.view(values, type), strides, values);
            put(new Column(variable, role, type, List.copyOf(axes), cells, unpacking(type), Map.of()));
        }

        private void put(Column column) {
            boolean taken = lengths.containsKey(column.name) && column.role != Role.AXIS;
            if (taken || columns.putIfAbsent(column.name, column) != null) {
                throw GraticuleException.binding("'" + column.name + "' is declared twice.");
            }
        }

        private static Unpacking unpacking(SqlType type) {
            return type.isFloating() ? Unpacking.NAN_IS_NULL : Unpacking.NONE;
        }

        private static boolean isNumber(SqlType type) {
            return type.isFloating() || type.isInteger();
        }

        private int[] shape(String variable, List<String> axes) {
            axes.forEach(axis -> requireAxis(axis, "'" + variable + "'"));
            if (new HashSet<>(axes).size() != axes.size()) {
                throw GraticuleException.binding("'" + variable + "' names an axis twice: " + axes + ".");
            }
            return axes.stream().mapToInt(lengths::get).toArray();
        }

        private void requireAxis(String axis, String who) {
            if (!lengths.containsKey(axis)) {
                throw GraticuleException.binding("There is no axis '" + axis + "' for " + who + "; the axes are "
                        + lengths.keySet() + ". Declare axes first.");
            }
        }

        private Column column(String variable) {
            Column column = columns.get(variable);
            if (column == null) {
                throw GraticuleException.binding("There is no variable '" + variable + "'; the variables are "
                        + columns.keySet() + ".");
            }
            return column;
        }

        private static SqlType usualType(String variable, Object values) {
            return CellMemory.typeOf(values).orElseThrow(() -> GraticuleException.binding("'" + variable
                    + "' cannot have its values in " + CellMemory.describe(values)
                    + "; expected a primitive array, an Arrow vector without a dictionary, or a type and native "
                    + "memory."));
        }

        private static void requireFit(String variable, SqlType type, Object values) {
            if (values == null || !CellMemory.fits(values, type)) {
                throw GraticuleException.binding("'" + variable + "' cannot be " + type + " from "
                        + CellMemory.describe(values) + ".");
            }
        }
    }
}
