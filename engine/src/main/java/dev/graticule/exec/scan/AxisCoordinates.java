package dev.graticule.exec.scan;

import dev.graticule.batch.Box;
import dev.graticule.batch.Column;
import dev.graticule.batch.IndexSet;
import dev.graticule.batch.Layout;
import dev.graticule.batch.NullForm;
import dev.graticule.batch.Scratch;
import dev.graticule.batch.Values;
import dev.graticule.exec.Worker;
import dev.graticule.spi.Axis;
import dev.graticule.spi.GridReader;
import dev.graticule.spi.GridVariable;
import dev.graticule.spi.GriddedTable;
import dev.graticule.type.SqlType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;

/** The stored coordinates of a table's axes, each read whole at the first call and kept for the query. */
final class AxisCoordinates implements AutoCloseable {
    private final GriddedTable table;
    private final Worker worker;
    private final BufferAllocator allocator;
    private final Column.Strided[] coordinates;
    private final Column.Strided[] indices;
    private final List<ArrowBuf> buffers = new ArrayList<>();

    /** Reads on {@code worker}; what it gives may be read by all threads until this is closed. */
    AxisCoordinates(GriddedTable table, Worker worker) {
        this.table = table;
        this.worker = worker;
        this.allocator = worker.query().allocator().newChildAllocator("coordinates", 0, Long.MAX_VALUE);
        this.coordinates = new Column.Strided[table.axes().size()];
        this.indices = new Column.Strided[table.axes().size()];
    }

    /** The stored coordinate of an axis, over a box of that axis alone: value {@code i} belongs to index {@code i}. */
    Column.Strided of(int axis) {
        if (coordinates[axis] == null) {
            coordinates[axis] = read(axis);
        }
        return coordinates[axis];
    }

    /** The BIGINT index 0, 1, 2, ... along an axis. */
    Column.Strided index(int axis) {
        if (indices[axis] == null) {
            int length = table.axes().get(axis).length();
            Values values = Values.of(SqlType.BIGINT, length, allocate(Long.max(1, length) * 8), null);
            for (int i = 0; i < length; i++) {
                values.data().setAtIndex(ValueLayout.JAVA_LONG_UNALIGNED, i, i);
            }
            indices[axis] = new Column.Strided(values, Layout.strided(0, 1), NullForm.NONE);
        }
        return indices[axis];
    }

    private Column.Strided read(int number) {
        Axis axis = table.axes().get(number);
        GridVariable variable = axis.coordinate();
        if (variable.role() == GridVariable.Role.INDEX) {
            return index(number);
        }
        SqlType type = variable.stored();
        Box whole = new Box(List.of(new IndexSet.Range(0, axis.length())));
        GridVariable alone = new GridVariable(variable.name(), variable.role(), variable.stored(), List.of(0),
                variable.chunkShape(),
                variable.sliceable(), variable.unpacking(), variable.listed(), variable.attributes());
        Scratch scratch = worker.scratch();
        scratch.mark();
        try (GridReader reader = table.openReader();
                VariableReader chunks = new VariableReader(alone, 0, 0, new int[]{axis.length()}, false, reader, null,
                        worker, List.of())) {
            Column.Strided read = axis.length() == 0
                    ? new Column.Strided(scratch.values(type, 0, false), Layout.strided(0, 1), NullForm.NONE)
                    : chunks.read(whole);
            worker.query().bytesRead().add(reader.bytesRead());
            return keep(read, axis.length());
        } finally {
            scratch.release();
        }
    }

    private Column.Strided keep(Column.Strided read, int length) {
        SqlType type = read.type();
        Layout dense = Layout.strided(0, 1);
        ArrowBuf validity = read.nulls() == NullForm.BITMAP
                ? allocate(Long.max(1, Scratch.bitmapBytes(length)))
                : null;
        if (validity != null) {
            StridedCopy.copy(read.values().validityBits(), read.layout(),
                    Values.of(SqlType.BOOLEAN, length, validity, null), dense, new int[]{length});
        }
        Values kept;
        if (type.isVariableWidth()) {
            kept = keepText(read, length, validity);
        } else {
            long bytes = type.bytes() == 0 ? Scratch.bitmapBytes(length) : (long) length * type.bytes();
            kept = Values.of(type, length, allocate(Long.max(1, bytes)), validity);
            StridedCopy.copy(read.values(), read.layout(), kept, dense, new int[]{length});
        }
        return new Column.Strided(kept, dense, read.nulls());
    }

    private Values keepText(Column.Strided read, int length, ArrowBuf validity) {
        byte[][] texts = IntStream.range(0, length)
                .mapToObj(i -> read.values().bytes(read.layout().offset() + read.layout().step(0, i)))
                .toArray(byte[][]::new);
        long bytes = 0;
        for (byte[] text : texts) {
            bytes += text.length;
        }
        Values kept = Values.ofVariableWidth(read.type(), length, allocate((length + 1L) * 4),
                allocate(Long.max(1, bytes)), validity);
        int end = 0;
        kept.offsets().setAtIndex(ValueLayout.JAVA_INT_UNALIGNED, 0, 0);
        for (int i = 0; i < length; i++) {
            MemorySegment.copy(texts[i], 0, kept.data(), ValueLayout.JAVA_BYTE, end, texts[i].length);
            end += texts[i].length;
            kept.offsets().setAtIndex(ValueLayout.JAVA_INT_UNALIGNED, i + 1L, end);
        }
        return kept;
    }

    private ArrowBuf allocate(long bytes) {
        try {
            ArrowBuf buffer = allocator.buffer(bytes);
            buffers.add(buffer);
            return buffer;
        } catch (OutOfMemoryException exhausted) {
            throw Scratch.outOfMemory(bytes, allocator, exhausted);
        }
    }

    @Override
    public void close() {
        buffers.forEach(ArrowBuf::close);
        buffers.clear();
        allocator.close();
    }
}
