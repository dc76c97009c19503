package dev.graticule.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FineRoundingTest {
    private final FineRounding rounding = new FineRounding();

    @Test
    void small_sizes_are_powers_of_two() {
        assertEquals(0, rounding.getRoundedSize(0));
        assertEquals(1, rounding.getRoundedSize(1));
        assertEquals(64, rounding.getRoundedSize(33));
        assertEquals(1 << 20, rounding.getRoundedSize((1 << 19) + 1));
        assertEquals(1 << 20, rounding.getRoundedSize(1 << 20));
    }

    @Test
    void large_sizes_grow_by_at_most_an_eighth_and_are_few() {
        Set<Long> sizes = new HashSet<>();
        for (long wanted = (1 << 20) + 1; wanted < 1L << 34; wanted += wanted / 100) {
            long rounded = rounding.getRoundedSize(wanted);
            assertTrue(rounded >= wanted && rounded <= wanted + wanted / 8, wanted + " became " + rounded);
            assertEquals(rounded, rounding.getRoundedSize(rounded));
            sizes.add(rounded);
        }
        assertTrue(sizes.size() <= 8 * 15, sizes.size() + " sizes");
        assertEquals(4L << 30, rounding.getRoundedSize(4L << 30));
    }
}
