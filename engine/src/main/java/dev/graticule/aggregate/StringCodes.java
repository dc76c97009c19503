package dev.graticule.aggregate;

import dev.graticule.batch.GrowableBuffer;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BaseVariableWidthVector;

/** Numbers different byte strings 0, 1, 2, ... in the order in which they are met. Off-heap; used by one thread. */
public final class StringCodes implements AutoCloseable {
    private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

    private final GrowableBuffer bytes;
    private final GrowableBuffer ends;
    private final GrowableBuffer hashes;
    private final BufferAllocator allocator;
    /** In the upper half of a slot is the hash, in the lower the code and one. */
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
        return code(data, start, length, hash(data, start, length));
    }

    /** The number of what is string {@code otherCode} elsewhere. */
    public int code(StringCodes other, int otherCode) {
        long start = other.start(otherCode);
        return code(other.bytes.segment(), start, (int) (other.ends.segment().get(LONG, otherCode * 8L) - start),
                other.hash(otherCode));
    }

    /** A number that equal strings have in common, wherever they are kept. */
    public int hash(int code) {
        return hashes.segment().get(INT, code * 4L);
    }

    /** Forgets all strings; keeps its memory for the next ones. */
    public void clear() {
        slots.segment().fill((byte) 0);
        size = 0;
    }

    private int code(MemorySegment data, long start, int length, int hash) {
        MemorySegment table = slots.ensure(slotCount * 8L);
        int slot = hash & slotCount - 1;
        while (true) {
            long entry = table.get(LONG, slot * 8L);
            if (entry == 0) {
                break;
            }
            int code = (int) entry - 1;
            if ((int) (entry >>> 32) == hash && equal(code, data, start, length)) {
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
        slots.segment().set(LONG, slot * 8L, (long) hash << 32 | ++size);
        return size - 1;
    }

    private void grow() {
        GrowableBuffer old = slots;
        GrowableBuffer grown = new GrowableBuffer(allocator);
        MemorySegment table = grown.ensure(slotCount * 16L);
        slotCount *= 2;
        for (int code = 0; code < size; code++) {
            int hash = hashes.segment().get(INT, code * 4L);
            table.set(LONG, freeSlot(table, hash) * 8L, (long) hash << 32 | code + 1);
        }
        slots = grown;
        old.close();
    }

    private int freeSlot(MemorySegment table, int hash) {
        int slot = hash & slotCount - 1;
        while (table.get(LONG, slot * 8L) != 0) {
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
        return to - from == length && (length < 32 ? shortEqual(bytes.segment(), from, data, start, length)
                : MemorySegment.mismatch(bytes.segment(), from, to, data, start, start + length) < 0);
    }

    private static boolean shortEqual(MemorySegment left, long from, MemorySegment right, long start, int length) {
        int i = 0;
        for (; i + 8 <= length; i += 8) {
            if (left.get(LONG, from + i) != right.get(LONG, start + i)) {
                return false;
            }
        }
        return tail(left, from, length) == tail(right, start, length);
    }

    /** The bytes after the last whole word of a string, which may overlap that word, in one number. */
    private static long tail(MemorySegment data, long start, int length) {
        int left = length & 7;
        if (left == 0) {
            return 0;
        }
        if (length >= 8) {
            return data.get(LONG, start + length - 8);
        }
        if (left >= 4) {
            return data.get(INT, start) & 0xffffffffL | (long) data.get(INT, start + left - 4) << 32;
        }
        return data.get(BYTE, start) & 0xff | (data.get(BYTE, start + (left >> 1)) & 0xff) << 8
                | (data.get(BYTE, start + left - 1) & 0xff) << 16;
    }

    private static int hash(MemorySegment data, long start, int length) {
        long hash = length;
        int i = 0;
        for (; i + 8 <= length; i += 8) {
            hash = Long.rotateLeft((hash ^ data.get(LONG, start + i)) * 0x9E3779B97F4A7C15L, 29);
        }
        hash = (hash ^ tail(data, start, length)) * 0x9E3779B97F4A7C15L;
        hash ^= hash >>> 32;
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
