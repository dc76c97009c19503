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

/** The different arguments of each group, numbered 0, 1, 2, ... over all groups. Off-heap; used by one thread. */
final class GroupedValues implements AutoCloseable {
    private static final int CHUNK = 1 << 14;

    private final List<SqlType> types;
    private final BufferAllocator allocator;
    private final KeyTable table;
    private int[] numbers;

    GroupedValues(List<SqlType> arguments, BufferAllocator allocator) {
        this.types = arguments;
        this.allocator = allocator;
        List<SqlType> keys = new ArrayList<>();
        keys.add(SqlType.INTEGER);
        keys.addAll(arguments);
        this.table = new KeyTable(keys, allocator);
    }

    int size() {
        return table.size();
    }

    /** The number of (group, arguments) for each selected row of a batch; the array is filled anew by the next call. */
    int[] numbers(Batch batch, List<Column> arguments, int[] groups) {
        try (ArrowBuf buffer = openBuffer(batch.rows() * 4L)) {
            MemorySegment.copy(groups, 0, Memory.segment(buffer), ValueLayout.JAVA_INT_UNALIGNED, 0, batch.rows());
            Values group = Values.of(SqlType.INTEGER, batch.rows(), buffer, null);
            List<Column> keys = new ArrayList<>();
            keys.add(new Column.Strided(group, Layout.dense(batch.shape(), 0), NullForm.NONE));
            keys.addAll(arguments);
            numbers = table.codes(keys, batch.shape(), batch.rows(), batch.selection(), numbers);
            return numbers;
        }
    }

    private ArrowBuf openBuffer(long bytes) {
        try {
            return allocator.buffer(bytes);
        } catch (OutOfMemoryException exhausted) {
            throw Scratch.outOfMemory(bytes, allocator, exhausted);
        }
    }

    /** What is done with some entries that follow each other. */
    interface ChunkAction {
        /**
         * @param groups the group of each entry, an array that may be changed
         * @param batch the arguments of each entry, lent
         * @param start the number of the first entry
         */
        void accept(int[] groups, Batch batch, int start);
    }

    /** Lends all entries in the order of their numbers. */
    void forEachChunk(ChunkAction action) {
        for (int start = 0; start < size(); start += CHUNK) {
            chunk(start, Integer.min(CHUNK, size() - start), action);
        }
    }

    private void chunk(int start, int count, ChunkAction action) {
        int[] shape = {count};
        List<FieldVector> vectors = new ArrayList<>();
        try (IntVector group = new IntVector("group", allocator)) {
            table.write(0, null, start, count, group);
            int[] groups = new int[count];
            for (int i = 0; i < count; i++) {
                groups[i] = group.get(i);
            }
            List<Column> columns = new ArrayList<>();
            for (int argument = 0; argument < types.size(); argument++) {
                FieldVector vector = types.get(argument).field("x", Map.of()).createVector(allocator);
                vectors.add(vector);
                table.write(argument + 1, null, start, count, vector);
                columns.add(Column.dense(Values.of(vector), shape, 0));
            }
            action.accept(groups, new Batch(Box.rows(start, count), shape, count, start, columns, Selection.ALL),
                    start);
        } finally {
            vectors.forEach(FieldVector::close);
        }
    }

    /** Writes an argument of entries (-1: NULL) into a vector of its type. */
    void write(int argument, int[] entries, FieldVector target) {
        table.write(argument + 1, entries, 0, entries.length, target);
    }

    @Override
    public void close() {
        table.close();
    }
}
