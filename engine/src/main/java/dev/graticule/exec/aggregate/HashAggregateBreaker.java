package dev.graticule.exec.aggregate;

import dev.graticule.aggregate.AggregateCall;
import dev.graticule.batch.Batch;
import dev.graticule.batch.Column;
import dev.graticule.batch.GrowableBuffer;
import dev.graticule.batch.RowOrder;
import dev.graticule.exec.Breaker;
import dev.graticule.exec.Morsel;
import dev.graticule.exec.Source;
import dev.graticule.exec.Stage;
import dev.graticule.exec.Worker;
import dev.graticule.expression.Expression;
import dev.graticule.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;

/**
 * GROUP BY any expressions through hash tables; also DISTINCT (no aggregates) and aggregates without keys. Gives the keys, then the
 * aggregates, a row a group.
 *
 * <p>Each worker has a table of a bounded number of groups. Where that fills it is emptied into the worker's partitions, one table for
 * each value of the first bits of the keys' hash. At the end partitions are the morsels of the output: whoever takes one merges
 * what the workers have of it, pushes its groups and frees them, so only few are ever held twice.
 *
 * <p>Few groups come in the order in which they are first seen by (ordinal, row), without partitions; where there are more, that is so within
 * each partition. So the order is the same at any thread count.
 *
 * <p>Without keys there is one group, also over no rows.
 */
public final class HashAggregateBreaker implements Breaker {
    /**
     * The most groups of a worker's own table. Moving groups to partitions costs about as much as adding rows, so groups should meet most of
     * their rows before: more misses of the caches are cheaper (measured with a million groups).
     */
    private static final int HELD_GROUPS = 1 << 20;
    /** The most groups that are merged by one thread, and come in the order in which they are first seen. */
    private static final int FEW_GROUPS = 1 << 16;
    private static final int PARTITION_BITS = 6;

    private final List<Expression> keys;
    private final List<SqlType> keyTypes;
    private final List<AggregateCall> aggregates;
    private final int heldGroups;
    private final int fewGroups;
    private final int partitionBits;
    private final List<Input> inputs = new ArrayList<>();
    private boolean partitioned;

    /** The keys and the aggregates are over the input's columns. */
    public HashAggregateBreaker(List<Expression> keys, List<AggregateCall> aggregates) {
        this(keys, aggregates, HELD_GROUPS, FEW_GROUPS, PARTITION_BITS);
    }

    /**
     * The same with {@code 2^partitionBits} partitions as soon as there are more than {@code fewGroups} groups, and at most
     * {@code heldGroups}, which are no fewer, in a worker's own table.
     */
    HashAggregateBreaker(List<Expression> keys, List<AggregateCall> aggregates, int heldGroups, int fewGroups,
            int partitionBits) {
        this.keys = List.copyOf(keys);
        this.keyTypes = keys.stream().map(Expression::type).toList();
        this.aggregates = List.copyOf(aggregates);
        this.heldGroups = heldGroups;
        this.fewGroups = fewGroups;
        this.partitionBits = partitionBits;
    }

    @Override
    public Stage openInput(Worker worker) {
        Input input = worker.own(new Input(worker));
        input.held.openAccumulators();
        synchronized (inputs) {
            inputs.add(input);
        }
        return input;
    }

    /** One worker's groups. */
    private final class Input implements Stage, AutoCloseable {
        private final Worker worker;
        private final BufferAllocator allocator;
        private final GroupTable held;
        private final RowOrder rowOrder = new RowOrder();
        /** A table for each partition that has groups; {@code null} as long as all are held. */
        private GroupTable[] partitions;

        Input(Worker worker) {
            this.worker = worker;
            this.allocator = worker.allocator();
            this.held = new GroupTable(keyTypes, aggregates, allocator);
        }

