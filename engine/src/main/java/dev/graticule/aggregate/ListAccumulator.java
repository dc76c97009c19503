package dev.graticule.aggregate;

import dev.graticule.ErrorKind;
import dev.graticule.GraticuleException;
import dev.graticule.batch.Batch;
import dev.graticule.batch.Column;
import dev.graticule.batch.GrowableBuffer;
import dev.graticule.batch.HeapReservation;
import dev.graticule.batch.RowArrays;
import dev.graticule.batch.RowOrder;
import dev.graticule.batch.Values;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
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
    private final EntriesByGroup byGroup;
    private final BufferAllocator allocator;
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
        this.byGroup = new EntriesByGroup(allocator);
        this.allocator = allocator;
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
        if (count != groups) {
            byGroup.close();
        }
        groups = count;
    }

    @Override
    public void add(Batch batch, List<Column> arguments, GroupCodes groupCodes) {
        byGroup.close();
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
    public void merge(Accumulator other, int[] picked, int[] mapping, int count) {
        ListAccumulator from = (ListAccumulator) other;
        byGroup.close();
        from.index();
        for (int i = 0; i < count; i++) {
            int group = picked == null ? i : picked[i];
            int to = mapping == null ? group : mapping[i];
            for (long at = from.byGroup.start(group); at < from.byGroup.end(group); at++) {
                mergeEntry(from, from.byGroup.entry(at) * ENTRY, to);
            }
        }
    }

    private void mergeEntry(ListAccumulator from, long entry, int to) {
        MemorySegment theirs = from.entries.segment();
        if (separator != null) {
            addString(to, theirs.get(LONG, entry + 8), from.bytes.segment(), theirs.get(LONG, entry + 16),
                    theirs.get(INT, entry + 4));
        } else {
            MemorySegment target = entries.ensure((size + 1) * ENTRY);
            target.set(INT, size * ENTRY, to);
            target.set(DOUBLE, size * ENTRY + 8, theirs.get(DOUBLE, entry + 8));
            size++;
        }
    }

    private void index() {
        if (!byGroup.isBuilt()) {
            byGroup.build(groups, size, i -> entries.segment().get(INT, i * ENTRY));
            if (separator != null) {
                byGroup.order(i -> entries.segment().get(LONG, i * ENTRY + 8));
            }
        }
    }

    @Override
    public void write(int[] picked, int from, int count, FieldVector target) {
        index();
        try (HeapReservation heap = new HeapReservation(allocator)) {
            for (int i = 0; i < count; i++) {
                int group = picked == null ? from + i : picked[from + i];
                if (separator == null) {
                    writeQuantile(byGroup.start(group), byGroup.end(group), heap, target, i);
                } else {
                    writeConcatenation(byGroup.start(group), byGroup.end(group), heap,
                            (BaseVariableWidthVector) target, i);
                }
            }
        }
    }

    private void writeQuantile(long from, long to, HeapReservation heap, FieldVector target, int index) {
        heap.ensure((to - from) * 8);
        double[] values = new double[Math.toIntExact(to - from)];
        for (int i = 0; i < values.length; i++) {
            values[i] = entries.segment().get(DOUBLE, byGroup.entry(from + i) * ENTRY + 8);
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

    private void writeConcatenation(long from, long to, HeapReservation heap, BaseVariableWidthVector target,
            int index) {
        if (from == to) {
            target.setNull(index);
            return;
        }
        MemorySegment state = entries.segment();
        long length = (to - from - 1) * separator.length;
        for (long at = from; at < to; at++) {
            long entry = byGroup.entry(at) * ENTRY;
            length += state.get(INT, entry + 4);
        }
        heap.ensure(length);
        if (length > Integer.MAX_VALUE - 8) {
            throw GraticuleException.of(ErrorKind.RESOURCE, null,
                    "A text of " + length + " bytes is too long: string_agg over smaller groups.", null);
        }
        byte[] text = new byte[(int) length];
        int filled = 0;
        for (long at = from; at < to; at++) {
            if (at > from) {
                System.arraycopy(separator, 0, text, filled, separator.length);
                filled += separator.length;
            }
            long entry = byGroup.entry(at) * ENTRY;
            int part = state.get(INT, entry + 4);
            MemorySegment.copy(bytes.segment(), ValueLayout.JAVA_BYTE, state.get(LONG, entry + 16), text, filled, part);
            filled += part;
        }
        target.setSafe(index, text);
    }

    @Override
    public void follow(Accumulator before) {
        order.follow(((ListAccumulator) before).order);
    }

    @Override
    public void close() {
        byGroup.close();
        entries.close();
        bytes.close();
    }
}
