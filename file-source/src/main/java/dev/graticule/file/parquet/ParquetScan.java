package dev.graticule.file.parquet;

import dev.graticule.spi.RowReader;
import dev.graticule.spi.RowScan;
import dev.graticule.spi.RowTable.RowColumn;
import dev.graticule.spi.SimplePredicate;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;

/** The row groups that are left to read. */
record ParquetScan(List<FilterAnswer> answers, List<Part> parts, List<Integer> wanted) implements RowScan {

    /** A row group of a file. */
    record Part(ParquetFile file, int rowGroup) {
    }

    static ParquetScan plan(List<ParquetFile> files, List<RowColumn> columns, List<Integer> wanted,
            List<SimplePredicate> predicates, long limit) {
        List<FilterAnswer> answers = predicates.stream()
                .map(predicate -> RowGroupPruning.understands(columns.get(predicate.column()).type())
                        ? FilterAnswer.PRUNES
                        : FilterAnswer.IGNORED)
                .toList();
        List<Part> parts = new ArrayList<>();
        long rows = 0;
        for (ParquetFile file : files) {
            for (int group = 0; group < file.rowGroups().size() && rows < limit; group++) {
                int number = group;
                if (predicates.stream().allMatch(predicate -> RowGroupPruning.mayHold(predicate,
                        columns.get(predicate.column()).type(), file, number))) {
                    parts.add(new Part(file, group));
                    rows += file.rowGroups().get(group).numRows();
                }
            }
        }
        return new ParquetScan(answers, List.copyOf(parts), List.copyOf(wanted));
    }

    @Override
    public int splits() {
        return parts.size();
    }

    @Override
    public RowReader openSplit(int split, BufferAllocator allocator) {
        return ParquetRowReader.open(parts.get(split), wanted, allocator);
    }
}
