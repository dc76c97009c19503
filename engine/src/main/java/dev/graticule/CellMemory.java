package dev.graticule;

import dev.graticule.batch.Buffers;
import dev.graticule.batch.Layout;
import dev.graticule.batch.Memory;
import dev.graticule.batch.Values;
import dev.graticule.spi.Block;
import dev.graticule.type.SqlType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.Array;
import java.util.Optional;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.ReferenceManager;
import org.apache.arrow.vector.FieldVector;

/** What may hold the cells of a grid (an array, an Arrow vector, native memory), and boxes of it as blocks. */
final class CellMemory {
    private CellMemory() {
    }

    /** The type that values have when nothing else is said; none for native memory and for what cannot hold cells. */
    static Optional<SqlType> typeOf(Object values) {
        return Optional.ofNullable(switch (values) {
            case boolean[] _ -> SqlType.BOOLEAN;
            case byte[] _ -> SqlType.TINYINT;
            case short[] _ -> SqlType.SMALLINT;
            case int[] _ -> SqlType.INTEGER;
            case long[] _ -> SqlType.BIGINT;
            case float[] _ -> SqlType.REAL;
            case double[] _ -> SqlType.DOUBLE;
            case String[] _ -> SqlType.VARCHAR;
            case FieldVector vector when vector.getField().getDictionary() == null -> SqlType.of(vector.getField());
            default -> null;
        });
    }

    /** Whether values can be read as a type: the same kind of number, or whole numbers of the same width. */
    static boolean fits(Object values, SqlType type) {
        if (values instanceof MemorySegment segment) {
            return segment.isNative() && type.bytes() > 0;
        }
        Optional<SqlType> own = typeOf(values);
        if (own.isEmpty() || type instanceof SqlType.Other || type == SqlType.NULL) {
            return false;
        }
        return own.get().equals(type) || values.getClass().isArray() && own.get().bytes() == type.bytes()
                && type.bytes() > 0 && !own.get().isFloating() && !type.isFloating();
    }

    /** How many values of a type that they fit are there. */
    static long count(Object values, SqlType type) {
        return switch (values) {
            case FieldVector vector -> vector.getValueCount();
            case MemorySegment segment -> segment.byteSize() / type.bytes();
            default -> Array.getLength(values);
        };
    }

    /** Values as messages call them: {@code float[]}, or the name of the Arrow type. */
    static String describe(Object values) {
        return switch (values) {
            case null -> "nothing";
            case FieldVector vector -> "an Arrow vector of " + vector.getField().getType();
            case MemorySegment segment -> segment.isNative() ? "native memory" : "a memory segment on the heap";
            default -> values.getClass().getSimpleName();
        };
    }

    /** C order over a shape. */
    static int[] strides(int[] shape) {
        int[] strides = new int[shape.length];
        int stride = 1;
        for (int axis = shape.length - 1; axis >= 0; axis--) {
            strides[axis] = stride;
            stride *= shape[axis];
        }
        return strides;
    }

    /** Vectors and native memory as they are; {@code null} for arrays, which are read by copies. */
    static Values view(Object values, SqlType type) {
        return switch (values) {
            case FieldVector vector -> Values.of(vector);
            case MemorySegment segment -> Values.of(type, (int) Long.min(Integer.MAX_VALUE, count(segment, type)),
                    new ArrowBuf(ReferenceManager.NO_OP, null, segment.byteSize(), segment.address()), null);
            default -> null;
        };
    }

    /** A box of an array, copied densely into a buffer that goes back when the block is closed. */
    static Block openCopy(Object array, SqlType type, int offset, int[] strides, int[] shape, String box,
            Buffers buffers) {
        if (array instanceof String[] texts) {
            return TextCells.openCopy(texts, offset, strides, shape, box, buffers);
        }
        int cells = 1;
        for (int length : shape) {
            cells = Math.multiplyExact(cells, length);
        }
        long bytes = type == SqlType.BOOLEAN ? (cells + 7L) / 8 : (long) cells * type.bytes();
        ArrowBuf buffer = buffers.take(Long.max(8, bytes));
        boolean copied = false;
        try {
            copy(array, offset, strides, shape, Memory.segment(buffer), cells);
            copied = true;
        } finally {
            if (!copied) {
                buffers.giveBack(buffer);
            }
        }
        return new Block(Values.of(type, cells, buffer, null), Layout.dense(shape, 0), () -> buffers.giveBack(buffer));
    }

    /** Copies in runs: as many of the last axes as lie densely one after the other in the array are one run. */
    private static void copy(Object array, int offset, int[] strides, int[] shape, MemorySegment target, int cells) {
        int run = 1;
        int outer = shape.length;
        while (outer > 0 && (shape[outer - 1] == 1 || strides[outer - 1] == run)) {
            run *= shape[--outer];
        }
        int[] at = new int[outer];
        int from = offset;
        for (int to = 0; to < cells; to += run) {
            copyRun(array, from, target, to, run);
            int axis = outer - 1;
            while (axis >= 0 && ++at[axis] == shape[axis]) {
                from -= (shape[axis] - 1) * strides[axis];
                at[axis--] = 0;
            }
            if (axis >= 0) {
                from += strides[axis];
            }
        }
    }

    private static void copyRun(Object array, int from, MemorySegment target, long to, int run) {
        switch (array) {
            case boolean[] bits -> {
                for (int i = 0; i < run; i++) {
                    Memory.setBit(target, to + i, bits[from + i]);
                }
            }
            case byte[] bytes -> MemorySegment.copy(bytes, from, target, ValueLayout.JAVA_BYTE, to, run);
            case short[] shorts ->
                MemorySegment.copy(shorts, from, target, ValueLayout.JAVA_SHORT_UNALIGNED, to * 2, run);
            case int[] ints -> MemorySegment.copy(ints, from, target, ValueLayout.JAVA_INT_UNALIGNED, to * 4, run);
            case long[] longs -> MemorySegment.copy(longs, from, target, ValueLayout.JAVA_LONG_UNALIGNED, to * 8, run);
            case float[] floats ->
                MemorySegment.copy(floats, from, target, ValueLayout.JAVA_FLOAT_UNALIGNED, to * 4, run);
            case double[] doubles ->
                MemorySegment.copy(doubles, from, target, ValueLayout.JAVA_DOUBLE_UNALIGNED, to * 8, run);
            default -> throw new IllegalArgumentException("no array of cells: " + array.getClass());
        }
    }
}
