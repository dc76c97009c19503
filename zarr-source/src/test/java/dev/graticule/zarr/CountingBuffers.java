package dev.graticule.zarr;

import dev.graticule.ErrorKind;
import dev.graticule.GraticuleException;
import dev.graticule.batch.Buffers;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.RootAllocator;

/** Buffers for tests: they know which ones are out, and closing fails where one was not given back. */
public final class CountingBuffers implements Buffers, AutoCloseable {
    private final RootAllocator allocator = new RootAllocator();
    private final Set<ArrowBuf> out = Collections.newSetFromMap(new IdentityHashMap<>());

    private int left;

    /** Buffers without a limit. */
    public CountingBuffers() {
        this(Integer.MAX_VALUE);
    }

    /** Buffers that can be taken so many times; the next time fails. */
    public CountingBuffers(int times) {
        left = times;
    }

    @Override
    public ArrowBuf take(long bytes) {
        if (left-- <= 0) {
            throw GraticuleException.of(ErrorKind.RESOURCE, null, "no memory left", null);
        }
        ArrowBuf buffer = allocator.buffer(bytes);
        buffer.setOne(0, bytes);
        out.add(buffer);
        return buffer;
    }

    @Override
    public void giveBack(ArrowBuf buffer) {
        if (!out.remove(buffer)) {
            throw new AssertionError("given back twice");
        }
        buffer.close();
    }

    @Override
    public void close() {
        allocator.close();
    }
}
