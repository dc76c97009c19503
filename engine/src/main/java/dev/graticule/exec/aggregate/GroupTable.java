package dev.graticule.exec.aggregate;

import dev.graticule.GraticuleException;
import dev.graticule.aggregate.Accumulator;
import dev.graticule.aggregate.AggregateCall;
import dev.graticule.aggregate.GroupCodes;
import dev.graticule.aggregate.KeyTable;
import dev.graticule.batch.Batch;
import dev.graticule.batch.Box;
import dev.graticule.batch.Column;
import dev.graticule.batch.GrowableBuffer;
import dev.graticule.batch.HeapReservation;
import dev.graticule.batch.Scratch;
import dev.graticule.batch.Values;
import dev.graticule.exec.Stage;
import dev.graticule.exec.Worker;
import dev.graticule.exec.sort.RadixSort;
import dev.graticule.expression.Expression;
import dev.graticule.type.SqlType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;

/** Some groups: their keys, the states of their aggregates, and for each the first of its rows. Used by one thread at a time. */
final class GroupTable implements AutoCloseable {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
    private static final int BATCH = 1 << 16;
    private static final int MERGED_AT_ONCE = 1 << 12;

    private final List<SqlType> keyTypes;
    private final List<AggregateCall> calls;
    private final BufferAllocator allocator;
    private final KeyTable table;
    /** For each group the least number of its rows by {@link dev.graticule.batch.RowOrder}. */
    private final GrowableBuffer firsts;
    private final List<Accumulator> accumulators = new ArrayList<>();
    private final int[] picked = new int[MERGED_AT_ONCE];
    private int groups;
    private int[] codes;

    /** No groups; the caller closes it, also if {@link #openAccumulators} fails. */
    GroupTable(List<SqlType> keyTypes, List<AggregateCall> calls, BufferAllocator allocator) {
        this.keyTypes = keyTypes;
        this.calls = calls;
        this.allocator = allocator;
        this.table = new KeyTable(keyTypes, allocator);
        this.firsts = new GrowableBuffer(allocator);
    }

    /** Must be called once, before anything is added. */
    void openAccumulators() {
        for (AggregateCall call : calls) {
            accumulators.add(call.function().openAccumulator(allocator));
        }
    }

    int groups() {
        return groups;
    }

    /** Adds the selected rows of a batch, of which there are some, with keys over its box; the first of all rows has number {@code first}. */
    void add(Batch batch, List<Column> keys, long first, Worker worker) {
        GroupCodes groupCodes = codes(batch, keys, first);
        for (int i = 0; i < accumulators.size(); i++) {
            AggregateCall call = calls.get(i);
            Batch counted = call.filter().equals(Expression.Literal.TRUE)
                    ? batch
                    : batch.withSelection(worker.evaluator().filter(call.filter(), batch));
            List<Column> arguments = new ArrayList<>();
            for (Expression argument : call.arguments()) {
                arguments.add(worker.evaluator().evaluate(argument, counted));
            }
            add(i, counted, arguments, groupCodes);
        }
    }

    private void add(int call, Batch batch, List<Column> arguments, GroupCodes groupCodes) {
        try {
            accumulators.get(call).add(batch, arguments, groupCodes);
        } catch (GraticuleException problem) {
            throw problem.at(calls.get(call).position());
        }
    }

    /** Adds rows with these keys, arguments of each aggregate, of which none has a filter, and numbers, 64 bits each. */
    void add(Batch rows, List<Column> keys, List<List<Column>> arguments, MemorySegment numbers) {
        codes = table.codes(keys, rows.shape(), rows.rows(), rows.selection(), codes);
        grow(table.size());
        MemorySegment least = firsts.segment();
        for (int row = 0; row < rows.rows(); row++) {
            long number = numbers.get(LONG, row * 8L);
            long at = codes[row] * 8L;
            if (number < least.get(LONG, at)) {
                least.set(LONG, at, number);
            }
        }
        GroupCodes groupCodes = new GroupCodes.PerRow(codes);
        for (int i = 0; i < accumulators.size(); i++) {
            add(i, rows, arguments.get(i), groupCodes);
        }
    }

    /** The part of every selected row by its keys: see {@link KeyTable#parts}. */
    int[] parts(List<Column> keys, Batch batch, int bits, int[] reuse) {
        return table.parts(keys, batch.shape(), batch.rows(), batch.selection(), bits, reuse);
    }

    private GroupCodes codes(Batch batch, List<Column> keys, long first) {
        if (keyTypes.isEmpty() && groups == 1) {
            // One group for the whole box: accumulators reduce it at once.
            int axes = batch.shape().length;
            return new GroupCodes.Gridded(0, new int[axes][], new boolean[axes]);
        }
        GroupCodes found = table.groups(keys, batch.shape(), batch.rows(), batch.selection(), codes);
        if (found instanceof GroupCodes.PerRow perRow) {
            codes = perRow.codes();
        }
        int before = groups;
        grow(table.size());
        // A worker's rows come in order, so a group keeps the first that it gets.
        for (int group = before; group < groups; group++) {
            firsts.segment().set(LONG, group * 8L, first + table.firstRow(group));
        }
        return found;
    }

    /** Makes room for groups; new ones have no first row yet. */
    void grow(int count) {
        if (count == groups) {
            return;
        }
        MemorySegment state = firsts.ensure(count * 8L);
        accumulators.forEach(accumulator -> accumulator.resize(count));
        for (int group = groups; group < count; group++) {
            state.set(LONG, group * 8L, Long.MAX_VALUE);
        }
        groups = count;
    }

