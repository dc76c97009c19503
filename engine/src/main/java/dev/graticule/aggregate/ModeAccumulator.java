package dev.graticule.aggregate;

import dev.graticule.batch.Batch;
import dev.graticule.batch.Column;
import dev.graticule.batch.GrowableBuffer;
import dev.graticule.batch.RowOrder;
import dev.graticule.type.SqlType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;

/** MODE: the value that most rows have, of several the one that comes first by (ordinal, row); NULLs are left out. */
final class ModeAccumulator implements Accumulator {
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
    private static final long STATE = 16;
    private static final int MERGED_AT_ONCE = 1 << 12;

    private final GroupedValues seen;
    /** For each (group, value) how many rows have it, and the number of the first one. */
    private final GrowableBuffer states;
    private final EntriesByGroup byGroup;
    private final RowOrder order = new RowOrder();
    private int groups;
    private int[] codes;

    ModeAccumulator(SqlType type, BufferAllocator allocator) {
        this.seen = new GroupedValues(List.of(type), allocator);
        this.states = new GrowableBuffer(allocator);
        this.byGroup = new EntriesByGroup(allocator);
    }

    @Override
    public void resize(int count) {
        if (count != groups) {
            byGroup.close();
        }
        groups = count;
    }

    @Override
    public void add(Batch batch, List<Column> arguments, GroupCodes groupCodes) {
        byGroup.close();
        codes = groupCodes.perRow(batch.shape(), batch.rows(), codes);
        long first = order.first(batch);
        int[] numbers = seen.numbers(batch, arguments, codes);
        states.ensure(Integer.max(1, seen.size()) * STATE);
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
    public void merge(Accumulator other, int[] picked, int[] mapping, int count) {
        ModeAccumulator from = (ModeAccumulator) other;
        byGroup.close();
        from.index();
        int[] entries = new int[MERGED_AT_ONCE];
        int[] groupsOf = new int[MERGED_AT_ONCE];
        int filled = 0;
        for (int i = 0; i < count; i++) {
            int group = picked == null ? i : picked[i];
            for (long at = from.byGroup.start(group); at < from.byGroup.end(group); at++) {
                if (filled == MERGED_AT_ONCE) {
                    mergeEntries(from, entries, groupsOf, filled);
                    filled = 0;
                }
                entries[filled] = (int) from.byGroup.entry(at);
                groupsOf[filled++] = mapping == null ? group : mapping[i];
            }
        }
        mergeEntries(from, entries, groupsOf, filled);
    }

    private void mergeEntries(ModeAccumulator from, int[] entries, int[] groupsOf, int count) {
        int[] values = new int[count];
        for (int i = 0; i < count; i++) {
            values[i] = from.seen.value(entries[i]);
        }
        int[] numbers = seen.numbers(groupsOf, seen.mergeValues(from.seen, values, count), count);
        states.ensure(Integer.max(1, seen.size()) * STATE);
        for (int i = 0; i < count; i++) {
            long rows = from.states.segment().get(LONG, entries[i] * STATE);
            if (rows > 0) {
                add(numbers[i], rows, from.states.segment().get(LONG, entries[i] * STATE + 8));
            }
        }
    }

    private void index() {
        if (!byGroup.isBuilt()) {
            byGroup.build(groups, seen.size(), entry -> seen.group((int) entry));
        }
    }

    @Override
    public void write(int[] picked, int from, int count, FieldVector target) {
        index();
        MemorySegment state = states.segment();
        int[] numbers = new int[count];
        for (int i = 0; i < count; i++) {
            int group = picked == null ? from + i : picked[from + i];
            int best = -1;
            for (long at = byGroup.start(group); at < byGroup.end(group); at++) {
                int entry = (int) byGroup.entry(at);
                if (state.get(LONG, entry * STATE) > 0 && (best < 0 || beats(state, entry, best))) {
                    best = entry;
                }
            }
            numbers[i] = best;
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
    public void follow(Accumulator before) {
        order.follow(((ModeAccumulator) before).order);
    }

    @Override
    public void close() {
        byGroup.close();
        seen.close();
        states.close();
    }
}
