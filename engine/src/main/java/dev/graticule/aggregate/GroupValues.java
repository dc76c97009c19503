package dev.graticule.aggregate;

import dev.graticule.GraticuleException;
import dev.graticule.batch.GrowableBuffer;
import dev.graticule.batch.Memory;
import dev.graticule.batch.Values;
import dev.graticule.type.SqlType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.FieldVector;

/** At most one value of any type a group, which may be replaced: off-heap, used by one thread. */
final class GroupValues implements AutoCloseable {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

    private final SqlType type;
    private final int width;
    private final GrowableBuffer filled;
    /** Fixed-width values (a BOOLEAN is a byte); of strings start (long), length (int) and room (int). */
    private final GrowableBuffer slots;
    private final BufferAllocator allocator;
    private GrowableBuffer bytes;
    private long used;
    private long wasted;
    private int groups;

    GroupValues(SqlType type, BufferAllocator allocator) {
        if (type instanceof SqlType.Other) {
            throw GraticuleException.unsupported(null, "this aggregate over values of type " + type);
        }
        this.type = type;
        this.width = type.isVariableWidth() ? 16 : Integer.max(1, type.bytes());
        this.allocator = allocator;
        this.filled = new GrowableBuffer(allocator);
        this.slots = new GrowableBuffer(allocator);
        this.bytes = new GrowableBuffer(allocator);
    }

    void resize(int count) {
        filled.ensure(count);
        slots.ensure((long) count * width);
        groups = count;
    }

    boolean isSet(int group) {
        return filled.segment().get(ValueLayout.JAVA_BYTE, group) != 0;
    }

    /** Forgets the value of a group. */
    void clear(int group) {
        filled.segment().set(ValueLayout.JAVA_BYTE, group, (byte) 0);
    }

    /** Keeps the value at a place, which is not NULL. */
    void set(int group, Values values, int place) {
        if (type.isVariableWidth()) {
            int start = values.offsets().get(INT, place * 4L);
            setBytes(group, values.data(), start, values.offsets().get(INT, place * 4L + 4) - start);
        } else if (type == SqlType.BOOLEAN) {
            slots.segment().set(ValueLayout.JAVA_BYTE, group, (byte) (Memory.bit(values.data(), place) ? 1 : 0));
        } else {
            MemorySegment.copy(values.data(), (long) place * width, slots.segment(), (long) group * width, width);
        }
        filled.segment().set(ValueLayout.JAVA_BYTE, group, (byte) 1);
    }

    /** Keeps what another store has for a group that is set. */
    void set(int group, GroupValues other, int otherGroup) {
        if (type.isVariableWidth()) {
            setBytes(group, other.bytes.segment(), other.start(otherGroup), other.length(otherGroup));
        } else {
            MemorySegment.copy(other.slots.segment(), (long) otherGroup * width, slots.segment(), (long) group * width,
                    width);
        }
        filled.segment().set(ValueLayout.JAVA_BYTE, group, (byte) 1);
    }

    private long start(int group) {
        return slots.segment().get(LONG, group * 16L);
    }

    private int length(int group) {
        return slots.segment().get(INT, group * 16L + 8);
    }

    private void setBytes(int group, MemorySegment data, long start, int length) {
        int room = slots.segment().get(INT, group * 16L + 12);
        if (length > room) {
            if (wasted > 1 << 16 && wasted > used / 2) {
                compact();
            }
            bytes.ensure(used + length);
            slots.segment().set(LONG, group * 16L, used);
            slots.segment().set(INT, group * 16L + 12, length);
            used += length;
            wasted += room;
        }
        MemorySegment.copy(data, start, bytes.segment(), start(group), length);
        slots.segment().set(INT, group * 16L + 8, length);
    }

    private void compact() {
        GrowableBuffer fresh = new GrowableBuffer(allocator);
        MemorySegment target = fresh.ensure(used - wasted);
        long at = 0;
        for (int group = 0; group < groups; group++) {
            int length = length(group);
            MemorySegment.copy(bytes.segment(), start(group), target, at, length);
            slots.segment().set(LONG, group * 16L, at);
            slots.segment().set(INT, group * 16L + 12, length);
            at += length;
        }
        bytes.close();
        bytes = fresh;
        used = at;
        wasted = 0;
    }

