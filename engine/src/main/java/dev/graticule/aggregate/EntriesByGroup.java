package dev.graticule.aggregate;

import dev.graticule.batch.GrowableBuffer;
import dev.graticule.batch.HeapReservation;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Comparator;
import java.util.function.LongUnaryOperator;
import org.apache.arrow.memory.BufferAllocator;

/** Which entries of a list belong to each group, in the order of the list. Off-heap; used by one thread at a time. */
final class EntriesByGroup implements AutoCloseable {
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

    /** The heap bytes of a boxed number and a reference to it. */
    private static final long BOXED = 24;

    interface GroupOf {
        int group(long entry);
    }

    private final GrowableBuffer starts;
    private final GrowableBuffer entries;
    private final HeapReservation heap;
    private int groups;
    private boolean built;

    EntriesByGroup(BufferAllocator allocator) {
        this.starts = new GrowableBuffer(allocator);
        this.entries = new GrowableBuffer(allocator);
        this.heap = new HeapReservation(allocator);
    }

    /** Sorts the entries {@code [0, size)} of a list by their groups {@code [0, groups)}. */
    void build(int count, long size, GroupOf groupOf) {
        groups = count;
        MemorySegment ends = starts.ensure((groups + 1L) * 8);
        ends.fill((byte) 0);
        for (long entry = 0; entry < size; entry++) {
            long at = (groupOf.group(entry) + 1L) * 8;
            ends.set(LONG, at, ends.get(LONG, at) + 1);
        }
        for (long group = 1; group <= groups; group++) {
            ends.set(LONG, group * 8, ends.get(LONG, group * 8) + ends.get(LONG, group * 8 - 8));
        }
        MemorySegment sorted = entries.ensure(size * 8);
        // Backwards, so that what was each group's end becomes its start.
        for (long entry = size - 1; entry >= 0; entry--) {
            long at = (groupOf.group(entry) + 1L) * 8;
            long place = ends.get(LONG, at) - 1;
            ends.set(LONG, at, place);
            sorted.set(LONG, place * 8, entry);
        }
        // Now number group + 1 is the start of the group: the start of the next one is its end.
        MemorySegment.copy(ends, 8, ends, 0, groups * 8L);
        ends.set(LONG, groups * 8L, size);
        built = true;
    }

    /** Sorts the entries of each group by different numbers. */
    void order(LongUnaryOperator numberOf) {
        MemorySegment sorted = entries.segment();
        long before = 0;
        for (int group = 0; group < groups; group++) {
            long from = before;
            before = end(group);
            boolean inOrder = true;
            for (long at = from + 1; at < before && inOrder; at++) {
                inOrder = numberOf.applyAsLong(entry(at - 1)) < numberOf.applyAsLong(entry(at));
            }
            if (!inOrder) {
                heap.ensure((before - from) * BOXED);
                Long[] boxed = new Long[Math.toIntExact(before - from)];
                for (int i = 0; i < boxed.length; i++) {
                    boxed[i] = entry(from + i);
                }
                Arrays.sort(boxed, Comparator.comparingLong(numberOf::applyAsLong));
                for (int i = 0; i < boxed.length; i++) {
                    sorted.set(LONG, (from + i) * 8, boxed[i]);
                }
            }
        }
        heap.close();
    }

    /** Whether there is something to read since the last {@link #close}. */
    boolean isBuilt() {
        return built;
    }

    /** The place of a group's first entry. */
    long start(int group) {
        return starts.segment().get(LONG, group * 8L);
    }

    /** The place after a group's last entry. */
    long end(int group) {
        return starts.segment().get(LONG, group * 8L + 8);
    }

    /** The number of the entry at a place. */
    long entry(long place) {
        return entries.segment().get(LONG, place * 8);
    }

    /** Frees what was built; may be built again. */
    @Override
    public void close() {
        starts.close();
        entries.close();
        heap.close();
        built = false;
    }
}
