package dev.graticule.aggregate;

import dev.graticule.batch.Memory;
import dev.graticule.batch.Scratch;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;

/**
 * How many rows each group has, at a cost that does not grow with the groups where whole runs are counted: a run of groups that
 * each get one more row is remembered by its two ends only. A 64-bit counter a group is made when single groups are first counted,
 * or when the counts are read. Used by one thread.
 */
final class GroupCounts implements AutoCloseable {
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

    private final BufferAllocator allocator;
    private final Map<Integer, long[]> ends = new HashMap<>();
    /** The keys of {@link #ends} in order: made when asked, for there may be as many slabs that ask as there are ends. */
    private int[] sortedEnds;
    /** How many rows the groups before each of them have. */
    private long[] rowsBefore;
    private int groups;
    private ArrowBuf buffer;
    private MemorySegment counts;

    GroupCounts(BufferAllocator allocator) {
        this.allocator = allocator;
    }

    /** Makes room for that many groups; new ones have no rows. */
    void resize(int more) {
        int before = groups;
        groups = more;
        if (counts != null && more * 8L > counts.byteSize()) {
            ArrowBuf old = buffer;
            MemorySegment oldCounts = counts;
            allocate(Integer.max(more, before + (before >>> 1)));
            MemorySegment.copy(oldCounts, 0, counts, 0, before * 8L);
            old.close();
        }
    }

    private void allocate(int capacity) {
        long bytes = Long.max(8, capacity * 8L);
        try {
            buffer = allocator.buffer(bytes);
        } catch (OutOfMemoryException exhausted) {
            throw Scratch.outOfMemory(bytes, allocator, exhausted);
        }
        counts = Memory.segment(buffer);
        counts.fill((byte) 0);
    }

    private MemorySegment direct() {
        if (counts == null) {
            allocate(groups);
        }
        return counts;
    }

    /** One group has that many more rows (fewer, if negative). */
    void add(int group, long rows) {
        if (rows != 0) {
            long at = group * 8L;
            direct().set(LONG, at, counts.get(LONG, at) + rows);
        }
    }

    /** Each of the groups {@code [first, first + count)} has one more row. */
    void addRun(int first, int count) {
        sortedEnds = null;
        ends.computeIfAbsent(first, unused -> new long[1])[0]++;
        ends.computeIfAbsent(first + count, unused -> new long[1])[0]--;
    }

    private void sortEnds() {
        if (sortedEnds == null) {
            sortedEnds = ends.keySet().stream().mapToInt(Integer::intValue).sorted().toArray();
            rowsBefore = new long[sortedEnds.length];
            for (int i = 1; i < rowsBefore.length; i++) {
                rowsBefore[i] = rowsBefore[i - 1] + ends.get(sortedEnds[i - 1])[0];
            }
        }
    }

    /** The counters, 64 bits a group, to be added to or read; complete with all runs so far. */
    MemorySegment counters() {
        MemorySegment all = direct();
        if (!ends.isEmpty()) {
            sortEnds();
            int from = 0;
            for (int i = 0; i < sortedEnds.length; i++) {
                if (rowsBefore[i] != 0) {
                    for (int group = from; group < sortedEnds[i]; group++) {
                        all.set(LONG, group * 8L, all.get(LONG, group * 8L) + rowsBefore[i]);
                    }
                }
                from = sortedEnds[i];
            }
            ends.clear();
            sortedEnds = null;
        }
        return all;
    }

    /** What is done with wanted groups that follow each other and have the same count. */
    interface RunAction {
        /** The wanted groups number {@code first} to {@code first + count - 1} have {@code rows} rows each. */
        void take(int first, int count, long rows);
    }

    /**
     * Calls the action with the counts of groups {@code picked[from .. from + count)} ({@code null}: the groups of those numbers), in order,
     * as runs of equal counts. The first wanted group has number 0.
     */
    void forEachRun(int[] picked, int from, int count, RunAction action) {
        if (counts != null || picked != null) {
            MemorySegment all = counters();
            for (int i = 0; i < count;) {
                int first = i;
                long rows = all.get(LONG, (picked == null ? from + i : picked[from + i]) * 8L);
                do {
                    i++;
                } while (i < count && all.get(LONG, (picked == null ? from + i : picked[from + i]) * 8L) == rows);
                action.take(first, i - first, rows);
            }
            return;
        }
        sortEnds();
        int begin = from;
        // The first end behind the first group.
        int next = Arrays.binarySearch(sortedEnds, from);
        for (int i = next < 0 ? -next - 1 : next + 1; i < sortedEnds.length && begin < from + count; i++) {
            int until = Integer.min(from + count, sortedEnds[i]);
            action.take(begin - from, until - begin, rowsBefore[i]);
            begin = until;
        }
        if (begin < from + count) {
            // No run is behind the last end.
            action.take(begin - from, from + count - begin, 0);
        }
    }

    /** The counts of the groups that {@link #forEachRun} would go through. */
    long[] copy(int[] picked, int from, int count) {
        long[] copied = new long[count];
        forEachRun(picked, from, count, (first, length, rows) -> Arrays.fill(copied, first, first + length, rows));
        return copied;
    }

    /** Adds the counts of others: group {@code i} to {@code mapping[i]} ({@code null}: the same). */
    void merge(GroupCounts other, int[] picked, int[] mapping, int count) {
        MemorySegment from = other.counters();
        MemorySegment to = counters();
        for (int i = 0; i < count; i++) {
            int group = picked == null ? i : picked[i];
            long at = (mapping == null ? group : mapping[i]) * 8L;
            to.set(LONG, at, to.get(LONG, at) + from.get(LONG, group * 8L));
        }
    }

    @Override
    public void close() {
        if (buffer != null) {
            buffer.close();
            buffer = null;
            counts = null;
        }
    }
}
