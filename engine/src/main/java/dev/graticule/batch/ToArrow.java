package dev.graticule.batch;

import dev.graticule.ErrorKind;
import dev.graticule.GraticuleException;
import dev.graticule.type.SqlType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.NullVector;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;

/**
 * Turns any column into an Arrow vector of the selected rows: dense, with a validity bitmap (a NULL that is kept as NaN becomes a
 * cleared bit; its value stays NaN).
 *
 * <p>Keeps arrays for reuse, so one thread uses it at a time. Errors: RESOURCE where the allocator's limit is reached; the target is then
 * still valid and still owned by the caller.
 */
public final class ToArrow {
    private static final int SHORT_RUN = 8;
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

    private static final int MASK_WORDS = 1 << 10;

    private final NumberMask numbers;
    private final long[] mask = new long[MASK_WORDS];
    private int[] places = {};
    private int[] selected = {};

    /** Finds the NULLs that are kept as NaN. */
    @FunctionalInterface
    public interface NumberMask {
        /** Writes the lowest {@code count} bits: whether REAL or DOUBLE value {@code at + i} is a number. */
        void run(SqlType.Scalar type, MemorySegment values, long at, long[] bits, int count);
    }

    /** With the loop that tells numbers from NaNs (loops of vectors are in a package that uses this one). */
    public ToArrow(NumberMask numbers) {
        this.numbers = numbers;
    }

    /** A new vector with the selected rows of a column; the caller closes it. */
    public FieldVector openVector(Column column, int[] shape, int rows, Selection selection, String name,
            Map<String, String> metadata,
            BufferAllocator allocator) {
        FieldVector vector = column.type().field(name, metadata).createVector(allocator);
        try {
            append(column, shape, selection, 0, rows, vector, 0);
            return vector;
        } catch (RuntimeException | Error failure) {
            vector.close();
            throw failure;
        }
    }

    /** Whether {@link #openHandedOver} may be called: numbers, one after the other for each row, that fill a buffer of the pool. */
    public static boolean canHandOver(Column column, int[] shape, int rows, Scratch pool) {
        return column instanceof Column.Strided strided && strided.type().bytes() > 0
                && strided.layout().isDense(shape)
                && pool.canHandOver(strided.values().dataBuffer(), (long) rows * strided.type().bytes());
    }

    /**
     * A new vector with all rows of a column that has its memory from a pool, without a copy; the caller closes it. The pool will not
     * use that memory again, and nobody may write to it.
     */
    public FieldVector openHandedOver(Column.Strided column, int rows, Scratch pool, String name,
            Map<String, String> metadata, BufferAllocator allocator) {
        Values values = column.values();
        int width = values.type().bytes();
        FieldVector vector = column.type().field(name, metadata).createVector(allocator);
        try (ArrowBuf validity = allocator.buffer(Scratch.bitmapBytes(rows));
                ArrowBuf data = pool.openHandedOver(values.dataBuffer(), (long) column.layout().offset() * width,
                        (long) rows * width, allocator)) {
            validity.setZero(0, validity.capacity());
            vector.loadFieldBuffers(new ArrowFieldNode(rows, 0), List.of(validity, data));
            validate(column, column.layout().offset(), rows, vector, 0);
            if (column.nulls() == NullForm.NAN) {
                validateNumbers(column.type(), vector, 0, rows);
            }
            vector.setValueCount(rows);
            return vector;
        } catch (OutOfMemoryException exhausted) {
            vector.close();
            throw Scratch.outOfMemory(Scratch.bitmapBytes(rows), allocator, exhausted);
        } catch (RuntimeException | Error failure) {
            vector.close();
            throw failure;
        }
    }

    /**
     * Appends the selected rows among rows {@code [from, to)} of a box to a vector of the column's type that holds {@code at} values; it
     * holds that many more afterwards.
     *
     * @return how many rows were appended
     */
    public int append(Column column, int[] shape, Selection selection, int from, int to, FieldVector target, int at) {
        int count = countSelected(selection, from, to);
        if (count == 0) {
            if (at == 0) {
                target.setValueCount(0);
            }
            return 0;
        }
        try {
            if (target instanceof NullVector nulls) {
                nulls.setValueCount(at + count);
                return count;
            }
            reserve(target, at + count);
            boolean all = count == to - from;
            Layout layout = column.layout();
            switch (column) {
                case Column.Strided strided -> {
                    Values values = strided.values();
                    if (layout.isConstant(shape)) {
                        appendConstant(strided, layout.offset() + RowArrays.origin(layout), count, target, at);
                    } else if (all && layout.isDense(shape)) {
                        appendRun(strided, layout.offset() + from, count, target, at);
                    } else if (all && hasRuns(layout, shape) && !(values.type() instanceof SqlType.Other)) {
                        appendRuns(strided, shape, from, to, target, at);
                    } else {
                        placesOf(layout, shape, selection, from, to, count);
                        gather(strided, values, count, target, at);
                    }
                }
                case Column.Dictionary dictionary -> {
                    placesOf(layout, shape, selection, from, to, count);
                    Values indices = dictionary.indices();
                    for (int i = 0; i < count; i++) {
                        int place = places[i];
                        places[i] = indices.isValid(place) ? indices.data().get(INT, place * 4L) : -1;
                    }
                    gather(dictionary, dictionary.dictionary(), count, target, at);
                }
            }
        } catch (OutOfMemoryException exhausted) {
            throw Scratch.outOfMemory((long) count * Integer.max(1, column.type().bytes()), target.getAllocator(),
                    exhausted);
        }
        if (column.nulls() == NullForm.NAN) {
            validateNumbers(column.type(), target, at, count);
        }
        setCount(target, at + count);
        return count;
    }

