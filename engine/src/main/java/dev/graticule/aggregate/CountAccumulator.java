package dev.graticule.aggregate;

import dev.graticule.batch.Batch;
import dev.graticule.batch.Column;
import dev.graticule.batch.Layout;
import dev.graticule.batch.Memory;
import dev.graticule.batch.NullForm;
import dev.graticule.batch.RowArrays;
import dev.graticule.kernel.FloatingReduction;
import dev.graticule.kernel.FloatingSum;
import dev.graticule.type.SqlType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;

/** How many rows there are (without an argument), how many have an argument that is not NULL, or for how many it is true. */
final class CountAccumulator implements Accumulator {
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

    private final boolean onlyTrue;
    private final GroupCounts counts;
    private int[] codes;
    private long[] values;

    CountAccumulator(boolean onlyTrue, BufferAllocator allocator) {
        this.onlyTrue = onlyTrue;
        this.counts = new GroupCounts(allocator);
    }

    @Override
    public void resize(int count) {
        counts.resize(count);
    }

    @Override
    public void add(Batch batch, List<Column> arguments, GroupCodes groupCodes) {
        if (groupCodes instanceof GroupCodes.Gridded grid && !onlyTrue && addGrid(batch, arguments, grid)) {
            return;
        }
        int rows = batch.rows();
        codes = groupCodes.perRow(batch.shape(), rows, codes);
        long[] selected = arguments.isEmpty()
                ? batch.selection().words(rows, null)
                : RowArrays.live(arguments.getFirst(), batch.shape(), rows, batch.selection(), null);
        if (onlyTrue) {
            values = RowArrays.longs(arguments.getFirst(), batch.shape(), rows, values);
        }
        MemorySegment state = counts.counters();
        for (int word = 0; word << 6 < rows; word++) {
            for (long left = selected[word]; left != 0; left &= left - 1) {
                int row = (word << 6) + Long.numberOfTrailingZeros(left);
                if (!onlyTrue || values[row] != 0) {
                    long at = codes[row] * 8L;
                    state.set(LONG, at, state.get(LONG, at) + 1);
                }
            }
        }
    }

    /** Counts runs of the grid, where there is no argument, or one of a form whose runs can be counted. */
    private boolean addGrid(Batch batch, List<Column> arguments, GroupCodes.Gridded grid) {
        if (arguments.isEmpty()) {
            GridRuns.walk(batch.shape(), grid, Layout.constant(batch.shape().length, 0),
                    new Runs(RunRows.of(batch), null));
            return true;
        }
        if (arguments.getFirst() instanceof Column.Strided argument && !(argument.type() instanceof SqlType.Other)
                && argument.type() != SqlType.NULL) {
            FloatingReduction loops = argument.nulls() == NullForm.NAN ? FloatingReduction.of(argument.type()) : null;
            GridRuns.walk(batch.shape(), grid, argument.layout(), new Runs(RunRows.of(batch, argument), loops));
            return true;
        }
        return false;
    }

    /** {@code loops} are those of a type whose NaNs are NULL, else {@code null}. */
    private final class Runs implements GridRuns.Action {
        private final RunRows rows;
        private final FloatingReduction loops;
        private final FloatingSum sum = new FloatingSum();

        Runs(RunRows rows, FloatingReduction loops) {
            this.rows = rows;
            this.loops = loops;
        }

        private long numbers(int row, int place, int count) {
            if (loops == null) {
                return rows.count(row, count);
            }
            rows.sum(loops, row, place, count, sum);
            return sum.count;
        }

        @Override
        public void one(int row, int place, int group) {
            counts.add(group, numbers(row, place, 1));
        }

        @Override
        public void reduce(int row, int place, int stride, int count, int group) {
            if (loops == null || stride == 1) {
                counts.add(group, numbers(row, place, count));
            } else {
                GridRuns.Action.super.reduce(row, place, stride, count, group);
            }
        }

        @Override
        public void spread(int row, int place, int stride, int count, int group) {
            if (loops == null && rows.words() == null) {
                counts.addRun(group, count);
            } else if (loops == null || stride != 1) {
                GridRuns.Action.super.spread(row, place, stride, count, group);
            } else if (rows.words() == null) {
                loops.countNumbers(counts.counters(), group, rows.data(), place, count);
            } else {
                loops.countNumbers(counts.counters(), group, rows.data(), place, count, rows.words(), row);
            }
        }
    }

    @Override
    public void merge(Accumulator other, int[] picked, int[] mapping, int count) {
        counts.merge(((CountAccumulator) other).counts, picked, mapping, count);
    }

    @Override
    public void write(int[] picked, int from, int count, FieldVector target) {
        MemorySegment data = Memory.segment(target.getDataBuffer());
        counts.forEachRun(picked, from, count, (first, length, rows) -> {
            for (int i = first; i < first + length; i++) {
                data.set(LONG, i * 8L, rows);
            }
        });
        Memory.fillBits(Memory.segment(target.getValidityBuffer()), 0, count, true);
    }

    @Override
    public long stateBytes() {
        return 8;
    }

    @Override
    public void close() {
        counts.close();
    }
}
