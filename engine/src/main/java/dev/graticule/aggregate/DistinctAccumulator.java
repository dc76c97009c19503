package dev.graticule.aggregate;

import dev.graticule.batch.Batch;
import dev.graticule.batch.Column;
import dev.graticule.type.SqlType;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;

/** Any aggregate over different arguments only: keeps the set of (group, arguments), and aggregates it when results are written. */
final class DistinctAccumulator implements Accumulator {
    private final AggregateFunction function;
    private final BufferAllocator allocator;
    private final GroupedValues seen;
    private Accumulator results;
    private int groups;
    private int[] codes;

    DistinctAccumulator(AggregateFunction function, List<SqlType> arguments, BufferAllocator allocator) {
        this.function = function;
        this.allocator = allocator;
        this.seen = new GroupedValues(arguments, allocator);
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
        seen.numbers(batch, arguments, codes);
    }

    @Override
    public void merge(Accumulator other, int[] mapping) {
        forgetResults();
        ((DistinctAccumulator) other).seen.forEachChunk((entryGroups, batch, start) -> {
            for (int i = 0; mapping != null && i < entryGroups.length; i++) {
                entryGroups[i] = mapping[entryGroups[i]];
            }
            seen.numbers(batch, batch.columns(), entryGroups);
        });
    }

    @Override
    public void write(int[] picked, int from, int count, FieldVector target) {
        if (results == null) {
            results = function.openAccumulator(allocator);
            results.resize(groups);
            seen.forEachChunk((entryGroups, batch, start) -> results.add(batch, batch.columns(),
                    new GroupCodes.PerRow(entryGroups)));
        }
        results.write(picked, from, count, target);
    }

    @Override
    public void close() {
        forgetResults();
        seen.close();
    }
}
