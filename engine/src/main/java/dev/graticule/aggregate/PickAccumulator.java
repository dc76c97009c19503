package dev.graticule.aggregate;

import dev.graticule.batch.Batch;
import dev.graticule.batch.Column;
import dev.graticule.batch.GrowableBuffer;
import dev.graticule.batch.RowArrays;
import dev.graticule.batch.RowOrder;
import dev.graticule.batch.Values;
import dev.graticule.type.SqlType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;

/**
 * FIRST and LAST: the value of the row that comes first or last by (ordinal, row), which may be NULL; ANY_VALUE: the first value that is
 * not NULL.
 */
final class PickAccumulator implements Accumulator {
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

    private final boolean last;
    private final boolean skipNulls;
    private final GroupValues kept;
    private final GrowableBuffer positions;
    private final RowOrder order = new RowOrder();
    private int groups;
    private int[] codes;

    PickAccumulator(SqlType type, boolean last, boolean skipNulls, BufferAllocator allocator) {
        this.last = last;
        this.skipNulls = skipNulls;
        this.kept = new GroupValues(type, allocator);
        this.positions = new GrowableBuffer(allocator);
    }

    @Override
    public void resize(int count) {
        kept.resize(count);
        MemorySegment state = positions.ensure(count * 8L);
        for (int group = groups; group < count; group++) {
            state.set(LONG, group * 8L, last ? -1 : Long.MAX_VALUE);
        }
        groups = count;
    }

    @Override
    public void add(Batch batch, List<Column> arguments, GroupCodes groupCodes) {
        codes = groupCodes.perRow(batch.shape(), batch.rows(), codes);
        long first = order.first(batch);
        Column argument = arguments.getFirst();
        Values values = RowArrays.values(argument);
        int[] places = RowArrays.places(argument, batch.shape(), batch.rows(), null);
        long[] rows = skipNulls ? LiveRows.live(batch, arguments)
                : batch.selection().words(batch.rows(), null);
        LiveRows.forEach(rows, batch.rows(), row -> {
            int group = codes[row];
            if (beats(group, first + row)) {
                positions.segment().set(LONG, group * 8L, first + row);
                if (RowArrays.isNull(argument, places[row])) {
                    kept.clear(group);
                } else {
                    kept.set(group, values, places[row]);
                }
            }
        });
    }

    private boolean beats(int group, long position) {
        long old = positions.segment().get(LONG, group * 8L);
        return last ? position > old : position < old;
    }

    @Override
    public void merge(Accumulator other, int[] picked, int[] mapping, int count) {
        PickAccumulator from = (PickAccumulator) other;
        for (int i = 0; i < count; i++) {
            int group = picked == null ? i : picked[i];
            int to = mapping == null ? group : mapping[i];
            long position = from.positions.segment().get(LONG, group * 8L);
            if (beats(to, position)) {
                positions.segment().set(LONG, to * 8L, position);
                if (from.kept.isSet(group)) {
                    kept.set(to, from.kept, group);
                } else {
                    kept.clear(to);
                }
            }
        }
    }

    @Override
    public void write(int[] picked, int from, int count, FieldVector target) {
        for (int i = 0; i < count; i++) {
            kept.write(picked == null ? from + i : picked[from + i], target, i);
        }
    }

    @Override
    public void follow(Accumulator before) {
        order.follow(((PickAccumulator) before).order);
    }

    @Override
    public void close() {
        kept.close();
        positions.close();
    }
}
