package dev.graticule.arrow;

import dev.graticule.spi.RowReader;
import dev.graticule.spi.RowScan;
import dev.graticule.spi.SimplePredicate;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.types.pojo.Schema;

/** A scan of a stream table: a split is a partition. Each is asked for what its factory heeds; the limit is kept here too. */
record StreamScan(String name, Schema schema, List<ArrowScanFactory> factories, List<Integer> columns,
        List<SimplePredicate> predicates, long limit) implements RowScan {

    @Override
    public List<FilterAnswer> answers() {
        return predicates.stream().map(this::answer).toList();
    }

    /** What holds for the rows of all partitions. */
    private FilterAnswer answer(SimplePredicate predicate) {
        Set<FilterAnswer> answers = factories.stream().map(factory -> factory.answer(predicate))
                .collect(Collectors.toSet());
        return answers.size() == 1 ? answers.iterator().next()
                : answers.isEmpty() ? FilterAnswer.EXACT : FilterAnswer.PRUNES;
    }

    @Override
    public int splits() {
        return factories.size();
    }

    @Override
    public RowReader openSplit(int split, BufferAllocator allocator) {
        ArrowScanFactory factory = factories.get(split);
        List<SimplePredicate> heeded = predicates.stream()
                .filter(each -> factory.answer(each) != FilterAnswer.IGNORED).toList();
        return StreamRowReader.open(ArrowStreamTable.NAME.equals(name) ? "The stream" : "The stream '" + name + "'",
                factory, new ScanRequest(schema, columns, heeded, limit), allocator);
    }
}
