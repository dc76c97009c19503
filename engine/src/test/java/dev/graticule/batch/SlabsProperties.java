package dev.graticule.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class SlabsProperties {

    @Property(tries = 500)
    void slabsGiveTheRowsOfTheBoxInCOrder(
            @ForAll @Size(min = 1, max = 4) List<@IntRange(min = 1, max = 7) Integer> sizes,
            @ForAll @IntRange(min = 1, max = 60) int most) {
        Box box = new Box(sizes.stream().map(size -> (IndexSet) new IndexSet.Range(3, size)).toList());
        List<List<Long>> expected = rows(box);
        List<List<Long>> actual = new ArrayList<>();
        boolean whole = Slabs.forEach(box, most, (slab, first) -> {
            assertEquals(actual.size(), first);
            List<List<Long>> rows = rows(slab);
            assertTrue(rows.size() <= most, "a slab of " + rows.size() + " rows where " + most + " are the most");
            actual.addAll(rows);
            return true;
        });
        assertTrue(whole);
        assertEquals(expected, actual);
    }

    @Test
    void anEmptyBoxHasNoSlab() {
        Box box = new Box(List.of(new IndexSet.Range(0, 4), new IndexSet.Range(0, 0)));
        assertTrue(Slabs.forEach(box, 10, (slab, first) -> {
            throw new AssertionError("a slab of nothing");
        }));
    }

    @Test
    void aBoxWithoutAxesIsOneRow() {
        AtomicInteger slabs = new AtomicInteger();
        Slabs.forEach(new Box(List.of()), 10, (slab, first) -> slabs.incrementAndGet() > 0);
        assertEquals(1, slabs.get());
    }

    @Test
    void nothingFollowsAfterFalse() {
        AtomicInteger slabs = new AtomicInteger();
        assertEquals(false, Slabs.forEach(Box.rows(0, 100), 10, (slab, first) -> slabs.incrementAndGet() < 3));
        assertEquals(3, slabs.get());
    }

    private static List<List<Long>> rows(Box box) {
        int[] shape = box.shape();
        int count = Arrays.stream(shape).reduce(1, (a, b) -> a * b);
        List<List<Long>> rows = new ArrayList<>();
        for (int row = 0; row < count; row++) {
            Long[] indices = new Long[shape.length];
            int rest = row;
            for (int axis = shape.length - 1; axis >= 0; axis--) {
                indices[axis] = box.axes().get(axis).at(rest % shape[axis]);
                rest /= shape[axis];
            }
            rows.add(List.of(indices));
        }
        return rows;
    }
}
