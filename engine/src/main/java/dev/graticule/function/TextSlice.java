package dev.graticule.function;

/**
 * Which of a string's characters SUBSTRING takes: {@code [from, to)}, counted from 0.
 *
 * <p>As DuckDB: positions begin at 1; a negative start counts from the end, and start 0 is the place before the first; a negative
 * length takes what lies before the start. A start outside of the string is its nearest end.
 */
record TextSlice(int from, int to) {
    private static final long LIMIT = 1L << 40;

    static TextSlice of(int length, long start, long count) {
        long begin = Math.max(-LIMIT, Math.min(LIMIT, start));
        long from = begin < 0 ? Math.max(0, length + begin) : Math.min(length, begin - 1);
        long end = from + Math.max(-LIMIT, Math.min(LIMIT, count));
        int first = within(Math.min(from, end), length);
        return new TextSlice(first, Math.max(first, within(Math.max(from, end), length)));
    }

    private static int within(long place, int length) {
        return (int) Math.max(0, Math.min(length, place));
    }
}
