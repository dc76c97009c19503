package dev.graticule.consistency;

import dev.graticule.GridTable;
import dev.graticule.LentBlock;
import dev.graticule.fixture.MemoryGrid;
import dev.graticule.spi.GridVariable.Unpacking;
import dev.graticule.spi.GriddedTable;
import dev.graticule.spi.Table;
import dev.graticule.zarr.ZarrTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Array;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import java.util.stream.Stream;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VarCharVector;

/**
 * A grid as one of the tables that can hold it. To be closed, which fails where memory is left over.
 *
 * @param kind which table it is
 * @param table the table
 * @param open how many readers and blocks of it are open: none between queries
 * @param held what is closed with it
 */
record GridPath(Kind kind, Table table, IntSupplier open, AutoCloseable held) implements AutoCloseable {

    /** The ways from values to a table. */
    enum Kind {
        /** The tests' own grid in chunks. */
        FIXTURE,
        /** Arrow batches, coordinates as dictionaries or not. */
        STREAM,
        /** Arrays in this program. */
        ARRAYS,
        /** A reader that lends the boxes it is asked for. */
        BLOCKS,
        /** A folder in the Zarr format. */
        ZARR;

        /** Whether a table of this kind is a grid. */
        boolean isGrid() {
            return this != STREAM;
        }
    }

    private static final Path STORES = newFolder();
    private static final AtomicInteger NUMBERS = new AtomicInteger();

    private static Path newFolder() {
        try {
            Path memory = Path.of("/dev/shm");
            Path folder = Files.isWritable(memory) ? Files.createTempDirectory(memory, "graticule")
                    : Files.createTempDirectory("graticule");
            folder.toFile().deleteOnExit();
            return folder;
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }

    /** The kinds of tables that can hold a grid. */
    static List<Kind> kinds(StoreRecipe store) {
        boolean full = store.grid().variables().stream()
                .anyMatch(variable -> variable.over().size() == store.grid().axes().size());
        return store.isStorable() ? List.of(Kind.values())
                : full ? List.of(Kind.FIXTURE, Kind.STREAM, Kind.ARRAYS, Kind.BLOCKS)
                        : List.of(Kind.FIXTURE, Kind.STREAM);
    }

    /** Makes a table. */
    static GridPath open(Kind kind, StoreRecipe store) {
        return switch (kind) {
            case FIXTURE -> {
                MemoryGrid grid = store.grid().table();
                yield new GridPath(kind, grid, grid::open, () -> {
                });
            }
            case STREAM -> {
                RowStream stream = new RowStream(store.grid(), store.stream());
                yield new GridPath(kind, stream.table(), stream::open, () -> {
                });
            }
            case ARRAYS, BLOCKS -> inMemory(kind, store);
            case ZARR -> {
                // Shrinking that ran out of its time may still be at work when the next law begins.
                Path folder = STORES.resolve("store" + NUMBERS.incrementAndGet() + ".zarr");
                store.write(folder);
                yield new GridPath(kind, ZarrTable.open(folder, store.options()).tables().getFirst(), () -> 0,
                        () -> delete(folder));
            }
        };
    }

    @Override
    public void close() {
        try {
            held.close();
        } catch (Exception problem) {
            throw new IllegalStateException(problem);
        }
    }

    /** Takes a folder away with all that is in it. */
    static void delete(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }

    private static GridPath inMemory(Kind kind, StoreRecipe store) {
        GridRecipe grid = store.grid();
        AtomicInteger lent = new AtomicInteger();
        List<AutoCloseable> vectors = new ArrayList<>();
        RootAllocator allocator = new RootAllocator();
        GridTable.Builder builder = GridTable.named("g");
        for (GridRecipe.Axis axis : grid.axes()) {
            if (axis.data() == null) {
                builder.axis(axis.name(), axis.length());
            } else {
                builder.axis(axis.name(), axis.type(), values(axis.data(), allocator, vectors));
                unpack(builder, axis.name(), axis.unpacking());
            }
        }
        Map<String, Integer> chunks = new HashMap<>();
        for (GridRecipe.Variable variable : grid.variables()) {
            List<String> axes = variable.over().stream().map(axis -> grid.axes().get(axis).name()).toList();
            Object data = values(variable.data(), allocator, vectors);
            if (kind == Kind.ARRAYS) {
                builder.variable(variable.name(), variable.stored(), axes, data);
            } else {
                int[] strides = strides(grid, variable);
                builder.variable(variable.name(), variable.stored(), axes, (name, origin, shape) -> {
                    lent.incrementAndGet();
                    return variable.sliceable() || data instanceof FieldVector
                            ? LentBlock.strided(data, place(origin, strides), strides, lent::decrementAndGet)
                            : LentBlock.of(copy(data, origin, shape, strides), lent::decrementAndGet);
                });
            }
            unpack(builder, variable.name(), variable.unpacking());
            for (int d = 0; d < axes.size(); d++) {
                chunks.putIfAbsent(axes.get(d), variable.chunks()[d]);
            }
        }
        if (store.cut()) {
            builder.chunks(chunks);
        }
        GriddedTable table = (GriddedTable) builder.build().tables().getFirst();
        vectors.add(allocator);
        return new GridPath(kind, table, lent::get, () -> {
            for (AutoCloseable each : vectors) {
                each.close();
            }
        });
    }

    private static Object values(Object data, RootAllocator allocator, List<AutoCloseable> vectors) {
        if (!(data instanceof String[] texts)) {
            return data;
        }
        VarCharVector vector = new VarCharVector("text", allocator);
        vector.allocateNew();
        for (int i = 0; i < texts.length; i++) {
            vector.setSafe(i, texts[i].getBytes(StandardCharsets.UTF_8));
        }
        vector.setValueCount(texts.length);
        vectors.add(vector);
        return vector;
    }

    private static void unpack(GridTable.Builder builder, String name, Unpacking unpacking) {
        builder.nanAsNull(name, unpacking.nanIsNull());
        if (!unpacking.sentinels().isEmpty()) {
            builder.missing(name, unpacking.sentinels().toArray(Number[]::new));
        }
        if (unpacking.scaled()) {
            builder.packed(name, unpacking.scale(), unpacking.offset());
        }
    }

    private static int[] strides(GridRecipe grid, GridRecipe.Variable variable) {
        int[] strides = new int[variable.over().size()];
        int stride = 1;
        for (int d = strides.length - 1; d >= 0; d--) {
            strides[d] = stride;
            stride *= grid.axes().get(variable.over().get(d)).length();
        }
        return strides;
    }

    private static int place(int[] indices, int[] strides) {
        int place = 0;
        for (int d = 0; d < indices.length; d++) {
            place += indices[d] * strides[d];
        }
        return place;
    }

    private static Object copy(Object data, int[] origin, int[] shape, int[] strides) {
        int cells = 1;
        for (int length : shape) {
            cells *= length;
        }
        Object copy = Array.newInstance(data.getClass().getComponentType(), cells);
        for (int cell = 0; cell < cells; cell++) {
            int rest = cell;
            int from = place(origin, strides);
            for (int d = shape.length - 1; d >= 0; d--) {
                from += rest % shape[d] * strides[d];
                rest /= shape[d];
            }
            Array.set(copy, cell, Array.get(data, from));
        }
        return copy;
    }
}
