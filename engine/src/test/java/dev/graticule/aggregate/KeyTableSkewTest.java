package dev.graticule.aggregate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.graticule.type.SqlType;
import java.util.List;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.Test;

/** Keys that were chosen so that their hashes agree: slow, but right. */
final class KeyTableSkewTest {
    private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;
    private static final int KEYS = 3000;

    /** The word with a hash: the table's steps backwards. */
    private static long wordOf(long hash) {
        long inverse = MULTIPLIER;
        for (int i = 0; i < 6; i++) {
            inverse *= 2 - MULTIPLIER * inverse;
        }
        long mixed = (hash ^ hash >>> 29 ^ hash >>> 58) * inverse;
        return (mixed ^ mixed >>> 32) * inverse;
    }

    private static void check(int shift) {
        long[] words = new long[KEYS];
        for (int i = 0; i < KEYS; i++) {
            words[i] = wordOf((long) i << shift);
        }
        try (RootAllocator allocator = new RootAllocator()) {
            try (KeyTable table = new KeyTable(List.of(SqlType.BIGINT), allocator);
                    KeyTable other = new KeyTable(List.of(SqlType.BIGINT), allocator)) {
                for (int round = 0; round < 2; round++) {
                    int[] codes = table.codesOfWords(words, KEYS, null);
                    for (int i = 0; i < KEYS; i++) {
                        assertEquals(i, codes[i]);
                        assertEquals(words[i], table.word(i));
                    }
                }
                int[] backwards = new int[KEYS];
                for (int i = 0; i < KEYS; i++) {
                    backwards[i] = KEYS - 1 - i;
                }
                int[] merged = other.merge(table, backwards, KEYS, null);
                for (int i = 0; i < KEYS; i++) {
                    assertEquals(words[backwards[i]], other.word(merged[i]));
                }
                assertEquals(KEYS, other.size());
            }
            assertEquals(0, allocator.getAllocatedMemory());
        }
    }

    @Test
    void keysThatAllBeginInOneSlotAreDifferent() {
        check(40);
    }

    @Test
    void keysWithOneUpperHalfOfTheHashAreDifferent() {
        check(0);
    }
}
