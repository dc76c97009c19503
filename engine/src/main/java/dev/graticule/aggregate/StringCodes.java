package dev.graticule.aggregate;

import dev.graticule.batch.GrowableBuffer;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BaseVariableWidthVector;

/** Numbers different byte strings 0, 1, 2, ... in the order in which they are met. Off-heap; used by one thread. */
public final class StringCodes implements AutoCloseable {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

    private final GrowableBuffer bytes;
    private final GrowableBuffer ends;
    private final GrowableBuffer hashes;
    private final BufferAllocator allocator;
    private GrowableBuffer slots;
    private int slotCount = 256;
    private int size;

    /** No strings yet; memory comes from the allocator. */
    public StringCodes(BufferAllocator allocator) {
        this.allocator = allocator;
        this.bytes = new GrowableBuffer(allocator);
        this.ends = new GrowableBuffer(allocator);
        this.hashes = new GrowableBuffer(allocator);
        this.slots = new GrowableBuffer(allocator);
    }

    /** How many different strings were met. */
    public int size() {
        return size;
    }

    /** The number of the string {@code data[start .. start + length)}. */
    public int code(MemorySegment data, long start, int length) {
        MemorySegment table = slots.ensure(slotCount * 4L);
        int hash = hash(data, start, length);
        int slot = hash & slotCount - 1;
        while (true) {
            int code = table.get(INT, slot * 4L) - 1;
            if (code < 0) {
                break;
            }
            if (hashes.segment().get(INT, code * 4L) == hash && equal(code, data, start, length)) {
                return code;
            }
            slot = slot + 1 & slotCount - 1;
        }
        long at = start(size);
        bytes.ensure(at + length);
        ends.ensure(size * 8L + 8);
        hashes.ensure(size * 4L + 4);
        if (size * 2 >= slotCount) {
            grow();
            slot = freeSlot(slots.segment(), hash);
        }
        MemorySegment.copy(data, start, bytes.segment(), at, length);
        ends.segment().set(LONG, size * 8L, at + length);
        hashes.segment().set(INT, size * 4L, hash);
        slots.segment().set(INT, slot * 4L, ++size);
        return size - 1;
    }

    private void grow() {
        GrowableBuffer old = slots;
        GrowableBuffer grown = new GrowableBuffer(allocator);
        MemorySegment table = grown.ensure(slotCount * 8L);
        slotCount *= 2;
        for (int code = 0; code < size; code++) {
            table.set(INT, freeSlot(table, hashes.segment().get(INT, code * 4L)) * 4L, code + 1);
        }
        slots = grown;
        old.close();
    }

    private int freeSlot(MemorySegment table, int hash) {
        int slot = hash & slotCount - 1;
        while (table.get(INT, slot * 4L) != 0) {
            slot = slot + 1 & slotCount - 1;
        }
        return slot;
    }

    private long start(int code) {
        return code == 0 ? 0 : ends.segment().get(LONG, code * 8L - 8);
    }

    private boolean equal(int code, MemorySegment data, long start, int length) {
        long from = start(code);
        long to = ends.segment().get(LONG, code * 8L);
        return to - from == length
                && MemorySegment.mismatch(bytes.segment(), from, to, data, start, start + length) < 0;
    }

    private static int hash(MemorySegment data, long start, int length) {
        long hash = length;
        int i = 0;
        for (; i + 8 <= length; i += 8) {
            hash = Long.rotateLeft((hash ^ data.get(LONG, start + i)) * 0x9E3779B97F4A7C15L, 29);
        }
        for (; i < length; i++) {
            hash = Long.rotateLeft((hash ^ data.get(ValueLayout.JAVA_BYTE, start + i)) * 0x9E3779B97F4A7C15L, 29);
        }
        hash *= 0x9E3779B97F4A7C15L;
        return (int) (hash >>> 32);
    }

    /** Compares two strings by their bytes without sign: the order of UTF-8 code points. */
    public int compare(int left, int right) {
        long leftStart = start(left);
        long leftEnd = ends.segment().get(LONG, left * 8L);
        long rightStart = start(right);
        long rightEnd = ends.segment().get(LONG, right * 8L);
        MemorySegment data = bytes.segment();
        long at = MemorySegment.mismatch(data, leftStart, leftEnd, data, rightStart, rightEnd);
        if (at < 0 || at == leftEnd - leftStart || at == rightEnd - rightStart) {
            return Long.compare(leftEnd - leftStart, rightEnd - rightStart);
        }
        return Byte.compareUnsigned(data.get(ValueLayout.JAVA_BYTE, leftStart + at),
                data.get(ValueLayout.JAVA_BYTE, rightStart + at));
    }

    /** Writes string {@code code} to an index of a vector. */
    public void write(int code, BaseVariableWidthVector target, int index) {
        long from = start(code);
        byte[] copy = new byte[(int) (ends.segment().get(LONG, code * 8L) - from)];
        MemorySegment.copy(bytes.segment(), ValueLayout.JAVA_BYTE, from, copy, 0, copy.length);
        target.setSafe(index, copy);
    }

    @Override
    public void close() {
        bytes.close();
        ends.close();
        hashes.close();
        slots.close();
    }
}
