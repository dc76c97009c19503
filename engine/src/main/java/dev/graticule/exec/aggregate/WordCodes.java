package dev.graticule.exec.aggregate;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Numbers different 64-bit words, and NULL, 0, 1, 2, ... as they are met, up to a limit. The numbers are the same for all workers; each of
 * them has a {@link Lookup} of its own, which asks here only for words that it has not met. Thread-safe.
 */
final class WordCodes {
    private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;
    /** The code of a word that would be one too many. */
    static final int TOO_MANY = -1;

    private final int most;
    private final Map<Long, Integer> codes = new HashMap<>();
    private long[] words = new long[16];
    private int nullCode = -1;
    private int size;

    /** Numbers at most that many words. */
    WordCodes(int most) {
        this.most = most;
    }

    private synchronized int code(long word) {
        Integer known = codes.get(word);
        if (known == null) {
            known = next(word);
            codes.put(word, known);
        }
        return known;
    }

    private synchronized int ofNull() {
        if (nullCode < 0) {
            nullCode = next(0);
        }
        return nullCode;
    }

    private int next(long word) {
        if (size >= most) {
            return TOO_MANY;
        }
        if (size == words.length) {
            words = Arrays.copyOf(words, 2 * size);
        }
        words[size] = word;
        return size++;
    }

    /** How many words were met. */
    synchronized int size() {
        return size;
    }

    /** The word of a code; 0 for NULL. */
    synchronized long word(int code) {
        return words[code];
    }

    /** Whether a code is that of NULL. */
    synchronized boolean isNull(int code) {
        return code == nullCode;
    }

    /** One worker's way to the codes. */
    final class Lookup {
        private static final int FIRST_BITS = 6;

        /** Codes plus one, at the places of their words; 0 where a place is empty. */
        private int[] slots = new int[1 << FIRST_BITS];
        /** The word of each code that this worker has met. */
        private long[] known = new long[16];
        private int shift = Long.SIZE - FIRST_BITS;
        private int count;
        private int knownNull = -1;

        /** The code of a word, or {@link #TOO_MANY}. */
        int code(long word) {
            int[] table = slots;
            int slot = (int) (word * MULTIPLIER >>> shift);
            int found = table[slot];
            while (found != 0) {
                if (known[found - 1] == word) {
                    return found - 1;
                }
                slot = slot + 1 & table.length - 1;
                found = table[slot];
            }
            return learn(word);
        }

        /** The code of NULL, or {@link #TOO_MANY}. */
        int ofNull() {
            if (knownNull < 0) {
                knownNull = WordCodes.this.ofNull();
            }
            return knownNull;
        }

        private int learn(long word) {
            int code = WordCodes.this.code(word);
            if (code == TOO_MANY) {
                return code;
            }
            if (code >= known.length) {
                known = Arrays.copyOf(known, Integer.max(code + 1, 2 * known.length));
            }
            known[code] = word;
            if (++count * 2 > slots.length) {
                int[] old = slots;
                slots = new int[old.length * 2];
                shift--;
                for (int value : old) {
                    if (value != 0) {
                        put(value);
                    }
                }
            }
            put(code + 1);
            return code;
        }

        private void put(int value) {
            int slot = (int) (known[value - 1] * MULTIPLIER >>> shift);
            while (slots[slot] != 0) {
                slot = slot + 1 & slots.length - 1;
            }
            slots[slot] = value;
        }
    }
}
