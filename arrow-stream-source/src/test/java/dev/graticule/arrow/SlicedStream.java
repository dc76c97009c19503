package dev.graticule.arrow;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.apache.arrow.c.ArrowArray;
import org.apache.arrow.c.ArrowArrayStream;
import org.apache.arrow.c.ArrowSchema;
import org.apache.arrow.c.Data;
import org.apache.arrow.c.NativeUtil;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;

/** A C stream of one batch whose arrays begin at offsets of their buffers, as other libraries make them by slicing. */
final class SlicedStream implements ArrowArrayStreamFactory, AutoCloseable {
    private static final FunctionDescriptor FILL = FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_LONG);
    private static final FunctionDescriptor ASK = FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG);
    private static final FunctionDescriptor RELEASE = FunctionDescriptor.ofVoid(ValueLayout.JAVA_LONG);

    private final Arena arena = Arena.ofShared();
    private final VectorSchemaRoot rows;
    private final BufferAllocator allocator;
    private final int batchOffset;
    private final int columnOffset;
    private final int length;
    private final boolean nested;
    private boolean given;
    int released;

    /** @param nested whether all arrays inside the columns have the offset, and not the columns */
    SlicedStream(VectorSchemaRoot rows, BufferAllocator allocator, int batchOffset, int columnOffset, int length,
            boolean nested) {
        this.rows = rows;
        this.allocator = allocator;
        this.batchOffset = batchOffset;
        this.columnOffset = columnOffset;
        this.length = length;
        this.nested = nested;
    }

    @Override
    public void exportStream(long address) throws ReflectiveOperationException {
        given = false;
        ArrowArrayStream.Snapshot stream = new ArrowArrayStream.Snapshot();
        stream.get_schema = pointer("giveSchema", FILL);
        stream.get_next = pointer("giveNext", FILL);
        stream.get_last_error = pointer("giveError", ASK);
        stream.release = pointer("release", RELEASE);
        ArrowArrayStream.wrap(address).save(stream);
    }

    private long pointer(String method, FunctionDescriptor descriptor) throws ReflectiveOperationException {
        MethodType type = descriptor.toMethodType();
        MemorySegment stub = Linker.nativeLinker().upcallStub(
                MethodHandles.lookup().bind(this, method, type), descriptor, arena);
        return stub.address();
    }

    int giveSchema(long stream, long target) {
        Data.exportSchema(allocator, rows.getSchema(), null, ArrowSchema.wrap(target));
        return 0;
    }

    int giveNext(long stream, long target) {
        ArrowArray batch = ArrowArray.wrap(target);
        if (given) {
            batch.markReleased();
            return 0;
        }
        given = true;
        Data.exportVectorSchemaRoot(allocator, rows, null, batch);
        ArrowArray.Snapshot whole = batch.snapshot();
        for (long column : NativeUtil.toJavaArray(whole.children, (int) whole.n_children)) {
            ArrowArray array = ArrowArray.wrap(column);
            ArrowArray.Snapshot snapshot = array.snapshot();
            if (nested) {
                moveInside(snapshot);
            } else {
                snapshot.offset = columnOffset;
                snapshot.length -= columnOffset;
                snapshot.null_count = -1;
                array.save(snapshot);
            }
        }
        whole.offset = batchOffset;
        whole.length = length;
        batch.save(whole);
        return 0;
    }

    private void moveInside(ArrowArray.Snapshot parent) {
        for (int i = 0; i < parent.n_children; i++) {
            ArrowArray inner = ArrowArray.wrap(NativeUtil.toJavaArray(parent.children, (int) parent.n_children)[i]);
            ArrowArray.Snapshot snapshot = inner.snapshot();
            moveInside(snapshot);
            snapshot.offset = columnOffset;
            snapshot.length -= columnOffset;
            snapshot.null_count = -1;
            inner.save(snapshot);
        }
    }

    long giveError(long stream) {
        return 0;
    }

    void release(long stream) {
        released++;
        ArrowArrayStream.wrap(stream).markReleased();
    }

    @Override
    public void close() {
        arena.close();
    }
}
