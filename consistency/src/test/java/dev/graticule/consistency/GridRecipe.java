package dev.graticule.consistency;

import dev.graticule.fixture.MemoryGrid;
import dev.graticule.spi.GridVariable.Unpacking;
import dev.graticule.type.SqlType;
import java.lang.reflect.Array;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A random grid as data: what a table that was made of it holds, row by row, and how its chunks are kept. */
record GridRecipe(List<Axis> axes, List<Variable> variables) {

    /** An axis; {@code data} is {@code null} where it is an index only. */
    record Axis(String name, int length, SqlType type, Object data, Unpacking unpacking) {
        @Override
        public String toString() {
            return "axis " + name + " " + type + (unpacking.nanIsNull() ? " (NaN is NULL)" : "") + " "
                    + (data == null ? "0.." + (length - 1) : text(data));
        }
    }

    /**
     * A variable: the axes of its own dimensions in their order, its stored values in C order over them.
     *
     * @param missing keys of chunks that are not there; {@code data} holds {@code fill} there
     */
    record Variable(String name, SqlType stored, Unpacking unpacking, List<Integer> over, Object data, Object fill,
            int[] chunks, boolean columnMajor,
            boolean sliceable, Set<List<Integer>> missing) {
        SqlType type() {
            return unpacking.scaled() ? SqlType.DOUBLE : stored;
        }

        Variable chunked(int[] otherChunks, boolean otherColumnMajor, boolean otherSliceable) {
            return new Variable(name, stored, unpacking, over, data, fill, otherChunks, otherColumnMajor,
                    otherSliceable, Set.of());
        }

        Variable unpacked(Unpacking other) {
            return new Variable(name, stored, other, over, data, fill, chunks, columnMajor, sliceable, missing);
        }

        @Override
        public String toString() {
            return name + " " + stored + " over axes " + over + " chunks " + Arrays.toString(chunks)
                    + (columnMajor ? " column-major" : "")
                    + (sliceable ? " sliceable" : "") + (unpacking.equals(Unpacking.NONE) ? "" : " " + unpacking)
                    + " fill " + fill
                    + (missing.isEmpty() ? "" : " missing chunks " + missing) + " " + text(data);
        }
    }

    private static String text(Object array) {
        List<String> values = new ArrayList<>();
        for (int i = 0; i < Array.getLength(array); i++) {
            values.add(String.valueOf(Array.get(array, i)));
        }
        return values.toString();
    }

    @Override
    public String toString() {
        return "\n  " + axes.stream().map(Axis::toString).collect(Collectors.joining("\n  ")) + "\n  "
                + variables.stream().map(Variable::toString).collect(Collectors.joining("\n  "));
    }

    /** The grid as the engine's table. */
    MemoryGrid table() {
        MemoryGrid.Builder builder = MemoryGrid.named("g");
        for (Axis axis : axes) {
            if (axis.data == null) {
                builder.axis(axis.name, axis.length);
            } else {
                builder.axis(axis.name, axis.type, axis.data, axis.unpacking);
            }
        }
        for (Variable variable : variables) {
            MemoryGrid.Builder.VariableBuilder made = builder.variable(variable.name, variable.stored, variable.data)
                    .over(variable.over.stream().map(axis -> axes.get(axis).name).toArray(String[]::new))
                    .chunks(variable.chunks).unpacking(variable.unpacking)
                    .fill(variable.fill);
            if (variable.columnMajor) {
                made.columnMajor();
            }
            if (variable.sliceable) {
                made.sliceable();
            }
            if (variable.over.size() < axes.size()) {
                made.hidden();
            }
            variable.missing.forEach(key -> made.missing(key.toArray(Integer[]::new)));
            made.add();
        }
        return builder.build();
    }

    /** The names of all columns: axes, then variables. */
    List<String> names() {
        List<String> names = new ArrayList<>();
        axes.forEach(axis -> names.add(axis.name));
        variables.forEach(variable -> names.add(variable.name));
        return names;
    }

    /** The types of all columns. */
    List<SqlType> types() {
        List<SqlType> types = new ArrayList<>();
        axes.forEach(axis -> types.add(axis.type));
        variables.forEach(variable -> types.add(variable.type()));
        return types;
    }

    /** Every row in C order of the axes, {@code null} where a cell is NULL; timestamps are counts of their unit. */
    List<List<Object>> rows() {
        return rowsBy(IntStream.range(0, axes.size()).boxed().toList());
    }

    /** Every row in the order of axes, the last one fastest. */
    List<List<Object>> rowsBy(List<Integer> order) {
        List<List<Object>> rows = new ArrayList<>();
        int[] shape = axes.stream().mapToInt(Axis::length).toArray();
        if (Arrays.stream(shape).anyMatch(length -> length == 0)) {
            return rows;
        }
        int[] at = new int[shape.length];
        while (true) {
            List<Object> row = new ArrayList<>();
            for (int i = 0; i < shape.length; i++) {
                Axis axis = axes.get(i);
                row.add(axis.data == null ? (Object) (long) at[i]
                        : value(Array.get(axis.data, at[i]), axis.type, axis.unpacking));
            }
            for (Variable variable : variables) {
                int cell = 0;
                for (int axis : variable.over) {
                    cell = cell * shape[axis] + at[axis];
                }
                row.add(value(Array.get(variable.data, cell), variable.stored, variable.unpacking));
            }
            rows.add(row);
            int i = shape.length - 1;
            while (i >= 0 && ++at[order.get(i)] == shape[order.get(i)]) {
                at[order.get(i--)] = 0;
            }
            if (i < 0) {
                return rows;
            }
        }
    }

    private static Object value(Object stored, SqlType type, Unpacking unpacking) {
        if (!(stored instanceof Number number)) {
            return stored;
        }
        if (type.isFloating()) {
            double value = number.doubleValue();
            boolean missing = unpacking.nanIsNull() && Double.isNaN(value)
                    || unpacking.sentinels().stream().anyMatch(sentinel -> sentinel.doubleValue() == value);
            return missing ? null : unpacking.scaled() ? value * unpacking.scale() + unpacking.offset() : stored;
        }
        BigInteger whole = BigInteger.valueOf(number.longValue());
        if (type.isUnsigned() && whole.signum() < 0) {
            whole = whole.add(BigInteger.ONE.shiftLeft(8 * type.bytes()));
        }
        for (Number sentinel : unpacking.sentinels()) {
            if (BigInteger.valueOf(sentinel.longValue()).equals(whole)) {
                return null;
            }
        }
        return unpacking.scaled() ? (Object) (whole.doubleValue() * unpacking.scale() + unpacking.offset()) : whole;
    }
}
