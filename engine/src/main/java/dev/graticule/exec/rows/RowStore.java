package dev.graticule.exec.rows;

import dev.graticule.batch.Batch;
import dev.graticule.batch.Box;
import dev.graticule.batch.Column;
import dev.graticule.batch.Layout;
import dev.graticule.batch.Memory;
import dev.graticule.batch.NullForm;
import dev.graticule.batch.OneValue;
import dev.graticule.batch.Scratch;
import dev.graticule.batch.Selection;
import dev.graticule.batch.ToArrow;
import dev.graticule.batch.Values;
import dev.graticule.kernel.CompareLoop;
import dev.graticule.type.SqlType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.FieldVector;

/**
 * Rows that are kept: dense Arrow vectors in chunks of up to {@link #CHUNK} rows. Row {@code r} of chunk {@code c} has the number
 * {@code c << 16 | r}.
 *
 * <p>Appending belongs to one thread at a time; after the last append any threads may read. Whoever makes a store closes it.
 */
public final class RowStore implements AutoCloseable {
    /** How many rows a chunk holds at most. */
    public static final int CHUNK = 1 << 16;
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

    private final List<SqlType> types;
    private final BufferAllocator allocator;
    private final ToArrow toArrow = new ToArrow(CompareLoop::numbers);
    private final List<List<FieldVector>> chunks = new ArrayList<>();
    private final List<Integer> counts = new ArrayList<>();
    private final List<RowStore> adopted = new ArrayList<>();
    private final NullForm[] forms;
    private final boolean[] mayHaveNulls;
    private long rows;
    private boolean closed;

    /** An empty store of rows with these columns, whose memory comes from a child of {@code parent}. */
    public RowStore(List<SqlType> types, BufferAllocator parent) {
        this.types = List.copyOf(types);
        this.forms = new NullForm[types.size()];
        this.mayHaveNulls = new boolean[types.size()];
        this.allocator = parent.newChildAllocator("rows", 0, Long.MAX_VALUE);
    }

    public List<SqlType> types() {
        return types;
    }

    /** How many rows are kept. */
    public long size() {
        return rows;
    }

    /** How many bytes of Arrow memory they take. */
    public long bytes() {
        return allocator.getAllocatedMemory() + adopted.stream().mapToLong(RowStore::bytes).sum();
    }

    public int chunks() {
        return chunks.size();
    }

    /** How many rows a chunk has. */
    public int rows(int chunk) {
        return counts.get(chunk);
    }

    /** The vector of a column of a chunk; it belongs to the store. */
    public FieldVector vector(int chunk, int column) {
        return chunks.get(chunk).get(column);
    }

    /** Copies the selected rows of a batch with these columns. */
    public void append(Batch batch) {
        append(batch.columns(), batch.shape(), batch.rows(), batch.selection());
    }

    /** Copies the selected rows of columns over a box of {@code count} rows in that shape. */
    public void append(List<Column> columns, int[] shape, int count, Selection selection) {
        if (columns.size() != types.size()) {
            throw new IllegalArgumentException(columns.size() + " columns for a store of " + types);
        }
        for (int column = 0; column < forms.length; column++) {
            NullForm form = columns.get(column).nulls();
            forms[column] = forms[column] == null || forms[column] == form ? form : NullForm.BITMAP;
            mayHaveNulls[column] |= form != NullForm.NONE;
        }
        for (int from = 0; from < count;) {
            if (chunks.isEmpty() || rows(chunks.size() - 1) == CHUNK) {
                if (ToArrow.countSelected(selection, from, count) == 0) {
                    return;
                }
                openChunk();
            }
            int chunk = chunks.size() - 1;
            int at = rows(chunk);
            int to = cut(selection, from, count, CHUNK - at);
            for (int column = 0; column < forms.length; column++) {
                toArrow.append(columns.get(column), shape, selection, from, to, vector(chunk, column), at);
            }
            int appended = ToArrow.countSelected(selection, from, to);
            counts.set(chunk, at + appended);
            rows += appended;
            from = to;
        }
    }

