package dev.graticule.aggregate;

import dev.graticule.batch.Batch;
import dev.graticule.batch.Column;
import dev.graticule.batch.GrowableBuffer;
import dev.graticule.batch.RowArrays;
import dev.graticule.type.SqlType;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;

/** PRODUCT of DOUBLEs; BIT_AND, BIT_OR and BIT_XOR of integers: a 64-bit state that folds in one value after the other, in any order. */
final class FoldAccumulator implements Accumulator {
    enum Operation {
        PRODUCT, BIT_AND, BIT_OR, BIT_XOR
    }

    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

    private final Operation operation;
    private final SqlType type;
    private final GrowableBuffer states;
    private final GrowableBuffer filled;
    private int groups;
    private int[] codes;
    private long[] values;

    FoldAccumulator(Operation operation, SqlType type, BufferAllocator allocator) {
        this.operation = operation;
        this.type = type;
        this.states = new GrowableBuffer(allocator);
        this.filled = new GrowableBuffer(allocator);
    }

    @Override
    public void resize(int count) {
        states.ensure(count * 8L);
        filled.ensure(count);
        groups = count;
    }

    @Override
    public void add(Batch batch, List<Column> arguments, GroupCodes groupCodes) {
        codes = groupCodes.perRow(batch.shape(), batch.rows(), codes);
        values = RowArrays.longs(arguments.getFirst(), batch.shape(), batch.rows(), values);
        LiveRows.forEach(LiveRows.live(batch, arguments), batch.rows(), row -> add(codes[row], values[row]));
    }

    private void add(int group, long value) {
        boolean first = filled.segment().get(ValueLayout.JAVA_BYTE, group) == 0;
        long old = states.segment().get(LONG, group * 8L);
        filled.segment().set(ValueLayout.JAVA_BYTE, group, (byte) 1);
        states.segment().set(LONG, group * 8L, first ? value : switch (operation) {
            case PRODUCT -> Double.doubleToRawLongBits(Double.longBitsToDouble(old) * Double.longBitsToDouble(value));
            case BIT_AND -> old & value;
            case BIT_OR -> old | value;
            case BIT_XOR -> old ^ value;
        });
    }

    @Override
    public void merge(Accumulator other, int[] picked, int[] mapping, int count) {
        FoldAccumulator from = (FoldAccumulator) other;
        for (int i = 0; i < count; i++) {
            int group = picked == null ? i : picked[i];
            if (from.filled.segment().get(ValueLayout.JAVA_BYTE, group) != 0) {
                add(mapping == null ? group : mapping[i], from.states.segment().get(LONG, group * 8L));
            }
        }
    }

    @Override
    public void write(int[] picked, int from, int count, FieldVector target) {
        for (int i = 0; i < count; i++) {
            int group = picked == null ? from + i : picked[from + i];
            if (filled.segment().get(ValueLayout.JAVA_BYTE, group) == 0) {
                Results.writeNull(target, i);
            } else {
                Results.writeNumber(target, i, type.bytes(), states.segment().get(LONG, group * 8L));
            }
        }
    }

    @Override
    public void close() {
        states.close();
        filled.close();
    }
}
