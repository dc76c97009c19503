package dev.graticule.file.parquet;

import dev.graticule.spi.RowReader;
import dev.graticule.spi.RowScan;
import dev.graticule.spi.RowTable.RowColumn;
import dev.graticule.spi.SimplePredicate;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;

/**
 * The row groups that are left to read. Small ones that follow each other are one split: a split costs the reading of the footer.
 */
record ParquetScan(List<FilterAnswer> answers, List<Part> parts, List<Integer> wanted) implements RowScan {

    private static final long ROWS_A_SPLIT = 1 << 19;

    /** Row groups {@code [from, to)} of a file. */
    record Part(ParquetFile file, int from, int to) {
        long rows() {
            long rows = 0;
            for (int group = from; group < to; group++) {
                rows += file.rowGroups().get(group).numRows();
            }
            return rows;
        }
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
                    Part last = parts.isEmpty() ? null : parts.getLast();
                    if (last != null && last.file == file && last.to == group && last.rows() < ROWS_A_SPLIT) {
                        parts.set(parts.size() - 1, new Part(file, last.from, group + 1));
                    } else {
                        parts.add(new Part(file, group, group + 1));
                    }
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
