package dev.graticule.zarr.copy;

import dev.graticule.ErrorKind;
import dev.graticule.GraticuleException;
import dev.graticule.spi.CopySource;
import dev.graticule.spi.CopyWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.arrow.vector.types.pojo.Field;

/**
 * Writes the rows of a query as a Zarr store: the coordinates of the dimensions are found first, then the rows are read once, in
 * whatever order they come, and each cell goes to its place in a chunk. In memory are the chunks that rows were seen of and may still
 * come: one at a time where chunks are those of the source.
 */
record ZarrCopy(CopyOptions options) implements CopyWriter {
    @Override
    public long write(CopySource source, Path path) throws IOException {
        try {
            return writeStore(source, path);
        } catch (OutOfMemoryException exhausted) {
            throw exhausted(source, exhausted);
        } catch (UncheckedIOException failure) {
            throw failure.getCause();
        }
    }

    /** The error of chunks that need more memory than there is. */
    static GraticuleException exhausted(CopySource source, OutOfMemoryException cause) {
        return GraticuleException.of(ErrorKind.RESOURCE, null,
                "Out of memory for the chunks that are in flight, though those"
                        + " that can wait are on disk: " + source.allocator().getRoot().getAllocatedMemory()
                        + " bytes are in use. Raise it with SET memory_limit = '4GB', or choose shorter CHUNKS (or SHARDS).",
                cause);
    }

    private long writeStore(CopySource source, Path path) throws IOException {
        List<Field> fields = source.schema().getFields();
        Set<String> names = requireNames(fields);
        List<Integer> columns = dimensionColumns(source);
        List<CopyVariable> variables = new ArrayList<>();
        for (int column = 0; column < fields.size(); column++) {
            if (!columns.contains(column)) {
                variables.add(CopyVariable.of(fields.get(column), column));
            }
        }
        List<CopyDimension> dimensions = new ArrayList<>();
        for (int column : columns) {
            dimensions.add(CopyDimension.read(source, column));
        }
        for (CopyDimension dimension : dimensions) {
            for (String attribute : List.of("bounds", "climatology")) {
                String bounds = dimension.attributes().getOrDefault(attribute, "").strip();
                if (!bounds.isEmpty() && !names.contains(bounds)) {
                    source.notice(bounds + ", the " + attribute + " of " + dimension.name()
                            + ", is no column, and so not copied.");
                }
            }
        }
        Files.createDirectory(path);
        StoreMetadata metadata = new StoreMetadata(path, options, source.attributes(), names);
        long rows;
        try (WrittenCells cells = new WrittenCells(source, path, options, dimensions)) {
            cells.open(variables, (positions) -> duplicate(source, columns, text(dimensions, positions)));
            rows = cells.write();
            variables.forEach(CopyVariable::requireDistinct);
            cells.describe(metadata, names);
        }
        for (CopyDimension dimension : dimensions) {
            if (!dimension.isIndex()) {
                WrittenAxis.of(source, path, options, dimension, metadata, names);
            }
        }
        metadata.complete();
        return rows;
    }

    private static String text(List<CopyDimension> dimensions, int[] positions) {
        List<String> parts = new ArrayList<>();
        for (int d = 0; d < positions.length; d++) {
            parts.add(dimensions.get(d).name() + " = " + dimensions.get(d).text(positions[d]));
        }
        return String.join(", ", parts);
    }

    private static Set<String> requireNames(List<Field> fields) {
        Set<String> names = new HashSet<>();
        for (Field field : fields) {
            String name = field.getName();
            if (!names.add(name)) {
                throw GraticuleException.binding("Two columns are called " + name
                        + ", and arrays of a store need names of their own: write AS ...");
            }
            if (name.isBlank() || name.startsWith(".") || name.startsWith("__") || name.equals("zarr.json")
                    || name.chars().anyMatch(letter -> letter == '/' || letter == '\\' || letter < ' ')) {
                throw GraticuleException
                        .binding("'" + name + "' cannot be the name of an array: write AS and a plain name.");
            }
        }
        return names;
    }

    private List<Integer> dimensionColumns(CopySource source) {
        List<String> names = source.schema().getFields().stream().map(Field::getName).toList();
        List<Integer> columns = new ArrayList<>();
        for (String wanted : options.dimensions()) {
            int column = names.indexOf(wanted);
            if (column < 0) {
                List<String> alike = names.stream().filter(wanted::equalsIgnoreCase).toList();
                if (alike.size() != 1) {
                    throw GraticuleException.binding("DIMS names " + wanted + ", which is no column of the result: "
                            + String.join(", ", names) + ".");
                }
                column = names.indexOf(alike.getFirst());
            }
            columns.add(column);
        }
        if (columns.isEmpty()) {
            columns.addAll(CopyDimension.find(source));
        }
        if (columns.isEmpty()) {
            throw GraticuleException.binding("No column of the result is an axis of a grid, and a Zarr store needs "
                    + "dimensions: select the axes too, or name the columns that identify a row: (DIMS ("
                    + names.getFirst() + ", ...)).");
        }
        return columns;
    }

    private static GraticuleException duplicate(CopySource source, List<Integer> dimensions, String cell) {
        List<Field> fields = source.schema().getFields();
        List<String> more = new ArrayList<>();
        for (int column = 0; column < fields.size(); column++) {
            if (!dimensions.contains(column) && source.axis(column).isPresent()) {
                more.add(fields.get(column).getName());
            }
        }
        String names = String.join(", ", dimensions.stream().map(column -> fields.get(column).getName()).toList());
        String list = more.isEmpty() ? "select the axes that are missing, add columns with DIMS (" + names
                + ", ...), or GROUP BY " + names : "add " + String.join(", ", more) + " to DIMS";
        return GraticuleException.data(null,
                "2 rows for (" + cell + "): " + names + " do" + (dimensions.size() == 1 ? "es" : "")
                        + " not identify a row; " + list + ".");
    }
}
