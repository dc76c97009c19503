package dev.graticule.zarr.copy;

import java.util.Arrays;

/** From 64-bit keys to the positions where they were added; open addressing, no deletion. */
final class LongIndex {
    private final long[] keys;
    private final int[] positions;
    private final int mask;

    /** Room for that many keys. */
    LongIndex(int count) {
        int size = Integer.highestOneBit(Integer.max(4, count)) * 4;
        keys = new long[size];
        positions = new int[size];
        Arrays.fill(positions, -1);
        mask = size - 1;
    }

    /** Adds a key; gives the position it has already, or -1 where it is new. */
    int put(long key, int position) {
        int slot = slot(key);
        if (positions[slot] < 0) {
            keys[slot] = key;
            positions[slot] = position;
            return -1;
        }
        return positions[slot];
    }

    /** The position of a key, or -1. */
    int get(long key) {
        return positions[slot(key)];
    }

    private int slot(long key) {
        long mixed = key * 0x9E3779B97F4A7C15L;
        int slot = (int) (mixed >>> 32) & mask;
        while (positions[slot] >= 0 && keys[slot] != key) {
            slot = slot + 1 & mask;
        }
        return slot;
    }
}
