package dev.graticule.batch;

import dev.graticule.ErrorKind;
import dev.graticule.GraticuleException;
import dev.graticule.type.SqlType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;

/**
 * A worker's pool of buffers: temporaries of the size of a batch, and blocks that sources decode into.
 *
 * <p>Temporaries live until the {@link #release} that matches the {@link #mark} before them: a source marks before it makes a
 * batch and releases after its push returned, so that whatever stages took on the way needs no closing. Whoever keeps rows may have a
 * buffer handed over instead of copying it: then it is given back as ever, but not used again. Used by one thread.
 */
public final class Scratch implements Buffers, AutoCloseable {
    private static final int SMALLEST = 6;
    /** Handed over is at least one byte in so many of a buffer. */
    private static final int MOST_FOR_ONE = 2;

    private final BufferAllocator allocator;
    private final List<List<ArrowBuf>> free = new ArrayList<>();
    /** The buffers that come back to the pool: those it made, less those that were handed over. */
    private final Set<ArrowBuf> own = Collections.newSetFromMap(new IdentityHashMap<>());
    /** Those of them that are used for longer than one batch. */
    private final Set<ArrowBuf> kept = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Buffers keeping = new Buffers() {
        @Override
        public ArrowBuf take(long bytes) {
            ArrowBuf buffer = Scratch.this.take(bytes);
            kept.add(buffer);
            return buffer;
        }

        @Override
        public void giveBack(ArrowBuf buffer) {
            kept.remove(buffer);
            Scratch.this.giveBack(buffer);
        }
    };
    private final List<ArrowBuf> temporaries = new ArrayList<>();
    private final List<long[]> freeWords = new ArrayList<>();
    private final List<long[]> takenWords = new ArrayList<>();
    private final List<int[]> marks = new ArrayList<>();

    /** A pool whose buffers come from this allocator, which it does not close. */
    public Scratch(BufferAllocator allocator) {
        this.allocator = allocator;
        for (int size = 0; size < 64 - SMALLEST; size++) {
            free.add(new ArrayList<>());
        }
    }

    /** Begins a frame of temporaries. */
    public void mark() {
        marks.add(new int[]{temporaries.size(), takenWords.size()});
    }

    /** Ends the frame that was begun last: its temporaries are invalid from here on. */
    public void release() {
        int[] mark = marks.removeLast();
        while (temporaries.size() > mark[0]) {
            giveBack(temporaries.removeLast());
        }
        while (takenWords.size() > mark[1]) {
            freeWords.add(takenWords.removeLast());
        }
    }

    /** A temporary of at least that many bytes with undefined content, valid until the frame's end. */
    public ArrowBuf temporary(long bytes) {
        ArrowBuf buffer = take(bytes);
        temporaries.add(buffer);
        return buffer;
    }

    /** Temporary fixed-width values or bits with undefined content and, if asked for, an undefined validity bitmap. */
    public Values values(SqlType type, int count, boolean nullable) {
        long bytes = type.bytes() == 0 ? bitmapBytes(count) : (long) count * type.bytes();
        return Values.of(type, count, temporary(bytes), nullable ? temporary(bitmapBytes(count)) : null);
    }

    /** A temporary bitmap of {@code rows} bits with undefined content in the shape that {@link Selection.Bitmap} wants. */
    public long[] words(int rows) {
        int count = rows + 63 >>> 6;
        long[] words = null;
        for (int i = freeWords.size() - 1; i >= 0 && words == null; i--) {
            if (freeWords.get(i).length >= count) {
                words = freeWords.remove(i);
            }
        }
        if (words == null) {
            words = new long[Integer.max(16, Integer.highestOneBit(Integer.max(1, count - 1)) << 1)];
        }
        takenWords.add(words);
        return words;
    }

    /** The bytes of a bitmap, rounded up to whole 64-bit words. */
    public static long bitmapBytes(int bits) {
        return (bits + 63L >>> 6) * 8;
    }

    @Override
    public ArrowBuf take(long bytes) {
        int size = sizeClass(bytes);
        List<ArrowBuf> pooled = free.get(size);
        if (!pooled.isEmpty()) {
            return pooled.removeLast();
        }
        try {
            ArrowBuf buffer = allocator.buffer(1L << size + SMALLEST);
            own.add(buffer);
            return buffer;
        } catch (OutOfMemoryException exhausted) {
            throw outOfMemory(bytes, allocator, exhausted);
        }
    }

    @Override
    public void giveBack(ArrowBuf buffer) {
        if (own.contains(buffer) && buffer.refCnt() == 1) {
            free.get(sizeClass(buffer.capacity())).add(buffer);
        } else {
            own.remove(buffer);
            buffer.getReferenceManager().release();
        }
    }

    /** The same pool for whoever reads a buffer again after a batch was pushed: it is never handed over. */
    public Buffers keeping() {
        return keeping;
    }

    /**
     * Whether {@link #openHandedOver} may be called for so many bytes of a buffer: it is of this pool, for one batch, was not handed over
     * before, and holds not much else, since all of it lives as long as the part.
     */
    boolean canHandOver(ArrowBuf buffer, long bytes) {
        return buffer.capacity() <= MOST_FOR_ONE * bytes && own.contains(buffer) && !kept.contains(buffer);
    }

    /**
     * A part of a buffer, accounted for by another allocator of the same root from now on; the caller closes it, on whichever thread,
     * also after this pool is closed. Nobody may write to the buffer any more.
     */
    ArrowBuf openHandedOver(ArrowBuf buffer, long offset, long bytes, BufferAllocator to) {
        own.remove(buffer);
        return buffer.getReferenceManager().transferOwnership(buffer, to).getTransferredBuffer().slice(offset, bytes);
    }

    private static int sizeClass(long bytes) {
        return Integer.max(0, 64 - Long.numberOfLeadingZeros(Long.max(1, bytes) - 1) - SMALLEST);
    }

    /** The error for an allocation that the budget does not allow. */
    public static GraticuleException outOfMemory(long bytes, BufferAllocator allocator, Throwable cause) {
        return GraticuleException.of(ErrorKind.RESOURCE, null,
                "Out of memory: " + bytes + " bytes more were wanted, and "
                        + allocator.getRoot().getAllocatedMemory()
                        + " bytes are in use. Raise it with SET memory_limit = '4GB', or select less.",
                cause);
    }

    /** Frees the pool; everything taken must have been given back, temporaries of open frames are freed too. */
    @Override
    public void close() {
        while (!marks.isEmpty()) {
            release();
        }
        for (List<ArrowBuf> pooled : free) {
            pooled.forEach(ArrowBuf::close);
            pooled.clear();
        }
        own.clear();
    }
}