    /** How many of the rows {@code [from, to)} are selected. */
    public static int countSelected(Selection selection, int from, int to) {
        return switch (selection) {
            case Selection.All all -> to - from;
            case Selection.Bitmap bitmap -> {
                long[] words = bitmap.words();
                int count = 0;
                for (int word = from >>> 6; word << 6 < to; word++) {
                    long bits = words[word];
                    if (word == from >>> 6) {
                        bits &= -1L << from;
                    }
                    if (to - (word << 6) < 64) {
                        bits &= (1L << to) - 1;
                    }
                    count += Long.bitCount(bits);
                }
                yield count;
            }
        };
    }

    private static boolean hasRuns(Layout layout, int[] shape) {
        int last = shape.length - 1;
        return shape[last] >= SHORT_RUN && layout.table(last) == null
                && (layout.stride(last) == 0 || layout.stride(last) == 1);
    }

    private void appendRuns(Column.Strided column, int[] shape, int from, int to, FieldVector target, int at) {
        Layout layout = column.layout();
        int last = shape.length - 1;
        int length = shape[last];
        for (int row = from; row < to;) {
            int inside = row % length;
            int run = Integer.min(length - inside, to - row);
            int place = layout.place(shape, row);
            if (layout.stride(last) == 0) {
                appendConstant(column, place, run, target, at + row - from);
            } else {
                appendRun(column, place, run, target, at + row - from);
            }
            row += run;
        }
    }

    /** Fills {@code places} with those of the selected rows. */
    private void placesOf(Layout layout, int[] shape, Selection selection, int from, int to, int count) {
        if (places.length < count) {
            places = new int[count];
        }
        if (selection instanceof Selection.Bitmap bitmap && count < to - from) {
            if (selected.length < count) {
                selected = new int[count];
            }
            int n = 0;
            for (int row = bitmap.next(from, to); row >= 0 && row < to; row = bitmap.next(row + 1, to)) {
                selected[n++] = row;
            }
            if (layout.isDense(shape)) {
                for (int i = 0; i < n; i++) {
                    places[i] = layout.offset() + selected[i];
                }
                return;
            }
            int length = shape[shape.length - 1];
            int last = shape.length - 1;
            int start = 0;
            int base = 0;
            int end = -1;
            for (int i = 0; i < n; i++) {
                int row = selected[i];
                if (row >= end) {
                    start = row - row % length;
                    end = start + length;
                    base = layout.place(shape, start) - layout.step(last, 0);
                }
                places[i] = base + layout.step(last, row - start);
            }
            return;
        }
        int length = shape[shape.length - 1];
        int last = shape.length - 1;
        for (int row = from; row < to;) {
            int inside = row % length;
            int run = Integer.min(length - inside, to - row);
            int base = layout.place(shape, row - inside) - layout.step(last, 0);
            for (int i = 0; i < run; i++) {
                places[row - from + i] = base + layout.step(last, inside + i);
            }
            row += run;
        }
    }

    private static void reserve(FieldVector target, int capacity) {
        if (target.getValueCapacity() < capacity) {
            if (target.getValueCapacity() == 0) {
                allocate(target, capacity);
            }
            while (target.getValueCapacity() < capacity) {
                target.reAlloc();
            }
        }
    }

    /** The memory of an empty vector. That of numbers is not cleared, as Arrow would: all of it will be written. */
    private static void allocate(FieldVector target, int capacity) {
        if (!(target instanceof BaseFixedWidthVector numbers) || target instanceof BitVector) {
            target.setInitialCapacity(capacity);
            target.allocateNew();
            return;
        }
        BufferAllocator allocator = target.getAllocator();
        try (ArrowBuf data = allocator.buffer((long) capacity * numbers.getTypeWidth());
                ArrowBuf validity = allocator.buffer(Scratch.bitmapBytes(capacity))) {
            validity.setZero(0, validity.capacity());
            numbers.loadFieldBuffers(new ArrowFieldNode(0, 0), List.of(validity, data));
        }
    }

