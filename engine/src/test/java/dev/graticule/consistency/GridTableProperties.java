package dev.graticule.consistency;

import dev.graticule.Engine;
import dev.graticule.ErrorKind;
import dev.graticule.GraticuleException;
import dev.graticule.GridTable;
import dev.graticule.LentBlock;
import dev.graticule.QueryOptions;
import dev.graticule.batch.Values;
import dev.graticule.spi.GridVariable.Unpacking;
import dev.graticule.spi.GriddedTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Array;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import net.jqwik.api.AfterFailureMode;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.junit.jupiter.api.Assertions;

/** A grid in arrays, or behind a reader of blocks, answers as the same grid in a store does. */
class GridTableProperties {
    private enum Kind {
        ARRAYS, STRIDED_READER, COPYING_READER
    }

    @Provide
    Arbitrary<List<Case>> cases() {
        return Case.certain();
    }

    @Property(tries = 150, edgeCases = EdgeCasesMode.NONE, afterFailure = AfterFailureMode.RANDOM_SEED)
    void aGridInMemoryGivesWhatAStoreGives(@ForAll("cases") List<Case> cases) {
        for (Case each : cases) {
            for (Kind kind : Kind.values()) {
                for (boolean cut : new boolean[]{false, true}) {
                    check(each, kind, cut);
                }
            }
        }
    }

    private static void check(Case each, Kind kind, boolean cut) {
        AtomicInteger lent = new AtomicInteger();
        List<FieldVector> vectors = new ArrayList<>();
        try (RootAllocator allocator = new RootAllocator()) {
            try {
                Optional<GriddedTable> table = table(each.grid(), kind, cut, lent, data -> {
                    FieldVector vector = vector((String[]) data, allocator);
                    vectors.add(vector);
                    return vector;
                });
                for (QueryText query : table.isEmpty() ? List.<QueryText>of() : each.queries()) {
                    Answer expected = Answer.of(query, each.grid().table(), QueryOptions.defaults());
                    answer(query, table.get()).assertEqual(expected, query,
                            query.ordered(), kind + (cut ? " in chunks" : ""));
                    Assertions.assertEquals(0, lent.get(), "blocks that were not released");
                }
            } finally {
                vectors.forEach(FieldVector::close);
            }
        }
    }

    private static Answer answer(QueryText query, GriddedTable table) {
        List<List<Object>> rows = new ArrayList<>();
        String error = null;
        try (Engine engine = Engine.create()) {
            engine.register("g", table);
            try (ArrowReader reader = engine.query(query.engine()).run()) {
                while (reader.loadNextBatch()) {
                    for (int row = 0; row < reader.getVectorSchemaRoot().getRowCount(); row++) {
                        List<Object> values = new ArrayList<>();
                        for (FieldVector vector : reader.getVectorSchemaRoot().getFieldVectors()) {
                            values.add(value(Values.of(vector), row));
                        }
                        rows.add(values);
                    }
                }
            } catch (GraticuleException problem) {
                Assertions.assertEquals(ErrorKind.DATA, problem.kind(), problem::getMessage);
                error = problem.getMessage();
            } catch (IOException problem) {
                throw new UncheckedIOException(problem);
            }
            Assertions.assertEquals(0, engine.allocatedBytes(), "bytes that were left");
        }
        return new Answer(rows, error);
    }

    /** A value as {@link Answer} has it. */
    private static Object value(Values values, int row) {
        Object value = values.object(row);
        if (value instanceof Double || value instanceof Float) {
            return Answer.floating(((Number) value).doubleValue());
        }
        if (!(value instanceof Number number)) {
            return value;
        }
        BigInteger whole = BigInteger.valueOf(number.longValue());
        return values.type().isUnsigned() && whole.signum() < 0
                ? whole.add(BigInteger.ONE.shiftLeft(8 * values.type().bytes())) : whole;
    }

    private static FieldVector vector(String[] texts, RootAllocator allocator) {
        VarCharVector vector = new VarCharVector("text", allocator);
        vector.allocateNew();
        for (int i = 0; i < texts.length; i++) {
            vector.setSafe(i, texts[i].getBytes(StandardCharsets.UTF_8));
        }
        vector.setValueCount(texts.length);
        return vector;
    }

    /** The table of all axes; none where no variable has all of them. */
    private static Optional<GriddedTable> table(GridRecipe grid, Kind kind, boolean cut, AtomicInteger lent,
            UnaryOperator<Object> text) {
        GridTable.Builder builder = GridTable.named("g");
        for (GridRecipe.Axis axis : grid.axes()) {
            if (axis.data() == null) {
                builder.axis(axis.name(), axis.length());
            } else {
                builder.axis(axis.name(), axis.type(), axis.data() instanceof String[] ? text.apply(axis.data())
                        : axis.data());
                unpack(builder, axis.name(), axis.unpacking());
            }
        }
        Map<String, Integer> chunks = new HashMap<>();
        for (GridRecipe.Variable variable : grid.variables()) {
            List<String> axes = variable.over().stream().map(axis -> grid.axes().get(axis).name()).toList();
            Object data = variable.data() instanceof String[] ? text.apply(variable.data()) : variable.data();
            if (kind == Kind.ARRAYS) {
                builder.variable(variable.name(), variable.stored(), axes, data);
            } else {
                int[] strides = strides(grid, variable);
                builder.variable(variable.name(), variable.stored(), axes, (name, origin, shape) -> {
                    Assertions.assertEquals(variable.name(), name);
                    lent.incrementAndGet();
                    return kind == Kind.STRIDED_READER || data instanceof FieldVector
                            ? LentBlock.strided(data, place(origin, strides), strides, lent::decrementAndGet)
                            : LentBlock.of(copy(data, origin, shape, strides), lent::decrementAndGet);
                });
            }
            unpack(builder, variable.name(), variable.unpacking());
            for (int d = 0; d < axes.size(); d++) {
                chunks.putIfAbsent(axes.get(d), variable.chunks()[d]);
            }
        }
        if (cut) {
            builder.chunks(chunks);
        }
        GriddedTable largest = (GriddedTable) builder.build().tables().getFirst();
        return Optional.of(largest).filter(table -> table.axes().size() == grid.axes().size());
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
