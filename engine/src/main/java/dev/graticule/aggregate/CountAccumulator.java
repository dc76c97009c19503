package dev.graticule.aggregate;

import dev.graticule.batch.Batch;
import dev.graticule.batch.Column;
import dev.graticule.batch.GrowableBuffer;
import dev.graticule.batch.Memory;
import dev.graticule.batch.RowArrays;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;

/** How many rows there are (without an argument), how many have an argument that is not NULL, or for how many it is true. */
final class CountAccumulator implements Accumulator {
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

    private final boolean onlyTrue;
    private final GrowableBuffer counts;
    private int groups;
    private int[] codes;
    private long[] values;

    CountAccumulator(boolean onlyTrue, BufferAllocator allocator) {
        this.onlyTrue = onlyTrue;
        this.counts = new GrowableBuffer(allocator);
    }

    @Override
    public void resize(int count) {
        counts.ensure(count * 8L);
        groups = count;
    }

    @Override
    public void add(Batch batch, List<Column> arguments, GroupCodes groupCodes) {
        int rows = batch.rows();
        codes = groupCodes.perRow(batch.shape(), rows, codes);
        long[] selected = arguments.isEmpty()
                ? LiveRows.selected(batch.selection(), rows, null)
                : RowArrays.live(arguments.getFirst(), batch.shape(), rows, batch.selection(), null);
        if (onlyTrue) {
            values = RowArrays.longs(arguments.getFirst(), batch.shape(), rows, values);
        }
        MemorySegment state = counts.segment();
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

    @Override
    public void merge(Accumulator other, int[] mapping) {
        CountAccumulator from = (CountAccumulator) other;
        MemorySegment state = counts.segment();
        for (int group = 0; group < from.groups; group++) {
            long at = (mapping == null ? group : mapping[group]) * 8L;
            state.set(LONG, at, state.get(LONG, at) + from.counts.segment().get(LONG, group * 8L));
        }
    }

    @Override
    public void write(int[] picked, int from, int count, FieldVector target) {
        MemorySegment data = Memory.segment(((BigIntVector) target).getDataBuffer());
        for (int i = 0; i < count; i++) {
            int group = picked == null ? from + i : picked[from + i];
            data.set(LONG, i * 8L, counts.segment().get(LONG, group * 8L));
        }
        Memory.fillBits(Memory.segment(target.getValidityBuffer()), 0, count, true);
    }

    @Override
    public void close() {
        counts.close();
    }
}
