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
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.arrow.vector.ipc.ArrowReader;
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
            throw GraticuleException.of(ErrorKind.RESOURCE, null, "Out of memory for the chunks that are in flight: "
                    + source.allocator().getRoot().getAllocatedMemory() + " bytes are in use. Raise it with "
                    + "SET memory_limit = '4GB', or choose shorter CHUNKS, such that rows fill one after the other.",
                    exhausted);
        } catch (UncheckedIOException failure) {
            throw failure.getCause();
        }
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
        CopyGrid grid = CopyGrid.of(dimensions, options.chunks(), options.shards());
        Files.createDirectory(path);
        StoreMetadata metadata = new StoreMetadata(path, options, source.attributes(), names);
        long rows = writeCells(source, path, grid, dimensions, variables, metadata, names, columns);
        for (CopyDimension dimension : dimensions) {
            if (!dimension.isIndex()) {
                WrittenAxis.of(source, path, options, dimension, metadata, names);
            }
        }
        metadata.complete();
        return rows;
    }

    private long writeCells(CopySource source, Path path, CopyGrid grid, List<CopyDimension> dimensions,
            List<CopyVariable> variables, StoreMetadata metadata, Set<String> names, List<Integer> columns)
            throws IOException {
        List<String> dimensionNames = dimensions.stream().map(CopyDimension::name).toList();
        List<CopyVariable> whole = new ArrayList<>();
        List<PartialArray> partial = new ArrayList<>();
        boolean boxes = dimensions.stream().allMatch(CopyDimension::isByIndex);
        long limit = source.allocator().getLimit();
        long rows;
        try (SpillFile file = new SpillFile(path.resolve(".tiles"));
                Closing arrays = new Closing(new ArrayList<>())) {
            for (CopyVariable variable : variables) {
                Optional<int[]> own = ownDimensions(source, variable, dimensions);
                if (own.isPresent()) {
                    partial.add(arrays.open(partial(source, path, variable, own.get(), dimensions, limit)));
                } else {
                    whole.add(variable);
                }
            }
            // A scan in boxes takes its memory from the same limit.
            try (TileWriter writer = new TileWriter(source, path, options, grid, whole,
                    boxes ? limit / 2 : limit / 4 * 3);
                    TilesInFlight tiles = new TilesInFlight(grid, writer, file,
                            (place, cell) -> duplicate(source, columns, text(dimensions, grid, place, cell)))) {
                rows = boxes ? writeBoxes(source, dimensions, whole, partial, grid, tiles, writer) : -1;
                if (rows < 0) {
                    rows = writeRows(source, dimensions, whole, partial, grid, tiles);
                }
                if (!tiles.complete()) {
                    whole.forEach(CopyVariable::someMiss);
                }
                writer.complete();
            }
            for (PartialArray array : partial) {
                array.writer().write(array.tile());
                array.writer().complete();
            }
        }
        variables.forEach(CopyVariable::requireDistinct);
        for (CopyVariable variable : whole) {
            metadata.add(variable, dimensionNames, grid, CopyAttributes.of(variable, names));
        }
        for (PartialArray array : partial) {
            List<String> own = Arrays.stream(array.dimensions()).mapToObj(dimensionNames::get).toList();
            metadata.add(array.variable(), own, array.grid(), CopyAttributes.of(array.variable(), names));
        }
        return rows;
    }

    /** What is closed together. */
    private record Closing(List<PartialArray> arrays) implements AutoCloseable {
        PartialArray open(PartialArray array) {
            arrays.add(array);
            return array;
        }

        @Override
        public void close() {
            for (PartialArray array : arrays) {
                array.tile().close();
                array.writer().close();
            }
        }
    }

    /** The numbers of the dimensions along which a variable varies, where these are not all. */
    private static Optional<int[]> ownDimensions(CopySource source, CopyVariable variable,
            List<CopyDimension> dimensions) {
        Optional<List<Integer>> axes = source.axesOf(variable.column());
        if (axes.isEmpty()) {
            return Optional.empty();
        }
        int[] own = IntStream.range(0, dimensions.size()).filter(d -> {
            OptionalInt axis = dimensions.get(d).axisNumber();
            return axis.isPresent() && axes.get().contains(axis.getAsInt());
        }).toArray();
        return own.length == axes.get().size() && own.length < dimensions.size() ? Optional.of(own) : Optional.empty();
    }

    private PartialArray partial(CopySource source, Path path, CopyVariable variable, int[] own,
            List<CopyDimension> dimensions, long limit) {
        CopyGrid grid = CopyGrid.single(Arrays.stream(own).map(d -> dimensions.get(d).length()).toArray());
        TileWriter writer = new TileWriter(source, path, options, grid, List.of(variable), limit / 4);
        Tile tile = writer.tile(new int[own.length]);
        boolean done = false;
        try {
            writer.open(tile);
            done = true;
            return new PartialArray(variable, own, grid, writer, tile);
        } finally {
            if (!done) {
                tile.close();
                writer.close();
            }
        }
    }

    private static long writeBoxes(CopySource source, List<CopyDimension> dimensions, List<CopyVariable> variables,
            List<PartialArray> partial, CopyGrid grid, TilesInFlight tiles, TileWriter writer) {
        BoxScatter scatter = new BoxScatter(dimensions, variables, partial, grid, tiles);
        writer.writeHere(source.threads() > 1);
        try {
            return source.run(scatter) ? scatter.rows() : -1;
        } catch (GraticuleException failure) {
            // What this threw comes back as the query's error: writing says more about what it met.
            switch (writer.failure()) {
                case UncheckedIOException problem -> throw problem;
                case IOException problem -> throw new UncheckedIOException(problem);
                case null, default -> throw failure;
            }
        } finally {
            writer.writeHere(false);
        }
    }

    private static long writeRows(CopySource source, List<CopyDimension> dimensions, List<CopyVariable> variables,
            List<PartialArray> partial, CopyGrid grid, TilesInFlight tiles) throws IOException {
        CellScatter scatter = new CellScatter(dimensions, variables, partial, grid, tiles);
        long rows = 0;
        try (ArrowReader reader = source.openReader()) {
            while (reader.loadNextBatch()) {
                scatter.add(reader.getVectorSchemaRoot());
                rows += reader.getVectorSchemaRoot().getRowCount();
            }
        }
        return rows;
    }

    private static String text(List<CopyDimension> dimensions, CopyGrid grid, int[] place, int cell) {
        List<String> parts = new ArrayList<>();
        for (int d = 0; d < place.length; d++) {
            int position = place[d] * grid.tileShape()[d] + cell / grid.strides()[d] % grid.tileShape()[d];
            parts.add(dimensions.get(d).name() + " = " + dimensions.get(d).text(position));
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