    private static void setCount(FieldVector target, int count) {
        if (target instanceof BaseVariableWidthVector strings) {
            strings.setLastSet(count - 1);
        }
        target.setValueCount(count);
    }

    /** Appends {@code count} values that follow each other from {@code place}. */
    private static void appendRun(Column.Strided column, int place, int count, FieldVector target, int at) {
        Values values = column.values();
        SqlType type = values.type();
        if (type instanceof SqlType.Other) {
            for (int i = 0; i < count; i++) {
                OneValue.copy(values.vector(), place + i, target, at + i);
            }
            return;
        }
        if (type == SqlType.BOOLEAN) {
            Memory.copyBits(values.data(), place, Memory.segment(target.getDataBuffer()), at, count);
        } else if (type.isVariableWidth()) {
            int start = values.offsets().get(INT, place * 4L);
            int end = values.offsets().get(INT, (place + count) * 4L);
            int shift = room(target, at, end - (long) start) - start;
            MemorySegment offsets = Memory.segment(target.getOffsetBuffer());
            for (int i = 1; i <= count; i++) {
                offsets.set(INT, (at + i) * 4L, values.offsets().get(INT, (place + i) * 4L) + shift);
            }
            MemorySegment.copy(values.data(), start, Memory.segment(target.getDataBuffer()), (long) start + shift,
                    (long) end - start);
        } else {
            int width = type.bytes();
            MemorySegment.copy(values.data(), (long) place * width, Memory.segment(target.getDataBuffer()),
                    (long) at * width,
                    (long) count * width);
        }
        validate(column, place, count, target, at);
    }

    /** Sets the validity bits of values that follow each other from {@code place}, where these do not depend on the values. */
    private static void validate(Column.Strided column, int place, int count, FieldVector target, int at) {
        MemorySegment validity = Memory.segment(target.getValidityBuffer());
        MemorySegment bits = column.values().validity();
        switch (column.nulls()) {
            case NONE -> Memory.fillBits(validity, at, count, true);
            case BITMAP -> {
                if (bits == null) {
                    Memory.fillBits(validity, at, count, true);
                } else {
                    Memory.copyBits(bits, place, validity, at, count);
                }
            }
            case NAN -> {
                // By validateNumbers, for all values at once.
            }
        }
    }

    /** Sets the validity bits of values that have been copied already: whether they are numbers. */
    private void validateNumbers(SqlType type, FieldVector target, int at, int count) {
        MemorySegment data = Memory.segment(target.getDataBuffer());
        MemorySegment validity = Memory.segment(target.getValidityBuffer());
        for (int done = 0; done < count;) {
            int some = Integer.min(count - done, MASK_WORDS * 64);
            numbers.run((SqlType.Scalar) type, data, (long) at + done, mask, some);
            Memory.copyBits(MemorySegment.ofArray(mask), 0, validity, (long) at + done, some);
            done += some;
        }
    }

    /** Makes room for that many bytes of strings after value {@code at - 1} and returns where they begin. */
    private static int room(FieldVector target, int at, long bytes) {
        int start = at == 0 ? 0 : target.getOffsetBuffer().getInt(at * 4L);
        long end = start + bytes;
        if (end > Integer.MAX_VALUE) {
            throw GraticuleException.of(ErrorKind.RESOURCE, null,
                    "The strings of one batch exceed 2 GiB: select fewer or shorter ones, or use smaller batches.",
                    null);
        }
        if (target.getDataBuffer().capacity() < end) {
            ((BaseVariableWidthVector) target).reallocDataBuffer(end);
        }
        return start;
    }

    private static void appendConstant(Column.Strided column, int place, int count, FieldVector target, int at) {
        Values values = column.values();
        SqlType type = values.type();
        boolean valid = !RowArrays.isNull(column, place);
        if (type instanceof SqlType.Other) {
            for (int i = 0; i < count; i++) {
                OneValue.copy(values.vector(), place, target, at + i);
            }
            return;
        }
        Memory.fillBits(Memory.segment(target.getValidityBuffer()), at, count, valid);
        if (type == SqlType.BOOLEAN) {
            Memory.fillBits(Memory.segment(target.getDataBuffer()), at, count, Memory.bit(values.data(), place));
        } else if (type.isVariableWidth()) {
            int start = values.offsets().get(INT, place * 4L);
            int length = valid ? values.offsets().get(INT, place * 4L + 4) - start : 0;
            int to = room(target, at, (long) length * count);
            MemorySegment offsets = Memory.segment(target.getOffsetBuffer());
            MemorySegment bytes = Memory.segment(target.getDataBuffer());
            for (int i = 0; i < count; i++) {
                MemorySegment.copy(values.data(), start, bytes, to, length);
                to += length;
                offsets.set(INT, (at + i + 1) * 4L, to);
            }
        } else {
            int width = type.bytes();
            MemorySegment data = Memory.segment(target.getDataBuffer()).asSlice((long) at * width,
                    (long) count * width);
            MemorySegment.copy(values.data(), (long) place * width, data, 0, width);
            // Doubles what is filled until it is full.
            for (long filled = width; filled < data.byteSize(); filled *= 2) {
                MemorySegment.copy(data, 0, data, filled, Long.min(filled, data.byteSize() - filled));
            }
        }
    }

