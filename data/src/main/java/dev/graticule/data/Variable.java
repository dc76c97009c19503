package dev.graticule.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * One array to be written.
 *
 * @param name       its name in the store
 * @param dimensions the name of each of its dimensions
 * @param shape      the length of each dimension
 * @param values     a {@code long[]}, {@code short[]} or {@code float[]} in C order
 * @param missing    the value that stands for a missing cell; none if empty
 * @param attributes its attributes
 */
record Variable(String name, List<String> dimensions, int[] shape, Object values, List<Number> missing,
        Map<String, Object> attributes) {

    /** A variable without missing cells. */
    static Variable complete(String name, List<String> dimensions, int[] shape, Object values,
            Map<String, Object> attributes) {
        return new Variable(name, dimensions, shape, values, List.of(), attributes);
    }

    /** An axis: a variable of one dimension that bears its name. */
    static Variable axis(String name, int length, Object values, Map<String, Object> attributes) {
        return complete(name, List.of(name), new int[]{length}, values, attributes);
    }

    /** Bytes of a value. */
    int width() {
        return switch (values) {
            case short[] _ -> Short.BYTES;
            case long[] _ -> Long.BYTES;
            case float[] _ -> Float.BYTES;
            default -> throw new IllegalArgumentException("No type for " + values.getClass().getName());
        };
    }

    boolean isFloatingPoint() {
        return values instanceof float[];
    }

    /**
     * Writes the chunks, little-endian, in C order.
     *
     * @param chunk the shape of a chunk
     * @param file  from a chunk's indices to its file
     */
    void writeChunks(int[] chunk, Compression compression, Function<int[], Path> file) throws IOException {
        int[] counts = new int[shape.length];
        int chunks = 1;
        int cells = 1;
        for (int axis = 0; axis < shape.length; axis++) {
            counts[axis] = Math.ceilDiv(shape[axis], chunk[axis]);
            chunks *= counts[axis];
            cells *= chunk[axis];
        }
        for (int number = 0; number < chunks; number++) {
            int[] index = indices(number, counts);
            ByteBuffer bytes = ByteBuffer.allocate(cells * width()).order(ByteOrder.LITTLE_ENDIAN);
            for (int cell = 0; cell < cells; cell++) {
                put(bytes, position(index, chunk, indices(cell, chunk)));
            }
            Path target = file.apply(index);
            Files.createDirectories(target.getParent());
            Files.write(target, compression.compress(bytes.array(), width()));
        }
    }

    /** Where a cell of a chunk lies in {@code values}, -1 beyond the array's end. */
    private int position(int[] index, int[] chunk, int[] within) {
        int position = 0;
        for (int axis = 0; axis < shape.length; axis++) {
            int place = index[axis] * chunk[axis] + within[axis];
            if (place >= shape[axis]) {
                return -1;
            }
            position = position * shape[axis] + place;
        }
        return position;
    }

    private void put(ByteBuffer bytes, int position) {
        Number padding = missing.isEmpty() ? 0 : missing.getFirst();
        switch (values) {
            case short[] numbers -> bytes.putShort(position < 0 ? padding.shortValue() : numbers[position]);
            case long[] numbers -> bytes.putLong(position < 0 ? padding.longValue() : numbers[position]);
            case float[] numbers -> bytes.putFloat(position < 0 ? padding.floatValue() : numbers[position]);
            default -> throw new IllegalArgumentException("No type for " + values.getClass().getName());
        }
    }

    /** The indices of the n-th cell of a box in C order. */
    private static int[] indices(int number, int[] lengths) {
        int[] indices = new int[lengths.length];
        int rest = number;
        for (int axis = lengths.length - 1; axis >= 0; axis--) {
            indices[axis] = rest % lengths[axis];
            rest /= lengths[axis];
        }
        return indices;
    }
}
