package dev.graticule.aggregate;

import dev.graticule.batch.Batch;
import dev.graticule.batch.Column;
import dev.graticule.batch.GrowableBuffer;
import dev.graticule.batch.RowArrays;
import dev.graticule.batch.RowOrder;
import dev.graticule.batch.Values;
import dev.graticule.type.SqlType;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;

/**
 * MIN_BY(x, y) and MAX_BY(x, y): x of the row with the least or greatest y, of equal ones the first by (ordinal, row). Rows where either
 * is NULL are left out.
 */
final class ArgumentMinMaxAccumulator implements Accumulator {
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

    private final boolean greatest;
    private final GroupValues results;
    private final GroupValues keys;
    private final GrowableBuffer positions;
    private final RowOrder order = new RowOrder();
    private int groups;
    private int[] codes;

    ArgumentMinMaxAccumulator(SqlType result, SqlType key, boolean greatest, BufferAllocator allocator) {
        this.greatest = greatest;
        this.results = new GroupValues(result, allocator);
        this.keys = new GroupValues(key, allocator);
        this.positions = new GrowableBuffer(allocator);
    }

    @Override
    public void resize(int count) {
        results.resize(count);
        keys.resize(count);
        positions.ensure(count * 8L);
        groups = count;
    }

    @Override
    public void add(Batch batch, List<Column> arguments, GroupCodes groupCodes) {
        codes = groupCodes.perRow(batch.shape(), batch.rows(), codes);
        long first = order.first(batch);
        Values values = RowArrays.values(arguments.get(0));
        Values by = RowArrays.values(arguments.get(1));
        int[] places = RowArrays.places(arguments.get(0), batch.shape(), batch.rows(), null);
        int[] byPlaces = RowArrays.places(arguments.get(1), batch.shape(), batch.rows(), null);
        LiveRows.forEach(LiveRows.live(batch, arguments), batch.rows(), row -> {
            int group = codes[row];
            if (!keys.isSet(group) || beats(group, keys.compare(group, by, byPlaces[row]), first + row)) {
                keys.set(group, by, byPlaces[row]);
                results.set(group, values, places[row]);
                positions.segment().set(LONG, group * 8L, first + row);
            }
        });
    }

    private boolean beats(int group, int comparison, long position) {
        return comparison == 0 ? position < positions.segment().get(LONG, group * 8L)
                : greatest ? comparison < 0 : comparison > 0;
    }

    @Override
    public void merge(Accumulator other, int[] picked, int[] mapping, int count) {
        ArgumentMinMaxAccumulator from = (ArgumentMinMaxAccumulator) other;
        for (int i = 0; i < count; i++) {
            int group = picked == null ? i : picked[i];
            int to = mapping == null ? group : mapping[i];
            long position = from.positions.segment().get(LONG, group * 8L);
            if (from.keys.isSet(group)
                    && (!keys.isSet(to) || beats(to, keys.compare(to, from.keys, group), position))) {
                keys.set(to, from.keys, group);
                results.set(to, from.results, group);
                positions.segment().set(LONG, to * 8L, position);
            }
        }
    }

    @Override
    public void write(int[] picked, int from, int count, FieldVector target) {
        for (int i = 0; i < count; i++) {
            results.write(picked == null ? from + i : picked[from + i], target, i);
        }
    }

    @Override
    public void follow(Accumulator before) {
        order.follow(((ArgumentMinMaxAccumulator) before).order);
    }

    @Override
    public void close() {
        results.close();
        keys.close();
        positions.close();
    }
}