    /** Appends the values at {@code places[0 .. count)}; -1 is NULL. */
    private void gather(Column column, Values values, int count, FieldVector target, int at) {
        SqlType type = values.type();
        boolean gaps = column instanceof Column.Dictionary;
        if (type instanceof SqlType.Other) {
            for (int i = 0; i < count; i++) {
                if (places[i] < 0) {
                    target.setNull(at + i);
                } else {
                    OneValue.copy(values.vector(), places[i], target, at + i);
                }
            }
            return;
        }
        MemorySegment from = values.data();
        if (type.isVariableWidth()) {
            gatherStrings(column, values, count, target, at);
        } else if (type == SqlType.BOOLEAN) {
            MemorySegment to = Memory.segment(target.getDataBuffer());
            for (int i = 0; i < count; i++) {
                Memory.setBit(to, (long) at + i, places[i] >= 0 && Memory.bit(from, places[i]));
            }
        } else if (values.count() > 0) {
            MemorySegment to = Memory.segment(target.getDataBuffer());
            switch (type.bytes()) {
                case 1 -> {
                    for (int i = 0; i < count; i++) {
                        to.set(ValueLayout.JAVA_BYTE, (long) at + i,
                                from.get(ValueLayout.JAVA_BYTE, Integer.max(0, places[i])));
                    }
                }
                case 2 -> {
                    for (int i = 0; i < count; i++) {
                        to.set(SHORT, (at + i) * 2L, from.get(SHORT, Integer.max(0, places[i]) * 2L));
                    }
                }
                case 4 -> {
                    for (int i = 0; i < count; i++) {
                        to.set(INT, (at + i) * 4L, from.get(INT, Integer.max(0, places[i]) * 4L));
                    }
                }
                case 8 -> {
                    for (int i = 0; i < count; i++) {
                        to.set(LONG, (at + i) * 8L, from.get(LONG, Integer.max(0, places[i]) * 8L));
                    }
                }
                default -> {
                    for (int i = 0; i < count; i++) {
                        MemorySegment.copy(from, Integer.max(0, places[i]) * 16L, to, (at + i) * 16L, 16);
                    }
                }
            }
        }
        if (gaps && column.nulls() == NullForm.NAN) {
            nanWhereMissing(type, Memory.segment(target.getDataBuffer()), count, at);
        }
        MemorySegment validity = Memory.segment(target.getValidityBuffer());
        if (!gaps && column.nulls() == NullForm.NONE) {
            Memory.fillBits(validity, at, count, true);
        } else if (column.nulls() != NullForm.NAN) {
            for (int i = 0; i < count; i++) {
                Memory.setBit(validity, (long) at + i, !RowArrays.isNull(column, places[i]));
            }
        }
    }

    /** Where NULLs are kept as NaN, a NULL index is one too. */
    private void nanWhereMissing(SqlType type, MemorySegment data, int count, int at) {
        for (int i = 0; i < count; i++) {
            if (places[i] < 0 && type == SqlType.REAL) {
                data.set(ValueLayout.JAVA_FLOAT_UNALIGNED, (at + i) * 4L, Float.NaN);
            } else if (places[i] < 0) {
                data.set(ValueLayout.JAVA_DOUBLE_UNALIGNED, (at + i) * 8L, Double.NaN);
            }
        }
    }

    private void gatherStrings(Column column, Values values, int count, FieldVector target, int at) {
        MemorySegment from = values.offsets();
        long bytes = 0;
        for (int i = 0; i < count; i++) {
            int place = places[i];
            if (RowArrays.isNull(column, place)) {
                continue;
            }
            bytes += from.get(INT, place * 4L + 4) - from.get(INT, place * 4L);
        }
        int to = room(target, at, bytes);
        MemorySegment offsets = Memory.segment(target.getOffsetBuffer());
        MemorySegment data = Memory.segment(target.getDataBuffer());
        for (int i = 0; i < count; i++) {
            int place = places[i];
            if (!RowArrays.isNull(column, place)) {
                int start = from.get(INT, place * 4L);
                int length = from.get(INT, place * 4L + 4) - start;
                MemorySegment.copy(values.data(), start, data, to, length);
                to += length;
            }
            offsets.set(INT, (at + i + 1) * 4L, to);
        }
    }
}
