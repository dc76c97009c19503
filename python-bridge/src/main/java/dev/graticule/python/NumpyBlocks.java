package dev.graticule.python;

import dev.graticule.BlockReader;
import dev.graticule.GraticuleException;
import dev.graticule.LentBlock;
import dev.graticule.type.SqlType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/** Blocks in the memory of NumPy arrays, read where they are. */
public final class NumpyBlocks {
    private NumpyBlocks() {
    }

    /**
     * Blocks of one array.
     *
     * @param address of its first cell
     * @param strides for each axis how many bytes neighbours are apart
     * @param owner what keeps the array: it lives as long as the reader
     */
    public static BlockReader held(long address, long[] strides, SqlType type, Object owner) {
        return new Held(address, strides.clone(), type, owner);
    }

    private record Held(long address, long[] strides, SqlType type, Object owner) implements BlockReader {
        @Override
        public LentBlock read(String variable, int[] origin, int[] shape) {
            long first = address;
            for (int axis = 0; axis < origin.length; axis++) {
                first += origin[axis] * strides[axis];
            }
            return block(first, strides, shape, type, () -> {
            });
        }
    }

    /** Blocks that Python makes when a query needs them. */
    public static BlockReader made(BlockProducer producer, SqlType type) {
        return (variable, origin, shape) -> {
            try {
                return ask(producer, type, variable, origin, shape);
            } catch (GraticuleException failure) {
                throw GraticuleException.of(failure.kind(), null, "'" + variable + "' cannot be read at "
                        + Arrays.toString(origin) + ": " + failure.getMessage(), failure);
            }
        };
    }

    private static LentBlock ask(BlockProducer producer, SqlType type, String variable, int[] origin, int[] shape) {
        if (type == SqlType.VARCHAR) {
            return LentBlock.of(producer.readStrings(variable, origin, shape));
        }
        long[] lent = producer.read(variable, origin, shape);
        long[] strides = new long[shape.length];
        System.arraycopy(lent, 2, strides, 0, strides.length);
        return block(lent[0], strides, shape, type, () -> producer.release(lent[1]));
    }

    private static LentBlock block(long first, long[] strides, int[] shape, SqlType type, Runnable release) {
        int bytes = type == SqlType.BOOLEAN ? 1 : type.bytes();
        int[] steps = new int[shape.length];
        long low = 0;
        long high = 0;
        for (int axis = 0; axis < shape.length; axis++) {
            long reach = shape[axis] == 1 ? 0 : strides[axis] * (shape[axis] - 1);
            low += Long.min(0, reach);
            high += Long.max(0, reach);
            steps[axis] = shape[axis] == 1 ? 0 : Math.toIntExact(strides[axis] / bytes);
        }
        MemorySegment memory = MemorySegment.ofAddress(first + low).reinterpret(high - low + bytes);
        int offset = Math.toIntExact(-low / bytes);
        if (type == SqlType.BOOLEAN) {
            boolean[] bits = new boolean[Math.toIntExact(high - low + 1)];
            for (int i = 0; i < bits.length; i++) {
                bits[i] = memory.get(ValueLayout.JAVA_BYTE, i) != 0;
            }
            return LentBlock.strided(bits, offset, steps, release);
        }
        return LentBlock.strided(memory, offset, steps, release);
    }
}
