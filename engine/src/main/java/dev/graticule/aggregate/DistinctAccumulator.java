package dev.graticule.aggregate;

import dev.graticule.batch.Batch;
import dev.graticule.batch.Box;
import dev.graticule.batch.Column;
import dev.graticule.batch.Layout;
import dev.graticule.batch.Memory;
import dev.graticule.batch.NullForm;
import dev.graticule.batch.Scratch;
import dev.graticule.batch.Selection;
import dev.graticule.batch.Values;
import dev.graticule.type.SqlType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;

/** Any aggregate over different arguments only: keeps the set of (group, arguments), and aggregates it when results are written. */
final class DistinctAccumulator implements Accumulator {
    private static final int CHUNK = 1 << 14;

    private final AggregateFunction function;
    private final List<SqlType> types;
    private final BufferAllocator allocator;
    private final KeyTable seen;
    private Accumulator results;
    private int groups;
    private int[] codes;
    private int[] numbers;

    DistinctAccumulator(AggregateFunction function, List<SqlType> arguments, BufferAllocator allocator) {
        this.function = function;
        this.types = arguments;
        this.allocator = allocator;
        List<SqlType> keys = new ArrayList<>();
        keys.add(SqlType.INTEGER);
        keys.addAll(arguments);
        this.seen = new KeyTable(keys, allocator);
    }

    @Override
    public void resize(int count) {
        groups = count;
        forgetResults();
    }

    private void forgetResults() {
        if (results != null) {
            results.close();
            results = null;
        }
    }

    @Override
    public void add(Batch batch, List<Column> arguments, GroupCodes groupCodes) {
        forgetResults();
        codes = groupCodes.perRow(batch.shape(), batch.rows(), codes);
        try (ArrowBuf buffer = openBuffer(batch.rows() * 4L)) {
            MemorySegment.copy(codes, 0, Memory.segment(buffer), ValueLayout.JAVA_INT_UNALIGNED, 0, batch.rows());
            Values group = Values.of(SqlType.INTEGER, batch.rows(), buffer, null);
            List<Column> keys = new ArrayList<>();
            keys.add(new Column.Strided(group, Layout.dense(batch.shape(), 0), NullForm.NONE));
            keys.addAll(arguments);
            numbers = seen.codes(keys, batch.shape(), batch.rows(), batch.selection(), numbers);
        }
    }

    private ArrowBuf openBuffer(long bytes) {
        try {
            return allocator.buffer(bytes);
        } catch (OutOfMemoryException exhausted) {
            throw Scratch.outOfMemory(bytes, allocator, exhausted);
        }
    }

    @Override
    public void merge(Accumulator other, int[] mapping) {
        DistinctAccumulator from = (DistinctAccumulator) other;
        for (int start = 0; start < from.seen.size(); start += CHUNK) {
            from.chunk(start, (theirGroups, batch) -> {
                int[] mapped = theirGroups.clone();
                for (int i = 0; mapping != null && i < mapped.length; i++) {
                    mapped[i] = mapping[mapped[i]];
                }
                add(batch, batch.columns(), new GroupCodes.PerRow(mapped));
            });
        }
    }

    private interface ChunkAction {
        void accept(int[] groups, Batch batch);
    }

    /** Lends the entries from {@code start}, at most {@link #CHUNK}. */
    private void chunk(int start, ChunkAction action) {
        int count = Integer.min(CHUNK, seen.size() - start);
        int[] shape = {count};
        List<FieldVector> vectors = new ArrayList<>();
        try (IntVector group = new IntVector("group", allocator)) {
            seen.write(0, null, start, count, group);
            int[] entryGroups = new int[count];
            for (int i = 0; i < count; i++) {
                entryGroups[i] = group.get(i);
            }
            List<Column> columns = new ArrayList<>();
            for (int argument = 0; argument < types.size(); argument++) {
                FieldVector vector = types.get(argument).field("x", Map.of()).createVector(allocator);
                vectors.add(vector);
                seen.write(argument + 1, null, start, count, vector);
                columns.add(Column.dense(Values.of(vector), shape, 0));
            }
            action.accept(entryGroups, new Batch(Box.rows(start, count), shape, count, start, columns, Selection.ALL));
        } finally {
            vectors.forEach(FieldVector::close);
        }
    }

    @Override
    public void write(int[] picked, int from, int count, FieldVector target) {
        if (results == null) {
            results = function.openAccumulator(allocator);
            results.resize(groups);
            for (int start = 0; start < seen.size(); start += CHUNK) {
                chunk(start, (entryGroups, batch) -> results.add(batch, batch.columns(),
                        new GroupCodes.PerRow(entryGroups)));
            }
        }
        results.write(picked, from, count, target);
    }

    @Override
    public void close() {
        forgetResults();
        seen.close();
    }
}
