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
import dev.graticule.batch.RowOrder;
import dev.graticule.batch.Scratch;
import dev.graticule.batch.Selection;
import dev.graticule.batch.Values;
import dev.graticule.exec.Breaker;
import dev.graticule.exec.Morsel;
import dev.graticule.exec.Source;
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
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.arrow.vector.FieldVector;

/**
 * GROUP BY any expressions through a hash table a worker; also DISTINCT (no aggregates) and aggregates without keys. Gives the keys, then
 * the aggregates, a row a group, in the order in which groups are first seen by (ordinal, row): the same at any thread count.
 *
 * <p>Without keys there is one group, also over no rows.
 */
public final class HashAggregateBreaker implements Breaker {
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
    private static final int BATCH = 1 << 16;

    private final List<Expression> keys;
    private final List<SqlType> keyTypes;
    private final List<AggregateCall> aggregates;
    private final List<Input> inputs = new ArrayList<>();
    private Input result;
    /** The groups in the order of the output, or {@code null}: as they are numbered. */
    private int[] order;

    /** The keys and the aggregates are over the input's columns. */
    public HashAggregateBreaker(List<Expression> keys, List<AggregateCall> aggregates) {
        this.keys = List.copyOf(keys);
        this.keyTypes = keys.stream().map(Expression::type).toList();
        this.aggregates = List.copyOf(aggregates);
    }

    @Override
    public Stage openInput(Worker worker) {
        Input input = worker.own(new Input(worker));
        input.openAccumulators();
        synchronized (inputs) {
            inputs.add(input);
        }
        return input;
    }

    /** One worker's groups. */
    private final class Input implements Stage, AutoCloseable {
        private final Worker worker;
        private final BufferAllocator allocator;
        private final KeyTable table;
        /** For each group the least number of its rows by {@link RowOrder}. */
        private final GrowableBuffer firsts;
        private final List<Accumulator> accumulators = new ArrayList<>();
        private final RowOrder rowOrder = new RowOrder();
        private int groups;
        private int[] codes;

        Input(Worker worker) {
            this.worker = worker;
            this.allocator = worker.allocator();
            this.table = new KeyTable(keyTypes, allocator);
            this.firsts = new GrowableBuffer(allocator);
        }

        void openAccumulators() {
            for (AggregateCall call : aggregates) {
                accumulators.add(call.function().openAccumulator(allocator));
            }
        }

        @Override
        public boolean push(Batch batch) {
            long first = rowOrder.first(batch);
            if (batch.selectedRows() == 0) {
                return true;
            }
            GroupCodes groupCodes = groups(batch, first);
            for (int i = 0; i < accumulators.size(); i++) {
                AggregateCall call = aggregates.get(i);
                Batch counted = call.filter().equals(Expression.Literal.TRUE)
                        ? batch
                        : batch.withSelection(worker.evaluator().filter(call.filter(), batch));
                List<Column> arguments = new ArrayList<>();
                for (Expression argument : call.arguments()) {
                    arguments.add(worker.evaluator().evaluate(argument, counted));
                }
                try {
                    accumulators.get(i).add(counted, arguments, groupCodes);
                } catch (GraticuleException problem) {
                    throw problem.at(call.position());
                }
            }
            return true;
        }

