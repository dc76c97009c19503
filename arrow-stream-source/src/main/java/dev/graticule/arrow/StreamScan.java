package dev.graticule.arrow;

import dev.graticule.spi.RowReader;
import dev.graticule.spi.RowScan;
import java.util.Collections;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.types.pojo.Schema;

/** A scan of a stream table: a split is a partition; predicates are left to the engine. */
record StreamScan(ArrowStreamTable table, Schema schema, List<ArrowStreamFactory> factories, List<Integer> columns,
        int predicates,
        long limit) implements RowScan {

    @Override
    public List<FilterAnswer> answers() {
        return Collections.nCopies(predicates, FilterAnswer.IGNORED);
    }

    @Override
    public int splits() {
        return factories.size();
    }

    @Override
    public RowReader openSplit(int split, BufferAllocator allocator) {
        return StreamRowReader.open(table.name(), schema, factories.get(split), columns, limit, allocator);
    }
}
