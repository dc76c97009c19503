package dev.graticule.aggregate;

import dev.graticule.batch.Batch;
import dev.graticule.batch.Column;
import dev.graticule.batch.GrowableBuffer;
import dev.graticule.batch.RowArrays;
import dev.graticule.batch.RowOrder;
import dev.graticule.batch.Values;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.FieldVector;

/**
 * Aggregates that need all values of a group at once: QUANTILE_CONT, MEDIAN and MAD (the median of the distances from the median) of
 * DOUBLEs, STRING_AGG of VARCHARs (in the order of (ordinal, row)).
 *
 * <p>An entry is the group (int), the length of a string (int), and the double, or the row's number and where its bytes begin.
 */
final class ListAccumulator implements Accumulator {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
    private static final ValueLayout.OfDouble DOUBLE = ValueLayout.JAVA_DOUBLE_UNALIGNED;
    private static final long ENTRY = 24;

    private final double fraction;
    private final boolean deviation;
    private final byte[] separator;
    private final GrowableBuffer entries;
    private final GrowableBuffer bytes;
    private final RowOrder order = new RowOrder();
    private long size;
    private long used;
    private int groups;
    private int[] codes;

    private ListAccumulator(double fraction, boolean deviation, byte[] separator, BufferAllocator allocator) {
        this.fraction = fraction;
        this.deviation = deviation;
        this.separator = separator;
        this.entries = new GrowableBuffer(allocator);
        this.bytes = new GrowableBuffer(allocator);
    }

    /** The value below which a fraction of the values lies, linearly between neighbours. */
    static ListAccumulator openQuantile(double fraction, BufferAllocator allocator) {
        return new ListAccumulator(fraction, false, null, allocator);
    }

    /** The median of the distances from the median. */
    static ListAccumulator openDeviation(BufferAllocator allocator) {
        return new ListAccumulator(0.5, true, null, allocator);
    }

    static ListAccumulator openConcatenation(byte[] separator, BufferAllocator allocator) {
        return new ListAccumulator(0, false, separator, allocator);
    }

    @Override
    public void resize(int count) {
        groups = count;
    }

    @Override
    public void add(Batch batch, List<Column> arguments, GroupCodes groupCodes) {
        codes = groupCodes.perRow(batch.shape(), batch.rows(), codes);
        Column argument = arguments.getFirst();
        long first = order.first(batch);
        entries.ensure((size + batch.rows()) * ENTRY);
        if (separator == null) {
            double[] values = RowArrays.doubles(argument, batch.shape(), batch.rows(), null);
            LiveRows.forEach(LiveRows.live(batch, arguments), batch.rows(), row -> {
                entries.segment().set(INT, size * ENTRY, codes[row]);
                entries.segment().set(DOUBLE, size * ENTRY + 8, values[row]);
                size++;
            });
        } else {
            Values values = RowArrays.values(argument);
            int[] places = RowArrays.places(argument, batch.shape(), batch.rows(), null);
            LiveRows.forEach(LiveRows.live(batch, arguments), batch.rows(), row -> {
                int start = values.offsets().get(INT, places[row] * 4L);
                addString(codes[row], first + row, values.data(), start,
                        values.offsets().get(INT, places[row] * 4L + 4) - start);
            });
        }
    }

    private void addString(int group, long position, MemorySegment data, long start, int length) {
        entries.ensure((size + 1) * ENTRY);
        MemorySegment.copy(data, start, bytes.ensure(used + length), used, length);
        entries.segment().set(INT, size * ENTRY, group);
        entries.segment().set(INT, size * ENTRY + 4, length);
        entries.segment().set(LONG, size * ENTRY + 8, position);
        entries.segment().set(LONG, size * ENTRY + 16, used);
        used += length;
        size++;
    }