        /** The groups of a batch whose first row has number {@code first}, with room for them. */
        private GroupCodes groups(Batch batch, long first) {
            int axes = batch.shape().length;
            if (keys.isEmpty() && groups == 1) {
                // One group for the whole box: accumulators reduce it at once.
                return new GroupCodes.Gridded(0, new int[axes][], new boolean[axes]);
            }
            List<Column> columns = new ArrayList<>();
            for (Expression key : keys) {
                columns.add(worker.evaluator().evaluate(key, batch));
            }
            codes = table.codes(columns, batch.shape(), batch.rows(), batch.selection(), codes);
            grow(table.size());
            noteFirsts(batch, first);
            return new GroupCodes.PerRow(codes);
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

        /** Notes where new groups begin: this worker's rows come in order, so a group keeps the first that it gets. */
        private void noteFirsts(Batch batch, long first) {
            MemorySegment state = firsts.segment();
            if (groups > 0 && state.get(LONG, (groups - 1) * 8L) != Long.MAX_VALUE) {
                return;
            }
            int row = 0;
            for (int rows = batch.rows(); row < rows; row++) {
                if (batch.selection() instanceof Selection.Bitmap bitmap) {
                    row = bitmap.next(row, rows);
                    if (row < 0) {
                        return;
                    }
                }
                if (state.get(LONG, codes[row] * 8L) == Long.MAX_VALUE) {
                    state.set(LONG, codes[row] * 8L, first + row);
                }
            }
        }

        @Override
        public void finish() {
        }

        /** Adds the groups of another worker, and frees them. */
        void merge(Input other) {
            int[] mapping = new int[other.groups];
            for (int start = 0; start < other.groups; start += BATCH) {
                worker.query().checkRunning();
                int count = Integer.min(BATCH, other.groups - start);
                List<FieldVector> vectors = new ArrayList<>();
                try {
                    List<Column> columns = new ArrayList<>();
                    int[] shape = {count};
                    for (int key = 0; key < keyTypes.size(); key++) {
                        FieldVector vector = keyTypes.get(key).field("k" + key, Map.of()).createVector(allocator);
                        vectors.add(vector);
                        other.table.write(key, null, start, count, vector);
                        columns.add(Column.dense(Values.of(vector), shape, 0));
                    }
                    codes = table.codes(columns, shape, count, Selection.ALL, codes);
                    System.arraycopy(codes, 0, mapping, start, count);
                } finally {
                    vectors.forEach(FieldVector::close);
                }
            }
            grow(table.size());
            MemorySegment mine = firsts.segment();
            for (int group = 0; group < other.groups; group++) {
                long at = mapping[group] * 8L;
                mine.set(LONG, at, Long.min(mine.get(LONG, at), other.firsts.segment().get(LONG, group * 8L)));
            }
            for (int i = 0; i < accumulators.size(); i++) {
                try {
                    accumulators.get(i).merge(other.accumulators.get(i), mapping);
                } catch (GraticuleException problem) {
                    throw problem.at(aggregates.get(i).position());
                }
            }
            other.close();
        }

        @Override
        public void close() {
            accumulators.forEach(Accumulator::close);
            table.close();
            firsts.close();
            groups = 0;
        }
    }

    @Override
    public void complete(Worker worker) {
        if (inputs.isEmpty()) {
            openInput(worker);
        }
        result = inputs.getFirst();
        for (Input input : inputs) {
            if (input.groups > result.groups) {
                result = input;
            }
        }
        for (Input input : inputs) {
            if (input != result) {
                result.merge(input);
            }
        }
        if (keys.isEmpty()) {
            result.grow(1);
        }
        order = RadixSort.order(result.firsts.segment(), result.groups, worker.allocator(),
                worker.query()::checkRunning);
    }

    @Override
    public Source output() {
        return new Source() {
            private final AtomicInteger next = new AtomicInteger();

            @Override
            public Morsel next() {
                int number = next.getAndIncrement();
                return (long) number * BATCH < result.groups ? new Groups(number) : null;
            }

            @Override
            public String describe() {
                return "groups";
            }
        };
    }

    /** A batch of the output. */
    private final class Groups implements Morsel {
        private final int number;

        Groups(int number) {
            this.number = number;
        }

        @Override
        public long ordinal() {
            return number;
        }

        @Override
        public void run(Worker worker, Stage stage) {
            int from = number * BATCH;
            int count = Integer.min(BATCH, result.groups - from);
            int[] shape = {count};
            List<FieldVector> vectors = new ArrayList<>();
            worker.scratch().mark();
            try {
                List<Column> columns = new ArrayList<>();
                // Some accumulators finish their states when they are first written.
                synchronized (result) {
                    for (int key = 0; key < keyTypes.size(); key++) {
                        FieldVector vector = keyTypes.get(key).field("k" + key, Map.of())
                                .createVector(worker.allocator());
                        vectors.add(vector);
                        result.table.write(key, order, from, count, vector);
                    }
                    for (int i = 0; i < aggregates.size(); i++) {
                        AggregateCall call = aggregates.get(i);
                        FieldVector vector = call.type().field("a" + i, Map.of()).createVector(worker.allocator());
                        vectors.add(vector);
                        write(call, result.accumulators.get(i), from, count, vector);
                    }
                }
                for (FieldVector vector : vectors) {
                    columns.add(Column.dense(Values.of(vector), shape, 0));
                }
                stage.push(Batch.of(Box.rows(from, count), number, columns));
            } finally {
                worker.scratch().release();
                vectors.forEach(FieldVector::close);
            }
        }

        private void write(AggregateCall call, Accumulator accumulator, int from, int count, FieldVector vector) {
            try {
                vector.setInitialCapacity(count);
                vector.allocateNew();
                accumulator.write(order, from, count, vector);
                vector.setValueCount(count);
            } catch (OutOfMemoryException exhausted) {
                throw Scratch.outOfMemory((long) count * Integer.max(1, call.type().bytes()), vector.getAllocator(),
                        exhausted);
            } catch (GraticuleException problem) {
                throw problem.at(call.position());
            }
        }
    }

    @Override
    public String describe() {
        String calls = IntStream.range(0, aggregates.size()).mapToObj(i -> aggregates.get(i).function().name())
                .collect(Collectors.joining(", "));
        return "HashAggregate on rows: " + keys.size() + " keys" + (calls.isEmpty() ? "" : "; " + calls);
    }
}