    /** The largest {@code to} so that rows {@code [from, to)} have at most {@code room} selected ones. */
    private static int cut(Selection selection, int from, int end, int room) {
        return switch (selection) {
            case Selection.All all -> (int) Long.min(end, (long) from + room);
            case Selection.Bitmap bitmap -> {
                if (ToArrow.countSelected(selection, from, end) <= room) {
                    yield end;
                }
                int row = from;
                int left = room;
                // Word by word, then bit by bit.
                while (true) {
                    int next = Integer.min(end, (row >>> 6) + 1 << 6);
                    int inside = ToArrow.countSelected(selection, row, next);
                    if (inside > left) {
                        break;
                    }
                    left -= inside;
                    row = next;
                }
                while (left > 0 || !bitmap.contains(row)) {
                    left -= bitmap.contains(row) ? 1 : 0;
                    row++;
                }
                yield row;
            }
        };
    }

    private void openChunk() {
        List<FieldVector> vectors = new ArrayList<>();
        for (int column = 0; column < types.size(); column++) {
            vectors.add(types.get(column).field("c" + column, Map.of()).createVector(allocator));
        }
        chunks.add(vectors);
        counts.add(0);
    }

    /** Takes over the chunks of another store with the same columns, after its own; the other one is closed with this one. */
    public void adopt(RowStore other) {
        if (!types.equals(other.types)) {
            throw new IllegalArgumentException(other.types + " into a store of " + types);
        }
        for (int column = 0; column < forms.length; column++) {
            NullForm form = other.forms[column];
            mayHaveNulls[column] |= other.mayHaveNulls[column];
            forms[column] = forms[column] == null ? form
                    : form == null || form == forms[column] ? forms[column] : NullForm.BITMAP;
        }
        chunks.addAll(other.chunks);
        counts.addAll(other.counts);
        rows += other.rows;
        adopted.add(other);
    }

    /** A chunk as a batch, which is valid as long as the store is. */
    public Batch batch(int chunk, long ordinal) {
        int count = rows(chunk);
        int[] shape = {count};
        List<Column> columns = new ArrayList<>();
        for (int column = 0; column < forms.length; column++) {
            columns.add(column(vector(chunk, column), column, shape));
        }
        return Batch.of(Box.rows((long) chunk << 16, count), ordinal, columns);
    }

    /** A vector with values of a column of this store as a column of a box of one axis, in the form of NULLs that the rows came in. */
    private Column column(FieldVector vector, int column, int[] shape) {
        Values values = Values.of(vector);
        boolean nan = forms[column] == NullForm.NAN
                && (values.type() == SqlType.REAL || values.type() == SqlType.DOUBLE);
        return nan ? new Column.Strided(values, Layout.dense(shape, 0), NullForm.NAN) : Column.dense(values, shape, 0);
    }

    /**
     * A batch with the first {@code width} columns of the rows of the given numbers, in that order: a copy whose vectors come from
     * {@code target} and are added to {@code owned}, which the caller closes.
     */
    public Batch gather(int width, long[] numbers, int from, int count, long ordinal, BufferAllocator target,
            List<? super FieldVector> owned) {
        int[] shape = {count};
        List<Column> columns = new ArrayList<>();
        for (int column = 0; column < width; column++) {
            FieldVector vector = types.get(column).field("c" + column, Map.of()).createVector(target);
            owned.add(vector);
            gather(column, numbers, from, count, vector);
            columns.add(column(vector, column, shape));
        }
        return Batch.of(Box.rows(0, count), ordinal, columns);
    }

    /** Copies a column of the rows of the given numbers into a vector of its type. */
    public void gather(int column, long[] numbers, int from, int count, FieldVector target) {
        SqlType type = types.get(column);
        if (type == SqlType.NULL || count == 0) {
            target.setValueCount(count);
            return;
        }
        try {
            target.setInitialCapacity(count);
            target.allocateNew();
            if (type instanceof SqlType.Other) {
                for (int i = 0; i < count; i++) {
                    OneValue.copy(vector((int) (numbers[from + i] >>> 16), column), (int) numbers[from + i] & 0xffff,
                            target, i);
                }
            } else if (type.isVariableWidth()) {
                gatherStrings(column, numbers, from, count, (BaseVariableWidthVector) target);
            } else {
                gatherFixed(column, numbers, from, count, target);
            }
            target.setValueCount(count);
        } catch (OutOfMemoryException exhausted) {
            throw Scratch.outOfMemory((long) count * Integer.max(1, type.bytes()), target.getAllocator(), exhausted);
        }
    }

    private MemorySegment[] segments(int column, Function<FieldVector, ArrowBuf> buffer) {
        MemorySegment[] segments = new MemorySegment[chunks.size()];
        for (int chunk = 0; chunk < segments.length; chunk++) {
            segments[chunk] = Memory.segment(buffer.apply(vector(chunk, column)));
        }
        return segments;
    }