        @Override
        public boolean push(Batch batch) {
            long first = rowOrder.first(batch);
            if (batch.selectedRows() == 0) {
                return true;
            }
            List<Column> columns = new ArrayList<>();
            for (Expression key : keys) {
                columns.add(worker.evaluator().evaluate(key, batch));
            }
            held.add(batch, columns, first, worker);
            if (held.groups() > heldGroups) {
                spread();
            }
            return true;
        }

        /** Moves what is held to the partitions. */
        void spread() {
            if (partitions == null) {
                partitions = new GroupTable[1 << partitionBits];
            }
            try (GrowableBuffer order = new GrowableBuffer(allocator)) {
                int[] starts = held.partition(partitionBits, order);
                for (int part = 0; part < partitions.length; part++) {
                    if (starts[part] == starts[part + 1]) {
                        continue;
                    }
                    if (partitions[part] == null) {
                        partitions[part] = new GroupTable(keyTypes, aggregates, allocator);
                        partitions[part].openAccumulators();
                    }
                    partitions[part].merge(held, order, starts[part], starts[part + 1],
                            worker.query()::checkRunning);
                }
            }
            held.clear();
        }

        @Override
        public void finish() {
            if (partitions != null || held.groups() > fewGroups) {
                spread();
                held.close();
            }
        }

        @Override
        public void close() {
            held.close();
            for (int part = 0; partitions != null && part < partitions.length; part++) {
                if (partitions[part] != null) {
                    partitions[part].close();
                }
            }
        }
    }

    @Override
    public void complete(Worker worker) {
        if (inputs.isEmpty()) {
            openInput(worker);
        }
        partitioned = inputs.stream().anyMatch(input -> input.partitions != null);
        Input all = inputs.getFirst();
        for (Input input : inputs) {
            if (!partitioned && input != all) {
                all.held.merge(input.held, null, 0, input.held.groups(), worker.query()::checkRunning);
                input.held.close();
                partitioned = all.held.groups() > fewGroups;
            }
        }
        if (partitioned) {
            for (Input input : inputs) {
                if (input.partitions == null && input.held.groups() > 0) {
                    input.spread();
                    input.held.close();
                }
            }
        } else if (keys.isEmpty()) {
            all.held.grow(1);
        }
    }

    @Override
    public Source output() {
        return new Source() {
            private final AtomicInteger next = new AtomicInteger();

            @Override
            public Morsel next() {
                int number = next.getAndIncrement();
                return number < morsels() ? new Partition(number) : null;
            }

            @Override
            public long morsels() {
                return partitioned ? 1 << partitionBits : inputs.getFirst().held.groups() > 0 ? 1 : 0;
            }

            @Override
            public String describe() {
                return "groups";
            }
        };
    }

    /** The groups of a partition, or all groups. */
    private final class Partition implements Morsel {
        private final int number;

        Partition(int number) {
            this.number = number;
        }

        @Override
        public long ordinal() {
            return number;
        }

        @Override
        public void run(Worker worker, Stage stage) {
            if (!partitioned) {
                GroupTable all = inputs.getFirst().held;
                all.emit(number, worker, stage);
                all.close();
                return;
            }
            List<GroupTable> parts = new ArrayList<>();
            for (Input input : inputs) {
                if (input.partitions != null && input.partitions[number] != null) {
                    parts.add(input.partitions[number]);
                }
            }
            if (parts.isEmpty()) {
                return;
            }
            GroupTable largest = parts.getFirst();
            for (GroupTable part : parts) {
                largest = part.groups() > largest.groups() ? part : largest;
            }
            for (GroupTable part : parts) {
                if (part != largest) {
                    largest.merge(part, null, 0, part.groups(), worker.query()::checkRunning);
                    part.close();
                }
            }
            largest.emit(number, worker, stage);
            largest.close();
        }
    }

    @Override
    public String describe() {
        String calls = IntStream.range(0, aggregates.size()).mapToObj(i -> aggregates.get(i).function().name())
                .collect(Collectors.joining(", "));
        return "HashAggregate on rows: " + keys.size() + " keys" + (calls.isEmpty() ? "" : "; " + calls);
    }
}
