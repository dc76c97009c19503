package dev.graticule.aggregate;

import dev.graticule.batch.Batch;
import dev.graticule.batch.Column;
import dev.graticule.batch.GrowableBuffer;
import dev.graticule.batch.RowArrays;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;

/** BOOL_AND and BOOL_OR. A state is 0 without values, 1 for false, 2 for true. */
final class BooleanAccumulator implements Accumulator {
    private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;

    private final boolean any;
    private final GrowableBuffer states;
    private int groups;
    private int[] codes;
    private long[] values;

    BooleanAccumulator(boolean any, BufferAllocator allocator) {
        this.any = any;
        this.states = new GrowableBuffer(allocator);
    }

    @Override
    public void resize(int count) {
        states.ensure(count);
        groups = count;
    }

    @Override
    public void add(Batch batch, List<Column> arguments, GroupCodes groupCodes) {
        codes = groupCodes.perRow(batch.shape(), batch.rows(), codes);
        values = RowArrays.longs(arguments.getFirst(), batch.shape(), batch.rows(), values);
        LiveRows.forEach(LiveRows.live(batch, arguments), batch.rows(),
                row -> add(codes[row], values[row] != 0 ? 2 : 1));
    }

    private void add(int group, int value) {
        int old = states.segment().get(BYTE, group);
        int next = old == 0 ? value : value == 0 ? old : any ? Integer.max(old, value) : Integer.min(old, value);
        states.segment().set(BYTE, group, (byte) next);
    }

    @Override
    public void merge(Accumulator other, int[] picked, int[] mapping, int count) {
        BooleanAccumulator from = (BooleanAccumulator) other;
        for (int i = 0; i < count; i++) {
            int group = picked == null ? i : picked[i];
            add(mapping == null ? group : mapping[i], from.states.segment().get(BYTE, group));
        }
    }

    @Override
    public void write(int[] picked, int from, int count, FieldVector target) {
        for (int i = 0; i < count; i++) {
            int state = states.segment().get(BYTE, picked == null ? from + i : picked[from + i]);
            if (state == 0) {
                Results.writeNull(target, i);
            } else {
                Results.writeNumber(target, i, 0, state - 1);
            }
        }
    }

    @Override
    public void close() {
        states.close();
    }
}
