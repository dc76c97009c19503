package dev.graticule.function;

import java.text.BreakIterator;
import java.util.Arrays;
import java.util.Locale;

/** Strings in characters as a reader sees them: a letter with its accents, or a joined emoji, is one (extended grapheme clusters). */
final class Graphemes {
    private Graphemes() {
    }

    static int length(String string) {
        return boundaries(string).length - 1;
    }

    static String substring(String string, long start, long count) {
        int[] boundaries = boundaries(string);
        TextSlice slice = TextSlice.of(boundaries.length - 1, start, count);
        return string.substring(boundaries[slice.from()], boundaries[slice.to()]);
    }

    /** The first characters; all but the last {@code -count} where it is negative. */
    static String left(String string, long count) {
        int[] boundaries = boundaries(string);
        return string.substring(0, boundaries[kept(boundaries.length - 1, count)]);
    }

    /** The last characters; all but the first {@code -count} where it is negative. */
    static String right(String string, long count) {
        int[] boundaries = boundaries(string);
        return string.substring(boundaries[boundaries.length - 1 - kept(boundaries.length - 1, count)]);
    }

    private static int kept(int length, long count) {
        return (int) (count >= 0 ? Math.min(count, length) : Math.max(0, length + Math.max(count, -length)));
    }

    /** Where the characters begin, and at last where the string ends. */
    private static int[] boundaries(String string) {
        BreakIterator characters = BreakIterator.getCharacterInstance(Locale.ROOT);
        characters.setText(string);
        int[] boundaries = new int[string.length() + 1];
        int count = 0;
        for (int at = characters.first(); at != BreakIterator.DONE; at = characters.next()) {
            boundaries[count++] = at;
        }
        return Arrays.copyOf(boundaries, Math.max(1, count));
    }
}