    /** Compares the value of a group that is set with the value at a place; -0.0 equals 0.0, NaN is the greatest. */
    int compare(int group, Values values, int place) {
        if (type == SqlType.BOOLEAN) {
            return Integer.compare(slots.segment().get(ValueLayout.JAVA_BYTE, group),
                    Memory.bit(values.data(), place) ? 1 : 0);
        }
        if (type.isVariableWidth()) {
            int start = values.offsets().get(INT, place * 4L);
            return compareBytes(bytes.segment(), start(group), length(group), values.data(), start,
                    values.offsets().get(INT, place * 4L + 4) - start);
        }
        return compare(slots.segment(), group, values.data(), place);
    }

    /** Compares the values of two groups that are set. */
    int compare(int group, GroupValues other, int otherGroup) {
        if (type == SqlType.BOOLEAN) {
            return Byte.compare(slots.segment().get(ValueLayout.JAVA_BYTE, group),
                    other.slots.segment().get(ValueLayout.JAVA_BYTE, otherGroup));
        }
        if (type.isVariableWidth()) {
            return compareBytes(bytes.segment(), start(group), length(group), other.bytes.segment(),
                    other.start(otherGroup),
                    other.length(otherGroup));
        }
        return compare(slots.segment(), group, other.slots.segment(), otherGroup);
    }

    private static int compareBytes(MemorySegment left, long leftStart, int leftLength, MemorySegment right,
            long rightStart,
            int rightLength) {
        long at = MemorySegment.mismatch(left, leftStart, leftStart + leftLength, right, rightStart,
                rightStart + rightLength);
        if (at < 0) {
            return 0;
        }
        if (at >= leftLength || at >= rightLength) {
            return Integer.compare(leftLength, rightLength);
        }
        return Byte.compareUnsigned(left.get(ValueLayout.JAVA_BYTE, leftStart + at),
                right.get(ValueLayout.JAVA_BYTE, rightStart + at));
    }

    private int compare(MemorySegment left, long i, MemorySegment right, long j) {
        if (type == SqlType.REAL) {
            return Float.compare(left.get(ValueLayout.JAVA_FLOAT_UNALIGNED, i * 4) + 0.0f,
                    right.get(ValueLayout.JAVA_FLOAT_UNALIGNED, j * 4) + 0.0f);
        }
        if (type == SqlType.DOUBLE) {
            return Double.compare(left.get(ValueLayout.JAVA_DOUBLE_UNALIGNED, i * 8) + 0.0,
                    right.get(ValueLayout.JAVA_DOUBLE_UNALIGNED, j * 8) + 0.0);
        }
        if (width == 16) {
            int high = Long.compare(left.get(LONG, i * 16 + 8), right.get(LONG, j * 16 + 8));
            return high != 0 ? high : Long.compareUnsigned(left.get(LONG, i * 16), right.get(LONG, j * 16));
        }
        long a = number(left, i);
        long b = number(right, j);
        return type.isUnsigned() ? Long.compareUnsigned(a, b) : Long.compare(a, b);
    }

    private long number(MemorySegment data, long i) {
        boolean unsigned = type.isUnsigned();
        return switch (width) {
            case 1 -> data.get(ValueLayout.JAVA_BYTE, i) & (unsigned ? 0xffL : -1L);
            case 2 -> data.get(ValueLayout.JAVA_SHORT_UNALIGNED, i * 2) & (unsigned ? 0xffffL : -1L);
            case 4 -> data.get(INT, i * 4) & (unsigned ? 0xffffffffL : -1L);
            default -> data.get(LONG, i * 8);
        };
    }

    /** Writes the value of a group, or NULL, to an index of a vector; fixed-width vectors have room for it. */
    void write(int group, FieldVector target, int index) {
        boolean set = type != SqlType.NULL && isSet(group);
        if (target instanceof BaseVariableWidthVector variable) {
            if (set) {
                byte[] copy = new byte[length(group)];
                MemorySegment.copy(bytes.segment(), ValueLayout.JAVA_BYTE, start(group), copy, 0, copy.length);
                variable.setSafe(index, copy);
            } else {
                variable.setNull(index);
            }
            return;
        }
        if (type == SqlType.NULL) {
            return;
        }
        Memory.setBit(Memory.segment(target.getValidityBuffer()), index, set);
        MemorySegment data = Memory.segment(target.getDataBuffer());
        if (type == SqlType.BOOLEAN) {
            Memory.setBit(data, index, slots.segment().get(ValueLayout.JAVA_BYTE, group) != 0);
        } else {
            MemorySegment.copy(slots.segment(), (long) group * width, data, (long) index * width, width);
        }
    }

    @Override
    public void close() {
        filled.close();
        slots.close();
        bytes.close();
    }
}
