package dev.graticule.zarr;

import dev.graticule.zarr.codec.Workspace;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** All elements of an array in C order, little-endian, read chunk by chunk: for comparing with what others read. */
final class WholeArray {
    private WholeArray() {
    }

    static byte[] read(Store store, ArrayMetadata array) {
        Encoding.Regular encoding = array.decodable().chunks();
        int bytes = encoding.type().bytes();
        int axes = array.axes();
        int[] shape = new int[axes];
        long[] chunks = new long[axes];
        long total = 1;
        long count = 1;
        for (int axis = 0; axis < axes; axis++) {
            shape[axis] = (int) array.shape()[axis];
            total *= shape[axis];
            chunks[axis] = (shape[axis] + encoding.chunkShape()[axis] - 1L) / encoding.chunkShape()[axis];
            count *= chunks[axis];
        }
        byte[] result = new byte[Math.toIntExact(total * bytes)];
        int[] strides = encoding.chunkStrides();
        try (CountingBuffers buffers = new CountingBuffers(); Workspace workspace = new Workspace();
                ChunkDecoder decoder = new ChunkDecoder(store, workspace);
                Arena arena = Arena.ofConfined()) {
            workspace.lend(buffers);

            MemorySegment chunk = arena.allocate(encoding.chunkBytes());
            for (long number = 0; number < count; number++) {
                long[] index = new long[axes];
                long rest = number;
                for (int axis = axes - 1; axis >= 0; axis--) {
                    index[axis] = rest % chunks[axis];
                    rest /= chunks[axis];
                }
                if (!decoder.decode(array, encoding, index, chunk)) {
                    fill(chunk, encoding);
                }
                scatter(chunk, result, encoding.chunkShape(), shape, index, strides, bytes);
            }
            workspace.release();
        }
        return result;
    }

    private static void fill(MemorySegment chunk, Encoding.Regular encoding) {
        int bytes = encoding.type().bytes();
        for (long at = 0; at < chunk.byteSize(); at++) {
            chunk.set(ValueLayout.JAVA_BYTE, at, (byte) (encoding.fillBits() >>> 8 * (at % bytes)));
        }
    }

    private static void scatter(MemorySegment chunk, byte[] result, int[] chunkShape, int[] shape, long[] index,
            int[] strides, int bytes) {
        int axes = shape.length;
        int cells = 1;
        for (int length : chunkShape) {
            cells *= length;
        }
        for (int cell = 0; cell < cells; cell++) {
            int rest = cell;
            long from = 0;
            long to = 0;
            long stride = 1;
            boolean inside = true;
            for (int axis = axes - 1; axis >= 0; axis--) {
                int i = rest % chunkShape[axis];
                rest /= chunkShape[axis];
                long global = index[axis] * chunkShape[axis] + i;
                inside &= global < shape[axis];
                from += (long) i * strides[axis];
                to += global * stride;
                stride *= shape[axis];
            }
            if (inside) {
                MemorySegment.copy(chunk, ValueLayout.JAVA_BYTE, from * bytes, result, (int) to * bytes, bytes);
            }
        }
    }

}
