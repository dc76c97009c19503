package dev.graticule.aggregate;

import dev.graticule.batch.Batch;
import dev.graticule.batch.Column;
import dev.graticule.batch.GrowableBuffer;
import dev.graticule.batch.RowOrder;
import dev.graticule.type.SqlType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;

/** MODE: the value that most rows have, of several the one that comes first by (ordinal, row); NULLs are left out. */
final class ModeAccumulator implements Accumulator {
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
    private static final long STATE = 16;

    private final GroupedValues seen;
    /** For each (group, value) how many rows have it, and the number of the first one. */
    private final GrowableBuffer states;
    private final RowOrder order = new RowOrder();
    private int groups;
    private int[] codes;

    ModeAccumulator(SqlType type, BufferAllocator allocator) {
        this.seen = new GroupedValues(List.of(type), allocator);
        this.states = new GrowableBuffer(allocator);
    }

    @Override
    public void resize(int count) {
        groups = count;
    }

    @Override
    public void add(Batch batch, List<Column> arguments, GroupCodes groupCodes) {
        codes = groupCodes.perRow(batch.shape(), batch.rows(), codes);
        long first = order.first(batch);
        int[] numbers = seen.numbers(batch, arguments, codes);
        states.ensure(seen.size() * STATE);
        LiveRows.forEach(LiveRows.live(batch, arguments), batch.rows(), row -> add(numbers[row], 1, first + row));
    }

    private void add(int number, long count, long position) {
        MemorySegment state = states.segment();
        long at = number * STATE;
        long old = state.get(LONG, at);
        state.set(LONG, at, old + count);
        state.set(LONG, at + 8, old == 0 ? position : Long.min(position, state.get(LONG, at + 8)));
    }

    @Override
    public void merge(Accumulator other, int[] mapping) {
        ModeAccumulator from = (ModeAccumulator) other;
        from.seen.forEachChunk((entryGroups, batch, start) -> {
            for (int i = 0; mapping != null && i < entryGroups.length; i++) {
                entryGroups[i] = mapping[entryGroups[i]];
            }
            int[] numbers = seen.numbers(batch, batch.columns(), entryGroups);
            states.ensure(seen.size() * STATE);
            for (int i = 0; i < batch.rows(); i++) {
                long at = (start + i) * STATE;
                long count = from.states.segment().get(LONG, at);
                if (count > 0) {
                    add(numbers[i], count, from.states.segment().get(LONG, at + 8));
                }
            }
        });
    }

    @Override
    public void write(int[] picked, int from, int count, FieldVector target) {
        int[] best = new int[groups];
        Arrays.fill(best, -1);
        MemorySegment state = states.segment();
        seen.forEachChunk((entryGroups, batch, start) -> {
            for (int i = 0; i < batch.rows(); i++) {
                int group = entryGroups[i];
                if (state.get(LONG, (start + i) * STATE) > 0
                        && (best[group] < 0 || beats(state, start + i, best[group]))) {
                    best[group] = start + i;
                }
            }
        });
        int[] numbers = new int[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = best[picked == null ? from + i : picked[from + i]];
        }
        seen.write(0, numbers, target);
    }

    private static boolean beats(MemorySegment state, int number, int other) {
        long count = state.get(LONG, number * STATE);
        long otherCount = state.get(LONG, other * STATE);
        return count > otherCount
                || count == otherCount && state.get(LONG, number * STATE + 8) < state.get(LONG, other * STATE + 8);
    }

    @Override
    public void close() {
        seen.close();
        states.close();
    }
}
