package dev.graticule.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class LayoutProperties {

    @Property(tries = 300)
    void aDenseLayoutPlacesRowsOneAfterTheOther(@ForAll @Size(min = 1, max = 4) int[] sizes,
            @ForAll @IntRange(max = 50) int offset) {
        int[] shape = shape(sizes);
        Layout dense = Layout.dense(shape, offset);
        assertEquals(true, dense.isDense(shape));
        for (int row = 0; row < rows(shape); row++) {
            assertEquals(offset + row, dense.place(shape, row));
        }
    }

    @Property(tries = 300)
    void aSlicePlacesItsRowsWhereTheWholePlacesThem(@ForAll @Size(min = 1, max = 4) int[] sizes,
            @ForAll Random random) {
        int[] shape = shape(sizes);
        Layout whole = random(shape, random);
        int[] start = new int[shape.length];
        int[] length = new int[shape.length];
        for (int axis = 0; axis < shape.length; axis++) {
            start[axis] = random.nextInt(shape[axis]);
            length[axis] = 1 + random.nextInt(shape[axis] - start[axis]);
        }
        Layout slice = whole.slice(start, length);
        for (int row = 0; row < rows(length); row++) {
            assertEquals(whole.place(shape, rowOf(shape, start, length, row)), slice.place(length, row));
        }
    }

    private static int[] shape(int[] sizes) {
        return Arrays.stream(sizes).map(size -> 1 + Math.floorMod(size, 5)).toArray();
    }

    private static Layout random(int[] shape, Random random) {
        int[] strides = new int[shape.length];
        int[][] tables = new int[shape.length][];
        for (int axis = 0; axis < shape.length; axis++) {
            strides[axis] = random.nextInt(20);
            if (random.nextInt(3) == 0) {
                tables[axis] = random.ints(shape[axis], 0, 100).toArray();
            }
        }
        return Layout.of(random.nextInt(10), strides, tables);
    }

    private static int rows(int[] shape) {
        return Arrays.stream(shape).reduce(1, (a, b) -> a * b);
    }

    private static int[] index(int[] shape, int row) {
        int[] index = new int[shape.length];
        for (int axis = shape.length - 1; axis >= 0; axis--) {
            index[axis] = row % shape[axis];
            row /= shape[axis];
        }
        return index;
    }

    private static int place(Layout layout, int[] index) {
        int place = layout.offset();
        for (int axis = 0; axis < index.length; axis++) {
            place += layout.step(axis, index[axis]);
        }
        return place;
    }

    private static int rowOf(int[] shape, int[] start, int[] length, int row) {
        int[] index = index(length, row);
        int whole = 0;
        for (int axis = 0; axis < shape.length; axis++) {
            whole = whole * shape[axis] + start[axis] + index[axis];
        }
        return whole;
    }
}