    /** Makes room for that many groups' keys, if it is known that they come. */
    void reserve(int count) {
        table.reserve(count);
    }

    /** Divides the groups by their keys into {@code 2^bits} parts: see {@link KeyTable#partition}. */
    int[] partition(int bits, GrowableBuffer order) {
        return table.partition(bits, order);
    }

    /** Adds groups of another table whose numbers are in {@code order[from .. to)}, 32 bits each ({@code null}: the numbers from..to). */
    void merge(GroupTable other, GrowableBuffer order, int from, int to, Runnable between) {
        int[] mapping = null;
        for (int start = from; start < to; start += MERGED_AT_ONCE) {
            between.run();
            int count = Integer.min(MERGED_AT_ONCE, to - start);
            for (int i = 0; i < count; i++) {
                picked[i] = order == null ? start + i : order.segment().get(INT, (start + i) * 4L);
            }
            mapping = table.merge(other.table, picked, count, mapping);
            grow(table.size());
            MemorySegment mine = firsts.segment();
            MemorySegment theirs = other.firsts.segment();
            for (int i = 0; i < count; i++) {
                long at = mapping[i] * 8L;
                mine.set(LONG, at, Long.min(mine.get(LONG, at), theirs.get(LONG, picked[i] * 8L)));
            }
            for (int i = 0; i < accumulators.size(); i++) {
                try {
                    accumulators.get(i).merge(other.accumulators.get(i), picked, mapping, count);
                } catch (GraticuleException problem) {
                    throw problem.at(calls.get(i).position());
                }
            }
        }
    }

    /** Forgets all groups; the keys' memory is kept for the next ones. */
    void clear() {
        table.clear();
        groups = 0;
        for (int i = 0; i < accumulators.size(); i++) {
            Accumulator before = accumulators.get(i);
            Accumulator fresh = calls.get(i).function().openAccumulator(allocator);
            fresh.follow(before);
            accumulators.set(i, fresh);
            before.close();
        }
    }

    /**
     * Pushes the groups, keys before aggregates, in the order of their first rows, until no more are wanted.
     *
     * @param numbered whether the numbers of these rows are pushed too, as the last column
     */
    void emit(long ordinal, boolean numbered, Worker worker, Stage stage) {
        try (GrowableBuffer order = new GrowableBuffer(worker.allocator());
                HeapReservation heap = new HeapReservation(worker.allocator())) {
            heap.ensure(Integer.min(BATCH, groups) * 4L);
            MemorySegment numbers = order(order, worker);
            int[] chosen = new int[Integer.min(BATCH, groups)];
            for (int from = 0; from < groups; from += BATCH) {
                worker.query().checkRunning();
                int count = Integer.min(BATCH, groups - from);
                for (int i = 0; i < count; i++) {
                    chosen[i] = (int) numbers.get(LONG, (from + i) * 8L);
                }
                if (!emit(chosen, from, count, ordinal, numbered, worker, stage)) {
                    return;
                }
            }
        }
    }

    /** The numbers of the groups, 64 bits each, in the order of their first rows, which are sorted too. */
    private MemorySegment order(GrowableBuffer order, Worker worker) {
        MemorySegment numbers = order.ensure(Integer.max(1, groups) * 8L);
        for (int group = 0; group < groups; group++) {
            numbers.set(LONG, group * 8L, group);
        }
        RadixSort.sort(firsts.segment(), numbers, groups, worker.allocator(), worker.query()::checkRunning);
        return numbers;
    }

    private boolean emit(int[] chosen, int from, int count, long ordinal, boolean numbered, Worker worker,
            Stage stage) {
        int[] shape = {count};
        List<FieldVector> vectors = new ArrayList<>();
        worker.scratch().mark();
        try {
            List<Column> columns = new ArrayList<>();
            for (int key = 0; key < keyTypes.size(); key++) {
                FieldVector vector = keyTypes.get(key).field("k" + key, Map.of()).createVector(worker.allocator());
                vectors.add(vector);
                table.write(key, chosen, 0, count, vector);
            }
            for (int i = 0; i < calls.size(); i++) {
                FieldVector vector = calls.get(i).type().field("a" + i, Map.of()).createVector(worker.allocator());
                vectors.add(vector);
                write(calls.get(i), accumulators.get(i), chosen, count, vector);
            }
            if (numbered) {
                BigIntVector numbers = new BigIntVector("first", worker.allocator());
                vectors.add(numbers);
                numbers.allocateNew(count);
                for (int i = 0; i < count; i++) {
                    numbers.set(i, firsts.segment().get(LONG, (from + i) * 8L));
                }
                numbers.setValueCount(count);
            }
            for (FieldVector vector : vectors) {
                columns.add(Column.dense(Values.of(vector), shape, 0));
            }
            return stage.push(Batch.of(Box.rows(from, count), ordinal, columns));
        } finally {
            worker.scratch().release();
            vectors.forEach(FieldVector::close);
        }
    }

    private static void write(AggregateCall call, Accumulator accumulator, int[] chosen, int count,
            FieldVector vector) {
        try {
            vector.setInitialCapacity(count);
            vector.allocateNew();
            accumulator.write(chosen, 0, count, vector);
            vector.setValueCount(count);
        } catch (OutOfMemoryException exhausted) {
            throw Scratch.outOfMemory((long) count * Integer.max(1, call.type().bytes()), vector.getAllocator(),
                    exhausted);
        } catch (GraticuleException problem) {
            throw problem.at(call.position());
        }
    }

    @Override
    public void close() {
        accumulators.forEach(Accumulator::close);
        accumulators.clear();
        table.close();
        firsts.close();
        groups = 0;
    }
}
