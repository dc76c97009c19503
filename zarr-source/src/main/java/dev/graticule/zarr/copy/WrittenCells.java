package dev.graticule.zarr.copy;

import dev.graticule.GraticuleException;
import dev.graticule.batch.Batch;
import dev.graticule.spi.BoxSink;
import dev.graticule.spi.Closing;
import dev.graticule.spi.CopySource;
import dev.graticule.spi.GridVariable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.arrow.vector.ipc.ArrowReader;

/**
 * The variables of a COPY while their cells are written: those with the same chunks together, and those that do not vary along all
 * dimensions each alone. Used by one thread.
 */
final class WrittenCells implements AutoCloseable {
    private final CopySource source;
    private final Path path;
    private final CopyOptions options;
    private final List<CopyDimension> dimensions;
    private final boolean boxes;
    private final List<PartialArray> partial = new ArrayList<>();
    private final List<Chunked> chunked = new ArrayList<>();

    /** Variables with the same chunks. */
    private record Chunked(List<CopyVariable> variables, CopyGrid grid, TileWriter writer, SpillFile file,
            TilesInFlight tiles) {
    }

    WrittenCells(CopySource source, Path path, CopyOptions options, List<CopyDimension> dimensions) {
        this.source = source;
        this.path = path;
        this.options = options;
        this.dimensions = dimensions;
        this.boxes = dimensions.stream().allMatch(CopyDimension::isByIndex);
    }

    /** @param duplicate the error of a cell that two rows name, from its position along each dimension */
    void open(List<CopyVariable> variables, Function<int[], GraticuleException> duplicate) {
        Map<List<Integer>, List<CopyVariable>> byChunks = new LinkedHashMap<>();
        Map<List<Integer>, CopyGrid> grids = new LinkedHashMap<>();
        Map<CopyVariable, int[]> alone = new LinkedHashMap<>();
        for (CopyVariable variable : variables) {
            Optional<int[]> own = ownDimensions(variable);
            if (own.isPresent()) {
                alone.put(variable, own.get());
                continue;
            }
            CopyGrid grid = grid(variable);
            List<Integer> chunks = Arrays.stream(grid.chunkShape()).boxed().toList();
            grids.putIfAbsent(chunks, grid);
            byChunks.computeIfAbsent(chunks, unused -> new ArrayList<>()).add(variable);
        }
        if (byChunks.isEmpty()) {
            CopyGrid grid = CopyGrid.of(dimensions, options.chunks(), options.shards(), null);
            grids.put(List.of(), grid);
            byChunks.put(List.of(), List.of());
        }
        long limit = source.allocator().getLimit();
        alone.forEach((variable, own) -> partial.add(alone(variable, own, limit / 4)));
        // A scan in boxes takes its memory from the same limit.
        long most = (boxes ? limit / 2 : limit / 4 * 3) / byChunks.size();
        byChunks.forEach((chunks, together) -> {
            CopyGrid grid = grids.get(chunks);
            TileWriter writer = new TileWriter(source, path, options, grid, together, most);
            SpillFile file = new SpillFile(path.resolve(".tiles" + chunked.size()));
            chunked.add(new Chunked(together, grid, writer, file, new TilesInFlight(grid, writer, file,
                    (place, cell) -> duplicate.apply(grid.positions(place, cell)))));
        });
    }

    /** The numbers of the dimensions along which a variable varies, where these are not all. */
    private Optional<int[]> ownDimensions(CopyVariable variable) {
        Optional<GridVariable> stored = source.variable(variable.column());
        if (stored.isEmpty()) {
            return Optional.empty();
        }
        List<Integer> axes = stored.get().axes();
        int[] own = IntStream.range(0, dimensions.size()).filter(d -> {
            OptionalInt axis = dimensions.get(d).axisNumber();
            return axis.isPresent() && axes.contains(axis.getAsInt());
        }).toArray();
        return own.length == axes.size() && own.length < dimensions.size() ? Optional.of(own) : Optional.empty();
    }