    @Override
    public void merge(Accumulator other, int[] mapping) {
        ListAccumulator from = (ListAccumulator) other;
        entries.ensure((size + from.size) * ENTRY);
        for (long i = 0; i < from.size; i++) {
            MemorySegment theirs = from.entries.segment();
            int group = theirs.get(INT, i * ENTRY);
            int to = mapping == null ? group : mapping[group];
            if (separator != null) {
                addString(to, theirs.get(LONG, i * ENTRY + 8), from.bytes.segment(), theirs.get(LONG, i * ENTRY + 16),
                        theirs.get(INT, i * ENTRY + 4));
            } else {
                entries.segment().set(INT, size * ENTRY, to);
                entries.segment().set(DOUBLE, size * ENTRY + 8, theirs.get(DOUBLE, i * ENTRY + 8));
                size++;
            }
        }
    }

    @Override
    public void write(int[] picked, int from, int count, FieldVector target) {
        int[] wanted = new int[groups];
        Arrays.fill(wanted, -1);
        for (int i = 0; i < count; i++) {
            wanted[picked == null ? from + i : picked[from + i]] = i;
        }
        // The entries of the wanted groups, by group.
        int[] ends = new int[count + 1];
        for (long i = 0; i < size; i++) {
            int index = wanted[entries.segment().get(INT, i * ENTRY)];
            if (index >= 0) {
                ends[index + 1]++;
            }
        }
        for (int i = 0; i < count; i++) {
            ends[i + 1] = Math.addExact(ends[i + 1], ends[i]);
        }
        long[] sorted = new long[ends[count]];
        int[] next = Arrays.copyOf(ends, count);
        for (long i = 0; i < size; i++) {
            int index = wanted[entries.segment().get(INT, i * ENTRY)];
            if (index >= 0) {
                sorted[next[index]++] = i;
            }
        }
        for (int i = 0; i < count; i++) {
            if (separator == null) {
                writeQuantile(sorted, ends[i], ends[i + 1], target, i);
            } else {
                writeConcatenation(sorted, ends[i], ends[i + 1], (BaseVariableWidthVector) target, i);
            }
        }
    }

    private void writeQuantile(long[] sorted, int from, int to, FieldVector target, int index) {
        double[] values = new double[to - from];
        for (int i = 0; i < values.length; i++) {
            values[i] = entries.segment().get(DOUBLE, sorted[from + i] * ENTRY + 8);
        }
        double result = values.length == 0 ? 0 : quantile(values);
        if (deviation && values.length > 0) {
            for (int i = 0; i < values.length; i++) {
                values[i] = Math.abs(values[i] - result);
            }
            result = quantile(values);
        }
        Results.writeDouble(target, index, values.length > 0, result);
    }

    /** Sorts the values, and takes the one at the fraction, linearly between neighbours. */
    private double quantile(double[] values) {
        Arrays.sort(values);
        double place = fraction * (values.length - 1);
        int below = (int) Math.floor(place);
        double result = values[below];
        double above = values[Integer.min(below + 1, values.length - 1)];
        return place > below && above != result ? result + (above - result) * (place - below) : result;
    }

    private void writeConcatenation(long[] sorted, int from, int to, BaseVariableWidthVector target, int index) {
        if (from == to) {
            target.setNull(index);
            return;
        }
        MemorySegment state = entries.segment();
        List<Long> rows = new ArrayList<>();
        long length = (to - from - 1L) * separator.length;
        for (int i = from; i < to; i++) {
            rows.add(sorted[i]);
            length += state.get(INT, sorted[i] * ENTRY + 4);
        }
        rows.sort((a, b) -> Long.compare(state.get(LONG, a * ENTRY + 8), state.get(LONG, b * ENTRY + 8)));
        byte[] text = new byte[Math.toIntExact(length)];
        int at = 0;
        for (long row : rows) {
            if (at > 0 || row != rows.getFirst()) {
                System.arraycopy(separator, 0, text, at, separator.length);
                at += separator.length;
            }
            int part = state.get(INT, row * ENTRY + 4);
            MemorySegment.copy(bytes.segment(), ValueLayout.JAVA_BYTE, state.get(LONG, row * ENTRY + 16), text, at,
                    part);
            at += part;
        }
        target.setSafe(index, text);
    }

    @Override
    public void close() {
        entries.close();
        bytes.close();
    }
}