    private void gatherFixed(int column, long[] numbers, int from, int count, FieldVector target) {
        MemorySegment[] data = segments(column, FieldVector::getDataBuffer);
        MemorySegment to = Memory.segment(target.getDataBuffer());
        switch (types.get(column).bytes()) {
            case 0 -> {
                for (int i = 0; i < count; i++) {
                    long number = numbers[from + i];
                    Memory.setBit(to, i, Memory.bit(data[(int) (number >>> 16)], (int) number & 0xffff));
                }
            }
            case 1 -> {
                for (int i = 0; i < count; i++) {
                    long number = numbers[from + i];
                    to.set(ValueLayout.JAVA_BYTE, i,
                            data[(int) (number >>> 16)].get(ValueLayout.JAVA_BYTE, number & 0xffff));
                }
            }
            case 2 -> {
                for (int i = 0; i < count; i++) {
                    long number = numbers[from + i];
                    to.set(SHORT, i * 2L, data[(int) (number >>> 16)].get(SHORT, (number & 0xffff) * 2));
                }
            }
            case 4 -> {
                for (int i = 0; i < count; i++) {
                    long number = numbers[from + i];
                    to.set(INT, i * 4L, data[(int) (number >>> 16)].get(INT, (number & 0xffff) * 4));
                }
            }
            case 8 -> {
                for (int i = 0; i < count; i++) {
                    long number = numbers[from + i];
                    to.set(LONG, i * 8L, data[(int) (number >>> 16)].get(LONG, (number & 0xffff) * 8));
                }
            }
            default -> {
                for (int i = 0; i < count; i++) {
                    long number = numbers[from + i];
                    MemorySegment.copy(data[(int) (number >>> 16)], (number & 0xffff) * 16, to, i * 16L, 16);
                }
            }
        }
        gatherValidity(column, numbers, from, count, target);
    }

    private void gatherValidity(int column, long[] numbers, int from, int count, FieldVector target) {
        MemorySegment to = Memory.segment(target.getValidityBuffer());
        if (!mayHaveNulls[column]) {
            Memory.fillBits(to, 0, count, true);
            return;
        }
        MemorySegment[] validity = segments(column, FieldVector::getValidityBuffer);
        for (int i = 0; i < count; i += 64) {
            int length = Integer.min(64, count - i);
            long word = 0;
            for (int j = 0; j < length; j++) {
                long number = numbers[from + i + j];
                word |= (Memory.bit(validity[(int) (number >>> 16)], (int) number & 0xffff) ? 1L : 0) << j;
            }
            Memory.setBits(to, i, word, length);
        }
    }

    private void gatherStrings(int column, long[] numbers, int from, int count, BaseVariableWidthVector target) {
        MemorySegment[] offsets = segments(column, FieldVector::getOffsetBuffer);
        MemorySegment[] data = segments(column, FieldVector::getDataBuffer);
        long bytes = 0;
        for (int i = 0; i < count; i++) {
            MemorySegment source = offsets[(int) (numbers[from + i] >>> 16)];
            int row = (int) numbers[from + i] & 0xffff;
            bytes += source.get(INT, row * 4L + 4) - source.get(INT, row * 4L);
        }
        if (target.getDataBuffer().capacity() < bytes) {
            target.reallocDataBuffer(Math.toIntExact(bytes));
        }
        MemorySegment ends = Memory.segment(target.getOffsetBuffer());
        MemorySegment to = Memory.segment(target.getDataBuffer());
        int at = 0;
        ends.set(INT, 0, 0);
        for (int i = 0; i < count; i++) {
            int chunk = (int) (numbers[from + i] >>> 16);
            int row = (int) numbers[from + i] & 0xffff;
            int start = offsets[chunk].get(INT, row * 4L);
            int length = offsets[chunk].get(INT, row * 4L + 4) - start;
            MemorySegment.copy(data[chunk], start, to, at, length);
            at += length;
            ends.set(INT, (i + 1) * 4L, at);
        }
        target.setLastSet(count - 1);
        gatherValidity(column, numbers, from, count, target);
    }

    /** Frees the rows; a second call does nothing. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        for (List<FieldVector> vectors : chunks) {
            vectors.forEach(FieldVector::close);
        }
        chunks.clear();
        counts.clear();
        rows = 0;
        adopted.forEach(RowStore::close);
        allocator.close();
    }
}