    /** The grid in the chunks that are wanted, else in those of the source. */
    private CopyGrid grid(CopyVariable variable) {
        Optional<GridVariable> stored = source.variable(variable.column());
        int[] chunks = null;
        if (boxes && stored.isPresent() && stored.get().axes().size() == dimensions.size()) {
            chunks = dimensions.stream().mapToInt(dimension -> stored.get().chunkShape()
                    .get(stored.get().axes().indexOf(dimension.axis()))).toArray();
        }
        return CopyGrid.of(dimensions, options.chunks(), options.shards(), chunks);
    }

    private PartialArray alone(CopyVariable variable, int[] own, long most) {
        CopyGrid grid = CopyGrid.single(Arrays.stream(own).map(d -> dimensions.get(d).length()).toArray());
        TileWriter writer = new TileWriter(source, path, options, grid, List.of(variable), most);
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

    /** Writes all rows; gives how many there were. */
    long write() throws IOException {
        long rows = boxes ? writeBoxes() : -1;
        if (rows < 0) {
            rows = writeRows();
        }
        for (Chunked each : chunked) {
            if (!each.tiles().complete()) {
                each.variables().forEach(CopyVariable::someMiss);
            }
            each.writer().complete();
        }
        for (PartialArray array : partial) {
            if (array.grid().tiles() > 0) {
                array.writer().write(array.tile());
                array.writer().complete();
            }
        }
        return rows;
    }

    private long writeBoxes() {
        List<BoxScatter> scatters = new ArrayList<>();
        for (Chunked each : chunked) {
            scatters.add(new BoxScatter(dimensions, each.variables(), scatters.isEmpty() ? partial : List.of(),
                    each.grid(), each.tiles()));
            each.writer().writeHere(source.threads() > 1);
        }
        try {
            boolean done = source.run(new BoxSink() {
                @Override
                public void write(Batch batch) {
                    limited(() -> scatters.forEach(scatter -> scatter.write(batch)));
                }

                @Override
                public void finishMorsel(long ordinal) {
                    limited(() -> scatters.forEach(scatter -> scatter.finishMorsel(ordinal)));
                }

                private void limited(Runnable action) {
                    try {
                        action.run();
                    } catch (OutOfMemoryException exhausted) {
                        throw ZarrCopy.exhausted(source, exhausted);
                    }
                }
            });
            return done ? scatters.getFirst().rows() : -1;
        } catch (GraticuleException failure) {
            // What this threw comes back as the query's error: writing says more about what it met.
            for (Chunked each : chunked) {
                switch (each.writer().failure()) {
                    case UncheckedIOException problem -> throw problem;
                    case IOException problem -> throw new UncheckedIOException(problem);
                    case null, default -> {
                        // Not the writer's.
                    }
                }
            }
            throw failure;
        } finally {
            chunked.forEach(each -> each.writer().writeHere(false));
        }
    }

    private long writeRows() throws IOException {
        List<CellScatter> scatters = new ArrayList<>();
        for (Chunked each : chunked) {
            scatters.add(new CellScatter(dimensions, each.variables(), scatters.isEmpty() ? partial : List.of(),
                    each.grid(), each.tiles()));
        }
        long rows = 0;
        try (ArrowReader reader = source.openReader()) {
            while (reader.loadNextBatch()) {
                for (CellScatter scatter : scatters) {
                    scatter.add(reader.getVectorSchemaRoot());
                }
                rows += reader.getVectorSchemaRoot().getRowCount();
            }
        }
        return rows;
    }

    /** Adds the arrays to the metadata, after all is written. */
    void describe(StoreMetadata metadata, Set<String> names) throws IOException {
        List<String> dimensionNames = dimensions.stream().map(CopyDimension::name).toList();
        for (Chunked each : chunked) {
            for (CopyVariable variable : each.variables()) {
                metadata.add(variable, dimensionNames, each.grid(), CopyAttributes.of(variable, names));
            }
        }
        for (PartialArray array : partial) {
            List<String> own = Arrays.stream(array.dimensions()).mapToObj(dimensionNames::get).toList();
            metadata.add(array.variable(), own, array.grid(), CopyAttributes.of(array.variable(), names));
        }
    }

    @Override
    public void close() {
        List<AutoCloseable> all = new ArrayList<>();
        for (Chunked each : chunked) {
            all.addAll(List.of(each.tiles(), each.writer(), each.file()));
        }
        for (PartialArray array : partial) {
            all.addAll(List.of(array.tile(), array.writer()));
        }
        Closing.all(all);
    }
}
