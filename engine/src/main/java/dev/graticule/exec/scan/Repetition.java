package dev.graticule.exec.scan;

import dev.graticule.batch.Column;
import dev.graticule.batch.Memory;
import dev.graticule.batch.Values;
import dev.graticule.type.SqlType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Looks whether rows that are one after the other have the same values again and again, as those of a coordinate have: bit by bit, so that
 * one may stand for the other. Where in doubt (values under a NULL, 0.0 and -0.0), they have not.
 */
final class Repetition {
    /** So few bytes are compared in a loop. */
    private static final long FEW_BYTES = 64;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;

    private final Values values;
    private final int width;
    private final int[] shape;
    private final boolean[] varies;
    private final int[] blocks;

    private Repetition(Values values, int width, int[] shape, boolean[] varies) {
        this.values = values;
        this.width = width;
        this.shape = shape;
        this.varies = varies;
        this.blocks = new int[shape.length];
        int block = 1;
        for (int axis = shape.length - 1; axis >= 0; axis--) {
            blocks[axis] = block;
            block *= shape[axis];
        }
    }

    /**
     * Whether the rows of a column from row {@code from}, seen as a box, differ along the axes only along which it varies.
     *
     * @param column over one axis, at a stride
     */
    static boolean holds(Column column, int from, int[] shape, boolean[] varies) {
        Values values = switch (column) {
            case Column.Strided strided -> strided.values();
            case Column.Dictionary dictionary -> dictionary.indices();
        };
        SqlType type = values.type();
        int width = type.isVariableWidth() ? 0 : type == SqlType.BOOLEAN ? -1 : type.bytes();
        boolean known = !(type instanceof SqlType.Other) && type != SqlType.NULL
                && (width > 0 || type.isVariableWidth());
        if (!known || column.layout().stride(0) != 1) {
            return false;
        }
        return new Repetition(values, width, shape, varies).holds(0, column.layout().offset() + from);
    }

    private boolean holds(int axis, int first) {
        if (axis == shape.length) {
            return true;
        }
        if (!varies[axis]) {
            int end = axis + 1;
            while (end < shape.length && !varies[end]) {
                end++;
            }
            int block = blocks[end - 1];
            return repeats(first, shape[axis] * blocks[axis], block) && holds(end, first);
        }
        boolean more = false;
        for (int inner = axis + 1; inner < shape.length; inner++) {
            more |= !varies[inner] && shape[inner] > 1;
        }
        for (int i = 0; more && i < shape[axis]; i++) {
            if (!holds(axis + 1, first + i * blocks[axis])) {
                return false;
            }
        }
        return true;
    }

    /** Whether of {@code count} values each is the same as the one {@code shift} places before it. */
    private boolean repeats(int first, int count, int shift) {
        if (count == shift) {
            return true;
        }
        if (values.validity() != null && !sameBits(values.validity(), first, count - shift, shift)) {
            return false;
        }
        return width == 0 ? sameStrings(first, count - shift, shift)
                : same(values.data(), (long) first * width, (long) (count - shift) * width, (long) shift * width);
    }

    private static boolean same(MemorySegment data, long at, long bytes, long shift) {
        if (bytes > FEW_BYTES) {
            return MemorySegment.mismatch(data, at, at + bytes, data, at + shift, at + shift + bytes) < 0;
        }
        long i = at;
        for (; i + 4 <= at + bytes; i += 4) {
            if (data.get(INT, i) != data.get(INT, i + shift)) {
                return false;
            }
        }
        for (; i < at + bytes; i++) {
            if (data.get(ValueLayout.JAVA_BYTE, i) != data.get(ValueLayout.JAVA_BYTE, i + shift)) {
                return false;
            }
        }
        return true;
    }

    private static boolean sameBits(MemorySegment bits, int first, int count, int shift) {
        for (int i = 0; i < count; i += 64) {
            long differ = Memory.bits(bits, first + i) ^ Memory.bits(bits, first + i + shift);
            int left = count - i;
            if ((left < 64 ? differ & (1L << left) - 1 : differ) != 0) {
                return false;
            }
        }
        return true;
    }

    private boolean sameStrings(int first, int count, int shift) {
        MemorySegment offsets = values.offsets();
        int begin = offsets.get(INT, first * 4L);
        int distance = offsets.get(INT, (first + shift) * 4L) - begin;
        for (int i = 1; i <= count; i++) {
            if (offsets.get(INT, (first + i + shift) * 4L) - offsets.get(INT, (first + i) * 4L) != distance) {
                return false;
            }
        }
        return same(values.data(), begin, offsets.get(INT, (first + count) * 4L) - begin, distance);
    }
}
